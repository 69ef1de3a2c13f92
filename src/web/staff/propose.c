/* A facility that cannot keep the days asks for others, or for another care: a proposal that the resident answers. */
#include "service/book.h"

#include "query/facilities.h"
#include "web/eye.h"
#include "web/page.h"
#include "web/page_form.h"
#include "web/staff/booking_item.h"
#include "web/staff/staff.h"
#include "web/staff/tables.h"
#include "web/tmpl/staff/booking.h"

struct propose_body {
    struct text care; /* empty: the same */
    struct day from;
    struct day to;
    struct text reason;
};
#define AT(member) .offset = offsetof(struct propose_body, member)
static const struct field propose_fields[] = {
    {.name = "care", .kind = FIELD_TEXT, .max = 32, AT(care)},
    {.name = "from", .kind = FIELD_DAY, .required = true, AT(from)},
    {.name = "to", .kind = FIELD_DAY, .required = true, AT(to)},
    {.name = "reason", .kind = FIELD_LINES, .required = true, .max = 400, AT(reason)},
};
#undef AT
static const struct form propose_form = FORM("StaffPropose", propose_fields, struct propose_body);

/* What this facility offers, the booking's own care chosen. */
static enum rc care_choices(struct exchange *x, const struct form_input *input, struct text own,
                            struct field_choice_view *view) {
    struct query query = eye_of(x);
    struct facility_ask ask = {
        .date = DAY_NONE, .month_age = -1, .id = x->call.actor.facility, .with_suspended = true};
    struct facility_row *rows;
    size_t count;
    enum rc rc = query_facilities(&query, &ask, &rows, &count);
    if (rc != RC_OK) {
        return rc;
    }
    struct choice *choices = arena_array(x->arena, struct choice, rows[0].care_count + 1);
    for (size_t i = 0; i < rows[0].care_count; i++) {
        struct text care = rows[0].cares[i].care;
        choices[i] =
            (struct choice){.value = care, .label = page_care_name(x, care), .chosen = text_eq(care, own)};
    }
    page_choice_fill(x, input, view, choices, rows[0].care_count);
    return RC_OK;
}

static void propose_page(struct exchange *x, int status, struct error_list errors) {
    const struct booking_detail *detail = booking_shown(x);
    if (detail == NULL) {
        return;
    }
    const struct booking_row *row = &detail->booking;
    struct form_input input = x->body;
    input.form = &propose_form;
    struct propose_view view = {.errors = errors,
                                .form =
                                    page_form_view(x, text_printf(x->arena, "/facility/bookings/%.*s/propose",
                                                                  TEXT_F(staff_id(x, row->id.n)))),
                                .item = booking_item_of(x, row),
                                .care = page_choice(x, &input, &errors, "care"),
                                .from = page_date(x, &input, &errors, "from"),
                                .to = page_date(x, &input, &errors, "to"),
                                .reason = page_area(x, &input, &errors, "reason")};
    enum rc rc = care_choices(x, &input, row->care, &view.care);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
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

/* At the same place: the days are new, and the care when another one is chosen. */
static void do_propose(struct exchange *x) {
    const struct propose_body *body = exchange_body(x);
    struct booking_detail *detail = arena_new(x->arena, struct booking_detail);
    struct book_outcome *outcome = arena_new(x->arena, struct book_outcome);
    enum rc rc = booking_asked(x, detail);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    struct book_ask ask = {.facility = x->call.actor.facility,
                           .care = body->care.n > 0 ? body->care : detail->booking.care,
                           .start = body->from,
                           .end = body->to,
                           .message = body->reason,
                           .change_of = detail->booking.id};
    exchange_will_render(x, render_propose);
    rc = book_request(&x->call, &ask, outcome);
    exchange_done(x, rc, outcome);
}

static const struct route rows[] = {
    {HTTP_GET, "/facility/bookings/{id}/propose", show_propose, .roles = FOR_FACILITY, .cache = CACHE_OWN},
    {HTTP_POST, "/facility/bookings/{id}/propose", do_propose, .roles = FOR_FACILITY,
     .idempotency = IDEM_REQUIRED, .form = &propose_form, .again = propose_again},
};
const struct route_table staff_propose_routes = ROUTES(rows);
