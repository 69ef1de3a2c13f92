/* Views of places by day: a facility's week, its capacity, its blocked beds, and the city's table of all. */
#ifndef SANGO_WEB_STAFF_PLACE_VIEW_H
#define SANGO_WEB_STAFF_PLACE_VIEW_H

#include "web/staff/booking_view.h"

struct week_view {
    struct grid_view grid;
    struct booking_list list;
    struct text before_url;
    struct text this_url;
    struct text after_url;
    struct text updated;
};

struct capacity_view {
    struct text place;     /* the facility's name, for the city */
    struct text other_url; /* its blocks */
    struct error_list errors;
    struct form_view form;
    struct field_choice_view care;
    struct field_date_view from;
    struct field_date_view to;
    struct field_view capacity;
    struct field_choice_view weekday;
    struct grid_view grid;
};

struct block_item {
    struct text days;
    struct text care;
    struct text beds;
    struct text reason;
    struct text since;
    struct form_view remove;
};

struct block_view {
    struct text place;     /* the facility's name, for the city */
    struct text other_url; /* its capacity */
    struct error_list errors;
    struct form_view form;
    struct form_view quick; /* one bed from tonight on */
    struct text quick_label;
    struct text quick_care;
    struct text quick_from;
    struct text quick_to;
    struct field_choice_view care;
    struct field_date_view from;
    struct field_date_view to;
    struct field_view beds;
    struct field_view reason;
    const struct block_item *items;
    size_t count;
    struct booking_list affected;
};

struct heat_view {
    struct field_choice_view care;
    struct field_date_view from;
    struct grid_view grid;
    struct text before_url;
    struct text after_url;
    struct text updated;
};

#endif
