/* The answers that the address of a booking's step holds. */
#ifndef SANGO_WEB_RESIDENT_BOOK_ASK_H
#define SANGO_WEB_RESIDENT_BOOK_ASK_H

#include "web/exchange.h"
#include "web/resident/book_view.h"

struct book_query {
    struct text care;
    struct facility_id facility;
    struct day start;
    struct day end;
    struct booking_id change;
    struct day month;
};
extern const struct form book_query_form;

/* base + path + what is known. */
struct text book_link(const struct exchange *x, const char *path, const struct book_query *q);
/* RC_NONE: the facility or the booking to change is not there, or not hers. */
NODISCARD enum rc book_chosen(const struct exchange *x, const struct book_query *q,
                              struct chosen_view *ret_chosen);
/* The rules of the first day when they have exclusions to ask about, else NULL. */
const struct programme *book_health_programme(const struct exchange *x, struct day start);
/* Until when it can be given back for nothing, as a sentence; `until` as in booking rows. */
struct text book_free_words(const struct exchange *x, struct instant until);

#endif
