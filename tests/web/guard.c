/* The guard before handlers, and the ways to answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <jansson.h>
#include <string.h>

#include "web/toy.h"

static const struct {
    enum http_method method;
    const char *target;
    const char *headers;
    const char *body;
    int status;
    const char *says; /* somewhere in the body */
    const char *location;
} table[] = {
    /* cities */
    {HTTP_GET, "/", "", "", 200, "show role=public city=hirakata base=", NULL},
    {HTTP_GET, "/c/neyagawa", "", "", 200, "city=neyagawa base=/c/neyagawa", NULL},
    {HTTP_GET, "/c/neyagawa/", "", "", 200, "city=neyagawa base=/c/neyagawa", NULL},
    {HTTP_GET, "/c/nowhere/", "", "", 404, "", NULL},
    {HTTP_GET, "/c/", "", "", 404, "", NULL},
    /* routes */
    {HTTP_GET, "/nothing", "", "", 404, "", NULL},
    {HTTP_DELETE, "/me", "", "", 405, "", NULL},
    {HTTP_OPTIONS, "/me", "", "", 204, "", NULL},
    {HTTP_GET, "/api/v1/nothing", "", "", 404, "\"code\":\"not-found\"", NULL},
    {HTTP_GET, "/forget", "", "", 500, "", NULL},
    /* sessions and roles */
    {HTTP_GET, "/me?a=b", "", "", 303, "", "/login?next=%2Fme%3Fa%3Db"},
    {HTTP_GET, "/c/neyagawa/me", "", "", 303, "", "/c/neyagawa/login?next=%2Fc%2Fneyagawa%2Fme"},
    {HTTP_GET, "/me", RESIDENT, "", 200, "role=resident", NULL},
    {HTTP_GET, "/me", "Cookie: sango=" TOKEN_STALE "\n", "", 303, "", "/login?next=%2Fme"},
    {HTTP_GET, "/me", "Cookie: sango=" TOKEN_RESIDENT "; sango=" TOKEN_FACILITY "\n", "", 303, "",
     "/login?next=%2Fme"},
    {HTTP_GET, "/me", "Cookie: __Host-sango=" TOKEN_RESIDENT "\n", "", 303, "", "/login?next=%2Fme"},
    {HTTP_GET, "/me", "Cookie: sango=" TOKEN_FACILITY "\n", "", 403, "", NULL},
    {HTTP_GET, "/me", "Cookie: sango=" TOKEN_DOWN "\n", "", 503, "", NULL},
    {HTTP_GET, "/search", "Cookie: sango=" TOKEN_DOWN "\n", "", 200, "role=public", NULL},
    {HTTP_GET, "/static/x", "Cookie: sango=" TOKEN_DOWN "\n", "", 200, "role=public", NULL},
    {HTTP_GET, "/me", BEARER, "", 303, "", "/login?next=%2Fme"}, /* bearer tokens are for the API */
    {HTTP_GET, "/api/v1/me", "", "", 401, "sign-in-needed", NULL},
    {HTTP_GET, "/api/v1/me", BEARER, "", 200, "role=resident", NULL},
    {HTTP_GET, "/api/v1/me", "Authorization: Bearer " TOKEN_STALE "\n", "", 401, "", NULL},
    {HTTP_GET, "/api/v1/me", "Authorization: Bearer x\n" RESIDENT, "", 401, "", NULL},
    {HTTP_GET, "/api/v1/me", "Authorization: Bearer " TOKEN_FACILITY "\n", "", 403, "forbidden", NULL},
    {HTTP_GET, "/me/0000000000005", RESIDENT, "", 200, "one", NULL},
    {HTTP_GET, "/me/5", RESIDENT, "", 404, "", NULL},
    /* cross-site */
    {HTTP_POST, "/me", FORM_TYPE RESIDENT, "name=a&_csrf=" CSRF, 200, "show role=resident", NULL},
    {HTTP_POST, "/me", FORM_TYPE RESIDENT, "name=a", 403, "", NULL},
    {HTTP_POST, "/me", FORM_TYPE RESIDENT, "name=a&_csrf=cccd", 403, "", NULL},
    {HTTP_POST, "/me", FORM_TYPE RESIDENT "Origin: https://evil.example\n", "name=a&_csrf=" CSRF, 403, "",
     NULL},
    {HTTP_POST, "/me", FORM_TYPE RESIDENT "Origin: null\n", "name=a&_csrf=" CSRF, 403, "", NULL},
    {HTTP_POST, "/me", FORM_TYPE RESIDENT "Origin: http://hirakata.example.jp\n", "name=a&_csrf=" CSRF, 200,
     "", NULL},
    {HTTP_POST, "/me", FORM_TYPE RESIDENT "Origin: https://sango.example.jp\n", "name=a&_csrf=" CSRF, 200, "",
     NULL},
    {HTTP_POST, "/me", FORM_TYPE RESIDENT "Sec-Fetch-Site: cross-site\n", "name=a&_csrf=" CSRF, 403, "",
     NULL},
    {HTTP_POST, "/me", FORM_TYPE RESIDENT "Sec-Fetch-Site: same-site\n", "name=a&_csrf=" CSRF, 403, "", NULL},
    {HTTP_POST, "/me", FORM_TYPE RESIDENT "Sec-Fetch-Site: same-origin\n", "name=a&_csrf=" CSRF, 200, "",
     NULL},
    {HTTP_POST, "/login", FORM_TYPE, "name=a", 303, "", "/next"},
    {HTTP_POST, "/c/neyagawa/login", FORM_TYPE, "name=a", 303, "", "/c/neyagawa/next"},
    {HTTP_POST, "/login", FORM_TYPE "Origin: https://evil.example\n", "name=a", 403, "", NULL},
    {HTTP_POST, "/api/v1/things", JSON_TYPE RESIDENT KEY, "{\"name\":\"a\"}", 403, "csrf", NULL},
    {HTTP_POST, "/api/v1/things", JSON_TYPE RESIDENT KEY "X-CSRF-Token: " CSRF "\n", "{\"name\":\"a\"}", 201,
     "", NULL},
    /* bodies */
    {HTTP_POST, "/me", FORM_TYPE RESIDENT, "name=&_csrf=" CSRF, 422, "again", NULL},
    {HTTP_POST, "/me", FORM_TYPE RESIDENT, "name=a&x=1&_csrf=" CSRF, 422, "again", NULL},
    {HTTP_POST, "/me", FORM_TYPE RESIDENT, "name=%ff&_csrf=" CSRF, 400, "", NULL},
    {HTTP_POST, "/me", JSON_TYPE RESIDENT, "{\"name\":\"a\"}", 415, "", NULL},
    {HTTP_POST, "/me", RESIDENT, "name=a&_csrf=" CSRF, 415, "", NULL},
    {HTTP_POST, "/me", "Content-Type: multipart/form-data; boundary=x\n" RESIDENT, "--x", 415, "", NULL},
    {HTTP_POST, "/me", "Content-Type: Application/X-WWW-Form-URLEncoded ; charset=utf-8\n" RESIDENT,
     "name=a&_csrf=" CSRF, 200, "", NULL},
    {HTTP_POST, "/api/v1/things", FORM_TYPE BEARER KEY, "name=a", 415, "bad-type", NULL},
    {HTTP_POST, "/api/v1/things", JSON_TYPE BEARER KEY, "{", 400, "bad-body", NULL},
    {HTTP_POST, "/api/v1/things", JSON_TYPE BEARER KEY, "{}", 422,
     "\"pointer\":\"/name\",\"code\":\"missing\"", NULL},
    {HTTP_POST, "/api/v1/things", JSON_TYPE BEARER KEY, "{\"name\":\"a\",\"x\":1}", 400,
     "\"pointer\":\"/x\",\"code\":\"unknown-field\"", NULL},
    {HTTP_POST, "/api/v1/things", BEARER KEY, "", 422, "missing", NULL},
    {HTTP_POST, "/api/v1/small", BEARER, "", 201, "\"key\":false", NULL},
    {HTTP_POST, "/api/v1/small", JSON_TYPE BEARER, "{}", 201, "", NULL},
    {HTTP_POST, "/api/v1/small", JSON_TYPE BEARER, "{\"a\":1}", 400, "unknown-field", NULL},
    /* queries */
    {HTTP_GET, "/search?name=%E7%94%A3", "", "", 200, "q=産", NULL},
    {HTTP_GET, "/search?name=a&utm=b", "", "", 200, "q=a", NULL},
    {HTTP_GET, "/search", "", "", 200, "q=", NULL},
    {HTTP_GET, "/api/v1/search?name=a&x=b", "", "", 400, "unknown-field", NULL},
    {HTTP_GET, "/api/v1/search", "", "", 422, "\"pointer\":\"/name\"", NULL},
    /* idempotency keys */
    {HTTP_POST, "/api/v1/things", JSON_TYPE BEARER, "{\"name\":\"a\"}", 400, "idempotency-key-missing", NULL},
    {HTTP_POST, "/api/v1/things", JSON_TYPE BEARER "Idempotency-Key: a b\n", "{\"name\":\"a\"}", 400,
     "idempotency-key-malformed", NULL},
    {HTTP_POST, "/api/v1/things", JSON_TYPE BEARER KEY, "{\"name\":\"a\"}", 201, "{\"n\":7,\"key\":true}",
     NULL},
    {HTTP_POST, "/api/v1/things", JSON_TYPE BEARER "Idempotency-Key: used\n", "{\"name\":\"a\"}", 201,
     "{\"stored\":1}", NULL},
    {HTTP_POST, "/api/v1/things", JSON_TYPE BEARER "Idempotency-Key: other\n", "{\"name\":\"a\"}", 422,
     "idempotency-mismatch", NULL},
    /* a database that is busy: what was typed comes back, wherever it was noticed */
    {HTTP_POST, "/busy", FORM_TYPE RESIDENT, "name=a%20b&_csrf=" CSRF, 503,
     "<input type=\"hidden\" name=\"name\" value=\"a b\">", NULL},
    {HTTP_POST, "/me", FORM_TYPE "Cookie: sango=" TOKEN_DOWN "\n", "name=a&_csrf=" CSRF, 503,
     "<input type=\"hidden\" name=\"_csrf\" value=\"" CSRF "\">", NULL},
    {HTTP_POST, "/me", FORM_TYPE "Cookie: sango=" TOKEN_DOWN "\nSec-Fetch-Site: cross-site\n",
     "name=a&_csrf=b", 503, "入力のページへ", NULL},
    {HTTP_POST, "/race", FORM_TYPE RESIDENT, "_csrf=" CSRF, 412, "", NULL},
};

