/* The waiting list for the city: the wishes in their order, ending one, and a wish on behalf of a resident. */
#include "query/bookings.h"
#include "web/eye.h"
#include "web/page.h"
#include "web/staff/behalf.h"
#include "web/staff/behalf_view.h"
#include "web/staff/record_view.h"
#include "web/staff/staff.h"
#include "web/staff/tables.h"
#include "web/tmpl/staff/behalf.h"
#include "web/tmpl/staff/record.h"
#include "web/wish.h"

enum { PAGE_ROWS = 100 };

/* ---- the list ---- */

struct waits_query {
    bool all;
    int64_t after;
};
static const struct field waits_fields[] = {
    {.name = "all", .kind = FIELD_BOOL, .offset = offsetof(struct waits_query, all)},
    {.name = "after", .kind = FIELD_ID, .offset = offsetof(struct waits_query, after)},
};
static const struct form waits_form = FORM("StaffWaits", waits_fields, struct waits_query);

static struct wait_line wait_of(struct exchange *x, const struct wait_row *row) {
    bool open = text_is(row->state, "waiting");
    bool offered = text_is(row->state, "offered");
    struct wait_line line = {.name = row->mother_name,
                             .care = page_care_name(x, row->care),
                             .days = page_days(x->arena, row->from, row->to),
                             .places = row->any_facility ? word_text(W_SEARCH_ANYWHERE) : row->facility_names,
                             .mode = page_word(x, "wait-mode", row->mode),
                             .state = page_word(x, "wait-state", row->state),
                             .tone = open      ? TONE_WAIT
                                     : offered ? TONE_WARN
                                               : TONE_PLAIN,
                             .since = staff_moment(x, row->created_at)};
    if (open || offered) {
        line.close = page_form_view(
            x, text_printf(x->arena, "/city/waits/%.*s/close", TEXT_F(staff_id(x, row->id.n))));
    }
    return line;
}

static void show_waits(struct exchange *x) {
    const struct waits_query *in = exchange_query(x);
    struct query query = eye_of(x);
    struct query_page window = {.after = in->after, .limit = PAGE_ROWS};
    struct wait_row *rows;
    size_t count;
    enum rc rc = query_waits(&query, in->all ? TEXT("") : TEXT("waiting"), &window, &rows, &count);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    if (!staff_viewed_many(x, "wait.list", "wait", count)) {
        return;
    }
    struct wait_line *lines = arena_array(x->arena, struct wait_line, count + 1);
    for (size_t i = 0; i < count; i++) {
        lines[i] = wait_of(x, &rows[i]);
    }
    struct waits_view view = {.lines = lines,
                              .count = count,
                              .all = in->all,
                              .other_url = exchange_link(x, in->all ? "/city/waits" : "/city/waits?all=1")};
    if (count == PAGE_ROWS) {
        view.after_url = exchange_linkf(x, "/city/waits?after=%.*s%s",
                                        TEXT_F(staff_id(x, rows[count - 1].id.n)), in->all ? "&all=1" : "");
    }
    struct page page;
    page_open(x, word_text(W_NAV_CITY_WAITS), &page);
    tmpl_city_waits_page(&page.html, &page.frame, &view);
    page_send(x, 200, &page);
}

/* ---- ending one ---- */

static void render_close(void *ctx, struct arena *arena, const void *outcome,
                         struct idem_answer *ret_answer) {
    (void)arena;
    struct exchange *x = ctx;
    const struct wait_outcome *closed = outcome;
    struct button_view way = {
        .label = word_text(W_WAY_WAITS), .url = exchange_link(x, "/city/waits"), .kind = BUTTON_SECONDARY};
    if (closed->verdict.allowed) {
        answer_redirect(ret_answer, page_done_link(x, TEXT("/city/waits"), "staff-wish-closed"));
    } else {
        page_answer_refused(x, ret_answer, &closed->verdict.refused,
                            &(struct refusal_view){.ways = &way, .way_count = 1});
    }
}

static void do_close(struct exchange *x) {
    struct wait_outcome *outcome = arena_new(x->arena, struct wait_outcome);
    exchange_will_render(x, render_close);
    enum rc rc = wait_close(&x->call, (struct wait_id){exchange_id(x, "id")}, outcome);
    exchange_done(x, rc, outcome);
}

/* ---- on behalf ---- */

static struct text wish_path(const struct exchange *x) {
    return text_printf(x->arena, "/city/residents/%.*s/wait", TEXT_F(exchange_param(x, "id")));
}

static void wish_page(struct exchange *x, const struct form_input *input, struct error_list errors,
                      int status) {
    struct behalf_wish_view view = {.errors = errors, .form = page_form_view(x, wish_path(x))};
    if (!behalf_who(x, &view.name)) {
        return;
    }
    enum rc rc = wish_widgets(x, input, &errors, &view.widgets);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    struct page page;
    page_open(x, word_text(W_TITLE_STAFF_WISH), &page);
    page.frame.back = exchange_link(x, "/city/residents");
    page.frame.faulty = errors.count > 0;
    tmpl_behalf_wish_page(&page.html, &page.frame, &view);
    page_send(x, status, &page);
}

static void show_wish(struct exchange *x) {
    struct form_input input;
    wish_from_link(x, &input);
    wish_page(x, &input, (struct error_list){0}, 200);
}

static void wish_again(struct exchange *x) {
    wish_page(x, &x->body, page_errors(x, &x->body), 422);
}

static void render_wish(void *ctx, struct arena *arena, const void *outcome, struct idem_answer *ret_answer) {
    struct exchange *x = ctx;
    const struct wait_outcome *made = outcome;
    struct button_view way = {.label = word_text(W_STAFF_BACK_TO_FORM),
                              .url = text_join(arena, x->base, wish_path(x)),
                              .kind = BUTTON_SECONDARY};
    if (!made->verdict.allowed) {
        page_answer_refused(x, ret_answer, &made->verdict.refused,
                            &(struct refusal_view){.ways = &way, .way_count = 1});
    } else if (made->booking.n != 0) {
        struct text path =
            text_printf(arena, "/city/bookings/%.*s", TEXT_F(id_format(arena, made->booking.n)));
        answer_redirect(ret_answer, page_done_link(x, path, "staff-wish-booked"));
    } else {
        bool offered = made->offer.n != 0;
        answer_redirect(ret_answer, page_done_link(x, TEXT("/city/waits"),
                                                   offered ? "staff-wish-offered" : "staff-wish"));
    }
}

static void do_wish(struct exchange *x) {
    struct wait_ask ask = wish_ask(x);
    ask.resident.n = exchange_id(x, "id");
    struct wait_outcome *outcome = arena_new(x->arena, struct wait_outcome);
    exchange_will_render(x, render_wish);
    enum rc rc = wait_add(&x->call, &ask, outcome);
    exchange_done(x, rc, outcome);
}

static const struct route rows[] = {
    {HTTP_GET, "/city/waits", show_waits, .roles = FOR_CITY, .cache = CACHE_OWN, .query = &waits_form},
    {HTTP_POST, "/city/waits/{id}/close", do_close, .roles = FOR_CITY, .idempotency = IDEM_ACCEPTED},
    {HTTP_GET, "/city/residents/{id}/wait", show_wish, .roles = FOR_CITY, .cache = CACHE_OWN,
     .query = &wish_link_form},
    {HTTP_POST, "/city/residents/{id}/wait", do_wish, .roles = FOR_CITY, .idempotency = IDEM_REQUIRED,
     .form = &wish_form, .again = wish_again},
};
const struct route_table staff_wait_routes = ROUTES(rows);
