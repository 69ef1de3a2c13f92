/* What every page of this room needs: where it stands, the record of what was looked at, colours of states. */
#ifndef SANGO_WEB_STAFF_STAFF_H
#define SANGO_WEB_STAFF_STAFF_H

#include "web/exchange.h"
#include "web/page_view.h"

/* "/facility" or "/city": where this person's pages begin. */
const char *staff_room(const struct exchange *x);
/* exchange_linkf() below the room: staff_link(x, "/bookings/%s", …). */
struct text staff_link(const struct exchange *x, const char *fmt, ...) PRINTF_LIKE(2, 3);
struct text staff_id(const struct exchange *x, int64_t id);

/* Records that personal data is shown; false: that failed, and the exchange is answered. */
NODISCARD bool staff_viewed(struct exchange *x, const char *what, const char *object, int64_t id,
                            struct account_id subject);
/* The same for a list; nothing is recorded for an empty one. */
NODISCARD bool staff_viewed_many(struct exchange *x, const char *what, const char *object, size_t count);

enum tone staff_booking_tone(struct text state);
enum tone staff_registration_tone(struct text state);
/* "あと3時間", "あと2日", "期限を過ぎました". */
struct text staff_remaining(const struct exchange *x, struct instant until);
struct text staff_count(const struct exchange *x, int64_t n); /* "12" */
/* instant_short(), empty for none. */
struct text staff_moment(const struct exchange *x, struct instant at);
/* day_short(), empty for none. */
struct text staff_day(const struct exchange *x, struct day day);
/* The Japanese day of now. */
struct day staff_today(const struct exchange *x);
/* Programme's cares as choices for page_choice_fill(); `any` puts "すべて" first. */
struct choice *staff_cares(const struct exchange *x, bool any, size_t *ret_count);

#endif
