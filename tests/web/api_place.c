/* The public side and the facility's: city, facilities, vacancies from the cache, capacity and blocks, figures. */
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "web/desk.h"

static void city_and_facilities(struct engine *engine) {
    struct desk desk;
    desk_setup(&desk, engine);
    struct answer a = desk_get(&desk, NULL, "/api/v1/city");
    desk_problem(&a, 200, "");
    static const char *const parts[] = {
        "\"code\":\"hirakata\"", "\"taxed\":3100",      "\"consents\":[{\"code\":\"share\"",
        "\"deadline\":",         "\"within_hours\":24", "\"words\":[{\"title\":"};
    for (size_t i = 0; i < COUNT(parts); i++) {
        assert_true(text_has(a.body, text_of(parts[i])));
    }
    struct answer prefixed = desk_get(&desk, NULL, "/c/hirakata/api/v1/city");
    assert_int_equal(prefixed.status, 200);
    a = desk_get(&desk, NULL, "/c/atlantis/api/v1/city");
    assert_int_equal(a.status, 404);
    a = desk_get(&desk, NULL, "/api/v1/facilities?care=stay&multiples=true&month_age=2");
    desk_problem(&a, 200, "");
    assert_true(text_has(a.body, desk_id(&desk, desk.fx.facilities[2].n)));
    a = desk_get(&desk, NULL,
                 "/api/v1/facilities?q=%EF%BD%BC%EF%BE%9E%EF%BD%AE%EF%BD%BB%EF%BE%9D%EF%BD%B2%EF%BE%9D2");
    desk_problem(&a, 200, "");
    assert_true(text_has(a.body, desk_id(&desk, desk.fx.facilities[1].n)));
    assert_false(text_has(a.body, desk_id(&desk, desk.fx.facilities[0].n)));
    a = desk_get(&desk, NULL,
                 desk_printf(&desk, "/api/v1/facilities/%s", desk_id(&desk, desk.fx.facilities[1].n).p).p);
    desk_problem(&a, 200, "");
    struct asker staff = desk_sign_in(&desk, desk.fx.staff[1], false);
    struct send edit = {
        .method = HTTP_PUT,
        .target = desk_printf(&desk, "/api/v1/facilities/%s", desk_id(&desk, desk.fx.facilities[1].n).p).p,
        .body = TEXT("{\"phone\":\"072-123-4567\",\"introduction\":\"静かな家です\"}"),
        .headers = {"If-Match", desk_header(&a, "ETag").p}};
    a = desk_send(&desk, &staff, &edit);
    desk_problem(&a, 200, "");
    a = desk_send(&desk, &staff, &edit);
    desk_problem(&a, 412, "changed");
    edit.target = desk_printf(&desk, "/api/v1/facilities/%s", desk_id(&desk, desk.fx.facilities[0].n).p).p;
    a = desk_send(&desk, &staff, &edit);
    desk_problem(&a, 404, "not-found"); /* another's */
    desk_teardown(&desk);
}

static bool quickly(struct desk *desk, const char *target, struct text *ret_body) {
    struct http_hooks hooks = web_hooks(desk->web);
    struct text t = text_of(target);
    size_t mark = text_index(t, '?');
    struct http_request request = {.method = HTTP_GET,
                                   .path = text_part(t, 0, mark),
                                   .query = text_part(t, mark + 1, t.n),
                                   .host = TEXT("sango.example.jp"),
                                   .authority = TEXT("sango.example.jp"),
                                   .arena = &desk->arena};
    struct http_response response = {0};
    void *asked = NULL;
    bool hit = hooks.quick(hooks.ctx, &request, &response, &asked) == HTTP_ANSWERED;
    if (hit) {
        *ret_body = text_copy(&desk->arena, response.body);
        response.release(response.owner);
    }
    return hit;
}

