/* Views of tmpl/resident/me.html and waits.html: home, notices, days left, account, the waiting list. */
#ifndef SANGO_WEB_RESIDENT_ME_VIEW_H
#define SANGO_WEB_RESIDENT_ME_VIEW_H

#include "web/page_form.h"
#include "web/resident/book_view.h"

struct pool_item {
    struct text name;
    struct text left;  /* のこり5日 */
    struct text parts; /* 7日のうち：利用済み1日・予約中1日 */
};

struct pools_view {
    const struct pool_item *items;
    size_t count;
    struct text until; /* last day of the grant, or "" */
    struct text number;
};

struct me_view {
    struct notice_view task;          /* what to do next; tone TONE__MAX: nothing */
    const struct notice_view *births; /* a child each that is still to be born */
    size_t birth_count;
    const struct my_booking *next;
    size_t next_count;
    const struct my_booking *offers; /* places held for her */
    size_t offer_count;
    struct pools_view pools;
    bool approved;
};

struct use_item {
    struct my_booking booking;
    struct text units;
    struct text fee;
};
struct uses_view {
    struct text caption;
    struct use_item *items;
    size_t count;
    struct text total;
};
struct days_view {
    struct pools_view pools;
    struct uses_view past;
    struct uses_view coming;
};

struct notice_item {
    struct text subject;
    struct text body;
    struct text at;
    struct text url;
    bool unread;
};
struct notices_view {
    const struct notice_item *items;
    size_t count;
    bool unread;
    struct form_view read;
};

struct account_view {
    struct error_list errors;
    struct text name;
    struct form_view password_form;
    struct widgets password;
    struct form_view totp_off_form;
    struct field_view totp_off;
    struct form_view logout_form;
};

struct totp_view {
    struct error_list errors;
    struct form_view form;
    struct text secret; /* hidden */
    struct text groups; /* the same in groups of four */
    struct text uri;    /* opens the app on this device */
    struct field_view code;
};

struct wait_item {
    struct text label;
    struct text line;
    struct text state;
    enum tone tone;
    struct form_view close; /* action "" when it is over */
};
struct waits_view {
    const struct my_booking *offers;
    size_t offer_count;
    const struct wait_item *waits;
    size_t wait_count;
};

struct wish_view {
    struct error_list errors;
    struct form_view form;
    struct widgets widgets;
};

struct offer_view {
    struct panel_view panel;
    struct summary_view rows;
    bool open;
    struct form_view accept;
    struct form_view decline;
    struct text booking_url; /* when it became a booking */
};

#endif
