/* What it costs to give a booking back, or not to come. */
#ifndef SANGO_CORE_CANCEL_H
#define SANGO_CORE_CANCEL_H

#include "core/facts.h"

/* What it costs to cancel at facts->now. `facts->history` must not hold the booking itself. Free for the facility
 * and the clock; the city pays like the resident on whose behalf it acts, unless the service waives it. */
void booking_cancel_cost(const struct programme_set *set, const struct facts *facts,
                         const struct booked *booked, enum actor actor, struct cancel_cost *ret_cost);
/* What giving a booking up for another one costs: as much as cancelling it, so that moving it late is no way round the
 * late fee. Fixed at the moment of asking; owed once the new booking is certain. */
void booking_change_cost(const struct programme_set *set, const struct facts *facts,
                         const struct booked *booked, enum actor actor, struct cancel_cost *ret_cost);
/* Does it cost anything? */
bool cancel_costs(const struct cancel_cost *cost);
/* Likewise when she does not come. */
void booking_no_show_cost(const struct programme_set *set, const struct facts *facts,
                          const struct booked *booked, struct cancel_cost *ret_cost);

/* Until when cancelling `care` from `start` is free; INSTANT_NONE: until the use begins. */
struct instant booking_free_until(const struct programme *programme, int32_t care,
                                  const struct calendar *calendar, struct day start);

#endif
