/* Views of booking on behalf of a resident: finding her, the questions, the check. */
#ifndef SANGO_WEB_STAFF_BEHALF_VIEW_H
#define SANGO_WEB_STAFF_BEHALF_VIEW_H

#include "web/frame.h"
#include "web/page_form.h"
#include "web/price.h"

struct resident_item {
    struct text name;
    struct text kana;
    struct text birth;
    struct text phone;
    struct text number; /* of the approval */
    struct text until;
    struct text url; /* of the registration */
    struct text book_url;
    struct text wait_url;
    struct text bookings_url;
};

struct residents_view {
    struct field_view q;
    bool asked;
    const struct resident_item *items;
    size_t count;
};

struct behalf_view {
    struct text name;
    struct text action;
    struct field_choice_view care;
    struct field_choice_view facility;
    struct field_date_view start;
    struct field_date_view end;
};

struct behalf_wish_view {
    struct error_list errors;
    struct text name;
    struct form_view form;
    struct widgets widgets;
};

struct behalf_check_view {
    struct text name;
    struct text care_name;
    struct text facility_name;
    struct text days;
    struct text again_url;
    struct price_view price;
    const struct text *refusals;
    size_t refusal_count;
    struct text answer;
    struct text free_until;
    struct form_view form;
    struct text care;
    struct text facility;
    struct text start;
    struct text end;
    struct field_area_view message;
    bool allowed;
};

#endif
