/* The answers that the address of a booking's step holds, and the forms of the steps that follow. */
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
    struct day month; /* shown; in addresses only */
};
extern const struct form book_query_form;
/* The other fields, of a struct that begins with a struct book_query. */
#define BOOK_FIELDS(needed)                                                                                  \
    {.name = "care",                                                                                         \
     .kind = FIELD_TEXT,                                                                                     \
     .required = (needed),                                                                                   \
     .max = 32,                                                                                              \
     .offset = offsetof(struct book_query, care)},                                                           \
        {.name = "facility",                                                                                 \
         .kind = FIELD_ID,                                                                                   \
         .required = (needed),                                                                               \
         .offset = offsetof(struct book_query, facility)},                                                   \
        {.name = "start",                                                                                    \
         .kind = FIELD_DAY,                                                                                  \
         .required = (needed),                                                                               \
         .offset = offsetof(struct book_query, start)},                                                      \
        {.name = "end",                                                                                      \
         .kind = FIELD_DAY,                                                                                  \
         .required = (needed),                                                                               \
         .offset = offsetof(struct book_query, end)},                                                        \
    {                                                                                                        \
        .name = "change", .kind = FIELD_ID, .offset = offsetof(struct book_query, change)                    \
    }
/* Is everything that must be answered before the check? */
bool book_whole(const struct book_query *q);

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
