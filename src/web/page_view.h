/* Small views that pages of every audience share: the rules' names for people, days and money as they are
 * written, and the page that says why not. Frames are page.h's, fields of forms page_form.h's. */
#ifndef SANGO_WEB_PAGE_VIEW_H
#define SANGO_WEB_PAGE_VIEW_H

#include "web/exchange.h"
#include "web/frame.h"

/* A page being made: page_open(), the template with &page.frame and &page.html, page_send(). */
struct page {
    struct frame frame;
    struct html html;
};
void page_open(struct exchange *x, struct text title, struct page *ret_page);
void page_send(struct exchange *x, int status, struct page *page);

/* Names for people; the code itself when today's rules do not know it. */
struct text page_care_name(const struct exchange *x, struct text care);
struct text page_class_name(const struct exchange *x, struct text code);
/* "group.code" of the catalogue, or the code itself. */
struct text page_word(const struct exchange *x, const char *group, struct text code);
/* Where somebody lands after signing in: "/me", "/facility", "/city". */
const char *page_home(enum role role);

/* Hidden part of a POST form to base + path. */
struct form_view page_form_view(struct exchange *x, struct text path);

/* "11月20日(金)", or "11月20日(金)〜11月22日(日)" when the days differ. */
struct text page_days(struct arena *arena, struct day start, struct day end);
/* "3,100円" */
struct text page_yen(struct arena *arena, struct yen yen);
/* "10:00" */
struct text page_clock(struct arena *arena, int32_t minute);

/* Why this password cannot be set, with what would do. */
struct text page_password_fault(struct exchange *x, struct text password);

/* A refusal: the sentence with its figures, and what can be done instead. */
struct refusal_view {
    struct text title;    /* filled by page_answer_refused() */
    struct text sentence; /* likewise */
    const struct button_view *ways;
    size_t way_count;
};
/* Inside an exchange_render: the page that says why not, with refusal_status(). */
void page_answer_refused(struct exchange *x, struct idem_answer *ret_answer, const struct refused *refused,
                         const struct refusal_view *view);

#endif
