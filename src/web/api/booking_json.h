/* Bookings as JSON, for every route that answers with them. */
#ifndef SANGO_WEB_API_BOOKING_JSON_H
#define SANGO_WEB_API_BOOKING_JSON_H

#include "query/bookings.h"
#include "service/book.h"
#include "web/api/api.h"

/* Members of one booking into an open object; who she is stands there for staff only. */
void booking_members(struct json_out *json, const struct exchange *x, const struct booking_row *row);
/* Inside an exchange_render: what became of a request or a step. `full` carries the wish that could be made. */
void booking_answer(struct exchange *x, struct arena *arena, int status, const struct book_outcome *outcome,
                    struct idem_answer *ret_answer);

#endif
