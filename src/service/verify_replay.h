/* For verify.c: invariants that are judged by asking core again what was decided. */
#ifndef SANGO_SERVICE_VERIFY_REPLAY_H
#define SANGO_SERVICE_VERIFY_REPLAY_H

#include "db/db.h"
#include "service/house.h"

enum replay {
    REPLAY_AGE,
    REPLAY_WHOLE,
    REPLAY_MOVES,
    REPLAY_TIME,
    REPLAY_PRICE,
    REPLAY_RULES,
    REPLAY_FAIR,
    REPLAY__MAX
};

struct replay_found {
    struct instant now;
    int64_t breaches[REPLAY__MAX];
    int64_t first[REPLAY__MAX]; /* id of the first booking or wish, number of the first version */
};

/* Adds to *found; `scratch` is cleared page by page. */
NODISCARD enum rc replay_bookings(const struct house *house, const struct house_city *city,
                                  struct arena *scratch, struct replay_found *found);
NODISCARD enum rc replay_waits(const struct house *house, const struct house_city *city,
                               struct arena *scratch, struct replay_found *found);

#endif
