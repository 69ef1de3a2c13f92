/* Puts the server together and takes it apart. */
#include <assert.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "http/head.h"
#include "http/inside.h"

enum {
    HEAD_BYTES = 12 * 1024, /* of a request; the library wipes it all each time, for each connection */
    SPARE_FDS = 64,
};

static void connection_ended(struct http_server *server, struct watched *watched) {
    if (watched != NULL) {
        if (watched->counted) {
            crowd_leave(&server->crowd, text_of(watched->peer));
        }
        watch_close(&server->watch, watched);
    }
}

static void on_connection(void *cls, struct MHD_Connection *connection, void **context,
                          enum MHD_ConnectionNotificationCode what) {
    struct http_server *server = cls;
    const struct http_settings *settings = &server->settings;
    if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
        connection_ended(server, *context);
        return;
    }
    int fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    const struct sockaddr *address =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
    struct watched *watched = watch_open(&server->watch, fd);
    atomic_fetch_sub(&server->coming, 1);
    *context = watched;
    if (watched == NULL) {
        shutdown(fd, SHUT_RDWR);
        return;
    }
    watched->reader = io_self();
    head_peer(watched, address, settings->trust_unix, settings->proxies, settings->proxy_count);
    watched->counted = !watched->trusted && crowd_enter(&server->crowd, text_of(watched->peer));
    if (!watched->trusted && !watched->counted && settings->per_address > 0) {
        atomic_fetch_add(&server->turned, 1);
        shutdown(fd, SHUT_RDWR);
    }
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
    DEFAULT(resting, 64);
    DEFAULT(connections, 4000);
    DEFAULT(idle_s, 30);
    DEFAULT(head_s, 10);
    DEFAULT(leave_ms, 2000);
    DEFAULT(rate_floor, 500);
    DEFAULT(grace_ms, 10000);
    DEFAULT(arena_limit, (size_t)64 << 20);
    DEFAULT(shed_hold_ms, SHED_HOLD_MS);
    DEFAULT(shed_at_once, SHED_AT_ONCE);
#undef DEFAULT
    rlim_t usable = files.rlim_cur > 2 * SPARE_FDS ? files.rlim_cur - SPARE_FDS : files.rlim_cur / 2;
    if (settings->connections > usable) {
        settings->connections = (unsigned)usable;
    }
}

/* Classes with every limit set; one for all when none were given. */
static void fill_classes(struct http_server *server) {
    struct http_settings *settings = &server->settings;
    static const struct http_class all = {.name = "all"};
    bool none = settings->class_count == 0;
    size_t count = none ? 1 : settings->class_count;
    struct http_class *classes = arena_array(&server->arena, struct http_class, count);
    for (size_t i = 0; i < count; i++) {
        classes[i] = none ? all : settings->classes[i];
        classes[i].waiting_max = classes[i].waiting_max == 0 ? settings->connections : classes[i].waiting_max;
        classes[i].age_ms = classes[i].age_ms == 0 ? 5000 : classes[i].age_ms;
        classes[i].patience_ms = classes[i].patience_ms == 0 ? classes[i].age_ms : classes[i].patience_ms;
    }
    settings->classes = classes;
    settings->class_count = count;
}

/* Our own door accepts, so the library never stops listening by itself and its own limit is never the one met. */
static struct MHD_Daemon *daemon_start(void *ctx) {
    struct http_server *server = ctx;
    const struct http_settings *settings = &server->settings;
    unsigned room = settings->connections + SPARE_FDS;
    struct MHD_OptionItem options[] = {
        {MHD_OPTION_CONNECTION_LIMIT, (intptr_t)room, NULL},
        {MHD_OPTION_CONNECTION_TIMEOUT, (intptr_t)settings->idle_s, NULL},
        {MHD_OPTION_CONNECTION_MEMORY_LIMIT, HEAD_BYTES, NULL},
        {MHD_OPTION_CONNECTION_MEMORY_INCREMENT, 4096, NULL},
        {MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)request_begin, server},
        {MHD_OPTION_UNESCAPE_CALLBACK, (intptr_t)keep_escapes, NULL},
        {MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)request_end, server},
        {MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)on_connection, server},
