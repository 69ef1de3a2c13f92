#include "web/desk.h"

#include <semaphore.h>
#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <jansson.h>

#include "base/buf.h"
#include "db/wait.h"
#include "service/session.h"
#include "web/openapi.h"
#include "web/quick.h"
#include "web/unready.h"
#include "web/web.h"

enum { ARENA_LIMIT = 256 << 20, HEADERS_MAX = 12, TARGET_MAX = 1024 };

void desk_setup(struct desk *desk, struct engine *engine) {
    desk_setup_with(desk, engine, TEXT(""));
}

void desk_setup_with(struct desk *desk, struct engine *engine, struct text profile_json) {
    memset(desk, 0, sizeof *desk);
    if (unready_wanted()) {
        unready_open(engine);
    }
    fixture_setup_with(&desk->fx, engine, profile_json);
    arena_init(&desk->arena, ARENA_LIMIT);
    desk->web = app_make(&desk->fx.arena, &desk->fx.house);
}

void desk_teardown(struct desk *desk) {
    json_decref(desk->document);
    app_release(desk->web);
    arena_release(&desk->arena);
    fixture_teardown(&desk->fx);
}

struct asker desk_sign_in(struct desk *desk, struct account_id account, bool browser) {
    struct call call = fixture_call(&desk->fx, (struct caller){0});
    struct session_opened opened = {0};
    assert_int_equal(session_issue(&call, account, !browser, 12 * 3600, &opened), RC_OK);
    return (struct asker){text_copy(&desk->arena, opened.token), text_copy(&desk->arena, opened.csrf),
                          browser};
}

struct text desk_printf(struct desk *desk, const char *fmt, ...) {
    char text[8192];
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    assert_true(n >= 0 && (size_t)n < sizeof text);
    return text_copy(&desk->arena, (struct text){text, (size_t)n});
}

struct text desk_id(struct desk *desk, int64_t id) {
    return id_format(&desk->arena, id);
}

struct text desk_target(struct desk *desk, const struct route *route, const char *id) {
    struct buf buf;
    bool inside = false;
    buf_init(&buf, &desk->arena);
    for (const char *p = route->path; *p != '\0'; p++) {
        if (*p == '{') {
            inside = true;
            buf_putz(&buf, id);
        } else if (!inside) {
            buf_putc(&buf, *p);
        }
        inside = inside && *p != '}';
    }
    return buf_text(&buf);
}

/* ---- what the OpenAPI document says of an answer ---- */

static const json_t *follow(const json_t *root, const json_t *schema) {
    const char *ref = json_string_value(json_object_get(schema, "$ref"));
    const char *prefix = "#/components/schemas/";
    if (ref == NULL) {
        return schema;
    }
    assert_int_equal(strncmp(ref, prefix, strlen(prefix)), 0);
    const json_t *schemas = json_object_get(json_object_get(root, "components"), "schemas");
    return json_object_get(schemas, ref + strlen(prefix));
}

static bool fits(const json_t *root, const json_t *schema, const json_t *value);

static bool object_fits(const json_t *root, const json_t *schema, const json_t *value) {
    size_t i;
    json_t *name;
    const char *key;
    json_t *member;
    const json_t *properties = json_object_get(schema, "properties");
    json_array_foreach(json_object_get(schema, "required"), i, name) {
        if (json_object_get(value, json_string_value(name)) == NULL) {
            print_message("missing: %s\n", json_string_value(name));
            return false;
        }
    }
    json_object_foreach((json_t *)(uintptr_t)value, key, member) {
        const json_t *of = json_object_get(properties, key);
        if (properties != NULL && (of == NULL || !fits(root, of, member))) {
            print_message("not as documented: %s\n", key);
            return false;
        }
    }
    return true;
}

static bool fits(const json_t *root, const json_t *schema, const json_t *value) {
    schema = follow(root, schema);
    const char *type = json_string_value(json_object_get(schema, "type"));
    size_t i;
    json_t *item;
    if (type == NULL) {
        return true;
    }
    if (strcmp(type, "array") == 0) {
        json_array_foreach(value, i, item) {
            if (!fits(root, json_object_get(schema, "items"), item)) {
                return false;
            }
        }
        return json_is_array(value);
    }
    return strcmp(type, "object") == 0    ? json_is_object(value) && object_fits(root, schema, value)
           : strcmp(type, "integer") == 0 ? json_is_integer(value)
           : strcmp(type, "boolean") == 0 ? json_is_boolean(value)
                                          : json_is_string(value);
}

