/* What the city does with a registration: notes of the talk, approval, return and refusal with their reasons. */
#include "service/registration.h"

#include "web/eye.h"
#include "web/page.h"
#include "web/page_form.h"
#include "web/staff/registration.h"
#include "web/staff/staff.h"
#include "web/staff/tables.h"
#include "web/tmpl/staff/registration.h"

enum { EXTRA_MAX = 99, BEFORE_MAX = 999, BEFORE_YEN_MAX = 10000000 };

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
#define BEFORE_FIELD(field_name, what, most)                                                                 \
    {                                                                                                        \
        .name = field_name, .kind = FIELD_COUNTS, .max = most,                                               \
        .offset = offsetof(struct approve_body, before[what]),                                               \
        .count_offset = offsetof(struct approve_body, before_count[what])                                    \
    }

static const struct field approve_fields[] = {
    {.name = "household_class",
     .kind = FIELD_TEXT,
     .required = true,
     .max = 40,
     .offset = offsetof(struct approve_body, household_class)},
    {.name = "extra",
     .kind = FIELD_COUNTS,
     .max = EXTRA_MAX,
     .offset = offsetof(struct approve_body, extra),
     .count_offset = offsetof(struct approve_body, extra_count)},
    {.name = "valid_from", .kind = FIELD_DAY, .offset = offsetof(struct approve_body, valid_from)},
    {.name = "valid_to", .kind = FIELD_DAY, .offset = offsetof(struct approve_body, valid_to)},
    BEFORE_FIELD("used", BEFORE_POOL, BEFORE_MAX),
    BEFORE_FIELD("reduced", BEFORE_REDUCTION, BEFORE_MAX),
    BEFORE_FIELD("spent", BEFORE_YEN, BEFORE_YEN_MAX),
    BEFORE_FIELD("priced", BEFORE_CARE, BEFORE_MAX),
    {.name = "class_proven", .kind = FIELD_DAY, .offset = offsetof(struct approve_body, class_proven)},
};
const struct form staff_approve_form = FORM("StaffApproval", approve_fields, struct approve_body);

static void render_approve(void *ctx, struct arena *arena, const void *outcome,
                           struct idem_answer *ret_answer) {
    (void)arena;
    answer(ctx, outcome, "approve", ret_answer);
}

static void put_before(const struct approve_body *body, struct registration_decision *decision) {
    for (int what = 0; what < BEFORE__MAX; what++) {
        for (size_t i = 0; i < body->before_count[what] && decision->before_count < GRANT_BEFORE_MAX; i++) {
            size_t n = decision->before_count++;
            decision->before[n].what = (enum before_what)what;
            decision->before[n].code = body->before[what][i].code;
            decision->before[n].units = body->before[what][i].n;
        }
    }
}

static void do_approve(struct exchange *x) {
    const struct approve_body *body = exchange_body(x);
    struct registration_decision decision = {.id = {exchange_id(x, "id")},
                                             .version = exchange_version(x),
                                             .household_class = body->household_class,
                                             .valid_from = body->valid_from,
                                             .valid_to = body->valid_to,
                                             .class_proven = body->class_proven};
    put_before(body, &decision);
    for (size_t i = 0; i < body->extra_count && decision.extra_count < COUNT(decision.extra); i++) {
        decision.extra[decision.extra_count].pool = body->extra[i].code;
        decision.extra[decision.extra_count++].units = body->extra[i].n;
    }
    struct registration_outcome *outcome = arena_new(x->arena, struct registration_outcome);
    exchange_will_render(x, render_approve);
    enum rc rc = registration_approve(&x->call, &decision, outcome);
    exchange_done(x, rc, outcome);
}

/* ---- the class, found again ---- */

static const struct field class_fields[] = {
    {.name = "household_class",
     .kind = FIELD_TEXT,
     .required = true,
     .max = 40,
     .offset = offsetof(struct class_body, household_class)},
    {.name = "class_proven", .kind = FIELD_DAY, .offset = offsetof(struct class_body, class_proven)},
};
const struct form staff_class_form = FORM("StaffClass", class_fields, struct class_body);

