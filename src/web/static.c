#include "web/static.h"

#include "web/asset.h"
#include "web/exchange.h"

static bool takes_gzip(const struct http_request *request) {
    struct text rest = text_lower(request->arena, http_header(request, "Accept-Encoding"));
    struct text coding;
    while (text_next(&rest, ',', &coding)) {
        struct text name = text_trim(text_part(coding, 0, text_index(coding, ';')));
        if (text_is(name, "gzip")) {
            return !text_has(coding, TEXT("q=0")) || text_has(coding, TEXT("q=0."));
        }
    }
    return false;
}

static void add_headers(struct http_response *response, bool zipped) {
    http_response_add(response, "Vary", TEXT("Accept-Encoding"));
    if (zipped) {
        http_response_add(response, "Content-Encoding", TEXT("gzip"));
    }
}

static void show(struct exchange *x) {
    const struct asset *asset = asset_find(exchange_param(x, "name"));
    if (asset == NULL) {
        exchange_not_found(x);
        return;
    }
    bool zipped = asset->gzip.n > 0 && takes_gzip(x->request);
    exchange_bytes(x, asset->type, zipped ? asset->gzip : asset->bytes);
    add_headers(x->response, zipped);
}

bool static_quick(const struct route_match *match, const struct http_request *request,
                  struct http_response *ret_response) {
    if (match->route == NULL || match->route->handler != show) {
        return false;
    }
    const struct asset *asset = asset_find(match->params[0].value);
    if (asset == NULL) {
        return false;
    }
    bool zipped = asset->gzip.n > 0 && takes_gzip(request);
    *ret_response = (struct http_response){.status = 200,
                                           .type = asset->type,
                                           .body = zipped ? asset->gzip : asset->bytes,
                                           .cache_control = ROUTE_FOREVER};
    add_headers(ret_response, zipped);
    return true;
}

static const struct route rows[] = {
    {HTTP_GET, "/static/{name}", show, .roles = FOR_ALL, .cache = CACHE_FOREVER, .cityless = true},
};
const struct route_table static_routes = ROUTES(rows);
