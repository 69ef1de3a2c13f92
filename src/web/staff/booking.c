/* One booking as the facility and the city see it, the steps they may take, and the city's list of all. */
#include "web/eye.h"
#include "web/page.h"
#include "web/page_form.h"
#include "web/staff/booking_item.h"
#include "web/staff/staff.h"
#include "web/staff/tables.h"
#include "web/tmpl/staff/booking.h"

/* ---- one booking ---- */

static struct text child_words(const struct exchange *x, const struct booking_child_row *child) {
    bool born = !day_is_none(child->birth_date);
    struct word_arg args[] = {{"name", child->name.n > 0 ? child->name : word_text(W_STAFF_CHILD_UNNAMED)},
                              {"day", day_is_none(born ? child->birth_date : child->due_date)
                                          ? word_text(W_STAFF_UNKNOWN)
                                          : day_era(x->arena, born ? child->birth_date : child->due_date)}};
    return word_expand(x->arena, born ? W_STAFF_CHILD_BORN : W_STAFF_CHILD_DUE, args, COUNT(args));
}

static void fill_events(const struct exchange *x, const struct booking_detail *detail,
                        struct booking_view *view) {
    struct booking_event_view *events = arena_array(x->arena, struct booking_event_view, detail->event_count);
    for (size_t i = 0; i < detail->event_count; i++) {
        const struct booking_event_row *row = &detail->events[i];
        events[i] = (struct booking_event_view){.at = staff_moment(x, row->at),
                                                .actor = page_word(x, "actor", row->actor_role),
                                                .event = page_word(x, "booking-event", row->event),
                                                .reason = row->reason};
    }
    view->events = events;
    view->event_count = detail->event_count;
    struct text *children = arena_array(x->arena, struct text, detail->child_count);
    for (size_t i = 0; i < detail->child_count; i++) {
        children[i] = child_words(x, &detail->children[i]);
    }
    view->children = children;
    view->child_count = detail->child_count;
}

static void fill_change(const struct exchange *x, const struct booking_row *row, struct booking_view *view) {
    bool old = row->change_of.n != 0;
    int64_t other = old ? row->change_of.n : row->changing_to.n;
    if (other != 0) {
        view->change_url = staff_link(x, "/bookings/%.*s", TEXT_F(staff_id(x, other)));
        view->change_label = word_text(old ? W_STAFF_CHANGE_OF : W_STAFF_CHANGING_TO);
    }
}

static void show_booking(struct exchange *x) {
    const struct booking_detail *detail = booking_shown(x);
    if (detail == NULL) {
        return;
    }
    const struct booking_row *row = &detail->booking;
    bool city = x->call.actor.role != ROLE_FACILITY;
    struct booking_view view = {
        .item = booking_item_of(x, row),
        .fee = page_yen(x->arena, row->fee),
        .class_name = page_class_name(x, row->household_class),
        .free_until = staff_moment(x, row->free_cancel_until),
        .cancel_fee = row->cancel_fee.n > 0 ? page_yen(x->arena, row->cancel_fee) : TEXT(""),
        .report = row->report,
        .reason = row->reason,
        .origin = page_word(x, "staff-origin", row->origin),
        .created = staff_moment(x, row->created_at),
        .city = city,
        .registration_url =
            city ? staff_link(x, "/registrations/%.*s", TEXT_F(staff_id(x, row->registration.n))) : TEXT("")};
    price_of_booking(x, detail, &view.price);
    fill_events(x, detail, &view);
    fill_change(x, row, &view);
    bool undecided = row->changing_to.n != 0 || (row->change_of.n != 0 && text_is(row->state, "requested"));
    bool live = text_is(row->state, "requested") || text_is(row->state, "confirmed");
    if (!city && live && !undecided && !view.item.change) {
        view.propose_url = staff_link(x, "/bookings/%.*s/propose", TEXT_F(staff_id(x, row->id.n)));
    }
    struct page page;
    page_open(x, word_text(W_TITLE_STAFF_BOOKING), &page);
    page.frame.back = city ? exchange_link(x, "/city/bookings") : exchange_link(x, "/facility");
    tmpl_staff_booking_page(&page.html, &page.frame, &view);
    page_send(x, 200, &page);
}

