/* What is given back when there is too much to do: forms with every word in them, and never a secret. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/buf.h"
#include "web/desk.h"

struct shed {
    const char *path;
    const char *body;
    const char *site; /* Sec-Fetch-Site; NULL: none */
    bool cookie;
    const char *type; /* NULL: urlencoded */
};

static bool shed(struct desk *desk, const struct shed *shed, struct http_response *ret_response) {
    struct http_field headers[] = {
        {TEXT("Content-Type"),
         text_of(shed->type == NULL ? "application/x-www-form-urlencoded" : shed->type)},
        {TEXT("Sec-Fetch-Site"), text_of(shed->site == NULL ? "same-origin" : shed->site)}};
    struct http_field cookie = {TEXT("sango"), TEXT("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")};
    struct http_request request = {.method = HTTP_POST,
                                   .path = text_of(shed->path),
                                   .headers = headers,
                                   .header_count = COUNT(headers),
                                   .cookies = &cookie,
                                   .cookie_count = shed->cookie,
                                   .body = text_of(shed->body),
                                   .arena = &desk->arena};
    struct http_hooks hooks = web_hooks(desk->web);
    *ret_response = (struct http_response){.status = 0};
    return hooks.keep(hooks.ctx, &request, ret_response);
}

/* The hidden fields of the page, as a browser would send them. */
static struct text sent_again(struct desk *desk, struct text page) {
    static const struct text name = TEXT_INIT("<input type=\"hidden\" name=\"");
    struct buf buf;
    buf_init(&buf, &desk->arena);
    for (size_t i = 0; i < page.n; i++) {
        if (!text_starts(text_part(page, i, page.n), name)) {
            continue;
        }
        struct text rest = text_part(page, i + name.n, page.n);
        struct text field = text_part(rest, 0, text_index(rest, '"'));
        rest = text_part(rest, field.n + strlen("\" value=\""), rest.n);
        struct text value = text_part(rest, 0, text_index(rest, '"'));
        buf_printf(&buf, "%s%.*s=%.*s", buf.n > 0 ? "&" : "", TEXT_F(field), TEXT_F(value));
    }
    return buf_text(&buf);
}

static void every_word_comes_back(struct engine *engine) {
    struct desk desk;
    struct http_response page;
    desk_setup(&desk, engine);
    struct shed form = {.path = "/me/book",
                        .body = "_csrf=abc-DEF_123&_key=key-1&care=day&note=plain%20words&note=twice",
                        .cookie = true};
    assert_true(shed(&desk, &form, &page));
    assert_int_equal(page.status, 503);
    assert_true(text_has(page.body, TEXT("<form method=\"post\" action=\"/me/book\">")));
    assert_true(text_has(page.body, TEXT("ただいま混み合っています")));
    assert_true(text_has(page.body, TEXT("二重に受け付けることはありません")));
    assert_true(text_is(sent_again(&desk, page.body),
                        "_csrf=abc-DEF_123&_key=key-1&care=day&note=plain words&note=twice"));
    /* Made without asking who it is: nothing that looks like having been signed out. */
    assert_false(text_has(page.body, TEXT("href=\"/login\"")));
    form.body = "note=%3Cscript%3E%22%26%27&next=%0D%0A%E3%81%82";
    assert_true(shed(&desk, &form, &page));
    assert_false(text_has(page.body, TEXT("<script>\"")));
    assert_true(text_has(page.body, TEXT("value=\"&lt;script&gt;&#34;&amp;&#39;\"")));
    assert_true(text_has(page.body, TEXT("\xe3\x81\x82\"")));
    form.path = "/c/hirakata/me/book";
    assert_true(shed(&desk, &form, &page));
    assert_true(text_has(page.body, TEXT("action=\"/c/hirakata/me/book\"")));
    desk_teardown(&desk);
}

static void secrets_do_not(struct engine *engine) {
    struct desk desk;
    struct http_response page;
    desk_setup(&desk, engine);
    static const struct shed forms[] = {
        {.path = "/login", .body = "login=a%40example.jp&password=tremendous-secret"},
        {.path = "/me/account/password", .body = "password=tremendous-secret&new_password=x", .cookie = true},
        {.path = "/account/reset", .body = "token=abc&password=tremendous-secret"},
        {.path = "/register", .body = "email=a%40example.jp&password=tremendous-secret"},
    };
    for (size_t i = 0; i < COUNT(forms); i++) {
        assert_true(shed(&desk, &forms[i], &page));
        assert_int_equal(page.status, 503);
        assert_false(text_has(page.body, TEXT("tremendous")));
        assert_false(text_has(page.body, TEXT("type=\"hidden\"")));
    }
    assert_true(shed(&desk, &forms[0], &page));
    assert_true(text_has(page.body, TEXT("href=\"/login\">入力のページへ")));
    desk_teardown(&desk);
}

