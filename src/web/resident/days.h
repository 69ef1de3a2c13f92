/* The days a grant gives, for the page about them and for her own page. */
#ifndef SANGO_WEB_RESIDENT_DAYS_H
#define SANGO_WEB_RESIDENT_DAYS_H

#include "query/people.h"
#include "web/exchange.h"
#include "web/resident/me_view.h"

/* One line a pool; until and number only when there is a grant. */
void days_pools(const struct exchange *x, const struct registration_detail *detail,
                struct pools_view *ret_view);

#endif
