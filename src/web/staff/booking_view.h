/* Views of bookings as staff see them: one row of a list, one booking with everything, a step that asks. */
#ifndef SANGO_WEB_STAFF_BOOKING_VIEW_H
#define SANGO_WEB_STAFF_BOOKING_VIEW_H

#include "web/frame.h"
#include "web/price.h"

enum { ITEM_STEPS_MAX = 6 };

/* A button that leads to a step's page, or takes it at once. */
struct step_view {
    struct button_view link; /* when it asks first */
    struct form_view form;   /* when it does not: action is set */
    int64_t version;
    struct text label;
    enum button_kind kind;
};

struct booking_item {
    struct booking_id id;
    struct text url;
    struct text name; /* the mother's, or that it is hidden */
    struct text kana;
    struct text phone;
    struct text children;
    struct text care;
    struct text days;
    struct text units;
    struct text facility;
    struct text state;
    enum tone tone;
    struct text deadline; /* of a request */
    struct text remaining;
    bool late; /* less than three hours are left */
    bool change;
    struct text message;
    struct step_view steps[ITEM_STEPS_MAX];
    size_t step_count;
};

struct booking_list {
    struct text id; /* of the table */
    struct text caption;
    const struct booking_item *items;
    size_t count;
    bool facility; /* show whose it is */
    bool deadline;
    bool steps;
};

struct booking_event_view {
    struct text at;
    struct text actor;
    struct text event;
    struct text reason;
};

struct booking_view {
    struct booking_item item;
    struct text fee;
    struct text class_name;
    struct text free_until;
    struct text cancel_fee;
    struct text report;
    struct text reason;
    struct text origin;
    struct text created;
    struct text change_url;
    struct text change_label;
    struct text propose_url; /* empty: nothing to propose for */
    struct price_view price;
    const struct text *children;
    size_t child_count;
    const struct booking_event_view *events;
    size_t event_count;
    bool city;
    struct text registration_url;
};

struct booking_step_view {
    struct error_list errors;
    struct form_view form;
    struct booking_item item;
    int64_t version;
    struct text event; /* code: which prose to show */
    struct field_choice_view why;
    struct field_area_view reason;
    struct field_area_view report;
    struct text cost;
    struct text label;
    enum button_kind kind;
    bool city;
};

struct propose_view {
    struct error_list errors;
    struct form_view form;
    struct booking_item item;
    struct field_choice_view care;
    struct field_date_view from;
    struct field_date_view to;
    struct field_area_view reason;
};

struct board_view {
    struct text today;
    struct text facility;
    struct booking_list requests;
    struct booking_list arrivals;
    struct booking_list staying;
    struct booking_list leaving;
    struct booking_list tomorrow;
    struct booking_list forgotten;
    struct text requests_url;
};

struct booking_search_view {
    struct field_choice_view state;
    struct field_choice_view care;
    struct field_choice_view facility;
    struct field_date_view from;
    struct field_date_view to;
    struct booking_list list;
    struct page_links links;
    struct text all_url;
};

#endif
