/* Registrations from the city's side: the queue, the interview, the decision. If-Match names the version one read. */
#include "sys/textkey.h"
#include "web/api/answers.h"
#include "web/api/registration_json.h"
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

struct decision_body {
    struct text reason;
    struct text household_class;
    const struct form_count *extra;
    size_t extra_count;
    struct day valid_from;
    struct day valid_to;
    const struct form_count *before[BEFORE__MAX];
    size_t before_count[BEFORE__MAX];
    struct day class_proven;
};
static const struct field reason_fields[] = {
    {.name = "reason",
     .kind = FIELD_LINES,
     .required = true,
     .max = 1000,
     .offset = offsetof(struct decision_body, reason)},
};
static const struct form reason_form = FORM("DecisionReason", reason_fields, struct decision_body);
#define BEFORE_FIELD(field_name, what, most, says)                                                           \
    {                                                                                                        \
        .name = field_name, .kind = FIELD_COUNTS, .max = most,                                               \
        .offset = offsetof(struct decision_body, before[what]),                                              \
        .count_offset = offsetof(struct decision_body, before_count[what]), .note = says                     \
    }

static const struct field class_fields[] = {
    {.name = "household_class",
     .kind = FIELD_TEXT,
     .required = true,
     .max = 40,
     .offset = offsetof(struct decision_body, household_class)},
    {.name = "class_proven",
     .kind = FIELD_DAY,
     .offset = offsetof(struct decision_body, class_proven),
     .note = "day on which it was found; today when left out"},
};
static const struct form class_form = FORM("ClassFound", class_fields, struct decision_body);
static const struct field approve_fields[] = {
    {.name = "household_class",
     .kind = FIELD_TEXT,
     .required = true,
     .max = 40,
     .offset = offsetof(struct decision_body, household_class)},
    {.name = "extra_units",
     .kind = FIELD_COUNTS,
     .max = 99,
     .offset = offsetof(struct decision_body, extra),
     .count_offset = offsetof(struct decision_body, extra_count),
     .note = "units beyond the rules, by pool"},
    {.name = "valid_from",
     .kind = FIELD_DAY,
     .offset = offsetof(struct decision_body, valid_from),
     .note = "today when left out"},
    {.name = "valid_to",
     .kind = FIELD_DAY,
     .offset = offsetof(struct decision_body, valid_to),
     .note = "by the rules when left out"},
    BEFORE_FIELD("used_before", BEFORE_POOL, 999, "units used before this system, by pool"),
    BEFORE_FIELD("reduced_before", BEFORE_REDUCTION, 999, "uses of a reduction before this system"),
    BEFORE_FIELD("reduced_yen_before", BEFORE_YEN, 10000000, "yen of a reduction with a budget, likewise"),
    BEFORE_FIELD("priced_before", BEFORE_CARE, 999,
                 "uses or units of a care priced by its n-th use, likewise"),
    {.name = "class_proven",
     .kind = FIELD_DAY,
     .offset = offsetof(struct decision_body, class_proven),
     .note = "day on which the class was found; today when left out"},
};
static const struct form approve_form = FORM("Approval", approve_fields, struct decision_body);

typedef enum rc (*decide_fn)(struct call *call, const struct registration_decision *decision,
                             struct registration_outcome *ret_outcome);

static void decide(struct exchange *x, const struct registration_decision *decision, decide_fn fn) {
    struct registration_outcome *outcome = arena_new(x->arena, struct registration_outcome);
    exchange_will_render(x, registration_render);
    enum rc rc = fn(&x->call, decision, outcome);
    exchange_done(x, rc, outcome);
}

static void decide_with_reason(struct exchange *x, decide_fn fn) {
    const struct decision_body *body = exchange_body(x);
    struct registration_decision decision = {.id = {exchange_id(x, "id")},
                                             .version = exchange_version(x),
                                             .reason = body->reason,
                                             .valid_from = DAY_NONE,
                                             .valid_to = DAY_NONE,
                                             .class_proven = DAY_NONE};
    decide(x, &decision, fn);
}

