/* A booking as an item of a list, for every page of hers that shows some. */
#ifndef SANGO_WEB_RESIDENT_BOOKINGS_H
#define SANGO_WEB_RESIDENT_BOOKINGS_H

#include "query/bookings.h"
#include "web/exchange.h"
#include "web/resident/book_view.h"

enum tone my_booking_tone(struct text state);
bool my_booking_coming(struct text state); /* requested, confirmed, in use */
struct my_booking my_booking_of(const struct exchange *x, const struct booking_row *row);

#endif
