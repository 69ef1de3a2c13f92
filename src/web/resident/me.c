/* A resident's own page: what to do next, the next bookings, places held for her, days left; and her notices. */
#include "query/people.h"
#include "service/notice.h"
#include "web/eye.h"
#include "web/page_view.h"
#include "web/resident/bookings.h"
#include "web/resident/days.h"
#include "web/resident/me_view.h"
#include "web/resident/offers.h"
#include "web/resident/tables.h"
#include "web/tmpl/resident/me.h"

enum { NEXT_MAX = 5, NOTICES_MAX = 100 };

/* ---- home ---- */

static struct notice_view task_of(const struct exchange *x, bool registered,
                                  const struct registration_detail *detail) {
    struct text state = registered ? detail->registration.state : TEXT("");
    struct notice_view task = {.tone = TONE_WAIT,
                               .url = exchange_link(x, "/me/registration"),
                               .url_label = word_text(W_ME_TASK_SHOW)};
    if (!registered || text_is(state, "withdrawn")) {
        task.title = word_text(W_ME_TASK_REGISTER);
        task.line = word_text(W_ME_TASK_REGISTER_LINE);
        task.url_label = word_text(W_WAY_REGISTRATION);
    } else if (text_is(state, "submitted")) {
        task.title = word_text(W_ME_TASK_SUBMITTED);
        task.line = word_text(W_ME_TASK_SUBMITTED_LINE);
    } else if (text_is(state, "returned")) {
        task.tone = TONE_WARN;
        task.title = word_text(W_ME_TASK_RETURNED);
        task.line = detail->registration.reason;
    } else if (text_is(state, "rejected")) {
        task.title = word_text(W_ME_TASK_REJECTED);
        task.line = detail->registration.reason;
    } else {
        task.tone = TONE__MAX;
    }
    return task;
}

/* While a child has no day of birth: the page that asks for it. */
static void fill_births(const struct exchange *x, const struct registration_detail *detail,
                        struct me_view *view) {
    struct text state = detail->registration.state;
    bool lives = text_is(state, "submitted") || text_is(state, "approved");
    struct notice_view *births = arena_array(x->arena, struct notice_view, detail->child_count + 1);
    for (size_t i = 0; lives && i < detail->child_count; i++) {
        if (day_is_none(detail->children[i].birth_date)) {
            struct text id = id_format(x->arena, detail->children[i].id.n);
            births[view->birth_count++] =
                (struct notice_view){.tone = TONE_PLAIN,
                                     .title = word_text(W_ME_BIRTH),
                                     .line = word_text(W_ME_BIRTH_LINE),
                                     .url = exchange_linkf(x, "/me/children/%.*s", TEXT_F(id)),
                                     .url_label = word_text(W_ME_BIRTH_SHOW)};
        }
    }
    view->births = births;
}

static enum rc fill_next(const struct exchange *x, struct me_view *view) {
    struct query query = eye_of(x);
    struct booking_ask ask = {.from = instant_day(x->call.now), .to = DAY_NONE, .by_start = true};
    struct query_page all = {.limit = 100};
    struct booking_row *rows;
    size_t count;
    enum rc rc = query_bookings(&query, &ask, &all, &rows, &count);
    if (rc != RC_OK) {
        return rc;
    }
    struct my_booking *items = arena_array(x->arena, struct my_booking, NEXT_MAX);
    for (size_t i = 0; i < count && view->next_count < NEXT_MAX; i++) {
        if (my_booking_coming(rows[i].state)) {
            items[view->next_count++] = my_booking_of(x, &rows[i]);
        }
    }
    view->next = items;
    return RC_OK;
}

static void show_me(struct exchange *x) {
    struct query query = eye_of(x);
    struct registration_detail detail = {0};
    struct me_view view = {0};
    enum rc known = query_registration(&query, (struct registration_id){0}, &detail);
    enum rc rc = known == RC_FAULT ? known : fill_next(x, &view);
    if (rc == RC_OK) {
        rc = offers_open(x, &view.offers, &view.offer_count);
    }
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    view.task = task_of(x, known == RC_OK, &detail);
    view.approved = known == RC_OK && detail.has_grant;
    days_pools(x, &detail, &view.pools);
    fill_births(x, &detail, &view);
    struct page page;
    page_open(x, word_text(W_NAV_ME), &page);
    tmpl_me_page(&page.html, &page.frame, &view);
    page_send(x, 200, &page);
}

/* ---- notices ---- */

static void show_notices(struct exchange *x) {
    struct query query = eye_of(x);
    struct query_page all = {.limit = NOTICES_MAX};
    struct notice_row *rows;
    size_t count;
    enum rc rc = query_notices(&query, &all, &rows, &count);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    struct notice_item *items = arena_array(x->arena, struct notice_item, count + 1);
    struct notices_view view = {
        .items = items, .count = count, .read = page_form_view(x, TEXT("/me/notices/read"))};
    for (size_t i = 0; i < count; i++) {
        items[i] = (struct notice_item){
            .subject = rows[i].subject,
            .body = rows[i].body,
            .at = instant_short(x->arena, rows[i].created_at),
            .url = rows[i].path.n == 0 ? TEXT("") : text_join(x->arena, x->base, rows[i].path),
            .unread = instant_is_none(rows[i].read_at)};
        view.unread = view.unread || items[i].unread;
    }
    struct page page;
    page_open(x, word_text(W_NAV_NOTICES), &page);
    tmpl_notices_page(&page.html, &page.frame, &view);
    page_send(x, 200, &page);
}

static void read_notices(struct exchange *x) {
    enum rc rc = notice_read(&x->call, (struct notice_id){0});
    if (rc == RC_FAULT) {
        exchange_failed(x, rc);
        return;
    }
    exchange_redirect(x, exchange_link(x, "/me/notices"));
}

static const struct route rows[] = {
    {HTTP_GET, "/me", show_me, .roles = FOR_RESIDENT, .cache = CACHE_OWN},
    {HTTP_GET, "/me/notices", show_notices, .roles = FOR_RESIDENT, .cache = CACHE_OWN},
    {HTTP_POST, "/me/notices/read", read_notices, .roles = FOR_RESIDENT},
};
const struct route_table me_routes = ROUTES(rows);