/* Every answer of the API that a test gets is held against the document. */
static void hold_against_document(struct desk *desk, const struct send *send, const struct answer *answer) {
    struct text target = text_of(send->target);
    struct text path = text_part(target, 0, text_index(target, '?'));
    const struct route *route = route_find(desk->web->routes, send->method, path).route;
    if (route == NULL || !text_starts(path, TEXT("/api/v1/")) || answer->status >= 300 ||
        answer->status == 204) {
        return;
    }
    if (desk->document == NULL) {
        struct text text = openapi_json(&desk->arena, desk->web->routes);
        desk->document = json_loadb(text.p, text.n, 0, NULL);
    }
    struct text method = text_lower(&desk->arena, text_of(http_method_name(send->method)));
    const json_t *at =
        json_object_get(json_object_get(desk->document, "paths"), route->path + strlen("/api/v1"));
    at = json_object_get(json_object_get(at, method.p), "responses");
    at = json_object_get(at, desk_printf(desk, "%d", answer->status).p);
    at = json_object_get(json_object_get(json_object_get(at, "content"), "application/json"), "schema");
    json_t *value = json_loadb(answer->body.p, answer->body.n, 0, NULL);
    bool good = at != NULL && value != NULL && fits(desk->document, at, value);
    if (!good) {
        print_message("%s %s %d is not as documented: %.*s\n", method.p, route->path, answer->status,
                      TEXT_F(answer->body));
    }
    assert_true(good);
    json_decref(value);
}

/* ---- a request ---- */

struct building {
    struct http_request request;
    struct http_field headers[HEADERS_MAX];
    struct http_field cookie;
};

static void header_add(struct building *b, const char *name, struct text value) {
    assert_true(b->request.header_count < HEADERS_MAX);
    b->headers[b->request.header_count++] = (struct http_field){text_of(name), value};
}

static bool under_api(const char *target) {
    return strncmp(target, "/api/", 5) == 0;
}

static void put_asker(struct desk *desk, struct building *b, const struct asker *asker, const char *target) {
    if (asker == NULL || asker->token.n == 0) {
        return;
    }
    if (asker->browser) {
        b->cookie = (struct http_field){TEXT("sango"), asker->token};
        b->request.cookies = &b->cookie;
        b->request.cookie_count = 1;
        if (under_api(target)) {
            header_add(b, "X-CSRF-Token", asker->csrf);
        }
    } else {
        header_add(b, "Authorization", text_join(&desk->arena, TEXT("Bearer "), asker->token));
    }
}

static struct text make_key(struct desk *desk) {
    return desk_printf(desk, "key-%llu-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
                       (unsigned long long)++desk->keys);
}

static struct text body_of(struct desk *desk, const struct asker *asker, const struct send *send) {
    bool page = !under_api(send->target) && send->method == HTTP_POST && send->type == NULL;
    if (!page) {
        return send->body;
    }
    struct text csrf = asker == NULL ? TEXT("") : desk_printf(desk, "_csrf=%.*s&", TEXT_F(asker->csrf));
    if (text_starts(send->body, TEXT("_key="))) {
        return text_join(&desk->arena, csrf, send->body);
    }
    struct text key = send->key == NULL ? make_key(desk) : text_of(send->key);
    return desk_printf(desk, "%.*s_key=%.*s%s%.*s", TEXT_F(csrf), TEXT_F(key), send->body.n > 0 ? "&" : "",
                       TEXT_F(send->body));
}

static void put_headers(struct desk *desk, struct building *b, const struct send *send) {
    bool api = under_api(send->target);
    bool sends = send->method != HTTP_GET && send->method != HTTP_HEAD;
    if (sends) {
        const char *usual = api ? "application/json" : "application/x-www-form-urlencoded";
        header_add(b, "Content-Type", text_of(send->type == NULL ? usual : send->type));
    }
    if (api && sends && (send->key == NULL || send->key[0] != '\0')) {
        header_add(b, "Idempotency-Key", send->key == NULL ? make_key(desk) : text_of(send->key));
    }
    for (size_t i = 0; i + 1 < COUNT(send->headers) && send->headers[i] != NULL; i += 2) {
        header_add(b, send->headers[i], text_of(send->headers[i + 1]));
    }
}

