#include "web/guard.h"

#include <assert.h>
#include <string.h>

#include "sys/token.h"
#include "web/piece.h"
#include "web/web.h"

enum { KEY_MAX = 200 };

/* ---- route ---- */

static bool is_id_name(struct text name) {
    return text_is(name, "id") || text_ends(name, TEXT("_id"));
}

static bool ids_wellformed(const struct exchange *x) {
    for (size_t i = 0; i < x->match.param_count; i++) {
        int64_t id = 0;
        if (is_id_name(x->match.params[i].name) && !id_parse(x->match.params[i].value, &id)) {
            return false;
        }
    }
    return true;
}

static bool find_route(struct exchange *x) {
    x->match = route_find(x->web->routes, x->request->method, x->path);
    x->route = x->match.route;
    if (x->route == NULL && x->match.path_known) {
        struct text allow = route_allow(x->arena, x->match.allow);
        http_response_add(x->response, "Allow", allow);
        if (x->request->method == HTTP_OPTIONS) {
            exchange_empty(x);
        } else {
            exchange_fail(x, 405, "method-not-allowed");
        }
        return false;
    }
    if (x->route == NULL || (x->call.city == NULL && !x->route->cityless) || !ids_wellformed(x)) {
        exchange_not_found(x);
        return false;
    }
    return true;
}

bool guard_locate(struct exchange *x) {
    if (!guard_find_city(x)) {
        return false;
    }
    x->match = route_find(x->web->routes, x->request->method, x->path);
    x->route = x->match.route;
    return true;
}

/* ---- session ---- */

const char *guard_cookie_name(bool https) {
    return https ? "__Host-sango" : "sango";
}

void guard_cookie_set(struct exchange *x, struct text token, int64_t max_age) {
    http_response_cookie(x->response, x->arena,
                         (struct http_set_cookie){.name = guard_cookie_name(x->request->https),
                                                  .value = token,
                                                  .max_age = token.n == 0 ? -1 : max_age,
                                                  .secure = x->request->https});
}

bool guard_find_token(struct exchange *x) {
    static const struct text scheme = TEXT_INIT("Bearer ");
    struct text header = http_header(x->request, "Authorization");
    if (route_is_api(x->route) && text_starts(header, scheme)) {
        x->token = text_trim(text_part(header, scheme.n, header.n));
        x->bearer = true;
        return true;
    }
    struct text cookie;
    if (http_cookie(x->request, guard_cookie_name(x->request->https), &cookie) && token_wellformed(cookie)) {
        x->token = cookie;
        return true;
    }
    return false;
}

void guard_recognise(struct exchange *x) {
    const struct guard_hooks *hooks = &x->web->guard;
    struct text token;
    if (x->route != NULL || x->call.city == NULL || x->signed_in ||
        !http_cookie(x->request, guard_cookie_name(x->request->https), &token) || !token_wellformed(token)) {
        return;
    }
    if (hooks->session(hooks->ctx, &x->call, token, &x->session) == RC_OK) {
        x->signed_in = true;
        x->call.actor = x->session.actor;
        x->form_token = x->session.csrf;
    }
}

static void unauthorized(struct exchange *x) {
    http_response_add(x->response, "WWW-Authenticate", TEXT("Bearer"));
    exchange_fail(x, 401, "sign-in-needed");
}

/* Asked after the request came and before anything of it is read; only for reading, which may be repeated. */
static void find_version(struct exchange *x) {
    bool reading = http_method_safe(x->request->method);
    if (reading && keep_version(x->web, x->call.city->id, &x->version)) {
        x->call.version = &x->version;
    }
}

/* False when answered. A stale cookie is dropped and the visitor goes on unknown; a stale bearer token is an error,
 * because a program that sends one expects to be somebody. */
