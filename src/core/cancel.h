/* What it costs to give a booking back, or not to come. */
#ifndef SANGO_CORE_CANCEL_H
#define SANGO_CORE_CANCEL_H

#include "core/facts.h"

struct cancel_cost {
    struct yen fee;
    int32_t units_charged;
    bool late;                        /* a step of the programme applied */
    struct instant free_cancel_until; /* INSTANT_NONE: until the use begins */
};

/* What it costs to cancel at facts->now. `facts->history` must not hold the booking itself. Free for the facility
 * and the clock; the city pays like the resident on whose behalf it acts, unless the service waives it. */
void booking_cancel_cost(const struct programme_set *set, const struct facts *facts,
                         const struct booked *booked, enum actor actor, struct cancel_cost *ret_cost);
/* Likewise when she does not come. */
void booking_no_show_cost(const struct programme_set *set, const struct facts *facts,
                          const struct booked *booked, struct cancel_cost *ret_cost);

/* Until when cancelling `care` from `start` is free; INSTANT_NONE: until the use begins. */
struct instant booking_free_until(const struct programme *programme, int32_t care,
                                  const struct calendar *calendar, struct day start);

#endif