static const struct http_request *build(struct desk *desk, const struct asker *asker,
                                        const struct send *send) {
    struct building *b = arena_new(&desk->arena, struct building);
    struct text target = text_of(send->target);
    size_t mark = text_index(target, '?');
    b->request = (struct http_request){.method = send->method,
                                       .query = text_part(target, mark + 1, target.n),
                                       .host = TEXT("sango.example.jp"),
                                       .authority = TEXT("sango.example.jp"),
                                       .peer = TEXT("192.0.2.7"),
                                       .headers = b->headers,
                                       .arena = &desk->arena};
    assert_true(http_unescape(&desk->arena, text_part(target, 0, mark), false, &b->request.path));
    put_asker(desk, b, asker, send->target);
    put_headers(desk, b, send);
    b->request.body = body_of(desk, asker, send);
    return &b->request;
}

static struct answer taken(struct desk *desk, struct http_response *response) {
    struct answer answer = {.status = response->status,
                            .type = response->type,
                            .body = http_response_text(&desk->arena, response),
                            .response = response};
    if (response->release != NULL) { /* lent by the page cache */
        for (size_t i = 0; i < response->extra_count; i++) {
            response->extra[i].value = text_copy(&desk->arena, response->extra[i].value);
        }
        response->release(response->owner);
    }
    answer.location = desk_header(&answer, "Location");
    assert_true(answer.status >= 200 && answer.status < 600);
    return answer;
}

static struct answer send_once(struct desk *desk, const struct http_request *request) {
    struct http_response *response = arena_new(&desk->arena, struct http_response);
    web_answer(desk->web, request, response);
    return taken(desk, response);
}

struct answer desk_send(struct desk *desk, const struct asker *asker, const struct send *send) {
    const struct http_request *request = build(desk, asker, send);
    struct answer answer =
        unready_wanted() ? unready_send(desk, request, send_once) : send_once(desk, request);
    hold_against_document(desk, send, &answer);
    return answer;
}

static void looked(void *ctx, bool recorded) {
    assert_true(recorded);
    sem_post(ctx);
}

struct round {
    struct round_wait wait;
    struct own_unseen *unseen;
    struct http_response *response;
    sem_t done;
    bool made;
};

static void made(struct round_wait *wait, const struct page_piece *piece) {
    struct round *round = (struct round *)wait;
    round->made = piece != NULL;
    if (round->made) {
        own_made(round->unseen, piece, round->response);
    }
    sem_post(&round->done);
}

static bool wait_round(struct desk *desk, const struct http_request *request, struct own_unseen *unseen,
                       struct http_response *response) {
    struct round round = {{unseen->round_key, request, made, NULL}, unseen, response};
    sem_init(&round.done, 0, 0);
    rounds_join(desk->web->rounds, &round.wait);
    assert_int_equal(sem_wait(&round.done), 0);
    sem_destroy(&round.done);
    return round.made;
}

static void record(struct audit_looks *looks) {
    sem_t done;
    sem_init(&done, 0, 0);
    audit_looks_ask(looks, looked, &done);
    assert_int_equal(sem_wait(&done), 0);
    sem_destroy(&done);
}

bool desk_quick(struct desk *desk, const struct asker *asker, const char *target, struct answer *ret_answer) {
    struct http_response *response = arena_new(&desk->arena, struct http_response);
    const struct http_request *request =
        build(desk, asker, &(struct send){.method = HTTP_GET, .target = target});
    const struct route *route = route_find(desk->web->routes, HTTP_GET, request->path).route;
    struct own_unseen *unseen = NULL;
    struct version version;
    if (!desk->web->versions->wait(desk->web->house, desk->fx.city->id, &version)) {
        return false;
    }
    enum http_quick says = quick_answer(desk->web, request, route, &version, response, &unseen);
    if (says == HTTP_UNKNOWN) {
        return false;
    }
    assert_int_equal(unseen != NULL, says == HTTP_SOON);
    if (unseen != NULL) {
        record(unseen->looks);
        if (unseen->round_key.n > 0 && !wait_round(desk, request, unseen, response)) {
            return false;
        }
        own_show(unseen, &desk->arena, desk->web->house->env, response);
    }
    assert_int_equal(quick_answer(desk->web, request, route, NULL, response, &unseen), HTTP_SOON);
    assert_null(unseen); /* the version first */
    *ret_answer = taken(desk, response);
    return true;
}

