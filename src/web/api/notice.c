/* Notices on the screen. */
#include "query/people.h"
#include "service/notice.h"
#include "web/api/answers.h"
#include "web/api/api.h"
#include "web/eye.h"

struct list_query {
    int64_t limit;
    int64_t after;
};
static const struct field list_fields[] = {API_PAGE_FIELDS(struct list_query)};
static const struct form list_form = FORM("NoticeList", list_fields, struct list_query);

static void list(struct exchange *x) {
    const struct list_query *wanted = exchange_query(x);
    struct query query = eye_of(x);
    struct query_page page = api_page(wanted->limit, wanted->after);
    struct notice_row *rows = NULL;
    size_t count = 0;
    enum rc rc = query_notices(&query, &page, &rows, &count);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    struct api_out out;
    struct json_out *json = api_begin(&out, x->arena);
    json_put_array(json, "notices");
    for (size_t i = 0; i < count; i++) {
        json_put_object(json, NULL);
        json_put_id(json, "id", rows[i].id.n);
        json_put_text(json, "kind", rows[i].kind);
        json_put_text(json, "subject", rows[i].subject);
        json_put_text(json, "body", rows[i].body);
        api_text(json, "path", rows[i].path);
        json_put_instant(json, "created_at", rows[i].created_at);
        api_instant(json, "read_at", rows[i].read_at);
        json_put_object_end(json);
    }
    json_put_array_end(json);
    api_next(json, &page, count, count == 0 ? 0 : rows[count - 1].id.n);
    api_answer(x, 200, &out);
}

static void mark_read(struct exchange *x) {
    exchange_will_render(x, api_render_empty);
    exchange_done(x, notice_read(&x->call, (struct notice_id){exchange_id(x, "id")}), NULL);
}

static const struct route routes[] = {
    {HTTP_GET, "/api/v1/notices", list, .roles = FOR_SIGNED_IN, .cache = CACHE_OWN, .query = &list_form,
     .answer = &answer_notices, .summary = "One's own notices, newest first"},
    {HTTP_POST, "/api/v1/notices/{id}/read", mark_read, .roles = FOR_SIGNED_IN, .idempotency = IDEM_ACCEPTED,
     .success = 204, .summary = "Mark one as read"},
};
const struct route_table api_notice_routes = ROUTES(routes);