static void vacancies_are_exact(struct engine *engine) {
    struct desk desk;
    desk_setup(&desk, engine);
    struct text facility = desk_id(&desk, desk.fx.facilities[1].n);
    const char *target = "/api/v1/vacancies?care=day&from=2026-11-22&to=2026-11-23";
    struct text body = {0};
    assert_false(quickly(&desk, target, &body));
    struct answer a = desk_get(&desk, NULL, target);
    desk_problem(&a, 200, "");
    struct text two_open = desk_printf(
        &desk,
        "{\"facility\":\"%s\",\"care\":\"day\",\"date\":\"2026-11-22\",\"capacity\":2,\"open\":2,\"mark\":\"open\"}",
        facility.p);
    assert_true(text_has(a.body, two_open));
    assert_true(text_has(a.body, TEXT("\"as_of\":\"2026-11-20T09:00:00+09:00\"")));
    bool kept = quickly(&desk, target, &body);
    assert_true(kept ||
                engine->kind == DB_POSTGRESQL); /* where other servers may write, it may have to be asked */
    assert_true(!kept || text_eq(body, a.body));
    struct account_id hana = fixture_resident(&desk.fx, &(struct fixture_person){.units = 7});
    struct book_ask ask = fixture_ask(&desk.fx, 1, 2, 0);
    (void)fixture_book(&desk.fx, hana, &ask);
    assert_false(quickly(&desk, target, &body)); /* a commit makes it old at once */
    a = desk_get(&desk, NULL, target);
    assert_true(text_has(
        a.body,
        desk_printf(
            &desk,
            "{\"facility\":\"%s\",\"care\":\"day\",\"date\":\"2026-11-22\",\"capacity\":2,\"open\":1,\"mark\":\"few\"}",
            facility.p)));
    a = desk_get(&desk, NULL, "/api/v1/vacancies?care=day&from=2027-02-01&to=2027-02-01");
    assert_true(text_has(a.body, TEXT("\"mark\":\"closed\""))); /* nobody opened that day */
    static const struct {
        const char *query;
        int status;
        const char *pointer;
    } wrong[] = {
        {"care=day&from=2026-11-22", 422, "\"/to\""},
        {"care=day&from=2026-11-22&to=2026-11-21", 422, "\"/to\""},
        {"care=day&from=2026-11-22&to=2027-11-21", 422, "\"/to\""},
        {"care=spa&from=2026-11-22&to=2026-11-22", 422, "\"/care\""},
        {"care=day&from=2026-02-30&to=2026-11-22", 422, "\"/from\""},
        {"care=day&from=2026-11-22&to=2026-11-22&facility=x", 422, "\"/facility\""},
        {"care=day&from=2026-11-22&to=2026-11-22&colour=red", 400, "\"/colour\""},
    };
    for (size_t i = 0; i < COUNT(wrong); i++) {
        a = desk_get(&desk, NULL, desk_printf(&desk, "/api/v1/vacancies?%s", wrong[i].query).p);
        desk_problem(&a, wrong[i].status, "invalid-fields");
        assert_true(text_has(a.body, text_of(wrong[i].pointer)));
    }
    desk_teardown(&desk);
}

