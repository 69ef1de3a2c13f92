/* Changing the rules: the draft, publishing, withdrawing. If-Match is the draft's revision. */
#include "service/rules.h"
#include "base/num.h"
#include "web/api/answers.h"
#include "web/api/api.h"

enum { DOCUMENT_BODY = 2 * RULES_BYTES_MAX };

struct start_body {
    int64_t from;
};
static const struct field start_fields[] = {
    {.name = "from",
     .kind = FIELD_INT,
     .required = true,
     .min = 1,
     .max = RULES_VERSIONS_MAX,
     .offset = offsetof(struct start_body, from),
     .note = "number of the version to begin with"},
};
static const struct form start_form = FORM("RulesDraftStart", start_fields, struct start_body);

struct save_body {
    struct text document;
};
static const struct field save_fields[] = {
    {.name = "document",
     .kind = FIELD_LINES,
     .required = true,
     .max = RULES_BYTES_MAX,
     .offset = offsetof(struct save_body, document),
     .note = "JSON text: one element of \"versions\" of a city's file"},
};
static const struct form save_form = FORM("RulesDraftSave", save_fields, struct save_body);

struct publish_body {
    struct day valid_from;
    struct text reason;
};
static const struct field publish_fields[] = {
    {.name = "valid_from",
     .kind = FIELD_DAY,
     .offset = offsetof(struct publish_body, valid_from),
     .note = "first day, after today; the document's own when left out"},
    {.name = "reason",
     .kind = FIELD_LINES,
     .required = true,
     .max = RULES_REASON_MAX,
     .offset = offsetof(struct publish_body, reason)},
};
static const struct form publish_form = FORM("RulesPublish", publish_fields, struct publish_body);

struct withdraw_body {
    struct text reason;
};
static const struct field withdraw_fields[] = {
    {.name = "reason",
     .kind = FIELD_LINES,
     .required = true,
     .max = RULES_REASON_MAX,
     .offset = offsetof(struct withdraw_body, reason)},
};
static const struct form withdraw_form = FORM("RulesWithdraw", withdraw_fields, struct withdraw_body);

/* ---- answers ---- */

static void put_why(struct json_out *json, const void *ctx) {
    const struct rules_outcome *outcome = ctx;
    api_day(json, "earliest", outcome->fault == RULES_DAY_PAST ? outcome->valid_from : DAY_NONE);
    api_text(json, "pointer", outcome->pointer);
    api_text(json, "sentence", outcome->sentence);
}

/* What stands is in the way: 409; what was sent is: 422. */
static bool refused(struct arena *arena, const struct rules_outcome *outcome,
                    struct idem_answer *ret_answer) {
    bool stands = outcome->fault == RULES_DRAFT_EXISTS || outcome->fault == RULES_BEGUN ||
                  outcome->fault == RULES_FIRST;
    struct problem problem = {.status = stands ? 409 : 422,
                              .code = text_of(rules_fault_code(outcome->fault)),
                              .more = put_why,
                              .ctx = outcome};
    if (outcome->fault != RULES_FINE) {
        answer_problem(arena, ret_answer, &problem);
    }
    return outcome->fault != RULES_FINE;
}

static void render_draft(void *ctx, struct arena *arena, const void *outcome,
                         struct idem_answer *ret_answer) {
    const struct exchange *x = ctx;
    const struct rules_outcome *out = outcome;
    if (!refused(arena, out, ret_answer)) {
        struct api_out answer;
        json_put_int(api_begin(&answer, arena), "revision", out->revision);
        api_render(ret_answer, x->route->success == 0 ? 200 : x->route->success, &answer);
    }
}