static void render_class(void *ctx, struct arena *arena, const void *outcome,
                         struct idem_answer *ret_answer) {
    (void)arena;
    answer(ctx, outcome, "class", ret_answer);
}

static void do_class(struct exchange *x) {
    const struct class_body *body = exchange_body(x);
    struct registration_decision decision = {.id = {exchange_id(x, "id")},
                                             .version = exchange_version(x),
                                             .household_class = body->household_class,
                                             .valid_from = DAY_NONE,
                                             .valid_to = DAY_NONE,
                                             .class_proven = body->class_proven};
    struct registration_outcome *outcome = arena_new(x->arena, struct registration_outcome);
    exchange_will_render(x, render_class);
    enum rc rc = registration_class(&x->call, &decision, outcome);
    exchange_done(x, rc, outcome);
}

/* ---- return and refusal: a page each ---- */

struct reason_body {
    struct text reason;
};
static const struct field reason_fields[] = {
    {.name = "reason",
     .kind = FIELD_LINES,
     .required = true,
     .max = 1000,
     .offset = offsetof(struct reason_body, reason)},
};
static const struct form reason_form = FORM("StaffReason", reason_fields, struct reason_body);

static void reason_page(struct exchange *x, const char *step, int status, struct error_list errors) {
    struct query query = eye_of(x);
    struct registration_detail *detail = arena_new(x->arena, struct registration_detail);
    enum rc rc = query_registration(&query, (struct registration_id){exchange_id(x, "id")}, detail);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    const struct registration_row *row = &detail->registration;
    if (!staff_viewed(x, "registration.view", "registration", row->id.n, row->account)) {
        return;
    }
    struct form_input input = x->body;
    input.form = &reason_form;
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

static struct registration_decision with_reason(const struct exchange *x) {
    const struct reason_body *body = exchange_body(x);
    return (struct registration_decision){.id = {exchange_id(x, "id")},
                                          .version = exchange_version(x),
                                          .reason = body->reason,
                                          .valid_from = DAY_NONE,
                                          .valid_to = DAY_NONE,
                                          .class_proven = DAY_NONE};
}

static void do_return(struct exchange *x) {
    struct registration_decision decision = with_reason(x);
    struct registration_outcome *outcome = arena_new(x->arena, struct registration_outcome);
    exchange_will_render(x, render_return);
    enum rc rc = registration_return(&x->call, &decision, outcome);
    exchange_done(x, rc, outcome);
}

static void do_reject(struct exchange *x) {
    struct registration_decision decision = with_reason(x);
    struct registration_outcome *outcome = arena_new(x->arena, struct registration_outcome);
    exchange_will_render(x, render_reject);
    enum rc rc = registration_reject(&x->call, &decision, outcome);
    exchange_done(x, rc, outcome);
}

static const struct route rows[] = {
    {HTTP_POST, "/city/registrations/{id}/interview", do_interview, .roles = FOR_CITY,
     .idempotency = IDEM_ACCEPTED, .form = &staff_interview_form, .again = again},
    {HTTP_POST, "/city/registrations/{id}/approve", do_approve, .roles = FOR_CITY,
     .idempotency = IDEM_ACCEPTED, .form = &staff_approve_form, .again = again},
    {HTTP_POST, "/city/registrations/{id}/class", do_class, .roles = FOR_CITY, .idempotency = IDEM_ACCEPTED,
     .form = &staff_class_form, .again = again},
    {HTTP_GET, "/city/registrations/{id}/return", show_return, .roles = FOR_CITY, .cache = CACHE_OWN},
    {HTTP_POST, "/city/registrations/{id}/return", do_return, .roles = FOR_CITY, .idempotency = IDEM_ACCEPTED,
     .form = &reason_form, .again = return_again},
    {HTTP_GET, "/city/registrations/{id}/reject", show_reject, .roles = FOR_CITY, .cache = CACHE_OWN},
    {HTTP_POST, "/city/registrations/{id}/reject", do_reject, .roles = FOR_CITY, .idempotency = IDEM_ACCEPTED,
     .form = &reason_form, .again = reject_again},
};
const struct route_table staff_decision_routes = ROUTES(rows);
