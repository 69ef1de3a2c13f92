#include "web/resident/offers.h"

#include "service/wait.h"
#include "web/eye.h"
#include "web/page_view.h"
#include "web/resident/me_view.h"
#include "web/resident/tables.h"
#include "web/tmpl/resident/waits.h"

enum { LIST_MAX = 50 };

enum rc offers_open(const struct exchange *x, const struct my_booking **ret_items, size_t *ret_count) {
    struct query query = eye_of(x);
    struct query_page all = {.limit = LIST_MAX};
    struct offer_row *rows;
    size_t count;
    enum rc rc = query_offers(&query, (struct offer_id){0}, TEXT(""), &all, &rows, &count);
    if (rc != RC_OK) {
        return rc;
    }
    struct my_booking *items = arena_array(x->arena, struct my_booking, count + 1);
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        struct word_arg until[] = {{"until", instant_short(x->arena, rows[i].expires_at)}};
        if (text_is(rows[i].state, "open")) {
            items[n++] = (struct my_booking){
                .label = page_days(x->arena, rows[i].start, rows[i].end),
                .place = rows[i].facility_name,
                .state = word_expand(x->arena, W_OFFER_UNTIL, until, 1),
                .tone = TONE_WARN,
                .url = exchange_linkf(x, "/me/offers/%.*s", TEXT_F(id_format(x->arena, rows[i].id.n)))};
        }
    }
    *ret_items = items;
    *ret_count = n;
    return RC_OK;
}

static enum rc load(const struct exchange *x, struct offer_row *ret_row) {
    struct query query = eye_of(x);
    struct query_page one = {.limit = 1};
    struct offer_row *rows;
    size_t count;
    enum rc rc = query_offers(&query, (struct offer_id){exchange_id(x, "id")}, TEXT(""), &one, &rows, &count);
    if (rc != RC_OK) {
        return rc;
    }
    if (count == 0) {
        return RC_NONE;
    }
    *ret_row = rows[0];
    return RC_OK;
}

static void show_offer(struct exchange *x) {
    struct offer_row row;
    enum rc rc = load(x, &row);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    struct text id = id_format(x->arena, row.id.n);
    struct word_arg until[] = {{"until", instant_short(x->arena, row.expires_at)}};
    bool open = text_is(row.state, "open");
    struct summary_row *rows = arena_array(x->arena, struct summary_row, 3);
    rows[0] = (struct summary_row){.label = word_text(W_BOOK_CARE), .value = page_care_name(x, row.care)};
    rows[1] = (struct summary_row){.label = word_text(W_BOOK_PLACE), .value = row.facility_name};
    rows[2] = (struct summary_row){.label = word_text(W_BOOK_DAYS),
                                   .value = page_days(x->arena, row.start, row.end)};
    struct offer_view view = {
        .panel = {.kind = open ? PANEL_PENDING : PANEL_ENDED,
                  .title = page_word(x, "offer", row.state),
                  .line = open ? word_expand(x->arena, W_OFFER_HELD, until, 1) : TEXT("")},
        .rows = {rows, 3},
        .open = open,
        .accept = page_form_view(x, text_printf(x->arena, "/me/offers/%.*s/accept", TEXT_F(id))),
        .decline = page_form_view(x, text_printf(x->arena, "/me/offers/%.*s/decline", TEXT_F(id)))};
    if (row.booking.n != 0) {
        view.booking_url = exchange_linkf(x, "/me/bookings/%.*s", TEXT_F(id_format(x->arena, row.booking.n)));
    }
    struct page page;
    page_open(x, word_text(W_TITLE_OFFER), &page);
    page.frame.back = exchange_link(x, "/me/waits");
    tmpl_offer_page(&page.html, &page.frame, &view);
    page_send(x, 200, &page);
}

bool offers_answered(struct exchange *x, const struct verdict *verdict, struct booking_id booking,
                     struct button_view otherwise, struct idem_answer *ret_answer) {
    struct button_view ways[] = {
        otherwise,
        {.label = word_text(W_WAY_WAITS), .url = exchange_link(x, "/me/waits"), .kind = BUTTON_SECONDARY}};
    if (!verdict->allowed) {
        page_answer_refused(x, ret_answer, &verdict->refused,
                            &(struct refusal_view){.ways = ways, .way_count = COUNT(ways)});
    } else if (booking.n != 0) {
        answer_redirect(ret_answer,
                        exchange_linkf(x, "/me/bookings/%.*s", TEXT_F(id_format(x->arena, booking.n))));
    }
    return !verdict->allowed || booking.n != 0;
}

static void render_answer(void *ctx, struct arena *arena, const void *outcome,
                          struct idem_answer *ret_answer) {
    (void)arena;
    struct exchange *x = ctx;
    const struct offer_outcome *out = outcome;
    struct button_view other = {.label = word_text(W_WAY_DAY), .url = exchange_link(x, "/me/book")};
    if (!offers_answered(x, &out->verdict, out->booking, other, ret_answer)) {
        answer_redirect(ret_answer, exchange_link(x, "/me/waits?done=offer-declined"));
    }
}

static void answer(struct exchange *x,
                   enum rc (*service)(struct call *, struct offer_id, struct offer_outcome *)) {
    struct offer_outcome outcome;
    exchange_will_render(x, render_answer);
    enum rc rc = service(&x->call, (struct offer_id){exchange_id(x, "id")}, &outcome);
    exchange_done(x, rc, &outcome);
}

static void accept(struct exchange *x) {
    answer(x, offer_accept);
}

static void decline(struct exchange *x) {
    answer(x, offer_decline);
}

static const struct route rows[] = {
    {HTTP_GET, "/me/offers/{id}", show_offer, .roles = FOR_RESIDENT, .cache = CACHE_OWN,
     .class = CLASS_BOOKING},
    {HTTP_POST, "/me/offers/{id}/accept", accept, .roles = FOR_RESIDENT, .idempotency = IDEM_ACCEPTED},
    {HTTP_POST, "/me/offers/{id}/decline", decline, .roles = FOR_RESIDENT, .idempotency = IDEM_ACCEPTED},
};
const struct route_table my_offer_routes = ROUTES(rows);
