#include "web/keep.h"

#include "base/buf.h"
#include "web/web.h"

const struct keep_versions keep_real = {version_near, version_wait, version_ask};

static bool has_cookie(const struct http_request *request, const char *name) {
    for (size_t i = 0; i < request->cookie_count; i++) {
        if (text_is(request->cookies[i].name, name)) {
            return true;
        }
    }
    return false;
}

bool keep_common(const struct http_request *request, const struct route *route) {
    return route != NULL && route->cache == CACHE_CITY &&
           (request->method == HTTP_GET || request->method == HTTP_HEAD) &&
           http_header(request, "Authorization").n == 0 &&
           (route_is_api(route) || !has_cookie(request, guard_cookie_name(request->https)));
}

bool keep_version(const struct web *web, struct city_id city, struct version *ret_version) {
    const struct keep_versions *versions = web->versions;
    return web->cache != NULL && versions != NULL &&
           (versions->near(web->house, city, ret_version) || versions->wait(web->house, city, ret_version));
}

struct text keep_key(const char *kind, const struct http_request *request, struct city_id city) {
    struct text theme = TEXT("");
    if (http_cookie(request, "theme", &theme) && !text_is(theme, "dark") && !text_is(theme, "light")) {
        theme = TEXT("");
    }
    struct buf buf;
    buf_init(&buf, request->arena);
    buf_reserve(&buf, request->host.n + request->path.n + request->query.n + 64);
    buf_putz(&buf, kind);
    buf_putz(&buf, request->https ? " s " : " - ");
    buf_put(&buf, (struct text){(const char *)&city.n, sizeof city.n});
    buf_put(&buf, request->host);
    buf_putc(&buf, ' ');
    buf_put(&buf, request->path);
    buf_putc(&buf, '?');
    buf_put(&buf, request->query);
    buf_putc(&buf, ' ');
    buf_put(&buf, theme);
    return buf_text(&buf);
}

static int64_t now_ms(const struct web *web) {
    const struct env *env = web->house->env;
    return env->now_ms(env->ctx);
}

/* ---- on an I/O thread ---- */

/* True when this is a request for what is kept. */
static bool city_of(const struct web *web, const struct http_request *request, const struct route *route,
                    struct city_id *ret_id) {
    struct text base;
    bool common = web->cache != NULL && web->versions != NULL && keep_common(request, route);
    return common && guard_city(web->house, request, &base, ret_id);
}

bool keep_quick(const struct web *web, const struct http_request *request, const struct route *route,
                struct http_response *ret_response) {
    struct city_id city = {0};
    struct version version;
    if (!city_of(web, request, route, &city) || !web->versions->near(web->house, city, &version)) {
        return false;
    }
    struct page_want want = {keep_key("page", request, city), version.common, now_ms(web)};
    return page_cache_get(web->cache, &want, request, ret_response);
}

bool keep_soon(const struct web *web, const struct http_request *request, const struct route *route) {
    struct city_id city = {0};
    struct version version;
    return city_of(web, request, route, &city) && !web->versions->near(web->house, city, &version) &&
           page_cache_has(web->cache, keep_key("page", request, city), now_ms(web));
}

struct asked {
    const struct web *web;
    const struct http_request *request;
    struct http_response *response;
    struct http_ticket *ticket;
    struct text key;
};

static void told(void *ctx, bool known, struct version version) {
    const struct asked *asked = ctx;
    struct page_want want = {asked->key, version.common, now_ms(asked->web)};
    http_told(asked->ticket,
              known && page_cache_get(asked->web->cache, &want, asked->request, asked->response));
}

void keep_ask(const struct web *web, const struct http_request *request, struct http_response *response,
              struct http_ticket *ticket) {
    struct text base;
    struct city_id city = {0};
    if (!guard_city(web->house, request, &base, &city)) { /* gone since keep_soon() */
        http_told(ticket, false);
        return;
    }
    struct asked *asked = arena_new(request->arena, struct asked);
    *asked = (struct asked){web, request, response, ticket, keep_key("page", request, city)};
    web->versions->ask(web->house, city, request->arena, told, asked);
}

/* ---- on a worker ---- */

bool keep_begin(const struct web *web, const struct http_request *request, const struct route *route,
                struct keeping *ret_keeping, struct http_response *ret_response) {
    struct city_id city = {0};
    struct version version;
    *ret_keeping = (struct keeping){0};
    /* Before any fact is read: a commit in between makes the entry too old, never too new. */
    if (!city_of(web, request, route, &city) || !keep_version(web, city, &version)) {
        return false;
    }
    struct page_want want = {keep_key("page", request, city), version.common, now_ms(web)};
    if (page_cache_get(web->cache, &want, request, ret_response)) {
        return true;
    }
    ret_keeping->want = want;
    if (page_cache_begin(web->cache, &ret_keeping->want)) {
        ret_keeping->on = true;
        return false;
    }
    return page_cache_get(web->cache, &want, request, ret_response);
}

void keep_end(const struct web *web, const struct http_request *request, const struct keeping *keeping,
              struct http_response *response) {
    if (!keeping->on) {
        return;
    }
    page_cache_put(web->cache, &keeping->want, response);
    page_cache_done(web->cache, &keeping->want);
    struct http_response kept;
    if (page_cache_get(web->cache, &keeping->want, request, &kept)) {
        *response = kept;
    }
}
