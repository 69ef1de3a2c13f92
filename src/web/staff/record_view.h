/* Views of lists that are read, printed and exported: figures, claims, waits, the audit record. */
#ifndef SANGO_WEB_STAFF_RECORD_VIEW_H
#define SANGO_WEB_STAFF_RECORD_VIEW_H

#include "web/frame.h"

/* One year of a chart, in units of its drawing. */
struct chart_bar {
    int64_t x;
    int64_t y;
    int64_t height;
    int64_t middle;
    int64_t above; /* where the figure stands */
    struct text year;
    struct text figure;
    bool expected;
};
struct usage_chart {
    const struct chart_bar *bars; /* one a year */
    int64_t width;
    struct text said; /* the same in words */
};

struct usage_line {
    struct usage_chart chart; /* of the uses */
    struct text care;
    const struct text *uses; /* one a year */
    const struct text *persons;
    const struct text *units;
};

struct statistics_view {
    const struct text *years; /* R1 … ; a forecast says so */
    size_t year_count;
    const struct usage_line *lines;
    size_t line_count;
    struct text csv_url;
    struct text made;
};

struct claim_line {
    struct text url;
    struct text number;
    struct text facility;
    struct text care;
    struct text days;
    struct text state;
    struct text units;
    struct text unit_price;
    struct text additions;
    struct text total;
    struct text resident;
    struct text city;
};

struct claims_view {
    struct text month; /* 2026年11月 */
    const struct claim_line *lines;
    size_t count;
    struct page_links links; /* no line: all are shown */
    struct text total;       /* of the month */
    struct text resident;
    struct text city;
    bool facility; /* show whose it is */
    struct text before_url;
    struct text after_url;
    struct text csv_url;
    struct text made;
};

struct wait_line {
    struct text name;
    struct text care;
    struct text days;
    struct text places;
    struct text mode;
    struct text state;
    enum tone tone;
    struct text since;
    struct form_view close; /* while it waits */
};

struct waits_view {
    const struct wait_line *lines;
    size_t count;
    bool all;
    struct text other_url;
    struct text after_url;
};

struct audit_line {
    struct text at;
    struct text who;
    struct text role;
    struct text action;
    struct text object;
    struct text subject_url;
    struct text detail;
};

struct audit_page_view {
    struct field_date_view from;
    struct field_date_view to;
    struct field_view action;
    const struct audit_line *lines;
    size_t count;
    bool full; /* else the search went as far as one page goes */
    struct text after_url;
};

#endif
