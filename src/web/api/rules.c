/* The rules of a city as versions: who may read them reads the history, the admin prepares, compares, tries, publishes.
 * Documents travel as text, in the form of one element of "versions" of a city's file. */
#include "base/num.h"
#include "profile/answer.h"
#include "profile/compare.h"
#include "service/rules.h"
#include "web/api/answers.h"
#include "web/api/api.h"

enum { CASE_MAX = 16 * 1024 };

/* ---- reading ---- */

static void put_version(struct json_out *json, const struct rules_version *version) {
    json_put_int(json, "number", version->number);
    json_put_day(json, "valid_from", version->valid_from);
    api_day(json, "valid_to", version->valid_to);
    json_put_text(json, "state", rules_state_code(version->state));
    json_put_text(json, "name", version->name);
    json_put_instant(json, "published_at", version->published_at);
    json_put_bool(json, "imported", version->imported);
    api_text(json, "published_by", version->published_name);
    api_text(json, "reason", version->reason);
    api_instant(json, "ended_at", version->ended_at);
    api_text(json, "ended_by", version->ended_name);
    api_text(json, "ended_reason", version->ended_reason);
    api_text(json, "document", version->document);
}

static void list(struct exchange *x) {
    struct rules_list found;
    enum rc rc = rules_list(&x->call, &found);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    struct api_out out;
    struct json_out *json = api_begin(&out, x->arena);
    json_put_array(json, "versions");
    for (size_t i = 0; i < found.count; i++) {
        json_put_object(json, NULL);
        put_version(json, &found.rows[i]);
        json_put_object_end(json);
    }
    json_put_array_end(json);
    json_put_bool(json, "draft", found.has_draft);
    api_answer(x, 200, &out);
}

/* The version that the path names; false when answered. */
static bool version_named(struct exchange *x, int64_t number, struct rules_version *ret_version) {
    enum rc rc = number > 0 ? rules_read(&x->call, number, ret_version) : RC_NONE;
    if (rc != RC_OK) {
        exchange_failed(x, rc);
    }
    return rc == RC_OK;
}

static int64_t number_param(struct exchange *x) {
    int64_t number = 0;
    return num_parse(exchange_param(x, "number"), &number) ? number : 0;
}

static void show(struct exchange *x) {
    struct rules_version version;
    if (version_named(x, number_param(x), &version)) {
        struct api_out out;
        put_version(api_begin(&out, x->arena), &version);
        api_answer(x, 200, &out);
    }
}

struct compare_query {
    int64_t with;
};
static const struct field compare_fields[] = {
    {.name = "with",
     .kind = FIELD_INT,
     .min = 1,
     .max = RULES_VERSIONS_MAX,
     .required = true,
     .offset = offsetof(struct compare_query, with),
     .note = "number of the version before"},
};
static const struct form compare_form = FORM("RulesCompare", compare_fields, struct compare_query);

static void put_comparison(struct exchange *x, struct text before, struct text after) {
    struct comparison comparison;
    if (!compare_versions(x->arena, before, after, &comparison)) {
        exchange_fail(x, 500, "fault");
        return;
    }
    struct api_out out;
    struct json_out *json = api_begin(&out, x->arena);
    json_put_array(json, "rows");
    for (size_t i = 0; i < comparison.count; i++) {
        const struct compare_row *row = &comparison.rows[i];
        json_put_object(json, NULL);
        json_put_text(json, "section", row->section);
        json_put_text(json, "label", row->label);
        json_put_text(json, "before", row->before);
        json_put_text(json, "after", row->after);
        json_put_text(json, "pointer", row->pointer);
        json_put_object_end(json);
    }
    json_put_array_end(json);
    api_answer(x, 200, &out);
}

static void compare(struct exchange *x) {
    const struct compare_query *query = exchange_query(x);
    struct rules_version before;
    struct rules_version after;
    if (version_named(x, number_param(x), &after) && version_named(x, query->with, &before)) {
        put_comparison(x, before.document, after.document);
    }
}

static bool draft_there(struct exchange *x, struct rules_draft *ret_draft) {
    enum rc rc = rules_draft_read(&x->call, ret_draft);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
    }
    return rc == RC_OK;
}

static void show_draft(struct exchange *x) {
    struct rules_draft draft;
    if (!draft_there(x, &draft)) {
        return;
    }
    struct api_out out;
    struct json_out *json = api_begin(&out, x->arena);
    json_put_int(json, "revision", draft.revision);
    json_put_int(json, "based_on", draft.based_on);
    json_put_instant(json, "changed_at", draft.changed_at);
    api_text(json, "changed_by", draft.changed_name);
    json_put_text(json, "document", draft.document);
    api_etag(x, draft.revision);
    api_answer(x, 200, &out);
}

static void compare_draft(struct exchange *x) {
    struct rules_draft draft;
    struct rules_version before;
    if (draft_there(x, &draft) && version_named(x, draft.based_on, &before)) {
        put_comparison(x, before.document, draft.document);
    }
}

struct day_query {
    struct day valid_from;
};
static const struct field day_fields[] = {
    {.name = "valid_from",
     .kind = FIELD_DAY,
     .offset = offsetof(struct day_query, valid_from),
     .note = "first day; the document's own when left out"},
};
static const struct form day_form = FORM("RulesDay", day_fields, struct day_query);