bool desk_quick_soon(struct desk *desk, const struct asker *asker, const char *target,
                     struct answer *ret_answer) {
    enum { TRIES = 600, PAUSE_MS = 100 };
    bool quick = desk_quick(desk, asker, target, ret_answer);
    for (int tries = 0; !quick && tries < TRIES; tries++) {
        wait_sleep_ms(PAUSE_MS);
        assert_int_equal(desk_get(desk, asker, target).status, 200);
        quick = desk_quick(desk, asker, target, ret_answer);
    }
    return quick;
}

struct answer desk_get(struct desk *desk, const struct asker *asker, const char *target) {
    return desk_send(desk, asker, &(struct send){.method = HTTP_GET, .target = target});
}

struct answer desk_post(struct desk *desk, const struct asker *asker, const char *target, struct text body) {
    return desk_send(desk, asker, &(struct send){.method = HTTP_POST, .target = target, .body = body});
}

struct answer desk_follow(struct desk *desk, const struct asker *asker, const struct answer *answer) {
    assert_int_equal(answer->status, 303);
    return desk_get(desk, asker, text_copy(&desk->arena, answer->location).p);
}

struct text desk_header(const struct answer *answer, const char *name) {
    for (size_t i = 0; i < answer->response->extra_count; i++) {
        if (text_is(answer->response->extra[i].name, name)) {
            return answer->response->extra[i].value;
        }
    }
    return TEXT("");
}

/* ---- what came back ---- */

static void say(const struct answer *answer, const char *what) {
    print_error("%s: %d %.*s\n", what, answer->status, TEXT_F(answer->location));
    fprintf(stderr, "%.*s\n", TEXT_F(answer->body)); /* cmocka's would cut it short */
}

void desk_has(const struct answer *answer, const char *words) {
    if (!text_has(answer->body, text_of(words))) {
        say(answer, words);
        fail_msg("lacks %s", words);
    }
}

void desk_lacks(const struct answer *answer, const char *words) {
    if (text_has(answer->body, text_of(words))) {
        say(answer, words);
        fail_msg("has %s", words);
    }
}

void desk_problem(const struct answer *answer, int status, const char *code) {
    if (answer->status != status || !text_is(desk_code(answer), code)) {
        say(answer, code);
        fail_msg("expected %d %s", status, code);
    }
}

void desk_expect(const struct answer *answer, int status, const char *says) {
    struct text words = text_of(says);
    bool found = status == 303 ? text_starts(answer->location, words) : text_has(answer->body, words);
    if (answer->status != status || !found) {
        say(answer, says);
        fail_msg("expected %d with %s", status, says);
    }
}

struct text desk_input(const struct answer *answer, const char *name) {
    static const struct text key = TEXT_INIT("value=\"");
    char mark[80];
    int n = snprintf(mark, sizeof mark, "name=\"%s\"", name);
    assert_true(n > 0 && (size_t)n < sizeof mark);
    struct text rest = answer->body;
    for (; rest.n > 0 && !text_starts(rest, text_of(mark)); rest = text_part(rest, 1, rest.n)) {
    }
    for (; rest.n > 0 && !text_starts(rest, key); rest = text_part(rest, 1, rest.n)) {
    }
    rest = text_part(rest, key.n, rest.n);
    return text_part(rest, 0, text_index(rest, '"'));
}

struct text desk_member(const struct answer *answer, const char *name) {
    static char texts[8][512]; /* as many may be compared at once */
    static unsigned next;
    char *text = texts[next++ % COUNT(texts)];
    json_t *root = json_loadb(answer->body.p, answer->body.n, JSON_REJECT_DUPLICATES, NULL);
    const json_t *value = json_object_get(root, name);
    int n = 0;
    if (json_is_string(value)) {
        n = snprintf(text, sizeof texts[0], "%s", json_string_value(value));
    } else if (json_is_integer(value)) {
        n = snprintf(text, sizeof texts[0], "%lld", (long long)json_integer_value(value));
    } else if (json_is_boolean(value)) {
        n = snprintf(text, sizeof texts[0], "%s", json_is_true(value) ? "true" : "false");
    } else if (value != NULL) {
        n = snprintf(text, sizeof texts[0], "%s", json_is_null(value) ? "null" : "…");
    }
    json_decref(root);
    return (struct text){text, (size_t)n};
}

struct text desk_code(const struct answer *answer) {
    return text_is(answer->type, "application/problem+json") ? desk_member(answer, "code") : TEXT("");
}
