/* Whose eyes a query looks with: residents see their own rows, a facility's staff its own, the city the city's,
 * anybody else what is public. */
#ifndef SANGO_WEB_EYE_H
#define SANGO_WEB_EYE_H

#include "query/query.h"
#include "web/exchange.h"

struct query eye_of(const struct exchange *x);
/* The rules valid today; NULL before the first version. */
const struct programme *eye_programme(const struct exchange *x);

#endif