static void render_version(void *ctx, struct arena *arena, const void *outcome,
                           struct idem_answer *ret_answer) {
    const struct exchange *x = ctx;
    const struct rules_outcome *out = outcome;
    if (refused(arena, out, ret_answer)) {
        return;
    }
    struct api_out answer;
    struct json_out *json = api_begin(&answer, arena);
    json_put_int(json, "number", out->number);
    json_put_day(json, "valid_from", out->valid_from);
    if (out->replaced > 0) {
        json_put_int(json, "replaced", out->replaced);
    }
    json_put_int(json, "bookings", out->bookings);
    api_render(ret_answer, x->route->success == 0 ? 200 : x->route->success, &answer);
}

/* ---- handlers ---- */

static void start(struct exchange *x) {
    const struct start_body *body = exchange_body(x);
    struct rules_outcome *outcome = arena_new(x->arena, struct rules_outcome);
    exchange_will_render(x, render_draft);
    enum rc rc = rules_draft_start(&x->call, &(struct rules_start){.from = body->from}, outcome);
    exchange_done(x, rc, outcome);
}

static void save(struct exchange *x) {
    const struct save_body *body = exchange_body(x);
    struct rules_save wanted = {body->document, exchange_version(x)};
    struct rules_outcome *outcome = arena_new(x->arena, struct rules_outcome);
    exchange_will_render(x, render_draft);
    enum rc rc = rules_draft_save(&x->call, &wanted, outcome);
    exchange_done(x, rc, outcome);
}

static void drop(struct exchange *x) {
    enum rc rc = rules_draft_drop(&x->call, exchange_version(x));
    if (rc == RC_OK) {
        exchange_empty(x);
    } else {
        exchange_failed(x, rc);
    }
}

static void publish(struct exchange *x) {
    const struct publish_body *body = exchange_body(x);
    struct rules_publish wanted = {exchange_version(x), body->valid_from, body->reason};
    struct rules_outcome *outcome = arena_new(x->arena, struct rules_outcome);
    exchange_will_render(x, render_version);
    enum rc rc = rules_publish(&x->call, &wanted, outcome);
    exchange_done(x, rc, outcome);
}

static void withdraw(struct exchange *x) {
    const struct withdraw_body *body = exchange_body(x);
    struct rules_withdraw wanted = {.reason = body->reason};
    struct rules_outcome *outcome = arena_new(x->arena, struct rules_outcome);
    bool named = num_parse(exchange_param(x, "number"), &wanted.number) && wanted.number > 0;
    exchange_will_render(x, render_version);
    enum rc rc = named ? rules_withdraw(&x->call, &wanted, outcome) : RC_NONE;
    exchange_done(x, rc, outcome);
}

static const struct route rows[] = {
    {HTTP_POST, "/api/v1/rules/draft", start, .roles = FOR_CITY_ADMIN, .idempotency = IDEM_ACCEPTED,
     .form = &start_form, .success = 201, .answer = &answer_rules_saved,
     .summary = "Begin a draft with the document of a version; a city has one"},
    {HTTP_PUT, "/api/v1/rules/draft", save, .roles = FOR_CITY_ADMIN, .form = &save_form,
     .body_limit = DOCUMENT_BODY, .answer = &answer_rules_saved,
     .summary = "Save the draft over the revision that If-Match names"},
    {HTTP_DELETE, "/api/v1/rules/draft", drop, .roles = FOR_CITY_ADMIN, .success = 204,
     .summary = "Drop the draft whose revision If-Match names"},
    {HTTP_POST, "/api/v1/rules/draft/publish", publish, .roles = FOR_CITY_ADMIN, .idempotency = IDEM_REQUIRED,
     .form = &publish_form, .success = 201, .answer = &answer_rules_published,
     .summary =
         "The draft becomes a version, in force from its first day; If-Match names what was looked at"},
    {HTTP_POST, "/api/v1/rules/{number}/withdraw", withdraw, .roles = FOR_CITY_ADMIN,
     .idempotency = IDEM_REQUIRED, .form = &withdraw_form, .answer = &answer_rules_published,
     .summary = "Take back a version that has not begun; it stays readable"},
};
const struct route_table api_rules_change_routes = ROUTES(rows);