/* ---- a step ---- */

struct step_body {
    int why;
    struct text reason;
    struct text report;
};
static const char *const why_codes[] = {"births", "staff", "closed", "condition", "duplicate", "other", NULL};
#define AT(member) .offset = offsetof(struct step_body, member)
static const struct field step_fields[] = {
    {.name = "why", .kind = FIELD_CHOICE, .choices = why_codes, AT(why)},
    {.name = "reason", .kind = FIELD_LINES, .max = 400, AT(reason)},
    {.name = "report", .kind = FIELD_LINES, .max = 4000, AT(report)},
};
#undef AT
static const struct form step_form = FORM("StaffStep", step_fields, struct step_body);

static bool event_here(const struct exchange *x, enum booking_event *ret_event) {
    return booking_event_of(exchange_param(x, "event"), ret_event);
}

static struct field_choice_view why_view(struct exchange *x, const struct error_list *errors) {
    struct choice choices[COUNT(why_codes) - 1];
    struct form_input input = x->body;
    input.form = &step_form;
    for (size_t i = 0; i < COUNT(choices); i++) {
        struct text code = text_of(why_codes[i]);
        choices[i] = (struct choice){.value = code, .label = page_word(x, "staff-why", code)};
    }
    struct field_choice_view view = page_choice(x, &input, errors, "why");
    page_choice_fill(x, &input, &view, choices, COUNT(choices));
    view.required = true;
    return view;
}

/* What the city's cancellation costs the resident; the facility's never costs. */
static enum rc cost_words(struct exchange *x, enum booking_event event, const struct booking_row *row,
                          struct text *ret_words) {
    *ret_words = TEXT("");
    if (event != BOOKING_EV_CANCEL) {
        return RC_OK;
    }
    struct book_outcome *outcome = arena_new(x->arena, struct book_outcome);
    enum rc rc = book_cancel_quote(&x->call, row->id, outcome);
    if (rc == RC_OK) {
        struct word_arg args[] = {{"fee", page_yen(x->arena, outcome->cancel_fee)},
                                  {"units", staff_count(x, outcome->units_charged)}};
        bool free = outcome->cancel_fee.n == 0 && outcome->units_charged == 0;
        *ret_words = free ? word_text(W_STAFF_CANCEL_FREE)
                          : word_expand(x->arena, W_STAFF_CANCEL_COST, args, COUNT(args));
    }
    return rc;
}

static void step_page(struct exchange *x, enum booking_event event, int status, struct error_list errors) {
    struct text cost;
    const struct booking_detail *detail = booking_shown(x);
    if (detail == NULL) {
        return;
    }
    const struct booking_row *row = &detail->booking;
    enum rc rc = cost_words(x, event, row, &cost);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    struct text code = booking_event_code(event);
    struct booking_step_view view = {
        .errors = errors,
        .form = page_form_view(x, text_printf(x->arena, "%s/bookings/%.*s/%.*s", staff_room(x),
                                              TEXT_F(staff_id(x, row->id.n)), TEXT_F(code))),
        .item = booking_item_of(x, row),
        .version = row->version,
        .event = code,
        .why = why_view(x, &errors),
        .reason = page_area(x, &x->body, &errors, "reason"),
        .report = page_area(x, &x->body, &errors, "report"),
        .cost = cost,
        .label = page_word(x, "staff-step", code),
        .kind = event == BOOKING_EV_DECLINE || event == BOOKING_EV_CANCEL || event == BOOKING_EV_NO_SHOW
                    ? BUTTON_DANGER
                    : BUTTON_PRIMARY,
        .city = x->call.actor.role != ROLE_FACILITY};
    struct page page;
    page_open(x, view.label, &page);
    page.frame.back = view.item.url;
    page.frame.faulty = errors.count > 0;
    tmpl_booking_step_page(&page.html, &page.frame, &view);
    page_send(x, status, &page);
}

static void show_step(struct exchange *x) {
    enum booking_event event;
    if (!event_here(x, &event)) {
        exchange_not_found(x);
        return;
    }
    step_page(x, event, 200, (struct error_list){0});
}

