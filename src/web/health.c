#include "web/health.h"

#include "web/exchange.h"
#include "web/web.h"

static void live(struct exchange *x) {
    exchange_bytes(x, TEXT("text/plain"), TEXT("ok\n"));
}

static void ready(struct exchange *x) {
    if (house_writable(x->call.house, x->arena)) {
        exchange_bytes(x, TEXT("text/plain"), TEXT("ok\n"));
    } else {
        exchange_fail(x, 503, "busy");
    }
}

bool health_quick(const struct route_match *match, struct http_response *ret_response) {
    if (match->route == NULL || match->route->handler != live) {
        return false;
    }
    *ret_response = (struct http_response){.status = 200, .type = TEXT("text/plain"), .body = TEXT("ok\n")};
    return true;
}

static const struct route rows[] = {
    {HTTP_GET, HEALTH_LIVE, live, .roles = FOR_ALL, .class = CLASS_HEALTH, .cityless = true},
    {HTTP_GET, "/readyz", ready, .roles = FOR_ALL, .class = CLASS_HEALTH, .cityless = true},
};
const struct route_table health_routes = ROUTES(rows);
