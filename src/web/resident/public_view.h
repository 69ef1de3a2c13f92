/* Views of tmpl/resident/public.html: pages for everybody. */
#ifndef SANGO_WEB_RESIDENT_PUBLIC_VIEW_H
#define SANGO_WEB_RESIDENT_PUBLIC_VIEW_H

#include "web/frame.h"

struct top_view {
    struct field_choice_view care;
    bool signed_in;
    struct text home; /* when signed in */
};

struct place_chip {
    struct text label; /* 11月20日(金) */
    struct text url;
};

enum { CHIPS_MAX = 3 };

struct place_view {
    struct text name;
    struct text url;
    struct text month_url;
    struct text line;  /* 助産院・北部 */
    struct text price; /* lines by class */
    struct text features;
    struct place_chip chips[CHIPS_MAX];
    size_t chip_count;
    struct text wish_url; /* when there is no place */
};

struct search_view {
    struct field_choice_view care;
    struct field_choice_view ward;
    struct field_choice_view age;
    struct field_date_view date;
    struct field_view words;
    struct field_check_view multiples;
    struct text heading;
    struct text care_name;
    struct text updated;
    const struct place_view *places;
    size_t count;
    size_t free_count; /* those with a place */
    struct text all_url;
};

struct day_line {
    struct text label;
    enum mark mark;
    int64_t left;
    struct text url;
    struct text url_label;
};

struct care_view {
    struct text name;
    struct text note;
    struct text hours;
    struct text price;
    struct text age; /* narrower than the city's; "" none */
    struct text answer;
    struct text month_url;
    const struct day_line *days; /* two weeks */
    size_t day_count;
};

struct facility_view {
    struct text name;
    struct text line;
    struct text introduction;
    struct text address;
    struct text access;
    struct text phone;
    struct text bring;
    struct text features;
    struct text updated;
    const struct care_view *cares;
    size_t care_count;
};

struct month_view {
    struct text facility;
    struct text facility_url;
    struct text care_name;
    struct text price;
    struct text updated;
    const struct button_view *cares; /* the other cares of this place */
    size_t care_count;
    struct calendar_view month;
};

struct rules_section {
    struct text title;
    struct text line;
    struct summary_view rows;
};
struct rules_view {
    struct text name;
    struct text source;
    struct day valid_from;
    struct text next_line; /* a version that begins later; "" none */
    struct text next_url;
    struct text now_url; /* when this one is not in force: the one that is */
    const struct rules_section *sections;
    size_t count;
};

struct help_view {
    struct text domain; /* mails come from there */
};

#endif