static bool find_session(struct exchange *x) {
    x->call.actor = (struct caller){.role = ROLE_PUBLIC};
    if (x->route->cityless || !guard_find_token(x)) {
        return true;
    }
    const struct guard_hooks *hooks = &x->web->guard;
    enum rc rc = RC_NONE;
    if (token_wellformed(x->token)) {
        find_version(x);
        rc = hooks->session(hooks->ctx, &x->call, x->token, &x->session);
    }
    if (rc == RC_OK) {
        x->signed_in = true;
        x->call.actor = x->session.actor;
        x->form_token = x->session.csrf;
    } else if (rc != RC_NONE && guard_does_without(x)) {
        x->token = TEXT("");
    } else if (rc != RC_NONE) {
        exchange_failed(x, rc);
        return false;
    } else if (x->bearer) {
        unauthorized(x);
        return false;
    } else {
        guard_cookie_set(x, TEXT(""), 0);
        x->token = TEXT("");
    }
    return true;
}

/* ---- role ---- */

struct text guard_next(struct text next, struct text otherwise) {
    bool own = next.n > 0 && next.p[0] == '/' && !text_starts(next, TEXT("//")) &&
               text_printable(next, false) && !text_has(next, TEXT("\\"));
    return own ? next : otherwise;
}

static void to_login(struct exchange *x) {
    struct text login = exchange_link(x, "/login");
    struct text here = exchange_address(x);
    if (here.n > 0) {
        login = text_printf(x->arena, "%.*s?next=%.*s", TEXT_F(login), TEXT_F(http_escape(x->arena, here)));
    }
    exchange_redirect(x, login);
}

static bool check_role(struct exchange *x) {
    if ((x->route->roles & 1U << x->call.actor.role) != 0) {
        return true;
    }
    if (x->signed_in) {
        exchange_forbidden(x);
    } else if (route_is_api(x->route)) {
        unauthorized(x);
    } else {
        to_login(x);
    }
    return false;
}

/* ---- cross-site requests ---- */

static bool changes_things(const struct exchange *x) {
    return !http_method_safe(x->request->method);
}

/* What the browser says about where the request came from. Programs say nothing, and carry no cookies. */
bool guard_same_site(const struct exchange *x) {
    struct text site = http_header(x->request, "Sec-Fetch-Site");
    struct text origin = http_header(x->request, "Origin");
    if (site.n > 0 && !text_is(site, "same-origin") && !text_is(site, "none")) {
        return false;
    }
    struct text own = text_printf(x->arena, "%s://%.*s", x->request->https ? "https" : "http",
                                  TEXT_F(x->request->authority));
    return origin.n == 0 || text_eq(origin, own) || text_eq(origin, x->web->house->public_url);
}

static bool token_matches(const struct exchange *x) {
    struct text given =
        route_is_api(x->route) ? http_header(x->request, "X-CSRF-Token") : form_raw(&x->body, "_csrf");
    return x->form_token.n > 0 && token_eq(given, x->form_token);
}

static bool check_cross_site(struct exchange *x) {
    if (!changes_things(x) || x->bearer || x->route->no_csrf) {
        return true;
    }
    if (!guard_same_site(x) || (x->signed_in && !token_matches(x))) {
        exchange_fail(x, 403, "csrf");
        return false;
    }
    return true;
}

/* ---- body and query ---- */

/* The type, in no other encoding than UTF-8. */
static bool type_is(const struct exchange *x, const char *type) {
    struct text rest = text_lower(x->arena, http_header(x->request, "Content-Type"));
    struct text piece = TEXT("");
    bool right = text_next(&rest, ';', &piece) && text_is(text_trim(piece), type);
    while (right && text_next(&rest, ';', &piece)) {
        piece = text_trim(piece);
        right = !text_starts(piece, TEXT("charset=")) || text_is(piece, "charset=utf-8") ||
                text_is(piece, "charset=\"utf-8\"");
    }
    return right;
}

bool guard_is_form(const struct exchange *x) {
    return type_is(x, "application/x-www-form-urlencoded");
}

static bool split_body(struct exchange *x) {
    bool api = route_is_api(x->route);
    x->body = (struct form_input){.arena = x->arena, .form = x->route->form, .json = api};
    if (!changes_things(x) || x->request->body.n == 0) {
        return true;
    }
    if (!(api ? type_is(x, "application/json") : guard_is_form(x))) {
        exchange_fail(x, 415, "bad-type");
        return false;
    }
    enum form_fault fault =
        api ? form_split_json(&x->body, x->request->body) : form_split_urlencoded(&x->body, x->request->body);
    if (fault != FORM_READ) {
        exchange_fail(x, 400, "bad-body");
        return false;
    }
    return true;
}

