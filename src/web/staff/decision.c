/* What the city does with a registration: notes of the talk, approval, return and refusal with their reasons. */
#include "web/decision_form.h"
#include "web/eye.h"
#include "web/page.h"
#include "web/page_form.h"
#include "web/staff/registration.h"
#include "web/staff/staff.h"
#include "web/staff/tables.h"
#include "web/tmpl/staff/registration.h"

/* ---- after the deed ---- */

static void answer(struct exchange *x, const struct registration_outcome *outcome, const char *code,
                   struct idem_answer *ret_answer) {
    struct text own =
        text_printf(x->arena, "/city/registrations/%.*s", TEXT_F(staff_id(x, exchange_id(x, "id"))));
    if (outcome->fault_count > 0 || outcome->verdict.allowed) {
        answer_redirect(ret_answer, page_done_link(x, own, outcome->fault_count > 0 ? "nothing" : code));
        return;
    }
    struct button_view way = {.label = word_text(W_STAFF_BACK_TO_FORM),
                              .url = text_join(x->arena, x->base, own),
                              .kind = BUTTON_SECONDARY};
    page_answer_refused(x, ret_answer, &outcome->verdict.refused,
                        &(struct refusal_view){.ways = &way, .way_count = 1});
}

typedef enum rc (*decide_fn)(struct call *call, const struct registration_decision *decision,
                             struct registration_outcome *ret_outcome);

static void decide(struct exchange *x, const struct registration_decision *decision, decide_fn fn,
                   exchange_render render) {
    struct registration_outcome *outcome = arena_new(x->arena, struct registration_outcome);
    exchange_will_render(x, render);
    enum rc rc = fn(&x->call, decision, outcome);
    exchange_done(x, rc, outcome);
}

/* ---- the talk ---- */

static const struct field interview_fields[] = {
    {.name = "interview",
     .kind = FIELD_LINES,
     .required = true,
     .max = 4000,
     .offset = offsetof(struct interview_body, memo)},
    {.name = "needs",
     .kind = FIELD_TEXTS,
     .max = REGISTRATION_NEEDS_MAX,
     .offset = offsetof(struct interview_body, needs),
     .count_offset = offsetof(struct interview_body, need_count)},
};
const struct form staff_interview_form = FORM("StaffInterview", interview_fields, struct interview_body);

static void again(struct exchange *x) {
    registration_page(x, 422, page_errors(x, &x->body));
}

static void render_interview(void *ctx, struct arena *arena, const void *outcome,
                             struct idem_answer *ret_answer) {
    (void)arena;
    answer(ctx, outcome, "interview", ret_answer);
}

static void do_interview(struct exchange *x) {
    const struct interview_body *body = exchange_body(x);
    struct registration_outcome *outcome = arena_new(x->arena, struct registration_outcome);
    exchange_will_render(x, render_interview);
    enum rc rc = registration_interview(&x->call, (struct registration_id){exchange_id(x, "id")}, body->memo,
                                        body->needs, body->need_count, outcome);
    exchange_done(x, rc, outcome);
}

/* ---- approval ---- */

const char *const staff_before_names[BEFORE__MAX] = {
    [BEFORE_POOL] = "used", [BEFORE_REDUCTION] = "reduced", [BEFORE_YEN] = "spent", [BEFORE_CARE] = "priced"};
static const struct field approve_fields[] = {
    DECISION_APPROVAL_FIELDS("extra", "used", "reduced", "spent", "priced")};
const struct form staff_approve_form = FORM("StaffApproval", approve_fields, struct decision_body);

static void render_approve(void *ctx, struct arena *arena, const void *outcome,
                           struct idem_answer *ret_answer) {
    (void)arena;
    answer(ctx, outcome, "approve", ret_answer);
}

static void do_approve(struct exchange *x) {
    struct registration_decision decision;
    if (decision_read_approval(x, &decision)) {
        decide(x, &decision, registration_approve, render_approve);
    } else {
        again(x);
    }
}

