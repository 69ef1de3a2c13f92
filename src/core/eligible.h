/* Whether a use is allowed: every rule that can say no, each with its figures. The fee is fee.h's. */
#ifndef SANGO_CORE_ELIGIBLE_H
#define SANGO_CORE_ELIGIBLE_H

#include "core/quote.h"

/* Adds all refusals that apply to ret_quote, whose programme, care, household_class, units and pools are filled in and
 * whose days make sense. */
void eligible_check(const struct programme_set *set, const struct facts *facts, const struct request *request,
                    struct quote *ret_quote);

/* One more reason; beyond QUOTE_REFUSALS_MAX the least grave are left out. */
void quote_refuse(struct quote *quote, struct refused refused);

/* When uses of this care begin on `day`. */
struct instant care_starts(const struct care *care, struct day day);

#endif