/* False when answered, or when the page that shows the form again should answer. */
static bool fill_body(struct exchange *x, bool *ret_again) {
    if (!changes_things(x) || form_fill(&x->body)) {
        return true;
    }
    if (route_is_api(x->route)) {
        exchange_form_errors(x);
        return false;
    }
    *ret_again = x->route->again != NULL;
    return true;
}

/* Pages are kind to old links: what cannot be read is absent. */
static bool fill_query(struct exchange *x) {
    x->query = (struct form_input){.arena = x->arena, .form = x->route->query};
    if (x->route->query == NULL) {
        return true;
    }
    bool good = form_split_urlencoded(&x->query, x->request->query) == FORM_READ;
    good = form_fill(&x->query) && good;
    if (!good && route_is_api(x->route)) {
        exchange_form_errors(x);
        return false;
    }
    return true;
}

/* ---- idempotency ---- */

static bool key_ok(struct text key) {
    for (size_t i = 0; i < key.n; i++) {
        if (key.p[i] < 0x21 || key.p[i] > 0x7e) {
            return false;
        }
    }
    return key.n <= KEY_MAX;
}

/* The form's own tokens differ between two showings of one form, so a page's hash is made without them. */
static struct text request_hash(struct exchange *x) {
    struct buf buf;
    buf_init(&buf, x->arena);
    buf_printf(&buf, "%s %.*s?%.*s\n", http_method_name(x->request->method), TEXT_F(x->request->path),
               TEXT_F(x->request->query));
    if (route_is_api(x->route)) {
        buf_put(&buf, x->request->body);
        return token_hash(x->arena, buf_text(&buf));
    }
    for (size_t i = 0; i < x->body.entry_count; i++) {
        const struct form_entry *entry = &x->body.entries[i];
        if (!text_is(entry->name, "_csrf") && !text_is(entry->name, "_key")) {
            buf_printf(&buf, "%zu:%.*s=%zu:%.*s\n", entry->name.n, TEXT_F(entry->name), entry->value.n,
                       TEXT_F(entry->value));
        }
    }
    return token_hash(x->arena, buf_text(&buf));
}

static bool take_key(struct exchange *x) {
    if (x->route->idempotency == IDEM_NONE) {
        return true;
    }
    struct text key =
        route_is_api(x->route) ? http_header(x->request, "Idempotency-Key") : form_raw(&x->body, "_key");
    if (key.n == 0 && x->route->idempotency == IDEM_REQUIRED) {
        exchange_fail(x, 400, "idempotency-key-missing");
        return false;
    }
    if (!key_ok(key)) {
        exchange_fail(x, 400, "idempotency-key-malformed");
        return false;
    }
    if (key.n > 0) {
        x->idem.key = key;
        x->idem.request_hash = request_hash(x);
        x->call.idem = &x->idem;
    }
    return true;
}

/* ---- all of it ---- */

static void cache_words(struct exchange *x) {
    if (x->route->cache == CACHE_FOREVER && x->response->status == 200) {
        x->response->cache_control = ROUTE_FOREVER;
    }
}

static void go_through(struct exchange *x) {
    bool again = false;
    if (!guard_find_city(x)) {
        exchange_not_found(x);
        return;
    }
    if (!find_route(x) || !find_session(x) || !guard_find_rules(x) || !check_role(x) || !split_body(x) ||
        !check_cross_site(x) || !fill_body(x, &again) || !fill_query(x) || !take_key(x)) {
        return;
    }
    if (again) {
        x->route->again(x);
    } else if (!piece_answer(x) && !own_answer(x)) {
        x->route->handler(x);
    }
    if (!x->answered) {
        exchange_fail(x, 500, "fault");
    }
    if (again && x->response->status == 200) {
        x->response->status = 422;
    }
    cache_words(x);
}

void guard_run(struct exchange *x) {
    x->call.now = env_now(x->web->house->env);
    call_view_begin(&x->call);
    go_through(x);
    call_view_end(&x->call);
    house_city_let_go(x->held);
}
