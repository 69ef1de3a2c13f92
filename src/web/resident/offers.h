/* Places that are held for her until a deadline. */
#ifndef SANGO_WEB_RESIDENT_OFFERS_H
#define SANGO_WEB_RESIDENT_OFFERS_H

#include "web/exchange.h"
#include "web/resident/book_view.h"

/* Those that wait for an answer now, as items of a list. */
NODISCARD enum rc offers_open(const struct exchange *x, const struct my_booking **ret_items,
                              size_t *ret_count);

#endif
