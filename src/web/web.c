#include "web/web.h"

#include "web/guard.h"
#include "web/health.h"
#include "web/static.h"

enum { BODY_LIMIT = 64 * 1024 };

static struct text without_city(struct text path) {
    if (!text_starts(path, TEXT("/c/"))) {
        return path;
    }
    struct text rest = text_part(path, 3, path.n);
    size_t end = text_index(rest, '/');
    return end == rest.n ? TEXT("/") : text_part(rest, end, rest.n);
}

static struct http_place place(void *ctx, enum http_method method, struct text path) {
    const struct web *web = ctx;
    struct text inner = without_city(path);
    const struct route *route = route_find(web->routes, method, inner).route;
    bool api = text_starts(inner, TEXT("/api/"));
    return (struct http_place){
        .body_limit = route == NULL || route->body_limit == 0 ? BODY_LIMIT : route->body_limit,
        .class = (unsigned)(route == NULL ? CLASS_BROWSE : route_class(route)) - 1,
        .busy = api ? BUSY_API : BUSY_PAGE,
    };
}

/* How long people wait rather than be told "later"; a number only where each takes long or is told at once anyway
 * (docs/adr/0193). */
void web_classes(unsigned workers, struct http_class *ret_classes) {
    static const struct http_class classes[WEB_CLASSES] = {
        [CLASS_HEALTH - 1] = {"health", 32, 0, 2000, 1000},
        [CLASS_STAFF - 1] = {"staff", 0, 0, 6000, 2000},
        [CLASS_BOOKING - 1] = {"booking", 0, 0, 10000, 4000},
        [CLASS_LOGIN - 1] = {"login", 128, 2, 6000, 2000},
        [CLASS_BROWSE - 1] = {"browse", 0, 0, 8000, 3000},
        [CLASS_EXPORT - 1] = {"export", 64, 0, 15000, 5000},
    };
    unsigned most = workers > 2 ? workers - 1 : workers;
    for (size_t i = 0; i < WEB_CLASSES; i++) {
        ret_classes[i] = classes[i];
    }
    ret_classes[CLASS_BOOKING - 1].running_max = most;
    ret_classes[CLASS_BROWSE - 1].running_max = most;
    ret_classes[CLASS_EXPORT - 1].running_max = workers / 4 > 0 ? workers / 4 : 1;
}

static int64_t now_ms(const struct web *web) {
    const struct env *env = web->house->env;
    return env->now_ms(env->ctx);
}

/* ---- on an I/O thread ---- */

static struct route_match match_of(const struct web *web, const struct http_request *request) {
    return route_find(web->routes, request->method, without_city(request->path));
}

static enum http_quick quick(void *ctx, const struct http_request *request,
                             struct http_response *ret_response, void **ret_asked) {
    struct web *web = ctx;
    struct route_match match = match_of(web, request);
    struct keep_asked *asked = NULL;
    if (health_quick(&match, ret_response) || static_quick(&match, request, ret_response)) {
        return HTTP_ANSWERED;
    }
    enum http_quick says = keep_quick(web, request, match.route, ret_response, &asked);
    *ret_asked = asked;
    return says;
}

static void ask(void *ctx, void *asked, struct http_ticket *ticket) {
    keep_ask(ctx, asked, ticket);
}

static enum http_quick finish(void *ctx, const struct http_request *request, void *asked,
                              struct http_response *ret_response) {
    return keep_finish(ctx, request, asked, ret_response);
}

/* ---- one request ---- */

/* The route's template, never the path: no ids, no words that somebody typed. */
static void log_request(const struct web *web, const struct exchange *x, int64_t began_ms) {
    const struct log_field fields[] = {
        log_code("method", http_method_name(x->request->method)),
        log_code("route", x->route == NULL ? "none" : x->route->path),
        log_int("status", x->response->status),
        log_code("role", role_code(x->call.actor.role)),
        log_ms("took", now_ms(web) - began_ms),
    };
    if (web->house->log == NULL) {
        return;
    }
    struct log log = log_for(web->house->log, (int64_t)x->request->serial);
    log_write(&log, x->response->status >= 500 ? LOG_LEVEL_ERROR : LOG_LEVEL_INFO, "request", fields,
              COUNT(fields));
}

void web_answer(struct web *web, const struct http_request *request, struct http_response *response) {
    struct keeping keeping;
    if (keep_begin(web, request, match_of(web, request).route, &keeping, response)) {
        return;
    }
    int64_t began_ms = now_ms(web);
    struct exchange *x = exchange_new(web, request, response);
    guard_run(x);
    log_request(web, x, began_ms);
    keeping.partial = x->partial;
    keep_end(web, request, &keeping, response);
}

static bool keep(void *ctx, const struct http_request *request, struct http_response *response) {
    return busy_keep_request(ctx, request, response);
}

static void handle(void *ctx, unsigned worker, struct http_request *request, struct http_response *response) {
    (void)worker;
    web_answer(ctx, request, response);
}

/* What the server refuses by itself, in the same words as everything else. */
static void refused(void *ctx, const struct http_request *request, struct arena *arena,
                    struct http_response *response) {
    static const struct {
        int status;
        const char *code;
    } codes[] = {{413, "too-large"}, {500, "fault"}};
    (void)ctx;
    struct problem problem = {.status = response->status, .code = TEXT("bad-request")};
    for (size_t i = 0; i < COUNT(codes); i++) {
        if (codes[i].status == response->status) {
            problem.code = text_of(codes[i].code);
        }
    }
    if (request != NULL && text_starts(without_city(request->path), TEXT("/api/"))) {
        response->type = TEXT(PROBLEM_TYPE);
        response->body = problem_json(arena, &problem);
    } else {
        struct problem worded = problem_worded(&problem);
        response->body = text_printf(arena, "%.*s\n\n%.*s\n", TEXT_F(worded.title), TEXT_F(worded.detail));
    }
}

struct http_hooks web_hooks(struct web *web) {
    return (struct http_hooks){.ctx = web,
                               .place = place,
                               .quick = quick,
                               .ask = ask,
                               .finish = finish,
                               .handle = handle,
                               .refused = refused,
                               .keep = keep};
}
