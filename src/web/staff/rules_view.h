/* Views of tmpl/staff/rules.html and rules_edit.html: the city's rules as versions, for its admin. */
#ifndef SANGO_WEB_STAFF_RULES_VIEW_H
#define SANGO_WEB_STAFF_RULES_VIEW_H

#include "web/page_form.h"
#include "web/resident/public_view.h"

struct rules_item {
    struct text name;
    struct text url;
    struct text from;  /* 令和8年4月1日(水) */
    struct text until; /* "" until further notice */
    struct text state;
    enum tone tone;
    struct text who; /* published by, and when */
    struct text reason;
};

struct draft_line {
    struct text line; /* revision, who, when */
    struct text url;
};

struct rules_list_view {
    const struct rules_item *items;
    size_t count;
    struct draft_line draft; /* url "" when there is none */
    struct text new_url;     /* "" for those who may not */
    struct text audit_url;
};

struct rules_new_view {
    struct error_list errors;
    struct form_view form;
    struct field_date_view valid_from;
    struct field_view name;
    struct text based_on;
};

struct difference {
    struct text section;
    struct text label;
    struct text before;
    struct text after;
};
struct compare_view {
    struct text heading;
    struct text before; /* name of the one before */
    struct text after;
    const struct difference *rows;
    size_t count;
};

struct rules_version_view {
    struct rules_item item;
    const struct rules_view *rules;
    struct text compare_url;   /* "" when there is none before it */
    struct text public_url;    /* "" when residents do not see it */
    struct form_view withdraw; /* action "" when it cannot be */
    struct field_area_view reason;
    struct error_list errors;
    struct text ended; /* when, by whom, why */
};

struct draft_section {
    struct text label;
    struct text url;  /* "" for those who may not */
    struct text line; /* "3か所を変えました" */
    size_t faults;
};
struct draft_view {
    struct text name;
    struct text valid_from;
    struct text line;
    struct error_list faults; /* of the whole, with links to the pages of their fields */
    const struct draft_section *sections;
    size_t count;
    bool admin;
    size_t changes;
    struct form_view drop;
    struct text revision;
    struct link_base base; /* /city/rules/draft */
};

/* One place of the document as a question, a group, or a list of rows. */
struct rule_node {
    enum rule_what {
        RULE_TEXT,
        RULE_SELECT,
        RULE_CHECKS,
        RULE_CHECK,
        RULE_DATE,
        RULE_AREA,
        RULE_GROUP,
        RULE_LIST
    } what;
    struct field_view text;
    struct field_choice_view choice;
    struct field_check_view check;
    struct field_date_view date;
    struct field_area_view area;
    struct text name;
    struct text label;
    struct text hint;
    struct text error;
    bool row;    /* can be copied, moved, removed */
    bool linked; /* a row with a page of its own */
    struct text url;
    struct text line; /* what a linked row says of itself */
    struct rule_node *children;
    size_t count;
};

struct rules_edit_view {
    struct text heading;
    struct error_list errors;
    struct form_view form;
    struct text revision;
    struct text row;
    struct text conflict;          /* who was faster; "" nobody */
    const struct difference *lost; /* what was typed and not kept */
    size_t lost_count;
    const struct rule_node *nodes;
    size_t count;
    struct text back_url;
    struct text next_url;
};

struct rules_document_view {
    struct error_list errors;
    struct form_view form;
    struct text revision;
    struct field_area_view document;
};

struct try_line {
    struct text label;
    struct text now;
    struct text then;
    bool differs;
};
struct rules_try_view {
    struct error_list errors;
    struct text action;
    struct widgets widgets;
    struct text heading; /* of the answer; "" nothing was asked */
    const struct try_line *lines;
    size_t count;
    struct text now_name;
    struct text then_name;
};

struct rules_publish_view {
    struct error_list errors;
    struct form_view form;
    struct text revision;
    struct text name;
    struct field_date_view valid_from;
    struct field_area_view reason;
    struct field_check_view sure;
    struct text bookings; /* how many keep their price */
    struct text replaces; /* "" nothing */
    bool sound;
    struct text faults_url;
    struct compare_view compare;
};

#endif
