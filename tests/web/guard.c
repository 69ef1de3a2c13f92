/* The guard before handlers, and the ways to answer, on a made-up site: no sockets, no database. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "sys/token.h"
#include "web/openapi.h"
#include "web/web.h"

#define TOKEN_RESIDENT "rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr"
#define TOKEN_FACILITY "fffffffffffffffffffffffffffffffffffffffffff"
#define TOKEN_STALE "sssssssssssssssssssssssssssssssssssssssssss"
#define TOKEN_DOWN "ddddddddddddddddddddddddddddddddddddddddddd"
#define CSRF "cccc"

struct ask {
    struct text name;
    int64_t count;
};
static const struct field ask_fields[] = {
    {.name = "name", .kind = FIELD_TEXT, .required = true, .offset = offsetof(struct ask, name)},
    {.name = "count", .kind = FIELD_INT, .max = 9, .offset = offsetof(struct ask, count)},
};
static const struct form ask_form = FORM("Ask", ask_fields, struct ask);

static void say(struct exchange *x, const char *what) {
    struct buf buf;
    buf_init(&buf, x->arena);
    buf_printf(&buf, "%s role=%s city=%.*s base=%.*s", what, role_code(x->call.actor.role),
               TEXT_F(x->call.city == NULL ? TEXT("-") : x->call.city->code), TEXT_F(x->base));
    if (x->body.value != NULL) {
        const struct ask *ask = exchange_body(x);
        buf_printf(&buf, " name=%.*s", TEXT_F(ask->name));
    }
    if (x->query.value != NULL) {
        const struct ask *ask = exchange_query(x);
        buf_printf(&buf, " q=%.*s", TEXT_F(ask->name));
    }
    exchange_page(x, 200, (html_t){buf_text(&buf)});
}

static void show(struct exchange *x) {
    say(x, "show");
}
static void again(struct exchange *x) {
    say(x, "again");
}
static void one(struct exchange *x) {
    (void)exchange_id(x, "id");
    say(x, "one");
}
static void forget(struct exchange *x) {
    (void)x;
}
static void next(struct exchange *x) {
    exchange_redirect(x, exchange_link(x, "/next"));
}

/* As a service would: the stored answer for a known key, a fresh one otherwise. */
static void render(void *ctx, struct arena *arena, const void *outcome, struct idem_answer *ret_answer) {
    struct exchange *x = ctx;
    struct buf buf;
    struct json_out json;
    buf_init(&buf, arena);
    json_out_init(&json, &buf);
    json_put_object(&json, NULL);
    json_put_int(&json, "n", *(const int *)outcome);
    json_put_bool(&json, "key", x->call.idem != NULL);
    json_put_object_end(&json);
    answer_json(ret_answer, 201, &buf);
}

static void change(struct exchange *x) {
    int outcome = 7;
    exchange_will_render(x, render);
    if (x->call.idem != NULL && text_is(x->idem.key, "used")) {
        x->idem.replayed = true;
        x->idem.answer =
            (struct idem_answer){201, TEXT(""), TEXT("application/json"), TEXT("{\"stored\":1}")};
    } else if (x->call.idem != NULL && text_is(x->idem.key, "other")) {
        x->idem.mismatch = true;
    } else if (x->call.idem != NULL) {
        x->idem.render(x->idem.ctx, x->arena, &outcome, &x->idem.answer);
    }
    exchange_done(x, RC_OK, &outcome);
}

static void race(struct exchange *x) {
    exchange_failed(x, RC_RACE);
}

