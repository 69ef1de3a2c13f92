/* One request through the library's callbacks: its head, its body, the way to a worker and back, its answer. */
#include <assert.h>

#include "http/head.h"
#include "http/inside.h"

enum { OVERRUN = 256 * 1024 }; /* of a body too large that is still read, so that the client hears why */

enum MHD_Result request_answer(struct http_job *job) {
    struct http_server *server = job->server;
    /* Readers of chunks differ in what they forgive, so no second request follows on that connection. */
    if (job->framing.chunked || atomic_load(&server->draining)) {
        job->response.close = true;
    }
    watch_send(&server->watch, job->watched, http_response_bytes(&job->response));
    return answer_send(&server->pool, job) ? MHD_YES : MHD_NO;
}

void request_dress(struct http_job *job, int status) {
    struct http_server *server = job->server;
    answer_plain(job, status);
    if (server->settings.hooks.refused != NULL) {
        const struct http_request *known = job->request.path.n > 0 ? &job->request : NULL;
        server->settings.hooks.refused(server->settings.hooks.ctx, known, &job->arena, &job->response);
        job->response.status = status;
    }
}

/* The connection ends with this answer: after a refused head nobody knows where the next request begins. */
static enum MHD_Result refuse(struct http_job *job, int status) {
    request_dress(job, status);
    job->response.close = true;
    return request_answer(job);
}

static bool bodyless(const struct http_job *job) {
    return http_method_safe(job->request.method);
}

static void place_take(struct http_job *job) {
    const struct http_settings *settings = &job->server->settings;
    struct http_place place =
        settings->hooks.place(settings->hooks.ctx, job->request.method, job->request.path);
    job->body_limit = bodyless(job) ? 0 : place.body_limit;
    job->class = place.class < settings->class_count ? place.class : 0;
    job->busy = place.busy < settings->busy_count ? place.busy : 0;
}

/* Behind our proxy connections belong to nobody, so a client's requests are counted instead. */
static void client_enter(struct http_job *job) {
    if (job->watched->trusted && !text_eq(job->request.peer, text_of(job->watched->peer))) {
        job->counted = crowd_enter(&job->server->crowd, job->request.peer);
        job->crowded = !job->counted;
    }
}

static enum MHD_Result head_arrived(struct http_job *job, const char *method, const char *version) {
    struct http_server *server = job->server;
    job->watched->fresh = false;
    int status = head_read(job, method, version);
    if (status != 0) {
        atomic_fetch_add(&server->malformed, status == 400);
        return refuse(job, status);
    }
    client_enter(job);
    if (!bodyless(job)) {
        place_take(job);
    }
    if (!job->framing.chunked && job->framing.length > job->body_limit) {
        return refuse(job, 413);
    }
    job->phase = JOB_BODY;
    watch_body(&server->watch, job->watched);
    return MHD_YES;
}

static enum MHD_Result body_arrived(struct http_job *job, const char *bytes, size_t *n) {
    uint64_t received = atomic_fetch_add(&job->watched->received, *n) + *n;
    job_body_add(job, bytes, *n);
    *n = 0;
    return received > job->body_limit + OVERRUN ? MHD_NO : MHD_YES;
}

/* Where a request that needs more than an I/O thread waits. */
enum wait { WAIT_NOWHERE, WAIT_LINE, WAIT_SOON, WAIT_HELD };

static enum wait wait_of(struct http_job *job, enum http_quick says) {
    struct http_server *server = job->server;
    if (says == HTTP_SOON) {
        return WAIT_SOON;
    }
    if (!job->crowded && queue_reserve(&server->queue, job)) {
        return WAIT_LINE;
    }
    return shed_holds(server, job) ? WAIT_HELD : WAIT_NOWHERE;
}

/* The place in the queue was taken before suspending, and the job is published after: from then on the worker may resume
 * the connection at any moment, even before this call returns. */
