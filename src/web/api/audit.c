/* GET /audit: who changed and who looked at what. Looking at it is itself recorded. */
#include "query/people.h"
#include "web/api/answers.h"
#include "web/api/api.h"
#include "web/eye.h"

struct list_query {
    struct account_id actor;
    struct account_id subject;
    struct text action;
    struct day from;
    struct day to;
    int64_t limit;
    int64_t after;
};
static const struct field list_fields[] = {
    {.name = "actor", .kind = FIELD_ID, .offset = offsetof(struct list_query, actor)},
    {.name = "subject",
     .kind = FIELD_ID,
     .offset = offsetof(struct list_query, subject),
     .note = "the resident concerned"},
    {.name = "action",
     .kind = FIELD_TEXT,
     .max = 60,
     .offset = offsetof(struct list_query, action),
     .note = "beginning of it: booking."},
    {.name = "from", .kind = FIELD_DAY, .offset = offsetof(struct list_query, from)},
    {.name = "to", .kind = FIELD_DAY, .offset = offsetof(struct list_query, to)},
    API_PAGE_FIELDS(struct list_query),
};
static const struct form list_form = FORM("AuditQuery", list_fields, struct list_query);

static void put_entry(struct json_out *json, const struct audit_row *row) {
    json_put_object(json, NULL);
    json_put_id(json, "id", row->id);
    json_put_instant(json, "at", row->at);
    api_id(json, "actor", row->actor.n);
    api_text(json, "actor_name", row->actor_name);
    json_put_text(json, "role", row->role);
    json_put_text(json, "action", row->action);
    json_put_text(json, "object", row->object);
    api_id(json, "object_id", row->object_id);
    api_id(json, "subject", row->subject.n);
    api_text(json, "detail", row->detail);
    json_put_object_end(json);
}

static void list(struct exchange *x) {
    const struct list_query *wanted = exchange_query(x);
    struct audit_ask ask = {.actor = wanted->actor,
                            .subject = wanted->subject,
                            .action = wanted->action,
                            .from = wanted->from,
                            .to = wanted->to};
    struct query query = eye_of(x);
    struct query_page page = api_page(wanted->limit, wanted->after);
    struct audit_found found;
    enum rc rc = query_audit(&query, &ask, &page, &found);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    if (!api_viewed(x, "audit.list", "audit", 0, wanted->subject)) {
        return;
    }
    struct api_out out;
    struct json_out *json = api_begin(&out, x->arena);
    json_put_array(json, "entries");
    for (size_t i = 0; i < found.count; i++) {
        put_entry(json, &found.rows[i]);
    }
    json_put_array_end(json);
    if (found.next != 0) { /* also when this page is not full */
        json_put_id(json, "next", found.next);
    }
    api_answer(x, 200, &out);
}

static const struct route routes[] = {
    {HTTP_GET, "/api/v1/audit", list, .roles = FOR_AUDITOR | FOR_CITY_ADMIN, .query = &list_form,
     .answer = &answer_audit, .summary = "The record of changes and views, newest first"},
};
const struct route_table api_audit_routes = ROUTES(routes);
