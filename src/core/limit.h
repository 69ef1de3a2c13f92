/* How often within a period: so many uses a month, so many days a week, so many stays in all. Counted from the uses
 * themselves, unlike pools, whose balance is carried. */
#ifndef SANGO_CORE_LIMIT_H
#define SANGO_CORE_LIMIT_H

#include "core/quote.h"

/* Refuses (quota: limit needed left granted) what goes beyond a limit. Programme, care and class of the quote are known. */
void limits_check(const struct facts *facts, const struct request *request, struct quote *quote);
/* Refuses (pattern: nights used) a stay that makes the stays of this grant fit none of the care's patterns. */
void pattern_check(const struct facts *facts, const struct care *care, int32_t nights, struct quote *quote);

#endif
