/* Windows of age: until which day a care may be used for a child. Months end by the Civil Code, art. 143: on the
 * day before the matching day, and on the month's last day where there is no matching day. */
#ifndef SANGO_CORE_AGE_H
#define SANGO_CORE_AGE_H

#include "core/facts.h"

/* First and last day on which a care can be used for this child; by the due date while there is no birth date.
 * DAY_NONE: no limit, or nothing known about the child. */
struct day age_first_day(const struct age_window *window, const struct child *child);
struct day age_last_day(const struct age_window *window, const struct child *child);
/* The day from which the window counts: birth, or the due date when age is corrected or nobody is born yet. */
struct day age_base(const struct age_window *window, const struct child *child);
/* Over all children: the earliest last day. DAY_NONE: no limit. */
struct day care_last_day(const struct care *care, const struct child *children, int32_t count,
                         struct day loss);

/* Has the child born on `birth` completed so many months before `day` begins? False for unknown births. */
bool age_months_complete(struct day birth, int32_t months, struct day day);

#endif