static const struct route rows[] = {
    {HTTP_GET, "/", show, .roles = FOR_ALL},
    {HTTP_GET, "/static/x", show, .roles = FOR_ALL, .cityless = true, .cache = CACHE_FOREVER},
    {HTTP_GET, "/search", show, .roles = FOR_ALL, .query = &ask_form, .cache = CACHE_CITY},
    {HTTP_GET, "/me", show, .roles = FOR_RESIDENT},
    {HTTP_GET, "/me/{id}", one, .roles = FOR_RESIDENT},
    {HTTP_GET, "/forget", forget, .roles = FOR_ALL},
    {HTTP_POST, "/login", next, .roles = FOR_ALL, .form = &ask_form, .again = again},
    {HTTP_POST, "/me", show, .roles = FOR_RESIDENT, .form = &ask_form, .again = again},
    {HTTP_POST, "/race", race, .roles = FOR_RESIDENT},
    {HTTP_GET, "/api/v1/search", show, .roles = FOR_ALL, .query = &ask_form, .cache = CACHE_CITY},
    {HTTP_GET, "/api/v1/me", show, .roles = FOR_RESIDENT, .summary = "Me"},
    {HTTP_POST, "/api/v1/things", change, .roles = FOR_RESIDENT, .form = &ask_form,
     .idempotency = IDEM_REQUIRED, .success = 201},
    {HTTP_POST, "/api/v1/small", change, .roles = FOR_RESIDENT, .idempotency = IDEM_ACCEPTED},
};
static const struct route_table table = ROUTES(rows);
static const struct route_table *const tables[] = {&table, &openapi_routes};

static enum rc session(void *ctx, struct call *call, struct text token, struct session *ret_session) {
    (void)ctx;
    *ret_session = (struct session){.csrf = TEXT(CSRF)};
    ret_session->actor.role = text_is(token, TOKEN_FACILITY) ? ROLE_FACILITY : ROLE_RESIDENT;
    call->fault = 0;
    if (text_is(token, TOKEN_DOWN)) {
        return RC_FAULT;
    }
    return text_is(token, TOKEN_RESIDENT) || text_is(token, TOKEN_FACILITY) ? RC_OK : RC_NONE;
}

static uint64_t commits;
static uint64_t version(void *ctx) {
    (void)ctx;
    return commits;
}

static struct arena arena;
static struct env_test clock_state;
static struct env env;
static struct house house;
static struct web web;

static int set_up(void **state) {
    (void)state;
    arena_init(&arena, (size_t)256 << 20);
    env = env_test(&clock_state);
    house = (struct house){.env = &env, .public_url = TEXT("https://sango.example.jp"), .city_count = 2};
    house.cities[0] = (struct house_city){.id = {1}, .code = TEXT("hirakata")};
    house.cities[1] = (struct house_city){.id = {2}, .code = TEXT("neyagawa")};
    web = (struct web){.house = &house, .version = version, .guard = {.session = session}};
    web.routes = route_tree_build(&arena, tables, COUNT(tables));
    web.cache = page_cache_make((struct page_cache_limits){0});
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    page_cache_release(web.cache);
    arena_release(&arena);
    return 0;
}

/* "Name: value" lines; Cookie among them is split as the server does. */
static struct http_request request_of(enum http_method method, const char *target, const char *headers,
                                      const char *body) {
    struct http_request request = {.method = method,
                                   .arena = &arena,
                                   .host = TEXT("hirakata.example.jp"),
                                   .authority = TEXT("hirakata.example.jp"),
                                   .peer = TEXT("192.0.2.1"),
                                   .body = text_of(body)};
    struct text t = text_of(target);
    size_t mark = text_index(t, '?');
    request.path = text_part(t, 0, mark);
    request.query = text_part(t, mark + 1, t.n);
    struct http_field *fields = arena_array(&arena, struct http_field, 16);
    struct http_field *cookies = arena_array(&arena, struct http_field, 16);
    struct text rest = text_of(headers);
    struct text line;
    while (text_next(&rest, '\n', &line) && line.n > 0) {
        size_t colon = text_index(line, ':');
        fields[request.header_count] =
            (struct http_field){text_part(line, 0, colon), text_trim(text_part(line, colon + 1, line.n))};
        struct text value = fields[request.header_count++].value;
        while (text_starts(line, TEXT("Cookie:")) &&
               http_cookie_next(&value, &cookies[request.cookie_count])) {
            request.cookie_count++;
        }
    }
    request.headers = fields;
    request.cookies = cookies;
    return request;
}

static struct http_response ask_site(enum http_method method, const char *target, const char *headers,
                                     const char *body) {
    struct http_request request = request_of(method, target, headers, body);
    struct http_response response = {0};
    web_answer(&web, &request, &response);
    return response;
}

static struct text extra(const struct http_response *response, const char *name) {
    for (size_t i = 0; i < response->extra_count; i++) {
        if (text_is(response->extra[i].name, name)) {
            return response->extra[i].value;
        }
    }
    return TEXT("");
}

static void done(struct http_response *response) {
    if (response->release != NULL) {
        response->release(response->owner);
    }
}