static void give_back(struct exchange *x) {
    decide_with_reason(x, registration_return);
}

static void reject(struct exchange *x) {
    decide_with_reason(x, registration_reject);
}

/* What was used before; answers the request when it is more than there is room for. */
static bool put_before(struct exchange *x, const struct decision_body *body,
                       struct registration_decision *decision) {
    for (int what = 0; what < BEFORE__MAX; what++) {
        for (size_t i = 0; i < body->before_count[what]; i++) {
            if (decision->before_count == GRANT_BEFORE_MAX) {
                api_fail_field(x, "/used_before", "too-long");
                return false;
            }
            size_t n = decision->before_count++;
            decision->before[n].what = (enum before_what)what;
            decision->before[n].code = body->before[what][i].code;
            decision->before[n].units = body->before[what][i].n;
        }
    }
    return true;
}

static void approve(struct exchange *x) {
    const struct decision_body *body = exchange_body(x);
    struct registration_decision decision = {.id = {exchange_id(x, "id")},
                                             .version = exchange_version(x),
                                             .household_class = body->household_class,
                                             .valid_from = body->valid_from,
                                             .valid_to = body->valid_to,
                                             .class_proven = body->class_proven};
    if (body->extra_count > COUNT(decision.extra)) {
        api_fail_field(x, "/extra_units", "too-long");
        return;
    }
    const struct programme *programme = programme_at(x->call.city->rules, instant_day(x->call.now));
    for (size_t i = 0; i < body->extra_count; i++) {
        if (programme != NULL && programme_pool(programme, body->extra[i].code) < 0) {
            api_fail_field(x, "/extra_units", "unknown");
            return;
        }
        decision.extra[i].pool = body->extra[i].code;
        decision.extra[i].units = body->extra[i].n;
    }
    decision.extra_count = body->extra_count;
    if (!put_before(x, body, &decision)) {
        return;
    }
    decide(x, &decision, registration_approve);
}

static void renew_class(struct exchange *x) {
    const struct decision_body *body = exchange_body(x);
    struct registration_decision decision = {.id = {exchange_id(x, "id")},
                                             .version = exchange_version(x),
                                             .household_class = body->household_class,
                                             .valid_from = DAY_NONE,
                                             .valid_to = DAY_NONE,
                                             .class_proven = body->class_proven};
    decide(x, &decision, registration_class);
}

static const struct route rows[] = {
    {HTTP_GET, "/api/v1/registrations", queue, .roles = FOR_CITY, .cache = CACHE_OWN, .query = &queue_form,
     .answer = &answer_registrations, .summary = "The queue of applications, oldest first"},
    {HTTP_POST, "/api/v1/registrations/{id}/interview", interview, .roles = FOR_CITY,
     .idempotency = IDEM_ACCEPTED, .form = &interview_form, .answer = &answer_registered,
     .summary = "Note the talk with the mother"},
    {HTTP_POST, "/api/v1/registrations/{id}/return", give_back, .roles = FOR_CITY,
     .idempotency = IDEM_ACCEPTED, .form = &reason_form, .answer = &answer_registered,
     .summary = "Give it back to be corrected"},
    {HTTP_POST, "/api/v1/registrations/{id}/approve", approve, .roles = FOR_CITY,
     .idempotency = IDEM_ACCEPTED, .form = &approve_form, .answer = &answer_registered,
     .summary = "Approve: class, units, period"},
    {HTTP_POST, "/api/v1/registrations/{id}/reject", reject, .roles = FOR_CITY, .idempotency = IDEM_ACCEPTED,
     .form = &reason_form, .answer = &answer_registered, .summary = "Refuse, with the reason"},
    {HTTP_POST, "/api/v1/registrations/{id}/class", renew_class, .roles = FOR_CITY,
     .idempotency = IDEM_ACCEPTED, .form = &class_form, .answer = &answer_registered,
     .summary = "The class found again, for the new tax year"},
};
const struct route_table api_decision_routes = ROUTES(rows);
