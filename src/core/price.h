/* The price of one charged unit by one class's price rule, and how often cares were used before. */
#ifndef SANGO_CORE_PRICE_H
#define SANGO_CORE_PRICE_H

#include "core/units.h"

struct price_case {
    const struct price *prices; /* by class */
    int32_t household_class;
    int32_t index;   /* of the unit within its use, from 0 */
    int32_t charged; /* units of the use */
    int64_t past;    /* NTH: units or uses before this use */
    bool facility_known;
    struct yen facility; /* the facility's own price a unit */
    struct yen own;      /* OWN: what the unit itself costs */
};

/* The rule that applies, after PRICE_PART is followed to the class it is part of. */
const struct price *price_rule(const struct price_case *c);

/* False when the facility's price is needed and not given, or out of bounds. The result is 0 or more. */
NODISCARD bool price_unit(const struct price_case *c, struct yen *ret_each);

/* `percent` of `out_of` of n yen, rounded to whole steps of `round_to` yen. */
int64_t yen_part(int64_t n, int32_t percent, int32_t out_of, enum rounding rounding, int32_t round_to);

/* 0 … 10,000,000 yen: a price that a person could have meant. */
bool yen_priced(struct yen yen);

enum past_count { COUNT_PAST_UNITS, COUNT_PAST_USES };

/* The count of `code`, or 0. */
int64_t counted_before(const struct counted_before *rows, int32_t count, struct text code);

/* Earlier uses of these cares that weigh on the grant: charged units, or uses. */
int64_t history_count(const struct programme *programme, const struct facts *facts, rows_mask cares,
                      enum past_count what);

#endif