static void test_table(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        struct http_response response =
            toy_ask(table[i].method, table[i].target, table[i].headers, table[i].body);
        bool right =
            response.status == table[i].status && text_has(response.body, text_of(table[i].says)) &&
            (table[i].location == NULL || text_is(toy_extra(&response, "Location"), table[i].location));
        if (!right) {
            print_error("case %zu %s: %d %.*s %.*s\n", i, table[i].target, response.status,
                        TEXT_F(response.body), TEXT_F(toy_extra(&response, "Location")));
            fail();
        }
        toy_done(&response);
    }
}

static void test_headers(void **state) {
    (void)state;
    struct http_response response = toy_ask(HTTP_DELETE, "/me", "", "");
    assert_true(text_is(toy_extra(&response, "Allow"), "GET, HEAD, POST"));
    response = toy_ask(HTTP_GET, "/api/v1/me", "", "");
    assert_true(text_is(toy_extra(&response, "WWW-Authenticate"), "Bearer"));
    assert_true(text_is(response.type, "application/problem+json"));
    response = toy_ask(HTTP_GET, "/me", "Cookie: sango=" TOKEN_STALE "\n", "");
    assert_true(text_starts(toy_extra(&response, "Set-Cookie"), TEXT("sango=; Path=/; Max-Age=0")));
    response = toy_ask(HTTP_GET, "/static/x", "", "");
    assert_true(text_has(response.cache_control, TEXT("immutable")));
    response = toy_ask(HTTP_GET, "/me", RESIDENT, "");
    assert_int_equal(response.cache_control.n, 0);
}