#define FORM_TYPE "Content-Type: application/x-www-form-urlencoded\n"
#define JSON_TYPE "Content-Type: application/json\n"
#define RESIDENT "Cookie: sango=" TOKEN_RESIDENT "\n"
#define BEARER "Authorization: Bearer " TOKEN_RESIDENT "\n"
#define KEY "Idempotency-Key: k1\n"

static void test_table(void **state) {
    (void)state;
    static const struct {
        enum http_method method;
        const char *target;
        const char *headers;
        const char *body;
        int status;
        const char *says; /* somewhere in the body */
        const char *location;
    } cases[] = {
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
        {HTTP_GET, "/me", "Cookie: sango=" TOKEN_DOWN "\n", "", 500, "", NULL},
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
        {HTTP_POST, "/me", FORM_TYPE RESIDENT "Origin: http://hirakata.example.jp\n", "name=a&_csrf=" CSRF,
         200, "", NULL},
        {HTTP_POST, "/me", FORM_TYPE RESIDENT "Origin: https://sango.example.jp\n", "name=a&_csrf=" CSRF, 200,
         "", NULL},
        {HTTP_POST, "/me", FORM_TYPE RESIDENT "Sec-Fetch-Site: cross-site\n", "name=a&_csrf=" CSRF, 403, "",
         NULL},
        {HTTP_POST, "/me", FORM_TYPE RESIDENT "Sec-Fetch-Site: same-site\n", "name=a&_csrf=" CSRF, 403, "",
         NULL},
        {HTTP_POST, "/me", FORM_TYPE RESIDENT "Sec-Fetch-Site: same-origin\n", "name=a&_csrf=" CSRF, 200, "",
         NULL},
        {HTTP_POST, "/login", FORM_TYPE, "name=a", 303, "", "/next"},
        {HTTP_POST, "/c/neyagawa/login", FORM_TYPE, "name=a", 303, "", "/c/neyagawa/next"},
        {HTTP_POST, "/login", FORM_TYPE "Origin: https://evil.example\n", "name=a", 403, "", NULL},
        {HTTP_POST, "/api/v1/things", JSON_TYPE RESIDENT KEY, "{\"name\":\"a\"}", 403, "csrf", NULL},
        {HTTP_POST, "/api/v1/things", JSON_TYPE RESIDENT KEY "X-CSRF-Token: " CSRF "\n", "{\"name\":\"a\"}",
         201, "", NULL},
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
        {HTTP_POST, "/api/v1/things", JSON_TYPE BEARER, "{\"name\":\"a\"}", 400, "idempotency-key-missing",
         NULL},
        {HTTP_POST, "/api/v1/things", JSON_TYPE BEARER "Idempotency-Key: a b\n", "{\"name\":\"a\"}", 400,
         "idempotency-key-malformed", NULL},
        {HTTP_POST, "/api/v1/things", JSON_TYPE BEARER KEY, "{\"name\":\"a\"}", 201, "{\"n\":7,\"key\":true}",
         NULL},
        {HTTP_POST, "/api/v1/things", JSON_TYPE BEARER "Idempotency-Key: used\n", "{\"name\":\"a\"}", 201,
         "{\"stored\":1}", NULL},
        {HTTP_POST, "/api/v1/things", JSON_TYPE BEARER "Idempotency-Key: other\n", "{\"name\":\"a\"}", 422,
         "idempotency-mismatch", NULL},
        {HTTP_POST, "/race", FORM_TYPE RESIDENT, "_csrf=" CSRF, 412, "", NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct http_response response =
            ask_site(cases[i].method, cases[i].target, cases[i].headers, cases[i].body);
        bool right = response.status == cases[i].status && text_has(response.body, text_of(cases[i].says)) &&
                     (cases[i].location == NULL || text_is(extra(&response, "Location"), cases[i].location));
        if (!right) {
            print_error("case %zu %s: %d %.*s %.*s\n", i, cases[i].target, response.status,
                        TEXT_F(response.body), TEXT_F(extra(&response, "Location")));
            fail();
        }
        done(&response);
    }
}

static void test_headers(void **state) {
    (void)state;
    struct http_response response = ask_site(HTTP_DELETE, "/me", "", "");
    assert_true(text_is(extra(&response, "Allow"), "GET, HEAD, POST"));
    response = ask_site(HTTP_GET, "/api/v1/me", "", "");
    assert_true(text_is(extra(&response, "WWW-Authenticate"), "Bearer"));
    assert_true(text_is(response.type, "application/problem+json"));
    response = ask_site(HTTP_GET, "/me", "Cookie: sango=" TOKEN_STALE "\n", "");
    assert_true(text_starts(extra(&response, "Set-Cookie"), TEXT("sango=; Path=/; Max-Age=0")));
    response = ask_site(HTTP_GET, "/static/x", "", "");
    assert_true(text_has(response.cache_control, TEXT("immutable")));
    response = ask_site(HTTP_GET, "/me", RESIDENT, "");
    assert_int_equal(response.cache_control.n, 0);
}

/* The same key and fields from a form shown twice are one request; other fields, path or city are another. */
static struct text hash_kept;
static enum rc session_spy(void *ctx, struct call *call, struct text token, struct session *ret_session) {
    return session(ctx, call, token, ret_session);
}

static void keep_hash(struct exchange *x) {
    hash_kept = x->idem.request_hash;
    exchange_empty(x);
}

static const struct route spy_rows[] = {
    {HTTP_POST, "/do", keep_hash, .roles = FOR_RESIDENT, .form = &ask_form, .idempotency = IDEM_REQUIRED}};
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
    struct web spy = web;
    spy.routes = route_tree_build(&arena, spy_tables, 1);
    spy.guard.session = session_spy;
    struct text first = TEXT("");
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct http_request request =
            request_of(HTTP_POST, cases[i].target, FORM_TYPE RESIDENT, cases[i].body);
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

static bool cached(const char *target, const char *headers) {
    struct http_request request = request_of(HTTP_GET, target, headers, "");
    struct http_response response = {0};
    struct http_hooks hooks = web_hooks(&web);
    bool hit = hooks.quick(hooks.ctx, &request, &response);
    done(&response);
    return hit;
}

static void test_cache(void **state) {
    (void)state;
    const char *target = "/search?name=cache";
    assert_false(cached(target, ""));
    struct http_response response = ask_site(HTTP_GET, target, RESIDENT, "");
    assert_true(text_has(response.body, TEXT("role=resident")));
    assert_false(cached(target, "")); /* what a signed-in person saw is never kept */
    response = ask_site(HTTP_GET, target, "", "");
    struct text etag = text_copy(&arena, extra(&response, "ETag"));
    assert_true(etag.n > 0 && text_is(response.cache_control, "no-cache"));
    done(&response);
    assert_true(cached(target, ""));
    assert_false(cached(target, RESIDENT));
    assert_false(cached(target, "Cookie: theme=dark\n"));
    assert_true(cached(target, "Cookie: theme=rubbish\n"));
    assert_false(cached("/search?name=other", ""));
    assert_false(cached("/c/neyagawa/search?name=cache", ""));
    struct http_request request =
        request_of(HTTP_GET, target, text_printf(&arena, "If-None-Match: \"x\", %.*s\n", TEXT_F(etag)).p, "");
    struct http_hooks hooks = web_hooks(&web);
    assert_true(hooks.quick(hooks.ctx, &request, &response));
    assert_int_equal(response.status, 304);
    assert_int_equal(response.body.n, 0);
    done(&response);
    commits++;
    assert_false(cached(target, ""));
    response = ask_site(HTTP_GET, target, "", "");
    done(&response);
    assert_true(cached(target, ""));
    clock_state.now_ms += 61000;
    assert_false(cached(target, ""));
}

static void test_openapi(void **state) {
    (void)state;
    struct http_response response = ask_site(HTTP_GET, "/api/openapi.json", "", "");
    assert_int_equal(response.status, 200);
    assert_true(text_has(response.body, TEXT("\"/things\":{\"post\":")));
    assert_true(text_has(response.body, TEXT("\"$ref\":\"#/components/schemas/Ask\"")));
    assert_false(text_has(response.body, TEXT("\"/login\"")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table), cmocka_unit_test(test_headers), cmocka_unit_test(test_request_hash),
        cmocka_unit_test(test_next),  cmocka_unit_test(test_cache),   cmocka_unit_test(test_openapi),
    };
    return cmocka_run_group_tests_name("web/guard", tests, set_up, tear_down);
}
