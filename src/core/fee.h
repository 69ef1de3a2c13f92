/* The fee of one use, line by line: every charged unit is priced by the version and the prices of its own day, then
 * added to, then reduced in the programme's order. Never below 0, never above the unreduced price. */
#ifndef SANGO_CORE_FEE_H
#define SANGO_CORE_FEE_H

#include "core/quote.h"

struct fee_case {
    const struct programme_set *set;
    const struct facts *facts;
    const struct request *request;
    const struct programme *programme; /* of the first day */
    int32_t care;                      /* row of it */
    int32_t household_class;           /* row of it */
    int32_t units_over;                /* units of the pool that are beyond it, at the facility's price */
    int32_t units;                     /* units of the pool in all */
    bool reduce;
};

struct fee {
    bool
        known; /* false: a price of the facility is needed and not given, or a version lacks the care or class */
    int32_t charged;
    int32_t line_count;
    struct fee_line lines[QUOTE_LINES_MAX];
    struct yen total;
    struct yen unreduced;
};

/* The days must make sense for the care (care_units() >= 0). */
void fee_make(const struct fee_case *c, struct fee *ret_fee);

/* The facility's terms for a care; NULL when none were given. */
const struct facility_care *facility_care_of(const struct facts *facts, struct text care);

#endif
