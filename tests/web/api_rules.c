/* The rules of a city over the API: read by everybody, prepared, compared, tried and published by the admin. */
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <jansson.h>

#include "web/desk.h"

static const char draft_path[] = "/api/v1/rules/draft";

/* The draft with a night at `yen`, saved over the revision that is shown. */
static struct answer save_draft(struct desk *desk, const struct asker *admin, const char *yen) {
    struct answer shown = desk_get(desk, admin, draft_path);
    desk_problem(&shown, 200, "");
    json_t *draft = json_loadb(shown.body.p, shown.body.n, 0, NULL);
    json_t *document = json_loads(json_string_value(json_object_get(draft, "document")), 0, NULL);
    json_t *care = json_array_get(json_object_get(document, "cares"), 0);
    json_object_set_new(json_object_get(care, "prices"), "taxed", json_loads(yen, JSON_DECODE_ANY, NULL));
    char *text = json_dumps(document, 0);
    json_t *body = json_pack("{s:s}", "document", text);
    char *bytes = json_dumps(body, 0);
    struct send put = {.method = HTTP_PUT,
                       .target = draft_path,
                       .body = desk_printf(desk, "%s", bytes),
                       .headers = {"If-Match", desk_header(&shown, "ETag").p}};
    struct answer saved = desk_send(desk, admin, &put);
    struct answer late = desk_send(desk, admin, &put);
    desk_problem(&late, 412, "changed");
    free(bytes);
    free(text);
    json_decref(body);
    json_decref(document);
    json_decref(draft);
    return saved;
}

static struct answer publish(struct desk *desk, const struct asker *admin, const char *day, const char *key) {
    struct answer shown = desk_get(desk, admin, draft_path);
    struct send send = {
        .method = HTTP_POST,
        .target = "/api/v1/rules/draft/publish",
        .body = desk_printf(desk, "{\"valid_from\":\"%s\",\"reason\":\"改正\"}", day),
        .key = key,
        .headers = {"If-Match", shown.status == 200 ? desk_header(&shown, "ETag").p : "\"2\""}};
    return desk_send(desk, admin, &send);
}

static void from_draft_to_version(struct engine *engine) {
    struct desk desk;
    desk_setup(&desk, engine);
    struct asker admin = desk_sign_in(&desk, desk.fx.admin, false);
    struct asker coordinator = desk_sign_in(&desk, desk.fx.coordinator, false);
    struct answer a = desk_get(&desk, NULL, "/api/v1/rules");
    desk_problem(&a, 200, "");
    assert_true(text_has(a.body, TEXT("\"state\":\"in-force\"")));
    a = desk_get(&desk, &admin, draft_path);
    desk_problem(&a, 404, "not-found");
    a = desk_post(&desk, &coordinator, draft_path, TEXT("{\"from\":1}"));
    desk_problem(&a, 403, "forbidden");
    a = desk_post(&desk, &admin, draft_path, TEXT("{\"from\":1}"));
    desk_problem(&a, 201, "");
    a = desk_post(&desk, &admin, draft_path, TEXT("{\"from\":1}"));
    desk_problem(&a, 409, "rules-draft-exists");

    a = save_draft(&desk, &admin, "-5"); /* kept, told, not published */
    desk_problem(&a, 200, "");
    a = desk_get(&desk, &coordinator, "/api/v1/rules/draft/check?valid_from=2026-12-10");
    desk_problem(&a, 200, "");
    assert_true(text_has(a.body, TEXT("\"pointer\":\"/cares/0/prices/taxed\"")));
    a = publish(&desk, &admin, "2026-12-10", NULL);
    desk_problem(&a, 422, "rules-faulty");
    a = save_draft(&desk, &admin, "3300");
    desk_problem(&a, 200, "");
    a = desk_get(&desk, &coordinator, "/api/v1/rules/draft/compare");
    desk_problem(&a, 200, "");
    assert_true(text_has(a.body, TEXT("3,300")) || text_has(a.body, TEXT("3300")));
    a = desk_post(
        &desk, &coordinator, "/api/v1/rules/try",
        TEXT("{\"valid_from\":\"2026-12-10\",\"case\":\"{\\\"today\\\":\\\"2026-12-01\\\","
             "\\\"class\\\":\\\"taxed\\\",\\\"children\\\":[{\\\"birth_date\\\":\\\"2026-11-01\\\"}],"
             "\\\"request\\\":{\\\"care\\\":\\\"stay\\\",\\\"start\\\":\\\"2026-12-11\\\","
             "\\\"end\\\":\\\"2026-12-12\\\"}}\"}"));
    desk_problem(&a, 200, "");
    assert_true(text_has(a.body, TEXT("\"faults\":[]")));
    assert_true(text_has(a.body, TEXT("3300")));

    a = publish(&desk, &admin, "2026-12-10", "");
    desk_problem(&a, 400, "idempotency-key-missing");
    a = publish(&desk, &admin, "2026-11-20", NULL);
    desk_problem(&a, 422, "rules-day-past");
    assert_true(text_has(a.body, TEXT("\"earliest\":\"2026-11-21\"")));
    a = publish(&desk, &admin, "2026-12-10", "once");
    desk_problem(&a, 201, "");
    struct answer again = publish(&desk, &admin, "2026-12-10", "once");
    assert_true(text_eq(a.body, again.body)); /* one effect */
    a = desk_get(&desk, NULL, "/api/v1/rules");
    assert_true(text_has(a.body, TEXT("\"state\":\"coming\"")));
    assert_false(text_has(a.body, TEXT("改正"))); /* reasons are for the staff */
    a = desk_get(&desk, &admin, "/api/v1/rules/2");
    desk_problem(&a, 200, "");
    assert_true(text_has(a.body, TEXT("改正")));
    a = desk_get(&desk, NULL, "/api/v1/rules/2/compare?with=1");
    desk_problem(&a, 200, "");
    a = desk_get(&desk, NULL, "/api/v1/rules/7");
    desk_problem(&a, 404, "not-found");
    a = desk_post(&desk, &admin, "/api/v1/rules/1/withdraw", TEXT("{\"reason\":\"x\"}"));
    desk_problem(&a, 409, "rules-begun");
    a = desk_post(&desk, &admin, "/api/v1/rules/2/withdraw", TEXT("{\"reason\":\"取りやめ\"}"));
    desk_problem(&a, 200, "");
    desk_teardown(&desk);
}

int main(void) {
    static const struct engine_case cases[] = {ENGINE_CASE(from_draft_to_version)};
    return engines_run("web/api_rules", cases, COUNT(cases), fixture_lists());
}
