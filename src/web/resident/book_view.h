/* Views of tmpl/resident/book.html and bookings.html: the questions of a booking, the check before it, the bookings. */
#ifndef SANGO_WEB_RESIDENT_BOOK_VIEW_H
#define SANGO_WEB_RESIDENT_BOOK_VIEW_H

#include "web/page_form.h"
#include "web/price.h"
#include "web/resident/public_view.h"

/* What was chosen so far, on every step; `changing`: the old booking that stays until the new one is certain. */
struct chosen_view {
    struct text line; /* ショートステイ ／ さくら助産院 ／ 11月20日(金)から */
    struct text changing;
};

struct book_care_view {
    struct chosen_view chosen;
    struct field_choice_view care;
    struct text change; /* id, or "" */
};

struct book_place_view {
    struct chosen_view chosen;
    const struct place_view *places;
    size_t count;
};

struct book_day_view {
    struct chosen_view chosen;
    struct calendar_view month;
    struct text other_url; /* another place */
};

struct length_option {
    struct text label; /* 1泊2日（11月21日(土)まで） */
    struct text url;
};
struct book_length_view {
    struct chosen_view chosen;
    const struct length_option *options;
    size_t count;
    struct text limit; /* why not longer, or "" */
    struct text other_url;
};

/* One question: none of the programme's exclusions, or which. */
struct book_health_view {
    struct chosen_view chosen;
    struct error_list errors;
    struct form_view form;
    struct field_choice_view question;
    struct text care, facility, start, end, change; /* hidden fields */
};

struct book_check_view {
    struct chosen_view chosen;
    struct error_list errors;
    const struct text *refusals;
    size_t refusal_count;
    const struct button_view *ways;
    size_t way_count;
    struct summary_view rows;
    struct price_view price;
    struct text free_until;
    struct text answer;
    struct text exclusions; /* lines, or "": nothing was asked */
    struct text health_url;
    struct notice_view late; /* what giving up the old booking costs now; tone TONE__MAX: nothing */
    struct form_view form;
    struct field_area_view message;
    struct text care, facility, start, end, change; /* hidden fields */
    struct text button;
};

struct my_booking {
    struct text label; /* days */
    struct text place;
    struct text state;
    enum tone tone;
    struct text url;
};
struct bookings_view {
    const struct my_booking *coming;
    size_t coming_count;
    const struct my_booking *past;
    size_t past_count;
};

struct booking_view {
    struct panel_view panel;
    struct notice_view note; /* about a change under way; tone TONE__MAX: none */
    struct summary_view rows;
    struct price_view price;
    struct text bring;
    struct text access;
    struct text phone;
    bool may_change;
    bool may_cancel;
    struct form_view accept; /* of a facility's proposal; action empty: none */
    struct form_view decline;
    struct text change_url;
    struct text cancel_url;
    struct text search_url; /* when it ended without a use */
    struct text wish_url;
};

struct cancel_view {
    struct text line;
    struct text cost;
    struct text days;
    bool free;
    struct form_view form;
    struct field_area_view reason;
    struct text back;
    struct text change_url;
};

#endif
