/* The city that is measured: facilities, residents of eighteen months (or as many days) with their uses, bookers, whose seven
 * days are all left, and pairs: one who will hold a scarce place and one who will wait for it; at last some who have only applied. Made through the services at
 * each step's own moment, by several threads, so that the database looks as if it had been lived in. seed.c is the program, seed_people.c the residents. */
#ifndef SANGO_BENCH_SEED_H
#define SANGO_BENCH_SEED_H

#include <stdio.h>

#include "service/call.h"

enum { SEED_FACILITIES_MAX = 99, SEED_DAYS_AHEAD = 120, SEED_THREADS = 16, SEED_APPLICANTS = 40 };
/* From this day on the day visits of a facility have SEED_PAIRS_SPREAD-th as many places as there are pairs. */
enum { SEED_SCARCE_FROM = 80, SEED_PAIRS_SPREAD = 77 };

struct seed {
    struct house house;
    struct arena arena;
    struct instant now;
    struct text hash; /* one password for everybody, hashed once */
    int64_t residents;
    int64_t bookers;
    int64_t pairs;
    int64_t facility_count;
    int64_t days_before; /* the past that residents are spread over */
    struct facility_id facilities[SEED_FACILITIES_MAX];
    struct account_id staff[SEED_FACILITIES_MAX];
    struct account_id coordinator;
    _Atomic int64_t next; /* the next resident to be made */
    _Atomic int64_t bookings;
    FILE *out; /* who can sign in, one a line; stdio's own lock keeps lines whole */
};

/* A thread's own clock and memory. */
struct seeder {
    struct seed *seed;
    struct house house;
    struct env_real clock;
    struct env env;
    struct arena arena;
    int tries; /* of the present call */
};

void seeder_init(struct seeder *seeder, struct seed *seed);
void seeder_release(struct seeder *seeder);
struct call seeder_call(struct seeder *seeder, struct caller who, struct instant at);
/* Minute `minute` of the day `days` from today. */
struct instant seeder_at(const struct seeder *seeder, int32_t days, int32_t minute);
/* Was nothing done because a machine that does much else kept a lock longer than anybody waits? A request would come
 * again, and so does whoever made this call; not for ever. */
bool seeder_again(struct seeder *seeder, const struct call *call, enum rc rc);
/* Ends the program with one sentence unless it was allowed. */
void seeder_must(enum rc rc, const struct verdict *verdict, const char *what);
struct account_id seeder_account(struct seeder *seeder, const char *login, enum role role,
                                 struct facility_id facility, struct instant at);
/* One line of the list: kind, token, cookie's token, id. */
void seeder_tell(struct seeder *seeder, const char *kind, struct account_id account, int64_t id);

/* Makes residents until none is left to be made; a thread's function. */
void *seed_people(void *seeder);

#endif
