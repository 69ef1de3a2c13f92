/* Days and units of one use: which slots it occupies and how many units it counts. Two different questions: slots
 * are places and days, units are the programme's rule. */
#ifndef SANGO_CORE_UNITS_H
#define SANGO_CORE_UNITS_H

#include "core/facts.h"

/* The days whose slots a use occupies: a stay its nights start … end − 1, everything else its one day.
 * Returns how many were written; 0 when the days make no sense or are more than SLOT_DAYS_MAX. */
int32_t slot_days(enum care_kind kind, struct day start, struct day end, struct day ret_days[SLOT_DAYS_MAX]);

/* Units by a counting rule; -1 when the days make no sense for this kind of care. */
int32_t care_units(const struct care *care, enum counting counting, struct day start, struct day end);

/* Nights of a use; 0 for one day; -1 when the days make no sense (unreadable, reversed, more than NIGHTS_MAX, a stay
 * without a night, a day or visit over more than one day). */
int32_t use_nights(enum care_kind kind, struct day start, struct day end);

/* Units of the pool that one use takes, quota_weight included; -1 as above. */
int32_t care_quota(const struct care *care, struct day start, struct day end);

#endif
