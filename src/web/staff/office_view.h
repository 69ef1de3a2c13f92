/* Views of the city's office: the day's work, facilities, accounts of staff; and a facility's own page. */
#ifndef SANGO_WEB_STAFF_OFFICE_VIEW_H
#define SANGO_WEB_STAFF_OFFICE_VIEW_H

#include "web/page_form.h"
#include "web/staff/booking_view.h"
#include "web/staff/registration_view.h"

struct office_view {
    struct text today;
    const struct registration_item *registrations;
    size_t registration_count; /* shown; more stand in the queue */
    struct text queue_url;
    struct text next_url;
    struct booking_list late; /* requests without an answer, the most urgent first */
    struct booking_list today_list;
};

struct facility_item {
    struct text name;
    struct text url;
    struct text kind;
    struct text ward;
    struct text phone;
    struct text cares;
    bool suspended;
};

struct facilities_view {
    const struct facility_item *items;
    size_t count;
    bool admin; /* may add one */
};

struct facility_care_view {
    struct text name;
    struct text code_name; /* hidden field: cares.0.care */
    struct text code;
    struct field_view contract_price;
    struct field_view price;
    struct field_view age_months_max;
    struct field_view answer_hours;
    struct field_choice_view lapse_to;
};
struct facility_new_view {
    struct error_list errors;
    struct form_view form;
    struct widgets widgets;
    const struct facility_care_view *cares;
    size_t care_count;
};

struct facility_edit_view {
    struct error_list errors;
    struct form_view form;
    int64_t version;
    struct text name;
    struct text line;
    struct text public_url;
    struct field_view phone;
    struct field_view email;
    struct field_area_view introduction;
    struct field_area_view access;
    struct field_area_view bring;
    struct field_check_view multiples;
    struct field_check_view siblings;
    struct field_check_view partner;
    struct field_check_view suspended;
    bool writes;              /* may change it: itself, and the city's admin */
    bool admin;               /* may suspend */
    struct text capacity_url; /* for the city */
    struct text blocks_url;
};

struct staff_item {
    struct text name;
    struct text role;
    struct text login;
    struct text facility;
    struct text state;
    enum tone tone;
    bool active;
    bool own;
    struct form_view change;
    struct form_view renew; /* a lost device */
    struct text disable;    /* "1" or "0" */
};

struct staff_page_view {
    struct error_list errors;
    struct form_view form;
    struct field_choice_view role;
    struct field_view name;
    struct field_view email;
    struct field_choice_view facility;
    const struct staff_item *items;
    size_t count;
    const struct staff_item *again; /* whom the form wanted to add and who is there already; NULL: nobody */
};

struct staff_made_view {
    struct text title;
    struct text name;
    struct text secret; /* in groups of four */
    struct text uri;
};

#endif