/* The same key and fields from a form shown twice are one request; other fields, path or city are another. */
static struct text hash_kept;
static enum rc session_spy(void *ctx, struct call *call, struct text token, struct session *ret_session) {
    return toy_web.guard.session(ctx, call, token, ret_session);
}

static void keep_hash(struct exchange *x) {
    hash_kept = x->idem.request_hash;
    exchange_empty(x);
}

static const struct route spy_rows[] = {{HTTP_POST, "/do", keep_hash, .roles = FOR_RESIDENT,
                                         .form = &toy_ask_form, .idempotency = IDEM_REQUIRED}};
static const struct route_table spy_table = ROUTES(spy_rows);
static const struct route_table *const spy_tables[] = {&spy_table};

static void test_request_hash(void **state) {
    (void)state;
    static const struct {
        const char *target;
        const char *body;
        bool same;
    } cases[] = {
        {"/do", "name=a&_csrf=" CSRF "&_key=k", true},
        {"/do", "_key=k2&name=a&_csrf=" CSRF, true},
        {"/do", "name=b&_csrf=" CSRF "&_key=k", false},
        {"/c/neyagawa/do", "name=a&_csrf=" CSRF "&_key=k", false},
    };
    struct web spy = toy_web;
    spy.routes = route_tree_build(&toy_arena, spy_tables, 1);
    spy.guard.session = session_spy;
    struct text first = TEXT("");
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct http_request request =
            toy_request(HTTP_POST, cases[i].target, FORM_TYPE RESIDENT, cases[i].body);
        struct http_response response = {0};
        web_answer(&spy, &request, &response);
        assert_int_equal(response.status, 204);
        first = i == 0 ? hash_kept : first;
        assert_int_equal(text_eq(first, hash_kept), cases[i].same);
    }
}

static void test_next(void **state) {
    (void)state;
    static const char *const bad[] = {"",     "http://evil/", "//evil/",     "/\\evil",
                                      "evil", "/a\nb",        "javascript:x"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_true(text_is(guard_next(text_of(bad[i]), TEXT("/me")), "/me"));
    }
    assert_true(text_is(guard_next(TEXT("/a?b=c"), TEXT("/me")), "/a?b=c"));
}

static void test_openapi(void **state) {
    (void)state;
    struct http_response response = toy_ask(HTTP_GET, "/api/openapi.json", "", "");
    assert_int_equal(response.status, 200);
    json_t *document = json_loadb(response.body.p, response.body.n, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(document);
    json_decref(document);
    assert_true(text_has(response.body, TEXT("\"/things\":{\"post\":")));
    assert_true(text_has(response.body, TEXT("\"$ref\":\"#/components/schemas/Ask\"")));
    assert_false(text_has(response.body, TEXT("\"/login\"")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table), cmocka_unit_test(test_headers), cmocka_unit_test(test_request_hash),
        cmocka_unit_test(test_next),  cmocka_unit_test(test_openapi),
    };
    return cmocka_run_group_tests_name("web/guard", tests, toy_set_up, toy_tear_down);
}