/* The prepared answer does for these; above all, a form sent from elsewhere does not become one of ours. */
static void others_get_the_plain_page(struct engine *engine) {
    struct desk desk;
    struct http_response page;
    desk_setup(&desk, engine);
    static const struct shed others[] = {
        {.path = "/me/book", .body = "care=day", .site = "cross-site", .cookie = true},
        {.path = "/me/book", .body = "care=day"},
        {.path = "/nowhere", .body = "care=day", .cookie = true},
        {.path = "/c/atlantis/me/book", .body = "care=day", .cookie = true},
        {.path = "/api/v1/bookings", .body = "{}", .cookie = true, .type = "application/json"},
    };
    for (size_t i = 0; i < COUNT(others); i++) {
        assert_false(shed(&desk, &others[i], &page));
    }
    static const struct shed unread[] = {
        {.path = "/me/book", .body = "care=%zz", .cookie = true},
        {.path = "/me/book", .body = "care=day", .cookie = true, .type = "application/json"},
    };
    for (size_t i = 0; i < COUNT(unread); i++) {
        assert_true(shed(&desk, &unread[i], &page));
        assert_false(text_has(page.body, TEXT("type=\"hidden\"")));
    }
    char *much = arena_take(&desk.arena, 40000);
    memset(much, 'a', 39999);
    memcpy(much, "note=", 5);
    assert_true(shed(&desk, &(struct shed){.path = "/me/book", .body = much, .cookie = true}, &page));
    assert_false(text_has(page.body, TEXT("aaaa")));
    desk_teardown(&desk);
}

static void prepared(struct engine *engine) {
    struct desk desk;
    desk_setup(&desk, engine);
    const struct http_busy *pages = desk.web->busy.pages;
    assert_true(text_has(pages[BUSY_PAGE].body, TEXT("<h1>ただいま混み合っています</h1>")));
    assert_true(text_has(pages[BUSY_PAGE].body, TEXT("枚方市")));
    assert_true(text_has(pages[BUSY_API].body, TEXT("\"code\":\"busy\"")));
    assert_true(text_is(pages[BUSY_API].type, "application/problem+json"));
    desk_teardown(&desk);
}

/* Whatever hashes a password is of the one class that may hold no more workers than there are slots for it. */
static void classes(struct engine *engine) {
    static const struct {
        enum http_method method;
        const char *path;
        enum route_class class;
    } cases[] = {
        {HTTP_GET, "/livez", CLASS_HEALTH},
        {HTTP_GET, "/readyz", CLASS_HEALTH},
        {HTTP_GET, "/facility", CLASS_STAFF},
        {HTTP_GET, "/facility/bookings/{id}", CLASS_STAFF},
        {HTTP_POST, "/api/v1/bookings/{id}/check-in", CLASS_STAFF},
        {HTTP_POST, "/me/book", CLASS_BOOKING},
        {HTTP_GET, "/me/book/check", CLASS_BOOKING},
        {HTTP_POST, "/api/v1/bookings", CLASS_BOOKING},
        {HTTP_POST, "/login", CLASS_LOGIN},
        {HTTP_POST, "/register", CLASS_LOGIN},
        {HTTP_POST, "/account/reset", CLASS_LOGIN},
        {HTTP_POST, "/me/account/password", CLASS_LOGIN},
        {HTTP_POST, "/api/v1/session", CLASS_LOGIN},
        {HTTP_POST, "/api/v1/accounts", CLASS_LOGIN},
        {HTTP_POST, "/api/v1/accounts/reset", CLASS_LOGIN},
        {HTTP_POST, "/api/v1/me/password", CLASS_LOGIN},
        {HTTP_GET, "/search", CLASS_BROWSE},
        {HTTP_GET, "/api/v1/vacancies", CLASS_BROWSE},
        {HTTP_GET, "/city/statistics.csv", CLASS_EXPORT},
    };
    struct http_class rows[WEB_CLASSES];
    struct desk desk;
    desk_setup(&desk, engine);
    struct http_hooks hooks = web_hooks(desk.web);
    web_classes(8, rows);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct text path = text_of(cases[i].path);
        assert_int_equal(route_class(route_find(desk.web->routes, cases[i].method, path).route),
                         cases[i].class);
        assert_int_equal(hooks.place(hooks.ctx, cases[i].method, path).class, cases[i].class - 1);
    }
    for (size_t i = 0; i < route_count(desk.web->routes); i++) {
        const struct route *route = route_at(desk.web->routes, i);
        bool secret = text_has(text_of(route->path), TEXT("password")) && route->method == HTTP_POST;
        assert_true(!secret || route_class(route) == CLASS_LOGIN);
    }
    assert_int_equal(rows[CLASS_LOGIN - 1].running_max, 2);
    assert_int_equal(rows[CLASS_BROWSE - 1].running_max, 7);
    assert_int_equal(rows[CLASS_HEALTH - 1].running_max, 0);
    desk_teardown(&desk);
}

static void health(struct engine *engine) {
    struct desk desk;
    desk_setup(&desk, engine);
    assert_int_equal(desk_get(&desk, NULL, "/readyz").status, 200);
    assert_int_equal(desk_get(&desk, NULL, "/livez").status, 200);
    desk_teardown(&desk);
}

int main(void) {
    static const struct engine_case cases[] = {ENGINE_CASE(every_word_comes_back),
                                               ENGINE_CASE(secrets_do_not),
                                               ENGINE_CASE(others_get_the_plain_page),
                                               ENGINE_CASE(prepared),
                                               ENGINE_CASE(classes),
                                               ENGINE_CASE(health)};
    return engines_run("web/busy", cases, COUNT(cases), fixture_lists());
}