#if MHD_VERSION >= 0x00097701
        {MHD_OPTION_CLIENT_DISCIPLINE_LVL, 1, NULL},
#endif
        {MHD_OPTION_END, 0, NULL},
    };
    return MHD_start_daemon(MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME |
                                MHD_USE_TURBO,
                            0, NULL, NULL, request_step, server, MHD_OPTION_ARRAY, options, MHD_OPTION_END);
}

/* ---- the door ---- */

static uint64_t connections(struct http_server *server) {
    return atomic_load(&server->coming) + atomic_load(&server->watch.open);
}

static bool is_full(void *ctx) {
    struct http_server *server = ctx;
    return connections(server) >= server->settings.connections;
}

static void enter(void *ctx, int fd, const struct sockaddr *address, socklen_t n) {
    struct http_server *server = ctx;
    atomic_fetch_add(&server->coming, 1);
    io_enter(&server->io, fd, address, n);
}

static void lost(void *ctx) {
    struct http_server *server = ctx;
    atomic_fetch_sub(&server->coming, 1);
    atomic_fetch_add(&server->turned, 1);
}

static void on_tick(void *ctx) {
    struct http_server *server = ctx;
    queue_sweep(&server->queue);
    shed_tick(server);
}

/* ---- life ---- */

static void server_release(struct http_server *server) {
    struct arena arena = server->arena;
    shed_release(server);
    crowd_release(&server->crowd);
    job_pool_release(&server->pool);
    for (unsigned i = 0; i < server->desk_count; i++) {
        arena_release(&server->desks[i]);
    }
    pthread_mutex_destroy(&server->desk_lock);
    arena_release(&arena);
}

/* False: threads or memory could not be had; what was begun has ended. */
static bool threads_start(struct http_server *server) {
    const struct http_settings *settings = &server->settings;
    struct watch_limits limits = {.head_ms = settings->head_s * 1000,
                                  .idle_ms = settings->idle_s * 1000,
                                  .grace_ms = settings->grace_ms,
                                  .rate_floor = settings->rate_floor};
    struct queue_hooks hooks = {.run = request_run, .drop = request_drop};
    size_t slots = settings->connections + settings->io_threads * SPARE_FDS;
    enum rc working = queue_init(&server->queue, &server->arena, settings->classes, settings->class_count,
                                 (struct queue_size){settings->workers, settings->resting}, hooks);
    server->watch.tick = on_tick;
    server->watch.tick_ctx = server;
    bool watching = working == RC_OK && shed_prepare(server) &&
                    watch_init(&server->watch, &server->arena, limits, slots) == RC_OK;
    if (watching) {
        return true;
    }
    queue_release(&server->queue);
    return false;
}

static bool serve(struct http_server *server) {
    const struct http_settings *settings = &server->settings;
    struct door_told told = {.health = settings->health, .full = shed_bytes(server)};
    struct door_hooks hooks = {.ctx = server, .full = is_full, .enter = enter};
    fcntl(settings->listener, F_SETFL, fcntl(settings->listener, F_GETFL) | O_NONBLOCK);
    struct io_hooks io_hooks = {.ctx = server, .daemon = daemon_start, .lost = lost, .turn = request_turn};
    bool reading = io_start(&server->io, &server->arena, settings->io_threads,
                            settings->connections + SPARE_FDS, io_hooks);
    if (reading && door_open(&server->door, settings->listener, told, hooks) == RC_OK) {
        return true;
    }
    io_stop(&server->io);
    watch_release(&server->watch); /* before what its ticks look at */
    queue_release(&server->queue);
    return false;
}

