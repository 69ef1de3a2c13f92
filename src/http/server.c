#include "http/server.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "http/answer.h"
#include "http/head.h"
#include "http/queue.h"

enum {
    HEAD_BYTES = 16 * 1024, /* of a request; the library wipes it all each time, for each connection */
    OVERRUN = 256 * 1024,   /* of a body too large that is still read, so that the client hears why */
    SPARE_FDS = 64,
};

struct http_server {
    struct arena arena;
    struct http_settings settings;
    struct MHD_Daemon *daemon;
    struct watch watch;
    struct queue queue;
    struct job_pool pool;
    struct arena *desks; /* one a worker: what a handler needs on the way to its answer */
    _Atomic bool draining;
    _Atomic bool
        shut; /* nothing may be suspended any more: the library cannot stop with a suspended request */
    _Atomic uint64_t suspended; /* with the queue, a worker, or resumed but not yet answered */
    _Atomic uint64_t underway;  /* requests from their first line to their last byte */
    _Atomic uint64_t requests;
    _Atomic uint64_t quick;
    _Atomic uint64_t handled;
    _Atomic uint64_t shed;
    _Atomic uint64_t malformed;
};

static enum MHD_Result send_answer(struct http_job *job) {
    struct http_server *server = job->server;
    if (atomic_load(&server->draining)) {
        job->response.close = true;
    }
    watch_send(&server->watch, job->watched, job->response.body.n);
    return answer_send(&server->pool, job) ? MHD_YES : MHD_NO;
}

static void dress_refusal(struct http_job *job, int status) {
    struct http_server *server = job->server;
    answer_plain(job, status);
    if (server->settings.hooks.refused != NULL) {
        const struct http_request *known = job->request.path.n > 0 ? &job->request : NULL;
        server->settings.hooks.refused(server->settings.hooks.ctx, known, &job->arena, &job->response);
        job->response.status = status;
    }
    if (status == 503) {
        http_response_add(&job->response, "Retry-After", TEXT("2"));
    }
}

/* The connection ends with this answer: after a refused head nobody knows where the next request begins. */
static enum MHD_Result refuse(struct http_job *job, int status) {
    dress_refusal(job, status);
    job->response.close = true;
    return send_answer(job);
}

static enum MHD_Result shed(struct http_job *job) {
    atomic_fetch_add(&job->server->shed, 1);
    dress_refusal(job, 503);
    return send_answer(job);
}

static bool bodyless(const struct http_job *job) {
    return job->request.method == HTTP_GET || job->request.method == HTTP_HEAD;
}

static enum MHD_Result head_arrived(struct http_job *job, const char *method, const char *version) {
    struct http_server *server = job->server;
    const struct http_hooks *hooks = &server->settings.hooks;
    job->watched->fresh = false;
    int status = head_read(job, method, version);
    if (status != 0) {
        atomic_fetch_add(&server->malformed, status == 400);
        return refuse(job, status);
    }
    job->body_limit =
        bodyless(job) ? 0 : hooks->body_limit(hooks->ctx, job->request.method, job->request.path);
    /* Readers of chunks differ in what they forgive, so no second request follows on that connection. */
    job->response.close = job->framing.chunked;
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

/* The place in the queue is taken before suspending, and the job published after: from then on the worker may resume
 * the connection at any moment, even before this call returns. */
static enum MHD_Result request_complete(struct http_job *job) {
    struct http_server *server = job->server;
    const struct http_hooks *hooks = &server->settings.hooks;
    watch_work(job->watched);
    if (job->too_large) {
        return refuse(job, 413);
    }
    /* Not earlier: an answer to the first call for a request makes the library close the connection. */
    if (bodyless(job) && hooks->quick != NULL && hooks->quick(hooks->ctx, &job->request, &job->response)) {
        atomic_fetch_add(&server->quick, 1);
        return send_answer(job);
    }
    if (MHD_get_connection_values(job->connection, MHD_FOOTER_KIND, NULL, NULL) > 0) {
        return refuse(job, 400);
    }
    bool soon = bodyless(job) && hooks->soon != NULL && hooks->soon(hooks->ctx, &job->request);
    if (!soon && !queue_reserve(&server->queue)) {
        return shed(job);
    }
    atomic_fetch_add(&server->suspended, 1);
    if (atomic_load(&server->shut)) {
        atomic_fetch_sub(&server->suspended, 1);
        return MHD_NO;
    }
    job->phase = JOB_QUEUE;
    MHD_suspend_connection(job->connection);
    if (soon) {
        hooks->ask(hooks->ctx, &job->request, &job->response, (struct http_ticket *)job);
    } else {
        queue_put(&server->queue, job);
    }
    return MHD_YES;
}

void http_told(struct http_ticket *ticket, bool answered) {
    struct http_job *job = (struct http_job *)ticket;
    struct http_server *server = job->server;
    if (!answered && queue_reserve(&server->queue)) {
        queue_put(&server->queue, job);
        return;
    }
    atomic_fetch_add(answered ? &server->quick : &server->shed, 1);
    if (!answered) {
        dress_refusal(job, 503);
    }
    job->phase = JOB_DONE;
    MHD_resume_connection(job->connection);
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
    for (size_t i = 0; i < response->extra_count; i++) {
        response->extra[i].value = text_copy(&job->arena, response->extra[i].value);
    }
}

static void job_handle(struct http_job *job, unsigned worker) {
    struct http_server *server = job->server;
    struct arena *desk = &server->desks[worker];
    bool close = job->response.close;
    job->request.arena = desk;
    server->settings.hooks.handle(server->settings.hooks.ctx, worker, &job->request, &job->response);
    job->request.arena = &job->arena;
    job->response.close = job->response.close || close;
    answer_keep(job);
    arena_clear(desk);
}

static void job_run(struct http_job *job, unsigned worker, bool late) {
    struct http_server *server = job->server;
    if (late) {
        atomic_fetch_add(&server->shed, 1);
        dress_refusal(job, 503);
    } else {
        job_handle(job, worker);
        atomic_fetch_add(&server->handled, 1);
    }
    job->phase = JOB_DONE;
    MHD_resume_connection(job->connection);
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection, const char *url,
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
    case JOB_DONE:
        atomic_fetch_sub(&job->server->suspended, 1);
        return send_answer(job);
    default:
        return MHD_NO;
    }
}