static enum MHD_Result request_wait(struct http_job *job, enum wait wait) {
    struct http_server *server = job->server;
    const struct http_hooks *hooks = &server->settings.hooks;
    atomic_fetch_add(&server->suspended, 1);
    if (atomic_load(&server->shut)) {
        atomic_fetch_sub(&server->suspended, 1);
        return MHD_NO;
    }
    job->phase = JOB_QUEUE;
    MHD_suspend_connection(job->connection);
    if (wait == WAIT_SOON) {
        hooks->ask(hooks->ctx, job->asked, (struct http_ticket *)job);
    } else if (wait == WAIT_HELD) {
        shed_hold(server, job);
    } else {
        queue_put(&server->queue, job);
    }
    return MHD_YES;
}

/* What was held for an answer that nobody sends. */
static void response_forget(struct http_job *job) {
    if (job->response.release != NULL) {
        job->response.release(job->response.owner);
    }
    job->response = (struct http_response){0};
}

/* After what the site says of it on this thread. */
static enum MHD_Result request_go_on(struct http_job *job, enum http_quick says) {
    struct http_server *server = job->server;
    if (says == HTTP_ANSWERED) {
        atomic_fetch_add(&server->quick, 1);
        return request_answer(job);
    }
    if (says == HTTP_UNKNOWN || job->crowded) {
        response_forget(job);
        says = HTTP_UNKNOWN;
    }
    if (bodyless(job)) {
        place_take(job);
    }
    enum wait wait = wait_of(job, says);
    if (wait == WAIT_NOWHERE) {
        queue_turn_away(&server->queue, job);
        return shed_answer(job);
    }
    return request_wait(job, wait);
}

static enum MHD_Result request_complete(struct http_job *job) {
    const struct http_hooks *hooks = &job->server->settings.hooks;
    enum http_quick says = HTTP_UNKNOWN;
    watch_work(job->watched);
    if (job->too_large) {
        return refuse(job, 413);
    }
    if (job->framing.chunked && MHD_get_connection_values(job->connection, MHD_FOOTER_KIND, NULL, NULL) > 0) {
        return refuse(job, 400);
    }
    /* Not earlier: an answer to the first call for a request makes the library close the connection. */
    if (bodyless(job) && hooks->quick != NULL) {
        says = hooks->quick(hooks->ctx, &job->request, &job->response, &job->asked);
    }
    return request_go_on(job, says);
}

/* The job is its connection's again, and may be gone when this returns. */
static void resume(struct http_job *job) {
    io_call(job->watched->reader, &job->caller);
}

void request_turn(void *ctx, struct io_caller *caller) {
    const struct http_job *job = (const struct http_job *)caller;
    (void)ctx;
    MHD_resume_connection(job->connection);
}

void http_told(struct http_ticket *ticket, bool known) {
    struct http_job *job = (struct http_job *)ticket;
    struct http_server *server = job->server;
    if (known) {
        job->phase = JOB_TOLD;
        resume(job);
        return;
    }
    response_forget(job);
    if (queue_reserve(&server->queue, job)) {
        queue_put(&server->queue, job);
    } else {
        queue_turn_away(&server->queue, job);
        request_drop(job);
    }
}

/* Made where it is sent at once: not all who waited for one look hold their answers at the same time. */
static enum MHD_Result request_finish(struct http_job *job) {
    const struct http_hooks *hooks = &job->server->settings.hooks;
    atomic_fetch_sub(&job->server->suspended, 1);
    job->phase = JOB_BODY;
    return request_go_on(job, hooks->finish(hooks->ctx, &job->request, job->asked, &job->response));
}

static void parts_keep(struct arena *arena, struct http_response *response) {
    struct http_part *parts = arena_array(arena, struct http_part, response->part_count);
    for (size_t i = 0; i < response->part_count; i++) {
        parts[i] = response->parts[i];
        if (!parts[i].lent) {
            parts[i].bytes = text_copy(arena, parts[i].bytes);
        }
    }
    response->parts = parts;
}

/* The answer moves to the job, whose memory lasts until the bytes are sent, and the worker's own is wiped: a thousand
 * clients waiting for their bytes hold a thousand answers, not all that went into making them. */
static void answer_keep(struct http_job *job) {
    struct http_response *response = &job->response;
    response->type = text_copy(&job->arena, response->type);
    response->cache_control = text_copy(&job->arena, response->cache_control);
    if (response->release == NULL) {
        response->body = text_copy(&job->arena, response->body);
    }
    if (response->part_count > 0) {
        parts_keep(&job->arena, response);
    }
    for (size_t i = 0; i < response->extra_count; i++) {
        response->extra[i].value = text_copy(&job->arena, response->extra[i].value);
    }
}

