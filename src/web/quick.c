#include "web/quick.h"

#include "web/own.h"
#include "web/piece.h"
#include "web/web.h"

static bool is_kept(const struct web *web, const struct http_request *request, const struct route *route) {
    bool reading = http_method_safe(request->method);
    return reading && web->cache != NULL && web->own != NULL && route != NULL &&
           (route->cache == CACHE_OWN || route->cache == CACHE_CITY || route->cache == CACHE_RESIDENT);
}

/* As the guard would, of what is remembered; `version` NULL: at whatever version. True: x->held is held. */
static bool recognise(struct exchange *x, const struct version *version) {
    x->call.now = env_now(x->web->house->env);
    bool located = guard_locate(x);
    bool known = located && x->route != NULL && x->call.city != NULL && guard_find_token(x) &&
                 session_recall(&x->call, x->token, version, &x->session) &&
                 x->session.rules_revision <= x->call.city->revision &&
                 (x->route->roles & 1U << x->session.actor.role) != 0;
    if (known) {
        x->signed_in = true;
        x->call.actor = x->session.actor;
        x->form_token = x->session.csrf;
    }
    return known;
}

bool quick_answer(struct web *web, const struct http_request *request, const struct route *route,
                  const struct version *version, struct http_response *ret_response) {
    if (!is_kept(web, request, route)) {
        return false;
    }
    struct exchange *x = exchange_new(web, request, ret_response);
    bool answered = false;
    if (recognise(x, version)) {
        x->version = *version;
        x->call.version = &x->version;
        answered = x->route->cache == CACHE_OWN ? own_quick(x) : piece_quick(x);
    }
    house_city_let_go(x->held);
    return answered;
}

struct audit_looks *quick_looks(struct web *web, const struct http_request *request,
                                const struct route *route, const struct version *version,
                                struct http_response *ret_response) {
    struct audit_looks *looks = NULL;
    if (!is_kept(web, request, route) || route->cache != CACHE_OWN) {
        return NULL;
    }
    struct exchange *x = exchange_new(web, request, ret_response);
    if (recognise(x, version)) {
        x->version = *version;
        x->call.version = &x->version;
        looks = own_looks(x);
    }
    house_city_let_go(x->held);
    return looks;
}

bool quick_may(struct web *web, const struct http_request *request, const struct route *route) {
    struct http_response unused = {0};
    bool may = false;
    if (!is_kept(web, request, route)) {
        return false;
    }
    struct exchange *x = exchange_new(web, request, &unused);
    if (recognise(x, NULL)) {
        may = x->route->cache == CACHE_OWN ? own_may(x) : piece_may(x);
    }
    house_city_let_go(x->held);
    return may;
}
