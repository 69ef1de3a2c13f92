/* The demo city: what `sango demo` fills an empty database with. Everything is made through the services, each step at
 * its own moment of the last weeks, so that the records look as if people had made them. All names are invented.
 * The folder it lives in is demo_folder.h's. */
#ifndef SANGO_CLI_DEMO_H
#define SANGO_CLI_DEMO_H

#include "service/call.h"

#define DEMO_PASSWORD "coral-reef-demo"

enum { DEMO_FACILITIES = 11, DEMO_RESIDENTS = 20, DEMO_ACCOUNTS = 2 + 2 + DEMO_FACILITIES + DEMO_RESIDENTS };
/* Days before now on which the demo's story begins, and how far ahead places are open. */
enum { DEMO_DAYS_BEFORE = 75, DEMO_DAYS_AHEAD = 150 };

struct demo_account {
    enum role role;
    struct account_id id;
    struct text login;
    struct text name;
    struct text token;
    struct facility_id facility; /* of facility staff */
    const char *state;           /* of residents, as in accounts.json */
};

struct demo {
    struct house house; /* the process's, with a clock that can be set */
    struct env_real clock;
    struct env env;
    struct arena *arena;
    struct instant now;
    struct text hash; /* of DEMO_PASSWORD, computed once */
    struct text
        secret; /* for codes: the same for all staff, so that one entry in an app serves the whole tour */
    uint32_t calls;
    struct demo_account accounts[DEMO_ACCOUNTS];
    size_t account_count;
    struct facility_id facilities[DEMO_FACILITIES];
    struct text why; /* one sentence after a failure */
};

/* Fills the city of `house`, whose database has no accounts yet. Everything kept lives in `arena`. */
NODISCARD enum rc demo_fill(struct demo *demo, struct arena *arena, const struct house *house);

/* ---- for demo_*.c ---- */

/* A call by somebody at some moment: days and minutes of the day, relative to today. */
struct call demo_call(struct demo *demo, struct caller who, struct instant at);
/* Minute `minute` of the day `days` from today. */
struct instant demo_moment(const struct demo *demo, int32_t days, int32_t minute);
struct day demo_day(const struct demo *demo, int32_t days);
/* The n-th account of a role as a caller. */
struct caller demo_as(const struct demo *demo, enum role role, size_t n);
/* The n-th resident of a state; NULL when there are fewer. */
struct demo_account *demo_resident(struct demo *demo, const char *state, size_t n);
struct caller demo_caller(const struct demo_account *account);
/* RC_OK when it was allowed, else RC_FAULT with demo->why. */
NODISCARD enum rc demo_allowed(struct demo *demo, enum rc rc, const struct verdict *verdict,
                               const char *what);

struct demo_person {
    enum role role;
    const char *login; /* before the @ */
    const char *name;
    struct facility_id facility;
    const char *state;
};
NODISCARD enum rc demo_account_add(struct demo *demo, const struct demo_person *person, struct instant at,
                                   struct account_id *ret_id);

NODISCARD enum rc demo_fill_places(struct demo *demo);   /* facilities, their staff, places, blocks */
NODISCARD enum rc demo_fill_families(struct demo *demo); /* residents and their registrations */
NODISCARD enum rc demo_fill_uses(struct demo *demo);     /* bookings and a wish */
NODISCARD enum rc demo_fill_history(struct demo *demo);  /* the city's own figures of earlier years */

#endif
