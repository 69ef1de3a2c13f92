#include "web/quick.h"

#include "web/piece.h"
#include "web/web.h"

static bool is_kept(const struct web *web, const struct http_request *request, const struct route *route) {
    bool reading = http_method_safe(request->method);
    return reading && web->cache != NULL && web->own != NULL && route != NULL && route_is_kept(route);
}

/* As the guard would, of what is remembered. True: x->held is held. */
static bool recognise(struct exchange *x) {
    x->call.now = env_now(x->web->house->env);
    bool located = guard_locate(x);
    bool known = located && x->route != NULL && x->call.city != NULL && guard_find_token(x) &&
                 session_recall(&x->call, x->token, x->call.version, &x->session) &&
                 x->session.rules_revision <= x->call.city->revision &&
                 (x->route->roles & 1U << x->session.actor.role) != 0;
    if (known) {
        x->signed_in = true;
        x->call.actor = x->session.actor;
        x->form_token = x->session.csrf;
    }
    return known;
}

enum http_quick quick_answer(struct web *web, const struct http_request *request, const struct route *route,
                             const struct version *version, struct http_response *ret_response,
                             struct own_unseen **ret_unseen) {
    enum http_quick says = HTTP_UNKNOWN;
    struct exchange x; /* not in the arena: thousands may wait, and need nothing of it */
    *ret_unseen = NULL;
    if (!is_kept(web, request, route)) {
        return HTTP_UNKNOWN;
    }
    exchange_init(&x, web, request, ret_response);
    if (version != NULL) {
        x.version = *version;
        x.call.version = &x.version;
    }
    if (recognise(&x)) {
        bool own = x.route->cache == CACHE_OWN || x.route->cache == CACHE_ROUND;
        says = own ? own_quick(&x, ret_unseen) : piece_quick(&x);
    }
    house_city_let_go(x.held);
    return says;
}
