/* Places that are held for her until a deadline. */
#ifndef SANGO_WEB_RESIDENT_OFFERS_H
#define SANGO_WEB_RESIDENT_OFFERS_H

#include "web/exchange.h"
#include "web/resident/book_view.h"

/* Those that wait for an answer now, as items of a list. */
NODISCARD enum rc offers_open(const struct exchange *x, const struct my_booking **ret_items,
                              size_t *ret_count);

/* What a wish, or the answer to an offer, came to, as far as it is the same: refused, and `otherwise` is the first way on; or
 * a booking. False: neither, and nothing was answered. */
NODISCARD bool offers_answered(struct exchange *x, const struct verdict *verdict, struct booking_id booking,
                               struct button_view otherwise, struct idem_answer *ret_answer);

#endif
