/* Rows of bookings become what staff read: words, deadlines, and the steps this person may take now. */
#ifndef SANGO_WEB_STAFF_BOOKING_ITEM_H
#define SANGO_WEB_STAFF_BOOKING_ITEM_H

#include "query/bookings.h"
#include "web/exchange.h"
#include "web/staff/booking_view.h"

struct booking_item booking_item_of(struct exchange *x, const struct booking_row *row);
/* The booking that the path names, */
NODISCARD enum rc booking_asked(const struct exchange *x, struct booking_detail *ret_detail);
/* and the same once it is on record that it is looked at; NULL: it cannot be shown, which was answered. */
const struct booking_detail *booking_shown(struct exchange *x);
/* Items of the rows that `wanted` accepts (NULL: all). */
struct booking_list booking_list_of(struct exchange *x, const struct booking_row *rows, size_t count,
                                    bool (*wanted)(const struct booking_row *row, struct day today));
/* The steps the actor may take on this booking at this moment. */
void booking_steps(struct exchange *x, const struct booking_row *row, struct booking_item *item);
/* Which booking events people take here, and whether they are asked first. */
bool booking_event_of(struct text code, enum booking_event *ret_event);

#endif
