#include "web/keep.h"

#include "base/buf.h"
#include "web/quick.h"
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
    return route != NULL && route->cache == CACHE_CITY && http_method_safe(request->method) &&
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

/* True when this is a request for what is kept for everybody. */
static bool city_of(const struct web *web, const struct http_request *request, const struct route *route,
                    struct city_id *ret_id) {
    struct text base;
    bool common = web->cache != NULL && web->versions != NULL && keep_common(request, route);
    return common && guard_city(web->house, request, &base, ret_id);
}

/* ---- on an I/O thread ---- */

/* What waits while somebody is asked. */
struct keep_asked {
    struct http_ticket *ticket;
    const struct route *route;
    struct city_id city;
    struct arena *arena;
    struct version version;
    bool versed;            /* `version` was told */
    struct own_unseen *own; /* its looks are asked for; NULL: the version is */
    struct keep_round *round;
};

/* What waits for a round, after its looks. */
struct keep_round {
    struct round_wait wait;
    struct rounds *rounds;
    struct keep_asked *asked;
    struct http_response *response;
};

/* Routes of which nothing is kept are not looked at closer. */
static bool place_of(const struct web *web, const struct http_request *request, const struct route *route,
                     struct city_id *ret_city) {
    struct text base;
    return route != NULL && route_is_kept(route) && web->cache != NULL && web->versions != NULL &&
           guard_city(web->house, request, &base, ret_city);
}

static enum http_quick common_at(const struct web *web, const struct http_request *request,
                                 struct city_id city, const struct version *version,
                                 struct http_response *ret_response) {
    struct page_want want = {keep_key("page", request, city), 0, now_ms(web)};
    if (version == NULL) {
        return page_cache_has(web->cache, want.key, want.now_ms) ? HTTP_SOON : HTTP_UNKNOWN;
    }
    want.version = version->common;
    return page_cache_get(web->cache, &want, request, ret_response) ? HTTP_ANSWERED : HTTP_UNKNOWN;
}

/* With what is known by now. */
static enum http_quick answer(struct web *web, const struct http_request *request, struct keep_asked *asked,
                              struct http_response *ret_response) {
    const struct version *version = asked->versed ? &asked->version : NULL;
    return keep_common(request, asked->route)
               ? common_at(web, request, asked->city, version, ret_response)
               : quick_answer(web, request, asked->route, version, ret_response, &asked->own);
}

static void made(struct round_wait *wait, const struct page_piece *piece) {
    const struct keep_round *round = (const struct keep_round *)wait;
    if (piece != NULL) {
        own_made(round->asked->own, piece, round->response);
    }
    http_told(round->asked->ticket, piece != NULL);
}

static void round_prepare(const struct web *web, const struct http_request *request, struct keep_asked *asked,
                          struct http_response *response) {
    if (asked->own != NULL && asked->own->round_key.n > 0) {
        asked->round = arena_new(request->arena, struct keep_round);
        *asked->round = (struct keep_round){
            {.key = asked->own->round_key, .request = request, .told = made}, web->rounds, asked, response};
    }
}

enum http_quick keep_quick(struct web *web, const struct http_request *request, const struct route *route,
                           struct http_response *ret_response, struct keep_asked **ret_asked) {
    struct keep_asked asked = {.route = route, .arena = request->arena};
    if (!place_of(web, request, route, &asked.city)) {
        return HTTP_UNKNOWN;
    }
    asked.versed = web->versions->near(web->house, asked.city, &asked.version);
    enum http_quick says = answer(web, request, &asked, ret_response);
    if (says == HTTP_SOON) {
        *ret_asked = arena_new(request->arena, struct keep_asked);
        **ret_asked = asked;
        round_prepare(web, request, *ret_asked, ret_response);
    }
    return says;
}

static void told(void *ctx, bool known, struct version version) {
    struct keep_asked *asked = ctx;
    asked->version = version;
    asked->versed = known;
    http_told(asked->ticket, known);
}

/* When they could not be recorded, a worker tries again and says so. */
static void looked(void *ctx, bool recorded) {
    const struct keep_asked *asked = ctx;
    if (recorded && asked->round != NULL) {
        rounds_join(asked->round->rounds, &asked->round->wait);
    } else {
        http_told(asked->ticket, recorded);
    }
}

void keep_ask(const struct web *web, struct keep_asked *asked, struct http_ticket *ticket) {
    asked->ticket = ticket;
    if (asked->own != NULL) {
        audit_looks_ask(asked->own->looks, looked, asked);
    } else {
        web->versions->ask(web->house, asked->city, asked->arena, told, asked);
    }
}

enum http_quick keep_finish(struct web *web, const struct http_request *request, struct keep_asked *asked,
                            struct http_response *ret_response) {
    if (asked->own == NULL) {
        enum http_quick says = answer(web, request, asked, ret_response);
        round_prepare(web, request, asked, ret_response);
        return says;
    }
    own_show(asked->own, request->arena, web->house->env, ret_response);
    return HTTP_ANSWERED;
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
    if (!keeping->partial) {
        page_cache_put(web->cache, &keeping->want, response);
    }
    page_cache_done(web->cache, &keeping->want);
    struct http_response kept;
    if (page_cache_get(web->cache, &keeping->want, request, &kept)) {
        *response = kept;
    }
}