static unsigned desk_take(struct http_server *server) {
    pthread_mutex_lock(&server->desk_lock);
    assert(server->desk_free_count > 0);
    unsigned number = server->desks_free[--server->desk_free_count];
    pthread_mutex_unlock(&server->desk_lock);
    return number;
}

/* Those that only a rush needs keep nothing. */
static void desk_give(struct http_server *server, unsigned number) {
    if (number < server->settings.workers) {
        arena_clear(&server->desks[number]);
    } else {
        arena_release(&server->desks[number]);
        arena_init(&server->desks[number], server->settings.arena_limit);
    }
    pthread_mutex_lock(&server->desk_lock);
    server->desks_free[server->desk_free_count++] = number;
    pthread_mutex_unlock(&server->desk_lock);
}

static void job_handle(struct http_job *job, unsigned worker) {
    struct http_server *server = job->server;
    unsigned desk = desk_take(server);
    job->request.arena = &server->desks[desk];
    server->settings.hooks.handle(server->settings.hooks.ctx, worker, &job->request, &job->response);
    job->request.arena = &job->arena;
    answer_keep(job);
    desk_give(server, desk);
}

void request_run(struct http_job *job, unsigned worker) {
    job_handle(job, worker);
    atomic_fetch_add(&job->server->handled, 1);
    queue_answered(&job->server->queue);
    job->made = true;
    job->phase = JOB_DONE;
    resume(job);
}

void request_drop(struct http_job *job) {
    job->dropped = true;
    job->phase = JOB_DONE;
    resume(job);
}

static void answer_taken(struct http_job *job) {
    if (job->made) {
        job->made = false;
        queue_sent(&job->server->queue);
    }
}

enum MHD_Result request_step(void *cls, struct MHD_Connection *connection, const char *url,
                             const char *method, const char *version, const char *bytes, size_t *n,
                             void **con_cls) {
    struct http_job *job = *con_cls;
    (void)cls;
    (void)url;
    if (job == NULL || job->watched == NULL) {
        return MHD_NO;
    }
    assert(job->connection == connection);
    switch (job->phase) {
    case JOB_HEAD:
        return head_arrived(job, method, version);
    case JOB_BODY:
        return *n > 0 ? body_arrived(job, bytes, n) : request_complete(job);
    case JOB_TOLD:
        return request_finish(job);
    case JOB_DONE:
        atomic_fetch_sub(&job->server->suspended, 1);
        answer_taken(job);
        return job->dropped ? shed_answer(job) : request_answer(job);
    default:
        return MHD_NO;
    }
}

/* The request line is there; nothing has been unescaped or cut yet. */
void *request_begin(void *cls, const char *target, struct MHD_Connection *connection) {
    struct http_server *server = cls;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct http_job *job = job_take(&server->pool);
    job->server = server;
    job->connection = connection;
    job->watched = info == NULL ? NULL : info->socket_context;
    if (job->watched != NULL) {
        watch_head(job->watched);
    }
    job->raw_target = target;
    job->target = text_copy(&job->arena, text_of(target));
    job->request.arena = &job->arena;
    job->request.serial = atomic_fetch_add(&server->requests, 1) + 1;
    atomic_fetch_add(&server->underway, 1);
    return job;
}

void request_end(void *cls, struct MHD_Connection *connection, void **con_cls,
                 enum MHD_RequestTerminationCode why) {
    struct http_server *server = cls;
    struct http_job *job = *con_cls;
    (void)connection;
    (void)why;
    if (job == NULL) {
        return;
    }
    *con_cls = NULL;
    if (job->watched != NULL) {
        watch_idle(&server->watch, job->watched);
    }
    /* Resumed for a client that has gone: the handler is not called again. */
    if (job->phase == JOB_DONE || job->phase == JOB_TOLD) {
        atomic_fetch_sub(&server->suspended, 1);
        answer_taken(job);
    }
    if (job->counted) {
        crowd_leave(&server->crowd, job->request.peer);
    }
    job_drop(&server->pool, job);
    atomic_fetch_sub(&server->underway, 1);
}
