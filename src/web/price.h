/* The price of a use for people, line by line, and what it leaves of the pools: the same rows on the page that
 * asks, on the booking's page and at the city's desk. Figures come from core/quote.h or from what was stored. */
#ifndef SANGO_WEB_PRICE_H
#define SANGO_WEB_PRICE_H

#include "query/bookings.h"
#include "service/book.h"
#include "web/exchange.h"

struct price_row {
    struct text name;   /* ショートステイ */
    struct text count;  /* 2日 × 3,100円; empty when it says nothing new */
    struct text amount; /* 6,200円 */
};
struct pool_line {
    struct text name;
    struct text line; /* 7日のうち、のこり5日。この予約のあとは3日 */
};
struct price_view {
    const struct price_row *rows;
    size_t count;
    struct text total;
    struct text hint; /* what to bring to pay by her own class; empty: nothing */
    const struct pool_line *pools;
    size_t pool_count;
};

void price_of_quote(const struct exchange *x, const struct quote *quote, struct price_view *ret_view);
/* Without pools. */
void price_of_booking(const struct exchange *x, const struct booking_detail *detail,
                      struct price_view *ret_view);

#endif