/* ---- the class, found again ---- */

static void render_class(void *ctx, struct arena *arena, const void *outcome,
                         struct idem_answer *ret_answer) {
    (void)arena;
    answer(ctx, outcome, "class", ret_answer);
}

static void do_class(struct exchange *x) {
    struct registration_decision decision = decision_read_class(x);
    decide(x, &decision, registration_class, render_class);
}

/* ---- return and refusal: a page each ---- */

static void reason_page(struct exchange *x, const char *step, int status, struct error_list errors) {
    const struct registration_detail *detail = registration_shown(x);
    if (detail == NULL) {
        return;
    }
    const struct registration_row *row = &detail->registration;
    struct form_input input = x->body;
    input.form = &decision_reason_form;
    struct registration_step_view view = {
        .errors = errors,
        .form = page_form_view(
            x, text_printf(x->arena, "/city/registrations/%.*s/%s", TEXT_F(staff_id(x, row->id.n)), step)),
        .item = registration_item_of(x, row),
        .version = row->version,
        .step = text_of(step),
        .reason = page_area(x, &input, &errors, "reason"),
        .label = page_word(x, "staff-decision", text_of(step))};
    struct page page;
    page_open(x, view.label, &page);
    page.frame.back = view.item.url;
    page.frame.faulty = errors.count > 0;
    tmpl_registration_step_page(&page.html, &page.frame, &view);
    page_send(x, status, &page);
}

static void show_return(struct exchange *x) {
    reason_page(x, "return", 200, (struct error_list){0});
}

static void show_reject(struct exchange *x) {
    reason_page(x, "reject", 200, (struct error_list){0});
}

static void return_again(struct exchange *x) {
    reason_page(x, "return", 422, page_errors(x, &x->body));
}

static void reject_again(struct exchange *x) {
    reason_page(x, "reject", 422, page_errors(x, &x->body));
}

static void render_return(void *ctx, struct arena *arena, const void *outcome,
                          struct idem_answer *ret_answer) {
    (void)arena;
    answer(ctx, outcome, "return", ret_answer);
}

static void render_reject(void *ctx, struct arena *arena, const void *outcome,
                          struct idem_answer *ret_answer) {
    (void)arena;
    answer(ctx, outcome, "reject", ret_answer);
}

static void do_return(struct exchange *x) {
    struct registration_decision decision = decision_read_reason(x);
    decide(x, &decision, registration_return, render_return);
}

static void do_reject(struct exchange *x) {
    struct registration_decision decision = decision_read_reason(x);
    decide(x, &decision, registration_reject, render_reject);
}

static const struct route rows[] = {
    {HTTP_POST, "/city/registrations/{id}/interview", do_interview, .roles = FOR_CITY,
     .idempotency = IDEM_ACCEPTED, .form = &staff_interview_form, .again = again},
    {HTTP_POST, "/city/registrations/{id}/approve", do_approve, .roles = FOR_CITY,
     .idempotency = IDEM_ACCEPTED, .form = &staff_approve_form, .again = again},
    {HTTP_POST, "/city/registrations/{id}/class", do_class, .roles = FOR_CITY, .idempotency = IDEM_ACCEPTED,
     .form = &decision_class_form, .again = again},
    {HTTP_GET, "/city/registrations/{id}/return", show_return, .roles = FOR_CITY, .cache = CACHE_OWN},
    {HTTP_POST, "/city/registrations/{id}/return", do_return, .roles = FOR_CITY, .idempotency = IDEM_ACCEPTED,
     .form = &decision_reason_form, .again = return_again},
    {HTTP_GET, "/city/registrations/{id}/reject", show_reject, .roles = FOR_CITY, .cache = CACHE_OWN},
    {HTTP_POST, "/city/registrations/{id}/reject", do_reject, .roles = FOR_CITY, .idempotency = IDEM_ACCEPTED,
     .form = &decision_reason_form, .again = reject_again},
};
const struct route_table staff_decision_routes = ROUTES(rows);
