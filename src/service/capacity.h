/* A facility's places: capacity, blocks for births, and the shortfalls they leave for people to settle. Nothing here
 * cancels a booking by itself; every place that becomes free goes to the waiting list in the same transaction. */
#ifndef SANGO_SERVICE_CAPACITY_H
#define SANGO_SERVICE_CAPACITY_H

#include "core/facility.h"
#include "service/call.h"

enum { CAPACITY_DAYS_MAX = 400, CAPACITY_SHORTFALLS_MAX = 200 };

struct capacity_ask {
    struct facility_id facility; /* {0}: the actor's */
    struct text care;
    struct day from;
    struct day to;
    int64_t capacity;
    uint8_t weekdays; /* bit 0 Sunday … bit 6 Saturday; 0 means every day */
};
struct capacity_outcome {
    struct verdict verdict;
    int64_t days_changed;
    int64_t block; /* id of a block made */
    struct booking_id
        shortfalls[CAPACITY_SHORTFALLS_MAX]; /* bookings on days promised beyond capacity, oldest first */
    size_t shortfall_count;
};
NODISCARD enum rc capacity_set(struct call *call, const struct capacity_ask *ask,
                               struct capacity_outcome *ret_outcome);

struct block_ask {
    struct facility_id facility;
    struct text care;
    struct day from;
    struct day to;
    int64_t beds;
    struct text reason;
};
NODISCARD enum rc capacity_block(struct call *call, const struct block_ask *ask,
                                 struct capacity_outcome *ret_outcome);
NODISCARD enum rc capacity_unblock(struct call *call, int64_t block, struct capacity_outcome *ret_outcome);

/* Facility's own page, by its staff or the city; `version` as in registration.h. */
struct facility_edit {
    struct facility_id facility;
    int64_t version;
    struct facility_words words;
    bool suspended; /* city admin only */
};
NODISCARD enum rc facility_change(struct call *call, const struct facility_edit *edit,
                                  struct capacity_outcome *ret_outcome);

/* City admin (anybody else: RC_NONE): makes a facility with its cares, which the programme must know, each once.
 * RC_RACE: the code is taken. */
struct facility_new {
    struct facility_about about;
    struct facility_words words;
    struct care_terms cares[PROGRAMME_CARES_MAX];
    size_t care_count;
};
NODISCARD enum rc facility_add(struct call *call, const struct facility_new *new, struct facility_id *ret_id);

#endif
