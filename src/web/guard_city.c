/* Which city a request is for, and that it is judged by the city's rules as they are now. */
#include "service/fresh.h"
#include "web/guard.h"
#include "web/web.h"

static bool city_of_host(const struct house *house, struct text host, struct city_id *ret_id) {
    struct text label = text_part(host, 0, text_index(host, '.'));
    if (house_city_count(house) != 1) {
        return house_find(house, label, ret_id);
    }
    *ret_id = house_id_at(house, 0);
    return true;
}

bool guard_city(const struct house *house, const struct http_request *request, struct text *ret_base,
                struct city_id *ret_id) {
    *ret_base = TEXT("");
    if (!text_starts(request->path, TEXT("/c/"))) {
        return city_of_host(house, request->host, ret_id);
    }
    struct text rest = text_part(request->path, 3, request->path.n);
    struct text code = text_part(rest, 0, text_index(rest, '/'));
    *ret_base = text_part(request->path, 0, 3 + code.n);
    return house_find(house, code, ret_id);
}

bool guard_find_city(struct exchange *x) {
    struct text path = x->request->path;
    struct city_id id = {0};
    bool found = guard_city(x->web->house, x->request, &x->base, &id);
    x->held = found ? house_city_hold_id(x->web->house, id) : NULL;
    x->call.city = x->held;
    x->path = path.n > x->base.n ? text_part(path, x->base.n, path.n) : TEXT("/");
    return found || x->base.n == 0;
}

bool guard_does_without(const struct exchange *x) {
    bool reading = http_method_safe(x->request->method);
    return reading && !x->bearer && (x->route->roles & FOR_PUBLIC) != 0;
}

bool guard_find_rules(struct exchange *x) {
    int64_t revision = x->session.rules_revision;
    const struct house_city *held = NULL;
    enum rc rc = RC_OK;
    if (x->call.city == NULL || x->route->cityless) {
        return true;
    }
    if (!x->signed_in) {
        rc = fresh_revision(&x->call, &revision);
    }
    if (rc == RC_OK && revision > x->call.city->revision) {
        rc = fresh_city(&x->call, revision, &held);
    }
    if (rc != RC_OK && !guard_does_without(x)) {
        exchange_failed(x, rc);
        return false;
    }
    x->partial = x->partial || rc != RC_OK;
    if (held != NULL) {
        house_city_let_go(x->held);
        x->held = held;
        x->call.city = held;
    }
    return true;
}
