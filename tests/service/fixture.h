/* A small city for tests of services: the rules of cities/hirakata.json (or another profile), three facilities with
 * staff, city staff, and approved residents on demand. The clock is the engine's and stands at 2026-11-20 09:00.
 *
 *     static void books(struct engine *e) {
 *         struct fixture fx;
 *         fixture_setup(&fx, e);
 *         struct account_id hana = fixture_resident(&fx, &(struct fixture_person){.units = 7});
 *         struct call call = fixture_call(&fx, fixture_as(&fx, ROLE_RESIDENT, hana));
 *         …
 *         fixture_teardown(&fx); // fails the test when any invariant is broken
 *     }
 *     int main(void) { … return engines_run("service/book", cases, COUNT(cases), fixture_lists()); } */
#ifndef SANGO_TESTS_SERVICE_FIXTURE_H
#define SANGO_TESTS_SERVICE_FIXTURE_H

#include "db/engines.h"
#include "profile/profile.h"
#include "service/call.h"
#include "service/book.h"
#include "service/house.h"
#include "store/slot.h"

enum { FIXTURE_FACILITIES = 3, FIXTURE_DAYS = 60 };

struct fixture {
    struct engine *engine;
    struct arena arena; /* as long as the fixture */
    struct env env; /* the engine's clock; row keys are counted, so that a standing clock makes none twice */
    _Atomic uint32_t keys;
    struct house house;
    struct password_gate gate;
    struct log_sink sink;
    struct log log;
    const struct house_city *city; /* as it was at the beginning */
    struct day today;
    /* 0: the city's way of answering (24 hours, lapses to decline); 1: accepts at once; 2: 4 hours, lapses to accept.
     * Each offers stay and day, two places a day for FIXTURE_DAYS days. */
    struct facility_id facilities[FIXTURE_FACILITIES];
    struct account_id staff[FIXTURE_FACILITIES]; /* one account of each facility */
    struct account_id coordinator;
    struct account_id admin;
    struct account_id auditor;
    int64_t grants; /* numbers given so far */
};

void fixture_setup(struct fixture *fx, struct engine *engine);
/* Hirakata's rules, but a late cancellation takes the units and the whole fee (its notice states no cost). */
struct text fixture_strict(struct arena *arena);
/* With a profile of the test's own instead of Hirakata's (JSON). */
void fixture_setup_with(struct fixture *fx, struct engine *engine, struct text profile_json);
/* Lets the clock's jobs run, checks every invariant (verify_all) and lets go. */
void fixture_teardown(struct fixture *fx);
/* Lets go of a city that the test broke on purpose. */
void fixture_release(struct fixture *fx);
/* book_lapse_due and wait_tick, as the jobs do. */
void fixture_tick(struct fixture *fx);
void fixture_verify(struct fixture *fx);
/* All statements of the program and those of the fixture: the lists for engines_run. */
const struct db_stmt_list *const *fixture_lists(void);
/* The same and the test's own. */
const struct db_stmt_list *const *fixture_lists_and(const struct db_stmt_list *more);
/* cities/CITY.json, cities/hirakata.json */
struct text fixture_rules(struct arena *arena, const char *city);
struct text fixture_hirakata(struct arena *arena);

/* An approved resident. Zeros: household class taxed, one infant born on 2026-10-15, 7 units in the pool main, valid
 * for a year from 2026-10-01. */
struct fixture_person {
    const char *household_class;
    const char *born; /* YYYY-MM-DD */
    int infants;
    int64_t units;
    bool unapproved; /* an account and nothing else */
};
struct account_id fixture_resident(struct fixture *fx, const struct fixture_person *person);

/* Capacity of `days` days from today + `first`. */
void fixture_capacity(struct fixture *fx, int facility, const char *care, int32_t first, int32_t days,
                      int64_t capacity);
/* The place today + `day`. */
struct slot fixture_slot(struct fixture *fx, int facility, const char *care, int32_t day);
struct caller fixture_as(const struct fixture *fx, enum role role, struct account_id account);
struct caller fixture_staff(const struct fixture *fx, int facility);
struct caller fixture_clock(void);
/* A call at the clock's instant in the fixture's arena (one thread only). */
struct call fixture_call(struct fixture *fx, struct caller caller);
/* Moves the clock. */
void fixture_later(struct fixture *fx, int64_t seconds);
/* today + n */
struct day fixture_day(const struct fixture *fx, int32_t n);

/* A request: stay of `nights` nights (0: a day visit) from today + `first`. */
struct book_ask fixture_ask(const struct fixture *fx, int facility, int32_t first, int32_t nights);
/* The same, booked; fails the test when it is refused. */
struct book_outcome fixture_book(struct fixture *fx, struct account_id resident, const struct book_ask *ask);

#endif