static void capacity_and_blocks(struct engine *engine) {
    struct desk desk;
    desk_setup(&desk, engine);
    struct asker staff = desk_sign_in(&desk, desk.fx.staff[1], false);
    struct text path = desk_printf(&desk, "/api/v1/facilities/%s", desk_id(&desk, desk.fx.facilities[1].n).p);
    struct account_id hana = fixture_resident(&desk.fx, &(struct fixture_person){.units = 7});
    struct book_ask ask = fixture_ask(&desk.fx, 1, 2, 0);
    struct book_outcome booked = fixture_book(&desk.fx, hana, &ask);
    struct send send = {
        .method = HTTP_PUT,
        .target = desk_printf(&desk, "%s/capacity", path.p).p,
        .body = TEXT("{\"care\":\"day\",\"from\":\"2026-11-22\",\"to\":\"2026-11-24\",\"capacity\":0}")};
    struct answer a = desk_send(&desk, &staff, &send);
    desk_problem(&a, 200, "");
    assert_true(
        text_has(a.body, desk_printf(&desk, "\"shortfalls\":[\"%s\"]", desk_id(&desk, booked.id.n).p)));
    send.body = TEXT(
        "{\"care\":\"day\",\"from\":\"2026-11-22\",\"to\":\"2026-11-24\",\"capacity\":3,\"weekdays\":[\"sun\"]}");
    a = desk_send(&desk, &staff, &send);
    desk_problem(&a, 200, "");
    assert_true(text_is(desk_member(&a, "days_changed"), "1"));
    send.body = TEXT(
        "{\"care\":\"day\",\"from\":\"2026-11-22\",\"to\":\"2026-11-24\",\"capacity\":3,\"weekdays\":[\"sol\"]}");
    a = desk_send(&desk, &staff, &send);
    desk_problem(&a, 422, "invalid-fields");
    send.body = TEXT("{\"care\":\"spa\",\"from\":\"2026-11-22\",\"to\":\"2026-11-24\",\"capacity\":3}");
    a = desk_send(&desk, &staff, &send);
    desk_problem(&a, 422, "care-not-offered");
    a = desk_post(
        &desk, &staff, desk_printf(&desk, "%s/blocks", path.p).p,
        TEXT(
            "{\"care\":\"stay\",\"from\":\"2026-11-25\",\"to\":\"2026-11-26\",\"beds\":1,\"reason\":\"分娩\"}"));
    desk_problem(&a, 201, "");
    assert_true(text_has(a.body, TEXT("\"shortfalls\":[]")));
    struct text block = text_copy(&desk.arena, desk_member(&a, "id"));
    a = desk_get(&desk, &staff, desk_printf(&desk, "%s/blocks", path.p).p);
    desk_problem(&a, 200, "");
    assert_true(text_has(a.body, block));
    send =
        (struct send){.method = HTTP_DELETE, .target = desk_printf(&desk, "%s/blocks/%s", path.p, block.p).p};
    a = desk_send(&desk, &staff, &send);
    desk_problem(&a, 200, "");
    struct asker other = desk_sign_in(&desk, desk.fx.staff[0], false);
    a = desk_get(&desk, &other, desk_printf(&desk, "%s/blocks", path.p).p);
    desk_problem(&a, 404, "not-found");
    desk_teardown(&desk);
}

static void figures(struct engine *engine) {
    struct desk desk;
    desk_setup(&desk, engine);
    struct asker city = desk_sign_in(&desk, desk.fx.admin, false);
    struct asker staff = desk_sign_in(&desk, desk.fx.staff[0], false);
    struct answer a = desk_get(&desk, &city, "/api/v1/statistics/usage?from_fy=2019&to_fy=2025");
    desk_problem(&a, 200, "");
    assert_true(text_has(a.body, TEXT("{\"fiscal_year\":2019,\"era\":\"R1\",\"care\":\"stay\",\"uses\":0")));
    a = desk_get(&desk, &city, "/api/v1/statistics/usage?from_fy=2025&to_fy=2019");
    desk_problem(&a, 422, "invalid-fields");
    a = desk_get(&desk, &staff, "/api/v1/claims?month=2026-11");
    desk_problem(&a, 200, "");
    assert_true(text_has(a.body, TEXT("\"claims\":[],\"sum\":{\"count\":0")));
    a = desk_get(&desk, &staff, "/api/v1/claims?month=November");
    desk_problem(&a, 422, "invalid-fields");
    a = desk_get(&desk, &city, "/api/v1/staff");
    desk_problem(&a, 200, "");
    a = desk_post(&desk, &city, "/api/v1/staff",
                  TEXT("{\"role\":\"auditor\",\"email\":\"new@example.jp\",\"name\":\"監査 太郎\"}"));
    desk_problem(&a, 201, "");
    assert_true(desk_member(&a, "totp_secret").n > 0);
    a = desk_post(&desk, &city, "/api/v1/staff",
                  TEXT("{\"role\":\"facility\",\"email\":\"new2@example.jp\",\"name\":\"助産 師\"}"));
    desk_problem(&a, 422, "invalid-fields");
    desk_teardown(&desk);
}