static void desks_init(struct http_server *server) {
    const struct http_settings *settings = &server->settings;
    unsigned count = settings->workers + settings->resting;
    server->desks = arena_array(&server->arena, struct arena, count);
    server->desks_free = arena_array(&server->arena, unsigned, count);
    for (unsigned i = 0; i < count; i++) {
        arena_init(&server->desks[i], settings->arena_limit);
        server->desks_free[i] = count - 1 - i; /* the first is taken first */
    }
    server->desk_count = count;
    server->desk_free_count = count;
    pthread_mutex_init(&server->desk_lock, NULL);
}

enum rc http_server_start(const struct http_settings *settings, struct http_server **ret_server,
                          const char **ret_why) {
    assert(settings->hooks.handle != NULL && settings->hooks.place != NULL);
    assert(settings->class_count <= HTTP_CLASSES_MAX && settings->busy_count <= HTTP_BUSY_MAX);
    struct arena arena;
    arena_init(&arena, (size_t)1 << 30);
    struct http_server *server = arena_new(&arena, struct http_server);
    server->arena = arena;
    server->settings = *settings;
    fill_defaults(&server->settings);
    fill_classes(server);
    settings = &server->settings;
    desks_init(server);
    crowd_init(&server->crowd, &server->arena, settings->per_address,
               settings->connections + settings->io_threads * SPARE_FDS);
    job_pool_init(&server->pool, &server->arena, settings->arena_limit);
    bool threads = threads_start(server);
    if (!threads || !serve(server)) {
        *ret_why = threads ? "the listening socket could not be served" : "threads could not be started";
        server_release(server);
        return RC_FAULT;
    }
    *ret_server = server;
    return RC_OK;
}

static void moment(void) {
    nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
}

/* While those who were here before are answered for the last time or let go, newcomers are still served, an answer
 * each; only then is the door closed, so that nobody waits before it for somebody who says nothing (docs/adr/0172). */
static void see_off(struct http_server *server, int64_t began, int64_t until) {
    unsigned leave_ms = server->settings.leave_ms;
    atomic_store(&server->draining, true);
    while (watch_leave(&server->watch, leave_ms, began) > 0 && watch_clock_ms() < until) {
        moment();
    }
    door_close(&server->door);
}

/* Who came last has a request on the way, or is let go like everybody else: on a busy machine even the first bytes of a
 * new connection may take their time. */
static bool drained(struct http_server *server, int64_t began, int64_t until) {
    while (connections(server) > 0 && watch_clock_ms() < until) {
        watch_leave(&server->watch, server->settings.leave_ms, began);
        moment();
    }
    atomic_store(&server->shut, true);
    return atomic_load(&server->suspended) == 0;
}

enum rc http_server_stop(struct http_server *server, unsigned drain_ms, int *ret_listener) {
    int64_t now = watch_clock_ms();
    unsigned last_ms = server->settings.leave_ms < drain_ms / 2 ? server->settings.leave_ms : drain_ms / 2;
    see_off(server, now, now + drain_ms - last_ms);
    if (ret_listener == NULL) {
        close(server->settings.listener);
    } else {
        *ret_listener = server->settings.listener;
    }
    if (!drained(server, now, now + drain_ms)) {
        return RC_FAULT;
    }
    io_stop(&server->io);
    watch_release(&server->watch); /* before what its ticks look at */
    queue_release(&server->queue);
    server_release(server);
    return RC_OK;
}

void http_worker_rest(void *ctx, bool begins) {
    (void)ctx;
    queue_rest(begins);
}

void http_server_counts(struct http_server *server, bool forget, struct http_counts *ret_counts) {
    *ret_counts = (struct http_counts){
        .requests = atomic_load(&server->requests),
        .quick = atomic_load(&server->quick),
        .handled = atomic_load(&server->handled),
        .shed = atomic_load(&server->shed),
        .held = atomic_load(&server->held),
        .turned = atomic_load(&server->turned) + atomic_load(&server->door.turned),
        .malformed = atomic_load(&server->malformed),
        .cut = atomic_load(&server->watch.cut),
        .waiting = queue_waiting(&server->queue),
        .open = atomic_load(&server->watch.open),
        .class_count = server->settings.class_count,
    };
    queue_counts(&server->queue, forget, ret_counts->classes);
}
