/* Saying "later" for next to nothing: the answers are made once, and the same bytes and headers go to everybody. Only a
 * form that somebody filled in is worth more: it goes back to her (docs/adr/0171). */
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
    for (size_t i = 0; i < busy_count(server); i++) {
        for (int https = 0; https < 2; https++) {
            for (unsigned s = 0; s < SHED_SPREAD; s++) {
                server->shed_ready[i][https][s] = prepare(server, i, https, s);
                good = good && server->shed_ready[i][https][s] != NULL;
            }
        }
    }
    return good;
}

void shed_release(struct http_server *server) {
    for (size_t i = 0; i < HTTP_BUSY_MAX; i++) {
        for (int https = 0; https < 2; https++) {
            for (unsigned s = 0; s < SHED_SPREAD; s++) {
                if (server->shed_ready[i][https][s] != NULL) {
                    MHD_destroy_response(server->shed_ready[i][https][s]);
                }
            }
        }
    }
}

enum MHD_Result shed_answer(struct http_job *job) {
    struct http_server *server = job->server;
    const struct http_hooks *hooks = &server->settings.hooks;
    const struct http_request *request = &job->request;
    bool close = job->response.close;
    bool kept =
        hooks->keep != NULL && request->body.n > 0 && hooks->keep(hooks->ctx, request, &job->response);
    atomic_fetch_add(&server->shed, 1);
    if (!kept && !close && !atomic_load(&server->draining)) {
        uint64_t n = request->serial * 0x9e3779b97f4a7c15ULL;
        job->phase = JOB_SENT;
        watch_send(&server->watch, job->watched, busy_of(server, job->busy).body.n);
        return MHD_queue_response(job->connection, 503,
                                  server->shed_ready[job->busy][request->https][(n >> 40) % SHED_SPREAD]);
    }
    if (!kept) {
        struct http_busy busy = busy_of(server, job->busy);
        job->response = (struct http_response){.type = busy.type, .body = busy.body};
    }
    job->response.status = 503;
    job->response.close = close;
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
