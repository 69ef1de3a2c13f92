/* Saying "later" for next to nothing: the answers are made once, and the same bytes and headers go to everybody. Only a
 * form that somebody filled in is worth more: it goes back to her (docs/adr/0171). And saying it not too often. */
#include "http/inside.h"

static struct text later(struct arena *arena, uint64_t serial) {
    uint64_t n = serial * 0x9e3779b97f4a7c15ULL;
    return text_printf(arena, "%u", (unsigned)(SHED_SOONEST_S + (n >> 40) % SHED_SPREAD));
}

static struct http_busy busy_of(const struct http_server *server, size_t i) {
    static const struct http_busy plain = {TEXT_INIT("text/plain; charset=utf-8"),
                                           TEXT_INIT("Service Unavailable\n")};
    return i < server->settings.busy_count ? server->settings.busy[i] : plain;
}

static size_t busy_count(const struct http_server *server) {
    return server->settings.busy_count == 0 ? 1 : server->settings.busy_count;
}

static struct MHD_Response *prepare(struct http_server *server, size_t i, bool https, unsigned spread) {
    struct http_busy busy = busy_of(server, i);
    struct http_job job = {.response = {.status = 503, .type = busy.type, .body = busy.body}};
    arena_init(&job.arena, (size_t)1 << 20);
    job.request.https = https;
    http_response_add(&job.response, "Retry-After",
                      text_printf(&job.arena, "%u", (unsigned)SHED_SOONEST_S + spread));
    struct MHD_Response *out = answer_make(&job);
    arena_release(&job.arena);
    return out;
}

bool shed_prepare(struct http_server *server) {
    bool good = true;
    pthread_mutex_init(&server->shedding.lock, NULL);
    for (size_t i = 0; i < busy_count(server); i++) {
        for (int https = 0; https < 2; https++) {
            for (unsigned s = 0; s < SHED_SPREAD; s++) {
                server->shedding.ready[i][https][s] = prepare(server, i, https, s);
                good = good && server->shedding.ready[i][https][s] != NULL;
            }
        }
    }
    return good;
}

void shed_release(struct http_server *server) {
    pthread_mutex_destroy(&server->shedding.lock);
    for (size_t i = 0; i < HTTP_BUSY_MAX; i++) {
        for (int https = 0; https < 2; https++) {
            for (unsigned s = 0; s < SHED_SPREAD; s++) {
                if (server->shedding.ready[i][https][s] != NULL) {
                    MHD_destroy_response(server->shedding.ready[i][https][s]);
                }
            }
        }
    }
}

/* ---- those who ask again too soon ---- */

bool shed_holds(struct http_server *server, const struct http_job *job) {
    int64_t told_ms = job->watched->told_ms;
    return told_ms > 0 && watch_clock_ms() - told_ms < (int64_t)SHED_SOONEST_S * 1000 &&
           atomic_load(&server->shedding.lately) >= server->settings.shed_at_once &&
           !atomic_load(&server->draining);
}

static void push(struct shed *shed, struct http_job *job) {
    job->next = NULL;
    if (shed->last == NULL) {
        shed->first = job;
    } else {
        shed->last->next = job;
    }
    shed->last = job;
}

void shed_hold(struct http_server *server, struct http_job *job) {
    struct shed *shed = &server->shedding;
    job->queued_ms = watch_clock_ms();
    pthread_mutex_lock(&shed->lock);
    push(shed, job);
    pthread_mutex_unlock(&shed->lock);
    atomic_fetch_add(&server->held, 1);
}

static struct http_job *take_all(struct shed *shed) {
    pthread_mutex_lock(&shed->lock);
    struct http_job *all = shed->first;
    shed->first = NULL;
    shed->last = NULL;
    pthread_mutex_unlock(&shed->lock);
    return all;
}

/* Whoever is held meanwhile comes before those put back, by less than a tick. */
void shed_tick(struct http_server *server) {
    struct shed *shed = &server->shedding;
    struct http_job *job = take_all(shed);
    int64_t now = watch_clock_ms();
    bool draining = atomic_load(&server->draining);
    atomic_store(&shed->lately, 0);
    while (job != NULL) {
        struct http_job *next = job->next; /* it is another's as soon as it goes on */
        job->next = NULL;
        if (!job->crowded && queue_reserve(&server->queue, job)) {
            queue_put(&server->queue, job);
        } else if (draining || now - job->queued_ms >= (int64_t)server->settings.shed_hold_ms) {
            queue_turn_away(&server->queue, job);
            request_drop(job);
        } else {
            pthread_mutex_lock(&shed->lock);
            push(shed, job);
            pthread_mutex_unlock(&shed->lock);
        }
        job = next;
    }
}

enum MHD_Result shed_answer(struct http_job *job) {
    struct http_server *server = job->server;
    const struct http_hooks *hooks = &server->settings.hooks;
    const struct http_request *request = &job->request;
    bool close = job->framing.chunked;
    bool kept =
        hooks->keep != NULL && request->body.n > 0 && hooks->keep(hooks->ctx, request, &job->response);
    atomic_fetch_add(&server->shed, 1);
    atomic_fetch_add(&server->shedding.lately, 1);
    job->watched->told_ms = watch_clock_ms();
    if (!kept && !close && !atomic_load(&server->draining)) {
        uint64_t n = request->serial * 0x9e3779b97f4a7c15ULL;
        job->phase = JOB_SENT;
        watch_send(&server->watch, job->watched, busy_of(server, job->busy).body.n);
        return MHD_queue_response(job->connection, 503,
                                  server->shedding.ready[job->busy][request->https][(n >> 40) % SHED_SPREAD]);
    }
    if (!kept) {
        struct http_busy busy = busy_of(server, job->busy);
        job->response = (struct http_response){.type = busy.type, .body = busy.body};
    }
    job->response.status = 503;
    http_response_add(&job->response, "Retry-After", later(&job->arena, request->serial));
    return request_answer(job);
}

struct text shed_bytes(struct http_server *server) {
    struct http_busy busy = busy_of(server, 0);
    return text_printf(&server->arena,
                       "HTTP/1.1 503 Service Unavailable\r\nContent-Type: %.*s\r\nContent-Length: %zu\r\n"
                       "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nRetry-After: 3\r\n"
                       "Connection: close\r\n\r\n%.*s",
                       TEXT_F(busy.type), busy.body.n, TEXT_F(busy.body));
}
