/* Steps of a booking: answer, cancellation, use. If-Match names the version one saw. */
#include "web/api/answers.h"
#include "web/api/booking_json.h"

struct step_body {
    struct text reason;
    struct text report;
};
static const struct field reason_fields[] = {
    {.name = "reason",
     .kind = FIELD_LINES,
     .max = 500,
     .offset = offsetof(struct step_body, reason),
     .note = "required of the facility"},
};
static const struct form reason_form = FORM("Reason", reason_fields, struct step_body);
static const struct field cancel_fields[] = {
    {.name = "reason", .kind = FIELD_LINES, .max = 500, .offset = offsetof(struct step_body, reason)},
};
static const struct form cancel_form = FORM("Cancellation", cancel_fields, struct step_body);
static const struct field report_fields[] = {
    {.name = "report",
     .kind = FIELD_LINES,
     .max = 4000,
     .offset = offsetof(struct step_body, report),
     .note = "what was done on this use"},
};
static const struct form report_form = FORM("CareReport", report_fields, struct step_body);

/* Of her own bookings only a facility's proposal is hers to answer. */
static void render_step(void *ctx, struct arena *arena, const void *outcome, struct idem_answer *ret_answer) {
    const struct exchange *x = ctx;
    const struct book_outcome *step = outcome;
    if (!step->verdict.allowed && !step->proposed && x->call.actor.role == ROLE_RESIDENT) {
        struct problem problem = problem_worded(&(struct problem){.status = 403, .code = TEXT("forbidden")});
        answer_problem(arena, ret_answer, &problem);
        return;
    }
    booking_answer(ctx, arena, 200, outcome, ret_answer);
}

static void cost_members(struct json_out *json, const struct book_outcome *outcome) {
    json_put_id(json, "id", outcome->id.n);
    json_put_text(json, "state", booking_state_code(outcome->state));
    json_put_int(json, "fee", outcome->cancel_fee.n);
    json_put_int(json, "units_charged", outcome->units_charged);
    json_put_int(json, "version", outcome->version);
}

/* What it costs stands where the price of a booking stands otherwise. */
static void render_ended(void *ctx, struct arena *arena, const void *outcome,
                         struct idem_answer *ret_answer) {
    const struct book_outcome *ended = outcome;
    if (!api_refused(ctx, arena, &ended->verdict, ret_answer)) {
        struct api_out out;
        cost_members(api_begin(&out, arena), ended);
        api_render(ret_answer, 200, &out);
    }
}

static void take_step(struct exchange *x, enum booking_event event) {
    const struct step_body *body = x->body.value;
    struct book_step step = {.id = {exchange_id(x, "id")},
                             .event = event,
                             .reason = body == NULL ? TEXT("") : body->reason,
                             .report = body == NULL ? TEXT("") : body->report,
                             .version = exchange_version(x)};
    bool ends = event == BOOKING_EV_CANCEL || event == BOOKING_EV_NO_SHOW;
    struct book_outcome *outcome = arena_new(x->arena, struct book_outcome);
    exchange_will_render(x, ends ? render_ended : render_step);
    enum rc rc = book_step(&x->call, &step, outcome);
    exchange_done(x, rc, outcome);
}

static void accept(struct exchange *x) {
    take_step(x, BOOKING_EV_ACCEPT);
}

static void decline(struct exchange *x) {
    const struct step_body *body = x->body.value;
    if (x->call.actor.role == ROLE_FACILITY && (body == NULL || body->reason.n == 0)) {
        api_fail_field(x, "/reason", "missing");
        return;
    }
    take_step(x, BOOKING_EV_DECLINE);
}

static void cancel(struct exchange *x) {
    take_step(x, BOOKING_EV_CANCEL);
}

static void check_in(struct exchange *x) {
    take_step(x, BOOKING_EV_CHECK_IN);
}

static void complete(struct exchange *x) {
    take_step(x, BOOKING_EV_COMPLETE);
}

static void no_show(struct exchange *x) {
    take_step(x, BOOKING_EV_NO_SHOW);
}

static void cancel_cost(struct exchange *x) {
    struct book_outcome *outcome = arena_new(x->arena, struct book_outcome);
    enum rc rc = book_cancel_quote(&x->call, (struct booking_id){exchange_id(x, "id")}, outcome);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    exchange_will_render(x, render_ended);
    exchange_done(x, rc, outcome);
}

static const struct route rows[] = {
    {HTTP_POST, "/api/v1/bookings/{id}/accept", accept, .roles = FOR_FACILITY | FOR_RESIDENT | FOR_CITY,
     .idempotency = IDEM_ACCEPTED, .answer = &answer_booked,
     .summary = "The facility says yes; to a facility's proposal, the resident"},
    {HTTP_POST, "/api/v1/bookings/{id}/decline", decline, .roles = FOR_FACILITY | FOR_RESIDENT | FOR_CITY,
     .idempotency = IDEM_ACCEPTED, .form = &reason_form, .answer = &answer_booked,
     .summary = "The facility says no, with the reason; to a facility's proposal, the resident"},
    {HTTP_POST, "/api/v1/bookings/{id}/cancel", cancel, .roles = FOR_RESIDENT | FOR_FACILITY | FOR_CITY,
     .idempotency = IDEM_REQUIRED, .form = &cancel_form, .answer = &answer_ended,
     .summary = "Cancel; says what it costs"},
    {HTTP_GET, "/api/v1/bookings/{id}/cancel", cancel_cost, .roles = FOR_RESIDENT | FOR_FACILITY | FOR_CITY,
     .class = CLASS_BOOKING, .answer = &answer_ended, .summary = "What cancelling now would cost"},
    {HTTP_POST, "/api/v1/bookings/{id}/check-in", check_in, .roles = FOR_FACILITY, .class = CLASS_STAFF,
     .idempotency = IDEM_ACCEPTED, .answer = &answer_booked, .summary = "She has come"},
    {HTTP_POST, "/api/v1/bookings/{id}/complete", complete, .roles = FOR_FACILITY, .class = CLASS_STAFF,
     .idempotency = IDEM_ACCEPTED, .form = &report_form, .answer = &answer_booked,
     .summary = "The use is over; the care report"},
    {HTTP_POST, "/api/v1/bookings/{id}/no-show", no_show, .roles = FOR_FACILITY, .class = CLASS_STAFF,
     .idempotency = IDEM_ACCEPTED, .answer = &answer_ended, .summary = "She did not come"},
};
const struct route_table api_booking_step_routes = ROUTES(rows);