/* The request line is there; nothing has been unescaped or cut yet. */
static void *on_target(void *cls, const char *target, struct MHD_Connection *connection) {
    struct http_server *server = cls;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct http_job *job = job_take(&server->pool);
    job->server = server;
    job->connection = connection;
    job->watched = info == NULL ? NULL : info->socket_context;
    job->raw_target = target;
    job->target = text_copy(&job->arena, text_of(target));
    job->request.arena = &job->arena;
    job->request.serial = atomic_fetch_add(&server->requests, 1) + 1;
    atomic_fetch_add(&server->underway, 1);
    return job;
}

static void on_completed(void *cls, struct MHD_Connection *connection, void **con_cls,
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
    if (job->phase == JOB_DONE) {
        atomic_fetch_sub(&server->suspended, 1);
    }
    job_drop(&server->pool, job);
    atomic_fetch_sub(&server->underway, 1);
}

static void on_connection(void *cls, struct MHD_Connection *connection, void **context,
                          enum MHD_ConnectionNotificationCode what) {
    struct http_server *server = cls;
    const struct http_settings *settings = &server->settings;
    if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
        if (*context != NULL) {
            watch_close(&server->watch, *context);
        }
        return;
    }
    int fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    const struct sockaddr *address =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
    struct watched *watched = watch_open(&server->watch, fd);
    *context = watched;
    if (watched == NULL) {
        shutdown(fd, SHUT_RDWR);
        return;
    }
    head_peer(watched, address, settings->trust_unix, settings->proxies, settings->proxy_count);
}

/* Escapes stay as they are: http/target.h reads them from the original. */
static size_t keep_escapes(void *cls, struct MHD_Connection *connection, char *s) {
    (void)cls;
    (void)connection;
    return text_of(s).n;
}

static void fill_defaults(struct http_settings *settings) {
    struct rlimit files = {.rlim_cur = 1024};
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    getrlimit(RLIMIT_NOFILE, &files);
#define DEFAULT(field, value) settings->field = settings->field == 0 ? (value) : settings->field
    DEFAULT(io_threads, cores < 1 ? 1 : (unsigned)cores);
    DEFAULT(workers, 8);
    DEFAULT(queue_max, 1024);
    DEFAULT(queue_age_ms, 5000);
    DEFAULT(connections, 4000);
    DEFAULT(idle_s, 30);
    DEFAULT(head_s, 10);
    DEFAULT(rate_floor, 500);
    DEFAULT(grace_ms, 10000);
    DEFAULT(arena_limit, (size_t)64 << 20);
#undef DEFAULT
    rlim_t usable = files.rlim_cur > 2 * SPARE_FDS ? files.rlim_cur - SPARE_FDS : files.rlim_cur / 2;
    if (settings->connections > usable) {
        settings->connections = (unsigned)usable;
    }
}

