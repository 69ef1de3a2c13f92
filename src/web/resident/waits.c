/* The waiting list: a wish, the list of wishes, and the offer of a place that is held until a deadline. */
#include "query/bookings.h"
#include "service/wait.h"
#include "web/eye.h"
#include "web/page_view.h"
#include "web/resident/me_view.h"
#include "web/resident/offers.h"
#include "web/resident/tables.h"
#include "web/tmpl/resident/waits.h"
#include "web/wish.h"

enum { LIST_MAX = 50 };

/* ---- the wish ---- */

static void show_wish(struct exchange *x, const struct form_input *input, struct error_list errors,
                      int status) {
    struct wish_view view = {.errors = errors, .form = page_form_view(x, TEXT("/me/waits"))};
    enum rc rc = wish_widgets(x, input, &errors, &view.widgets);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    struct page page;
    page_open(x, word_text(W_TITLE_WISH), &page);
    page.frame.back = exchange_link(x, "/me/waits");
    tmpl_wish_page(&page.html, &page.frame, &view);
    page_send(x, status, &page);
}

static void new_wish(struct exchange *x) {
    struct form_input input;
    wish_from_link(x, &input);
    show_wish(x, &input, (struct error_list){0}, 200);
}

static void wish_again(struct exchange *x) {
    show_wish(x, &x->body, page_errors(x, &x->body), 422);
}

static void render_wish(void *ctx, struct arena *arena, const void *outcome, struct idem_answer *ret_answer) {
    (void)arena;
    struct exchange *x = ctx;
    const struct wait_outcome *out = outcome;
    struct button_view other = {.label = word_text(W_WAY_BOOK), .url = exchange_link(x, "/me/book")};
    if (offers_answered(x, &out->verdict, out->booking, other, ret_answer)) {
        return;
    }
    if (out->offer.n != 0) {
        answer_redirect(ret_answer,
                        exchange_linkf(x, "/me/offers/%.*s", TEXT_F(id_format(x->arena, out->offer.n))));
    } else {
        answer_redirect(ret_answer, exchange_link(x, "/me/waits?done=wish"));
    }
}

static void add_wish(struct exchange *x) {
    struct wait_ask ask = wish_ask(x);
    struct wait_outcome outcome;
    exchange_will_render(x, render_wish);
    enum rc rc = wait_add(&x->call, &ask, &outcome);
    exchange_done(x, rc, &outcome);
}

/* ---- the list ---- */

static struct wait_item item_of(struct exchange *x, const struct wait_row *row) {
    bool over = text_is(row->state, "booked") || text_is(row->state, "closed");
    struct text places = row->any_facility ? word_text(W_WAIT_ANYWHERE) : row->facility_names;
    struct text nights = TEXT("");
    if (row->nights > 0) {
        struct word_arg args[] = {{"n", num_grouped(x->arena, row->nights)}};
        nights = word_expand(x->arena, W_WAIT_NIGHTS, args, 1);
    }
    struct wait_item item = {.label = page_days(x->arena, row->from, row->to),
                             .line = text_printf(x->arena, "%.*s %.*s\n%.*s",
                                                 TEXT_F(page_care_name(x, row->care)), TEXT_F(nights),
                                                 TEXT_F(places)),
                             .state = page_word(x, "wait-state", row->state),
                             .tone = over                             ? TONE_PLAIN
                                     : text_is(row->state, "offered") ? TONE_WARN
                                                                      : TONE_WAIT};
    if (row->swap_for.n != 0) {
        item.line =
            text_printf(x->arena, "%.*s\n%.*s", TEXT_F(item.line), TEXT_F(word_text(W_WAIT_SWAP_LINE)));
    }
    if (!over) {
        item.close = page_form_view(
            x, text_printf(x->arena, "/me/waits/%.*s/close", TEXT_F(id_format(x->arena, row->id.n))));
    }
    return item;
}

static void show_waits(struct exchange *x) {
    struct query query = eye_of(x);
    struct query_page all = {.limit = LIST_MAX};
    struct wait_row *rows;
    size_t count;
    struct waits_view view = {0};
    enum rc rc = query_waits(&query, TEXT(""), &all, &rows, &count);
    if (rc == RC_OK) {
        rc = offers_open(x, &view.offers, &view.offer_count);
    }
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    struct wait_item *items = arena_array(x->arena, struct wait_item, count + 1);
    for (size_t i = 0; i < count; i++) {
        items[i] = item_of(x, &rows[i]);
    }
    view.waits = items;
    view.wait_count = count;
    struct page page;
    page_open(x, word_text(W_TITLE_WAITS), &page);
    tmpl_my_waits_page(&page.html, &page.frame, &view);
    page_send(x, 200, &page);
}

static void render_close(void *ctx, struct arena *arena, const void *outcome,
                         struct idem_answer *ret_answer) {
    (void)arena;
    struct exchange *x = ctx;
    const struct wait_outcome *out = outcome;
    if (out->verdict.allowed) {
        answer_redirect(ret_answer, exchange_link(x, "/me/waits?done=wish-closed"));
    } else {
        page_answer_refused(x, ret_answer, &out->verdict.refused, &(struct refusal_view){0});
    }
}

static void close_wish(struct exchange *x) {
    struct wait_outcome outcome;
    exchange_will_render(x, render_close);
    enum rc rc = wait_close(&x->call, (struct wait_id){exchange_id(x, "id")}, &outcome);
    exchange_done(x, rc, &outcome);
}

static const struct route rows[] = {
    {HTTP_GET, "/me/waits", show_waits, .roles = FOR_RESIDENT, .cache = CACHE_OWN},
    {HTTP_GET, "/me/waits/new", new_wish, .roles = FOR_RESIDENT, .cache = CACHE_OWN,
     .query = &wish_link_form},
    {HTTP_POST, "/me/waits", add_wish, .roles = FOR_RESIDENT, .form = &wish_form, .again = wish_again,
     .idempotency = IDEM_REQUIRED},
    {HTTP_POST, "/me/waits/{id}/close", close_wish, .roles = FOR_RESIDENT, .idempotency = IDEM_ACCEPTED},
};
const struct route_table my_wait_routes = ROUTES(rows);
