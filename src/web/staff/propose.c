/* A facility that cannot keep the days asks for others: a proposal that the resident answers. */
#include "service/book.h"

#include "web/eye.h"
#include "web/page.h"
#include "web/page_form.h"
#include "web/staff/booking_item.h"
#include "web/staff/staff.h"
#include "web/staff/tables.h"
#include "web/tmpl/staff/booking.h"

struct propose_body {
    struct day from;
    struct day to;
    struct text reason;
};
#define AT(member) .offset = offsetof(struct propose_body, member)
static const struct field propose_fields[] = {
    {.name = "from", .kind = FIELD_DAY, .required = true, AT(from)},
    {.name = "to", .kind = FIELD_DAY, .required = true, AT(to)},
    {.name = "reason", .kind = FIELD_LINES, .required = true, .max = 400, AT(reason)},
};
#undef AT
static const struct form propose_form = FORM("StaffPropose", propose_fields, struct propose_body);

static enum rc load(const struct exchange *x, struct booking_detail *ret_detail) {
    struct query query = eye_of(x);
    return query_booking(&query, (struct booking_id){exchange_id(x, "id")}, ret_detail);
}

static void propose_page(struct exchange *x, int status, struct error_list errors) {
    struct booking_detail *detail = arena_new(x->arena, struct booking_detail);
    enum rc rc = load(x, detail);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    const struct booking_row *row = &detail->booking;
    if (!staff_viewed(x, "booking.view", "booking", row->id.n, row->account)) {
        return;
    }
    struct form_input input = x->body;
    input.form = &propose_form;
    struct propose_view view = {.errors = errors,
                                .form =
                                    page_form_view(x, text_printf(x->arena, "/facility/bookings/%.*s/propose",
                                                                  TEXT_F(staff_id(x, row->id.n)))),
                                .item = booking_item_of(x, row),
                                .from = page_date(x, &input, &errors, "from"),
                                .to = page_date(x, &input, &errors, "to"),
                                .reason = page_area(x, &input, &errors, "reason")};
    struct page page;
    page_open(x, word_text(W_STAFF_PROPOSE), &page);
    page.frame.back = view.item.url;
    page.frame.faulty = errors.count > 0;
    tmpl_propose_page(&page.html, &page.frame, &view);
    page_send(x, status, &page);
}

static void show_propose(struct exchange *x) {
    propose_page(x, 200, (struct error_list){0});
}

static void propose_again(struct exchange *x) {
    propose_page(x, 422, page_errors(x, &x->body));
}

static void render_propose(void *ctx, struct arena *arena, const void *outcome,
                           struct idem_answer *ret_answer) {
    struct exchange *x = ctx;
    const struct book_outcome *done = outcome;
    if (!done->verdict.allowed) {
        struct button_view way = {
            .label = word_text(W_STAFF_BACK_TO_FORM),
            .url = staff_link(x, "/bookings/%.*s/propose", TEXT_F(staff_id(x, exchange_id(x, "id")))),
            .kind = BUTTON_SECONDARY};
        page_answer_refused(x, ret_answer, &done->verdict.refused,
                            &(struct refusal_view){.ways = &way, .way_count = 1});
        return;
    }
    struct text to = text_printf(arena, "/facility/bookings/%.*s", TEXT_F(id_format(arena, done->id.n)));
    answer_redirect(ret_answer, page_done_link(x, to, "proposed"));
}

/* The same care at the same place: only the days are new. */
static void do_propose(struct exchange *x) {
    const struct propose_body *body = exchange_body(x);
    struct booking_detail *detail = arena_new(x->arena, struct booking_detail);
    struct book_outcome *outcome = arena_new(x->arena, struct book_outcome);
    enum rc rc = load(x, detail);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    struct book_ask ask = {.facility = x->call.actor.facility,
                           .care = detail->booking.care,
                           .start = body->from,
                           .end = body->to,
                           .message = body->reason,
                           .change_of = detail->booking.id};
    exchange_will_render(x, render_propose);
    rc = book_request(&x->call, &ask, outcome);
    exchange_done(x, rc, outcome);
}

static const struct route rows[] = {
    {HTTP_GET, "/facility/bookings/{id}/propose", show_propose, .roles = FOR_FACILITY},
    {HTTP_POST, "/facility/bookings/{id}/propose", do_propose, .roles = FOR_FACILITY,
     .idempotency = IDEM_REQUIRED, .form = &propose_form, .again = propose_again},
};
const struct route_table staff_propose_routes = ROUTES(rows);