static struct MHD_Daemon *daemon_start(struct http_server *server) {
    const struct http_settings *settings = &server->settings;
    struct MHD_OptionItem options[] = {
        {MHD_OPTION_LISTEN_SOCKET, settings->listener, NULL},
        {MHD_OPTION_CONNECTION_LIMIT, (intptr_t)settings->connections, NULL},
        {MHD_OPTION_CONNECTION_TIMEOUT, (intptr_t)settings->idle_s, NULL},
        {MHD_OPTION_CONNECTION_MEMORY_LIMIT, HEAD_BYTES, NULL},
        {MHD_OPTION_CONNECTION_MEMORY_INCREMENT, 4096, NULL},
        {MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)on_target, server},
        {MHD_OPTION_UNESCAPE_CALLBACK, (intptr_t)keep_escapes, NULL},
        {MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)on_completed, server},
        {MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)on_connection, server},
#if MHD_VERSION >= 0x00097701
        {MHD_OPTION_CLIENT_DISCIPLINE_LVL, 1, NULL},
#endif
        {settings->io_threads > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END,
         (intptr_t)settings->io_threads, NULL},
        {MHD_OPTION_END, 0, NULL},
    };
    return MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO, 0, NULL,
                            NULL, on_request, server, MHD_OPTION_ARRAY, options, MHD_OPTION_END);
}

static void server_release(struct http_server *server) {
    struct arena arena = server->arena;
    job_pool_release(&server->pool);
    for (unsigned i = 0; i < server->settings.workers; i++) {
        arena_release(&server->desks[i]);
    }
    arena_release(&arena);
}

enum rc http_server_start(const struct http_settings *settings, struct http_server **ret_server,
                          const char **ret_why) {
    assert(settings->hooks.handle != NULL && settings->hooks.body_limit != NULL);
    struct arena arena;
    arena_init(&arena, (size_t)1 << 30);
    struct http_server *server = arena_new(&arena, struct http_server);
    server->settings = *settings;
    fill_defaults(&server->settings);
    settings = &server->settings;
    struct watch_limits limits = {.head_ms = settings->head_s * 1000,
                                  .idle_ms = settings->idle_s * 1000,
                                  .grace_ms = settings->grace_ms,
                                  .rate_floor = settings->rate_floor};
    struct queue_limits bounds = {settings->workers, settings->queue_max, settings->queue_age_ms};
    server->desks = arena_array(&arena, struct arena, settings->workers);
    for (unsigned i = 0; i < settings->workers; i++) {
        arena_init(&server->desks[i], settings->arena_limit);
    }
    enum rc watching = watch_init(&server->watch, &arena, limits, settings->connections + SPARE_FDS);
    enum rc working = queue_init(&server->queue, &arena, bounds, job_run);
    server->arena = arena;
    job_pool_init(&server->pool, &server->arena, settings->arena_limit);
    fcntl(settings->listener, F_SETFL, fcntl(settings->listener, F_GETFL) | O_NONBLOCK);
    if (watching == RC_OK && working == RC_OK) {
        server->daemon = daemon_start(server);
    }
    if (server->daemon == NULL) {
        *ret_why = watching != RC_OK || working != RC_OK ? "threads could not be started"
                                                         : "the listening socket could not be served";
        queue_release(&server->queue);
        if (watching == RC_OK) {
            watch_release(&server->watch);
        }
        server_release(server);
        return RC_FAULT;
    }
    *ret_server = server;
    return RC_OK;
}

static bool drained(struct http_server *server, unsigned drain_ms) {
    int64_t until = watch_clock_ms() + drain_ms;
    while (atomic_load(&server->underway) > 0 && watch_clock_ms() < until) {
        nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
    }
    atomic_store(&server->shut, true);
    return atomic_load(&server->suspended) == 0;
}

enum rc http_server_stop(struct http_server *server, unsigned drain_ms) {
    atomic_store(&server->draining, true);
    MHD_quiesce_daemon(server->daemon);
    if (!drained(server, drain_ms)) {
        return RC_FAULT;
    }
    MHD_stop_daemon(server->daemon);
    close(server->settings.listener);
    queue_release(&server->queue);
    watch_release(&server->watch);
    server_release(server);
    return RC_OK;
}

void http_server_counts(struct http_server *server, struct http_counts *ret_counts) {
    *ret_counts = (struct http_counts){
        .requests = atomic_load(&server->requests),
        .quick = atomic_load(&server->quick),
        .handled = atomic_load(&server->handled),
        .shed = atomic_load(&server->shed),
        .malformed = atomic_load(&server->malformed),
        .cut = atomic_load(&server->watch.cut),
        .waiting = queue_waiting(&server->queue),
        .open = atomic_load(&server->watch.open),
    };
}
