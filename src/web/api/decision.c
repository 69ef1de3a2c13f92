/* Registrations from the city's side: the queue, the interview, the decision. If-Match names the version one read. */
#include "sys/textkey.h"
#include "web/api/answers.h"
#include "web/api/registration_json.h"
#include "web/decision_form.h"
#include "web/eye.h"

/* ---- the queue ---- */

struct queue_query {
    struct text state;
    struct text q;
    struct account_id resident;
    int64_t limit;
    int64_t after;
};
static const struct field queue_fields[] = {
    {.name = "state", .kind = FIELD_TEXT, .max = 20, .offset = offsetof(struct queue_query, state)},
    {.name = "q",
     .kind = FIELD_TEXT,
     .max = 100,
     .offset = offsetof(struct queue_query, q),
     .note = "words of the name"},
    {.name = "resident", .kind = FIELD_ID, .offset = offsetof(struct queue_query, resident)},
    API_PAGE_FIELDS(struct queue_query),
};
static const struct form queue_form = FORM("RegistrationQueue", queue_fields, struct queue_query);

static void queue(struct exchange *x) {
    const struct queue_query *wanted = exchange_query(x);
    struct registration_ask ask = {
        .state = wanted->state, .name_key = textkey_search(x->arena, wanted->q), .account = wanted->resident};
    struct query query = eye_of(x);
    struct query_page page = api_page(wanted->limit, wanted->after);
    struct registration_row *rows = NULL;
    size_t count = 0;
    enum rc rc = query_registrations(&query, &ask, &page, &rows, &count);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    if (!api_viewed_many(x, "registration.list", "registration", count)) {
        return;
    }
    struct api_out out;
    struct json_out *json = api_begin(&out, x->arena);
    json_put_array(json, "registrations");
    for (size_t i = 0; i < count; i++) {
        json_put_object(json, NULL);
        registration_members(json, &rows[i]);
        json_put_object_end(json);
    }
    json_put_array_end(json);
    api_next(json, &page, count, count == 0 ? 0 : rows[count - 1].id.n);
    api_answer(x, 200, &out);
}

/* ---- the interview ---- */

struct interview_body {
    struct text note;
    const struct text *needs;
    size_t need_count;
};
static const struct field interview_fields[] = {
    {.name = "note",
     .kind = FIELD_LINES,
     .required = true,
     .max = 4000,
     .offset = offsetof(struct interview_body, note)},
    {.name = "needs",
     .kind = FIELD_TEXTS,
     .max = REGISTRATION_NEEDS_MAX,
     .offset = offsetof(struct interview_body, needs),
     .count_offset = offsetof(struct interview_body, need_count)},
};
static const struct form interview_form = FORM("Interview", interview_fields, struct interview_body);

static void interview(struct exchange *x) {
    const struct interview_body *body = exchange_body(x);
    struct registration_outcome *outcome = arena_new(x->arena, struct registration_outcome);
    exchange_will_render(x, registration_render);
    enum rc rc = registration_interview(&x->call, (struct registration_id){exchange_id(x, "id")}, body->note,
                                        body->needs, body->need_count, outcome);
    exchange_done(x, rc, outcome);
}

/* ---- the decision ---- */

static const struct field approve_fields[] = {DECISION_APPROVAL_FIELDS(
    "extra_units", "used_before", "reduced_before", "reduced_yen_before", "priced_before")};
static const struct form approve_form = FORM("Approval", approve_fields, struct decision_body);

typedef enum rc (*decide_fn)(struct call *call, const struct registration_decision *decision,
                             struct registration_outcome *ret_outcome);

static void decide(struct exchange *x, const struct registration_decision *decision, decide_fn fn) {
    struct registration_outcome *outcome = arena_new(x->arena, struct registration_outcome);
    exchange_will_render(x, registration_render);
    enum rc rc = fn(&x->call, decision, outcome);
    exchange_done(x, rc, outcome);
}

static void give_back(struct exchange *x) {
    struct registration_decision decision = decision_read_reason(x);
    decide(x, &decision, registration_return);
}

static void reject(struct exchange *x) {
    struct registration_decision decision = decision_read_reason(x);
    decide(x, &decision, registration_reject);
}

static void approve(struct exchange *x) {
    struct registration_decision decision;
    if (!decision_read_approval(x, &decision)) {
        exchange_form_errors(x);
        return;
    }
    decide(x, &decision, registration_approve);
}

static void renew_class(struct exchange *x) {
    struct registration_decision decision = decision_read_class(x);
    decide(x, &decision, registration_class);
}

static const struct route rows[] = {
    {HTTP_GET, "/api/v1/registrations", queue, .roles = FOR_CITY, .cache = CACHE_OWN, .query = &queue_form,
     .answer = &answer_registrations, .summary = "The queue of applications, oldest first"},
    {HTTP_POST, "/api/v1/registrations/{id}/interview", interview, .roles = FOR_CITY,
     .idempotency = IDEM_ACCEPTED, .form = &interview_form, .answer = &answer_registered,
     .summary = "Note the talk with the mother"},
    {HTTP_POST, "/api/v1/registrations/{id}/return", give_back, .roles = FOR_CITY,
     .idempotency = IDEM_ACCEPTED, .form = &decision_reason_form, .answer = &answer_registered,
     .summary = "Give it back to be corrected"},
    {HTTP_POST, "/api/v1/registrations/{id}/approve", approve, .roles = FOR_CITY,
     .idempotency = IDEM_ACCEPTED, .form = &approve_form, .answer = &answer_registered,
     .summary = "Approve: class, units, period"},
    {HTTP_POST, "/api/v1/registrations/{id}/reject", reject, .roles = FOR_CITY, .idempotency = IDEM_ACCEPTED,
     .form = &decision_reason_form, .answer = &answer_registered, .summary = "Refuse, with the reason"},
    {HTTP_POST, "/api/v1/registrations/{id}/class", renew_class, .roles = FOR_CITY,
     .idempotency = IDEM_ACCEPTED, .form = &decision_class_form, .answer = &answer_registered,
     .summary = "The class found again, for the new tax year"},
};
const struct route_table api_decision_routes = ROUTES(rows);
