/* A house with one city on a test engine: what every test of a service begins with. Rules and places are added by
 * whoever needs them. */
#ifndef SANGO_TESTS_SERVICE_WORLD_H
#define SANGO_TESTS_SERVICE_WORLD_H

#include "db/engines.h"
#include "service/account.h"
#include "service/session.h"
#include "service/write.h"

struct world {
    struct engine *engine;
    struct house house;
    struct password_gate gate;
    struct log_sink sink;
    struct log log;
};

/* City {1}, "hirakata", without rules. */
void world_setup(struct world *world, struct engine *engine);
/* Fails the test when any invariant is broken. */
void world_release(struct world *world);
void world_sleep(struct world *world, int64_t seconds); /* moves the clock */

/* A call at the world's present time, in the engine's arena. */
struct call world_call(struct world *world, struct caller actor);
struct call world_public(struct world *world);
/* An active account of this role; password "correct horse battery", WORLD_SECRET for staff. */
struct caller world_person(struct world *world, enum role role, const char *email);
#define WORLD_PASSWORD TEXT("correct horse battery")
#define WORLD_SECRET TEXT("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")

/* The program's statements and those of the tests, for engines_run(). */
const struct db_stmt_list *const *world_lists(void);

/* The token in the newest mail to this address whose cause begins with "link:"; empty when there is none. */
struct text world_link(struct world *world, const char *email);
/* How many notices this address has. */
int64_t world_notices(struct world *world, const char *email);
/* How many audit rows of this action, and how many sessions, there are in all. */
int64_t world_audits(struct world *world, const char *action);
int64_t world_sessions(struct world *world);
/* So many rows of the audit record, each with the number it is counted by; every fiftieth concerns who did it. */
struct world_fill {
    const char *action;
    struct account_id actor;
    struct instant at;
    int64_t first;
    int64_t last;
};
void world_audit_fill(struct world *world, const struct world_fill *fill);

#endif
