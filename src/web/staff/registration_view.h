/* Views of registrations as the city reads and decides them. */
#ifndef SANGO_WEB_STAFF_REGISTRATION_VIEW_H
#define SANGO_WEB_STAFF_REGISTRATION_VIEW_H

#include "web/frame.h"

struct registration_item {
    struct text url;
    struct text name;
    struct text kana;
    struct text waiting; /* 3日待ち */
    enum tone tone;      /* of the waiting */
    struct text birth;   /* of the first child */
    struct text class_name;
    struct text interviews;
    struct text state;
    enum tone state_tone;
    struct text submitted;
};

struct registration_queue_view {
    struct field_choice_view state;
    struct field_view q;
    const struct registration_item *items;
    size_t count;
    struct page_links links;
    struct text all_url;
    struct text next_url; /* the oldest that waits */
};

struct interview_view {
    struct text at;
    struct text by;
    struct text note;
    struct text needs;
};

struct registration_view {
    struct error_list errors;
    struct registration_item item;
    struct text birth_date;
    struct text address;
    struct text phone;
    struct text email;
    struct text note;
    struct text reason;
    struct text decided;
    int64_t version;
    const struct text *children;
    size_t child_count;
    const struct text *consents;
    size_t consent_count;
    const struct interview_view *interviews;
    size_t interview_count;
    const struct registration_item *alike;
    size_t alike_count;
    /* the grant */
    struct text grant_number;
    struct text grant_class;
    struct text grant_period;
    const struct text *pools;
    size_t pool_count;
    struct text book_url;
    /* forms */
    bool decides;
    struct form_view interview;
    struct field_area_view memo;
    struct field_choice_view needs;
    struct form_view approve;
    struct field_choice_view household_class;
    struct text extra_error; /* of all of them */
    const struct field_view *extra;
    size_t extra_count;
    const struct text *units; /* what each class gets */
    size_t units_count;
    struct field_date_view valid_from;
    struct field_date_view valid_to;
    struct text before_error;
    const struct field_view *before; /* used before this program kept count */
    size_t before_count;
    struct field_date_view class_proven;
    struct form_view renew; /* the class of a grant, found again; its fields are the two above */
    struct text grant_proven;
    struct text return_url;
    struct text reject_url;
    struct text next_url;
};

struct registration_step_view {
    struct error_list errors;
    struct form_view form;
    struct registration_item item;
    int64_t version;
    struct text step; /* return, reject */
    struct field_area_view reason;
    struct text label;
};

#endif
