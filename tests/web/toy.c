#include "web/toy.h"

#include "db/db.h"
#include "web/openapi.h"

struct ask {
    struct text name;
    int64_t count;
};
static const struct field ask_fields[] = {
    {.name = "name", .kind = FIELD_TEXT, .required = true, .offset = offsetof(struct ask, name)},
    {.name = "count", .kind = FIELD_INT, .max = 9, .offset = offsetof(struct ask, count)},
};
const struct form toy_ask_form = FORM("Ask", ask_fields, struct ask);

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

static void busy(struct exchange *x) {
    x->call.fault = DB_BUSY;
    exchange_failed(x, RC_FAULT);
}

static void race(struct exchange *x) {
    exchange_failed(x, RC_RACE);
}

static const struct route rows[] = {
    {HTTP_GET, "/", show, .roles = FOR_ALL},
    {HTTP_GET, "/static/x", show, .roles = FOR_ALL, .cityless = true, .cache = CACHE_FOREVER},
    {HTTP_GET, "/search", show, .roles = FOR_ALL, .query = &toy_ask_form, .cache = CACHE_CITY},
    {HTTP_GET, "/me", show, .roles = FOR_RESIDENT},
    {HTTP_GET, "/me/{id}", one, .roles = FOR_RESIDENT},
    {HTTP_GET, "/forget", forget, .roles = FOR_ALL},
    {HTTP_POST, "/login", next, .roles = FOR_ALL, .form = &toy_ask_form, .again = again},
    {HTTP_POST, "/me", show, .roles = FOR_RESIDENT, .form = &toy_ask_form, .again = again},
    {HTTP_POST, "/race", race, .roles = FOR_RESIDENT},
    {HTTP_POST, "/busy", busy, .roles = FOR_RESIDENT, .form = &toy_ask_form},
    {HTTP_GET, "/api/v1/search", show, .roles = FOR_ALL, .query = &toy_ask_form, .cache = CACHE_CITY},
    {HTTP_GET, "/api/v1/me", show, .roles = FOR_RESIDENT, .summary = "Me"},
    {HTTP_POST, "/api/v1/things", change, .roles = FOR_RESIDENT, .form = &toy_ask_form,
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
        call->fault = DB_BUSY;
        return RC_FAULT;
    }
    return text_is(token, TOKEN_RESIDENT) || text_is(token, TOKEN_FACILITY) ? RC_OK : RC_NONE;
}

uint64_t toy_commits;
static bool near(const struct house *house, struct city_id city, struct version *ret_version) {
    (void)house;
    (void)city;
    *ret_version = (struct version){toy_commits, toy_commits};
    return true;
}
static const struct keep_versions versions = {.near = near};

struct arena toy_arena;
struct env_test toy_clock;
static struct env env;
static struct house house;
struct web toy_web;

int toy_set_up(void **state) {
    (void)state;
    arena_init(&toy_arena, (size_t)256 << 20);
    env = env_test(&toy_clock);
    house = (struct house){.env = &env, .public_url = TEXT("https://sango.example.jp")};
    house_open(&house, &toy_arena);
    bool put = house_city_put(&house, &(struct house_city){.id = {1}, .code = TEXT("hirakata")}, NULL) &&
               house_city_put(&house, &(struct house_city){.id = {2}, .code = TEXT("neyagawa")}, NULL);
    toy_web = (struct web){.house = &house, .versions = &versions, .guard = {.session = session}};
    toy_web.routes = route_tree_build(&toy_arena, tables, COUNT(tables));
    toy_web.cache = page_cache_make((struct page_cache_limits){0});
    return put ? 0 : -1;
}

int toy_tear_down(void **state) {
    (void)state;
    page_cache_release(toy_web.cache);
    house_close(&house);
    arena_release(&toy_arena);
    return 0;
}

struct http_request toy_request(enum http_method method, const char *target, const char *headers,
                                const char *body) {
    struct http_request request = {.method = method,
                                   .arena = &toy_arena,
                                   .host = TEXT("hirakata.example.jp"),
                                   .authority = TEXT("hirakata.example.jp"),
                                   .peer = TEXT("192.0.2.1"),
                                   .body = text_of(body)};
    struct text t = text_of(target);
    size_t mark = text_index(t, '?');
    request.path = text_part(t, 0, mark);
    request.query = text_part(t, mark + 1, t.n);
    struct http_field *fields = arena_array(&toy_arena, struct http_field, 16);
    struct http_field *cookies = arena_array(&toy_arena, struct http_field, 16);
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

struct http_response toy_ask(enum http_method method, const char *target, const char *headers,
                             const char *body) {
    struct http_request request = toy_request(method, target, headers, body);
    struct http_response response = {0};
    web_answer(&toy_web, &request, &response);
    return response;
}

struct text toy_extra(const struct http_response *response, const char *name) {
    for (size_t i = 0; i < response->extra_count; i++) {
        if (text_is(response->extra[i].name, name)) {
            return response->extra[i].value;
        }
    }
    return TEXT("");
}

void toy_done(struct http_response *response) {
    if (response->release != NULL) {
        response->release(response->owner);
    }
}