static void step_again(struct exchange *x) {
    enum booking_event event;
    if (!event_here(x, &event)) {
        exchange_not_found(x);
        return;
    }
    step_page(x, event, 422, page_errors(x, &x->body));
}

static void render_step(void *ctx, struct arena *arena, const void *outcome, struct idem_answer *ret_answer) {
    struct exchange *x = ctx;
    const struct book_outcome *done = outcome;
    struct text own =
        text_printf(arena, "%s/bookings/%.*s", staff_room(x), TEXT_F(id_format(arena, exchange_id(x, "id"))));
    if (!done->verdict.allowed) {
        struct button_view way = {.label = word_text(W_STAFF_SEE_BOOKING),
                                  .url = text_join(arena, x->base, own),
                                  .kind = BUTTON_SECONDARY};
        page_answer_refused(x, ret_answer, &done->verdict.refused,
                            &(struct refusal_view){.ways = &way, .way_count = 1});
        return;
    }
    enum booking_event event = BOOKING_EV_ACCEPT;
    bool known = event_here(x, &event);
    bool facility = known && x->call.actor.role == ROLE_FACILITY;
    struct text to = own;
    if (facility && (event == BOOKING_EV_ACCEPT || event == BOOKING_EV_DECLINE)) {
        to = TEXT("/facility/requests");
    } else if (facility && event == BOOKING_EV_CHECK_IN) {
        to = TEXT("/facility");
    }
    struct text code = text_join(arena, TEXT("step-"), exchange_param(x, "event"));
    answer_redirect(ret_answer, page_done_link(x, to, code.p));
}

static struct text full_reason(const struct exchange *x, const struct step_body *body) {
    if (body->why < 0 || text_is(text_of(why_codes[body->why]), "other")) {
        return body->reason;
    }
    struct text why = page_word(x, "staff-why", text_of(why_codes[body->why]));
    return body->reason.n == 0 ? why : text_printf(x->arena, "%.*s\n%.*s", TEXT_F(why), TEXT_F(body->reason));
}

static void do_step(struct exchange *x) {
    const struct step_body *body = exchange_body(x);
    enum booking_event event;
    if (!event_here(x, &event)) {
        exchange_not_found(x);
        return;
    }
    struct book_step step = {.id = {exchange_id(x, "id")},
                             .event = event,
                             .reason = full_reason(x, body),
                             .report = body->report,
                             .version = exchange_version(x)};
    bool needs = event == BOOKING_EV_DECLINE || event == BOOKING_EV_CANCEL;
    if (needs && step.reason.n == 0) {
        struct error_list errors = {0};
        page_error_add(x->arena, &errors, body->why < 0 ? TEXT("why") : TEXT("reason"),
                       word_text(body->why < 0 ? W_STAFF_NEEDS_WHY : W_STAFF_NEEDS_REASON));
        step_page(x, event, 422, errors);
        return;
    }
    struct book_outcome *outcome = arena_new(x->arena, struct book_outcome);
    exchange_will_render(x, render_step);
    enum rc rc = book_step(&x->call, &step, outcome);
    exchange_done(x, rc, outcome);
}

#define BOOKING_ROUTES(room, who)                                                                            \
    {                                                                                                        \
        HTTP_GET,       room "/bookings/{id}", show_booking,                                                 \
        .roles = (who), .cache = CACHE_OWN,    .class = CLASS_STAFF},                                        \
        {HTTP_GET,           room "/bookings/{id}/{event}", show_step, .roles = (who),                       \
         .cache = CACHE_OWN, .class = CLASS_STAFF},                                                          \
    {                                                                                                        \
        HTTP_POST, room "/bookings/{id}/{event}", do_step, .roles = (who), .class = CLASS_STAFF,             \
                                                           .idempotency = IDEM_ACCEPTED, .form = &step_form, \
                                                           .again = step_again                               \
    }

static const struct route rows[] = {
    BOOKING_ROUTES("/facility", FOR_FACILITY),
    BOOKING_ROUTES("/city", FOR_CITY),
};
const struct route_table staff_booking_routes = ROUTES(rows);
