#include "web/visit.h"

#include <stdio.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "service/session.h"

enum { SITE_LIMIT = 16 << 20, PAGES_LIMIT = 512 << 20, DAY_SECONDS = 24 * 3600 };

void visit_setup(struct visit *v, struct engine *engine) {
    visit_setup_with(v, engine, TEXT(""));
}

void visit_setup_with(struct visit *v, struct engine *engine, struct text profile_json) {
    fixture_setup_with(&v->fx, engine, profile_json);
    arena_init(&v->arena, SITE_LIMIT);
    arena_init(&v->pages, PAGES_LIMIT);
    v->web = app_make(&v->arena, &v->fx.house);
}

void visit_teardown(struct visit *v) {
    app_release(v->web);
    arena_release(&v->pages);
    arena_release(&v->arena);
    fixture_teardown(&v->fx);
}

struct visitor visit_as(struct visit *v, struct account_id account) {
    struct call call = fixture_call(&v->fx, fixture_clock());
    struct session_opened opened;
    assert_int_equal(session_issue(&call, account, false, 30 * DAY_SECONDS, &opened), RC_OK);
    struct text token = text_copy(&v->arena, opened.token);
    return (struct visitor){token, text_copy(&v->arena, opened.csrf),
                            text_printf(&v->arena, "sango=%.*s", TEXT_F(token))};
}

static struct http_response ask(struct visit *v, const struct visitor *who, struct http_request request,
                                struct text target) {
    size_t mark = text_index(target, '?');
    struct http_field *headers = arena_array(&v->pages, struct http_field, 2);
    struct http_field *cookies = arena_array(&v->pages, struct http_field, 1);
    headers[0] = (struct http_field){TEXT("Content-Type"), TEXT("application/x-www-form-urlencoded")};
    request.headers = headers;
    request.header_count = 1;
    if (who != NULL) {
        cookies[0] = (struct http_field){TEXT("sango"), who->token};
        request.cookies = cookies;
        request.cookie_count = 1;
    }
    bool good = http_unescape(&v->pages, text_part(target, 0, mark), false, &request.path);
    assert_true(good);
    request.query = text_part(target, mark + 1, target.n);
    request.host = TEXT("sango.example.jp");
    request.authority = request.host;
    request.peer = TEXT("192.0.2.7");
    request.arena = &v->pages;
    struct http_response response = {0};
    web_answer(v->web, &request, &response);
    if (response.release != NULL) { /* lent by the page cache: a copy outlives it */
        response.body = text_copy(&v->pages, response.body);
        for (size_t i = 0; i < response.extra_count; i++) {
            response.extra[i].value = text_copy(&v->pages, response.extra[i].value);
        }
        response.release(response.owner);
        response.release = NULL;
    }
    return response;
}

struct http_response visit_get(struct visit *v, const struct visitor *who, const char *target) {
    return ask(v, who, (struct http_request){.method = HTTP_GET}, text_of(target));
}

struct http_response visit_post(struct visit *v, const struct visitor *who, const char *target,
                                const char *fields) {
    struct text body =
        who == NULL ? text_of(fields) : text_printf(&v->pages, "_csrf=%.*s&%s", TEXT_F(who->csrf), fields);
    return ask(v, who, (struct http_request){.method = HTTP_POST, .body = body}, text_of(target));
}

struct text visit_header(const struct http_response *response, const char *name) {
    for (size_t i = 0; i < response->extra_count; i++) {
        if (text_is(response->extra[i].name, name)) {
            return response->extra[i].value;
        }
    }
    return TEXT("");
}

void visit_expect(const struct http_response *response, int status, const char *says) {
    struct text words = text_of(says);
    struct text location = visit_header(response, "Location");
    bool found = status == 303 ? text_starts(location, words) : text_has(response->body, words);
    if (response->status != status || !found) {
        print_error("expected %d with %s, got %d %.*s\n", status, says, response->status, TEXT_F(location));
        fprintf(stderr, "%.*s\n", TEXT_F(response->body)); /* cmocka's would cut it short */
        fail();
    }
}

struct http_response visit_follow(struct visit *v, const struct visitor *who,
                                  const struct http_response *response) {
    assert_int_equal(response->status, 303);
    return visit_get(v, who, text_copy(&v->pages, visit_header(response, "Location")).p);
}

struct text visit_input(const struct http_response *response, const char *name) {
    static const struct text key = TEXT_INIT("value=\"");
    char mark[80];
    int n = snprintf(mark, sizeof mark, "name=\"%s\"", name);
    assert_true(n > 0 && (size_t)n < sizeof mark);
    struct text rest = response->body;
    for (; rest.n > 0 && !text_starts(rest, text_of(mark)); rest = text_part(rest, 1, rest.n)) {
    }
    for (; rest.n > 0 && !text_starts(rest, key); rest = text_part(rest, 1, rest.n)) {
    }
    rest = text_part(rest, key.n, rest.n);
    return text_part(rest, 0, text_index(rest, '"'));
}