static void put_faults(struct json_out *json, const struct profile_faults *faults) {
    json_put_array(json, "faults");
    for (int32_t i = 0; i < faults->count; i++) {
        json_put_object(json, NULL);
        json_put_text(json, "pointer", faults->rows[i].pointer);
        json_put_text(json, "sentence", faults->rows[i].sentence);
        json_put_object_end(json);
    }
    json_put_array_end(json);
}

static void check(struct exchange *x) {
    const struct day_query *query = exchange_query(x);
    struct rules_check *found = arena_new(x->arena, struct rules_check);
    enum rc rc = rules_check(&x->call, query->valid_from, found);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    struct api_out out;
    struct json_out *json = api_begin(&out, x->arena);
    json_put_int(json, "revision", found->draft.revision);
    json_put_bool(json, "sound", found->sound);
    put_faults(json, &found->faults);
    api_day(json, "valid_from", found->valid_from);
    json_put_bool(json, "day_possible", found->day_possible);
    json_put_day(json, "first_possible", found->first_possible);
    json_put_int(json, "replaces", found->replaces);
    json_put_int(json, "bookings", found->bookings);
    api_answer(x, 200, &out);
}

/* ---- trying ---- */

struct try_body {
    struct text described;
    int64_t number;
    struct day valid_from;
};
static const struct field try_fields[] = {
    {.name = "case",
     .kind = FIELD_LINES,
     .required = true,
     .max = CASE_MAX,
     .offset = offsetof(struct try_body, described),
     .note = "one person and one request as JSON text, as for `sango quote`"},
    {.name = "number",
     .kind = FIELD_INT,
     .min = 1,
     .max = RULES_VERSIONS_MAX,
     .offset = offsetof(struct try_body, number),
     .note = "of a version; the draft when left out"},
    {.name = "valid_from",
     .kind = FIELD_DAY,
     .offset = offsetof(struct try_body, valid_from),
     .note = "first day; the document's own when left out"},
};
static const struct form try_form = FORM("RulesTry", try_fields, struct try_body);

static bool try_document(struct exchange *x, const struct try_body *body, struct text *ret_document) {
    struct rules_draft draft;
    struct rules_version version;
    if (body->number != FORM_NO_INT) {
        bool found = version_named(x, body->number, &version);
        *ret_document = found ? version.document : TEXT("");
        return found;
    }
    bool found = draft_there(x, &draft);
    *ret_document = found ? draft.document : TEXT("");
    return found;
}

static void try_out(struct exchange *x) {
    const struct try_body *body = exchange_body(x);
    struct profile *profile = arena_new(x->arena, struct profile);
    struct profile_faults *faults = arena_new(x->arena, struct profile_faults);
    struct quote_case *described = arena_new(x->arena, struct quote_case);
    struct case_answer *answer = arena_new(x->arena, struct case_answer);
    struct text document;
    if (!try_document(x, body, &document)) {
        return;
    }
    bool known = rules_with(&x->call, document, body->valid_from, profile, faults) &&
                 case_load(x->arena, body->described, profile, described, faults);
    struct api_out out;
    struct json_out *json = api_begin(&out, x->arena);
    put_faults(json, faults);
    if (known) {
        case_answer(profile, described, answer);
        json_put_object(json, "quote");
        quote_write(json, x->arena, &answer->quote);
        json_put_object_end(json);
    }
    api_answer(x, 200, &out);
}

static const struct route rows[] = {
    {HTTP_GET, "/api/v1/rules", list, .roles = FOR_ALL, .answer = &answer_rules,
     .summary = "The versions of the city's rules, newest first"},
    {HTTP_GET, "/api/v1/rules/{number}", show, .roles = FOR_ALL, .answer = &answer_rules_version,
     .summary = "One version with its document"},
    {HTTP_GET, "/api/v1/rules/{number}/compare", compare, .roles = FOR_ALL, .query = &compare_form,
     .answer = &answer_comparison, .summary = "What a version says otherwise than another"},
    {HTTP_GET, "/api/v1/rules/draft", show_draft, .roles = FOR_CITY | FOR_AUDITOR,
     .answer = &answer_rules_draft, .summary = "The draft of the next version; its ETag is its revision"},
    {HTTP_GET, "/api/v1/rules/draft/compare", compare_draft, .roles = FOR_CITY | FOR_AUDITOR,
     .answer = &answer_comparison, .summary = "What the draft says otherwise than the version it began as"},
    {HTTP_GET, "/api/v1/rules/draft/check", check, .roles = FOR_CITY | FOR_AUDITOR, .query = &day_form,
     .answer = &answer_rules_check, .summary = "What publishing the draft would do, and what is in its way"},
    {HTTP_POST, "/api/v1/rules/try", try_out, .roles = FOR_CITY | FOR_AUDITOR, .form = &try_form,
     .answer = &answer_rules_tried, .summary = "A described person and stay under the draft or a version",
     .unkeyed = "nothing changes"},
};
const struct route_table api_rules_routes = ROUTES(rows);
