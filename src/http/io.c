#include "http/io.h"

#include <assert.h>
#include <limits.h>
#include <microhttpd.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
    IO_NICE = 3,       /* when cores are short, finishing work goes before taking more of it in */
    TURNS_AT_ONCE = 32 /* callers between two rounds of the library */
};

struct arrival {
    int fd;
    socklen_t n;
    struct sockaddr_storage address;
};

struct io_thread {
    struct io *io;
    struct MHD_Daemon *daemon;
    pthread_t thread;
    int wake;            /* eventfd: somebody arrived, is to be answered, or it is time to stop */
    _Atomic bool called; /* written to since it last looked: the many who call while it is busy write once */
    pthread_mutex_t lock;
    struct arrival *arrivals; /* a ring */
    size_t room, first, count;
    struct io_caller *callers; /* the first to come first */
    struct io_caller *last;
    bool stopping;
};

static _Thread_local struct io_thread *self; /* NULL on every other thread; set once */

/* ---- calling ---- */

struct io_thread *io_self(void) {
    return self;
}

static void wake(struct io_thread *thread) {
    uint64_t one = 1;
    if (atomic_exchange(&thread->called, true)) {
        return;
    }
    ssize_t written = write(thread->wake, &one, sizeof one);
    (void)written; /* a counter that is full wakes as well */
}

/* What was asked for before is seen by what the thread does next; who asks from now on calls again. */
static void call_heard(struct io_thread *thread) {
    uint64_t times = 0;
    ssize_t n = read(thread->wake, &times, sizeof times);
    (void)n; /* only its having been written matters */
    atomic_store(&thread->called, false);
}

/* ---- taking turns ---- */

void io_call(struct io_thread *thread, struct io_caller *caller) {
    caller->next = NULL;
    pthread_mutex_lock(&thread->lock);
    if (thread->callers == NULL) {
        thread->callers = caller;
    } else {
        thread->last->next = caller;
    }
    thread->last = caller;
    pthread_mutex_unlock(&thread->lock);
    wake(thread);
}

static struct io_caller *caller_take(struct io_thread *thread) {
    pthread_mutex_lock(&thread->lock);
    struct io_caller *caller = thread->callers;
    thread->callers = caller == NULL ? NULL : caller->next;
    pthread_mutex_unlock(&thread->lock);
    return caller;
}

/* True when there may be more. */
static bool turns_give(struct io_thread *thread) {
    const struct io_hooks *hooks = &thread->io->hooks;
    int given = 0;
    struct io_caller *caller = NULL;
    while (given < TURNS_AT_ONCE && (caller = caller_take(thread)) != NULL) {
        hooks->turn(hooks->ctx, caller);
        given++;
    }
    return caller != NULL;
}

/* ---- arriving ---- */

void io_enter(struct io *io, int fd, const struct sockaddr *address, socklen_t n) {
    struct io_thread *thread = &io->threads[io->next++ % io->count];
    pthread_mutex_lock(&thread->lock);
    assert(thread->count < thread->room);
    struct arrival *arrival = &thread->arrivals[(thread->first + thread->count++) % thread->room];
    arrival->fd = fd;
    arrival->n = n < sizeof arrival->address ? n : (socklen_t)sizeof arrival->address;
    memcpy(&arrival->address, address, arrival->n);
    pthread_mutex_unlock(&thread->lock);
    wake(thread);
}

static bool arrival_take(struct io_thread *thread, struct arrival *ret_arrival) {
    pthread_mutex_lock(&thread->lock);
    bool any = thread->count > 0;
    if (any) {
        *ret_arrival = thread->arrivals[thread->first];
        thread->first = (thread->first + 1) % thread->room;
        thread->count--;
    }
    pthread_mutex_unlock(&thread->lock);
    return any;
}

/* The library closes what it does not take. */
static void arrivals_let_in(struct io_thread *thread) {
    const struct io_hooks *hooks = &thread->io->hooks;
    struct arrival arrival;
    while (arrival_take(thread, &arrival)) {
        const struct sockaddr *address = (const struct sockaddr *)&arrival.address;
        if (MHD_add_connection(thread->daemon, arrival.fd, address, arrival.n) != MHD_YES) {
            hooks->lost(hooks->ctx);
        }
    }
}

/* ---- turning ---- */

static bool is_stopping(struct io_thread *thread) {
    pthread_mutex_lock(&thread->lock);
    bool stopping = thread->stopping;
    pthread_mutex_unlock(&thread->lock);
    return stopping;
}

/* Until the library has something to do, by its own descriptors or by the clock, or somebody calls or arrives. */
static void await(struct io_thread *thread, int ready, bool more) {
    MHD_UNSIGNED_LONG_LONG left = 0;
    int most = more ? 0 : -1;
    if (!more && MHD_get_timeout(thread->daemon, &left) == MHD_YES) {
        most = left > INT_MAX ? INT_MAX : (int)left;
    }
    struct pollfd fds[] = {{.fd = thread->wake, .events = POLLIN}, {.fd = ready, .events = POLLIN}};
    if (poll(fds, COUNT(fds), most) > 0 && fds[0].revents != 0) {
        call_heard(thread);
    }
}

static void *thread_run(void *arg) {
    struct io_thread *thread = arg;
    int ready = MHD_get_daemon_info(thread->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    self = thread;
    setpriority(PRIO_PROCESS, 0, IO_NICE); /* of the calling thread */
    while (!is_stopping(thread)) {
        arrivals_let_in(thread);
        bool more = turns_give(thread);
        (void)MHD_run(thread->daemon);
        await(thread, ready, more);
    }
    return NULL;
}

/* ---- life ---- */

static void thread_end(struct io_thread *thread) {
    struct arrival arrival;
    if (thread->daemon != NULL) {
        MHD_stop_daemon(thread->daemon);
    }
    while (arrival_take(thread, &arrival)) {
        close(arrival.fd);
    }
    if (thread->wake >= 0) {
        close(thread->wake);
    }
    pthread_mutex_destroy(&thread->lock);
}

static bool thread_start(struct io_thread *thread) {
    const struct io_hooks *hooks = &thread->io->hooks;
    pthread_mutex_init(&thread->lock, NULL);
    thread->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    thread->daemon = thread->wake < 0 ? NULL : hooks->daemon(hooks->ctx);
    if (thread->daemon != NULL && pthread_create(&thread->thread, NULL, thread_run, thread) == 0) {
        return true;
    }
    thread_end(thread);
    return false;
}

bool io_start(struct io *io, struct arena *arena, unsigned threads, size_t room, struct io_hooks hooks) {
    *io = (struct io){.hooks = hooks, .threads = arena_array(arena, struct io_thread, threads)};
    for (unsigned i = 0; i < threads; i++) {
        struct io_thread *thread = &io->threads[i];
        thread->io = io;
        thread->room = room;
        thread->arrivals = arena_array(arena, struct arrival, room);
        if (!thread_start(thread)) {
            io_stop(io);
            return false;
        }
        io->count++;
    }
    return true;
}

void io_stop(struct io *io) {
    for (unsigned i = 0; i < io->count; i++) {
        struct io_thread *thread = &io->threads[i];
        pthread_mutex_lock(&thread->lock);
        thread->stopping = true;
        pthread_mutex_unlock(&thread->lock);
        wake(thread);
        pthread_join(thread->thread, NULL);
        thread_end(thread);
    }
    io->count = 0;
}