#define NEW_FACILITY(code, cares)                                                                                      \
    TEXT(                                                                                                              \
        "{\"code\":\"" code                                                                                            \
        "\",\"name\":\"海の助産院\",\"kana\":\"ウミノジョサンイン\",\"kind\":\"midwifery\","             \
        "\"ward\":\"東\",\"postal_code\":\"5730001\",\"address\":\"海町1\",\"phone\":\"0720001111\",\"cares\":[" cares \
        "]}")

static void adds_facility(struct engine *engine) {
    struct desk desk;
    desk_setup(&desk, engine);
    struct asker admin = desk_sign_in(&desk, desk.fx.admin, false);
    struct asker city = desk_sign_in(&desk, desk.fx.coordinator, false);
    struct send send = {.method = HTTP_POST,
                        .target = "/api/v1/facilities",
                        .key = "facility-F90",
                        .body = NEW_FACILITY("F90", "{\"care\":\"stay\",\"contract_price\":30000}")};
    struct answer a = desk_send(&desk, &city, &send);
    desk_problem(&a, 403, "forbidden");
    a = desk_send(&desk, &admin, &send);
    desk_problem(&a, 201, "");
    struct text id = text_copy(&desk.arena, desk_member(&a, "id"));
    a = desk_send(&desk, &admin, &send); /* the same key makes it once */
    desk_problem(&a, 201, "");
    assert_true(text_eq(desk_member(&a, "id"), id));
    a = desk_get(&desk, &(struct asker){0}, desk_printf(&desk, "/api/v1/facilities/%s", id.p).p);
    desk_problem(&a, 200, "");
    assert_true(text_has(a.body, TEXT("\"cares\":[{\"care\":\"stay\"}]")));
    a = desk_post(&desk, &admin, "/api/v1/facilities",
                  NEW_FACILITY("F90", "{\"care\":\"stay\",\"contract_price\":30000}"));
    desk_problem(&a, 422, "invalid-fields");
    assert_true(text_has(a.body, TEXT("code-taken")));
    a = desk_post(&desk, &admin, "/api/v1/facilities",
                  NEW_FACILITY("F91", "{\"care\":\"spa\",\"contract_price\":1}"));
    desk_problem(&a, 422, "invalid-fields");
    assert_true(text_has(a.body, TEXT("/cares/0/care")));
    a = desk_post(&desk, &admin, "/api/v1/facilities",
                  NEW_FACILITY("F91", "{\"care\":\"stay\",\"contract_price\":1},{\"care\":\"stay\","
                                      "\"contract_price\":1}"));
    desk_problem(&a, 422, "invalid-fields");
    a = desk_post(&desk, &admin, "/api/v1/facilities", NEW_FACILITY("F91", "{\"care\":\"stay\"}"));
    desk_problem(&a, 422, "invalid-fields");
    desk_teardown(&desk);
}

int main(void) {
    static const struct engine_case cases[] = {
        ENGINE_CASE(city_and_facilities), ENGINE_CASE(vacancies_are_exact), ENGINE_CASE(capacity_and_blocks),
        ENGINE_CASE(figures), ENGINE_CASE(adds_facility)};
    static const struct db_config config = {
        .readers = 8, .watched = house_public_tables, .unshown = house_unshown_tables};
    struct engine_plan plan = {.lists = fixture_lists(), .config = &config};
    return engines_run_plan("web/api_place", cases, COUNT(cases), &plan);
}
