#include "http/watch.h"

#include <assert.h>
#include <sys/socket.h>
#include <time.h>

enum { TICK_MS = 250 };

int64_t watch_clock_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Time for `bytes` at the lowest rate we bear, beyond the grace. */
static int64_t time_for(const struct watch *watch, uint64_t bytes) {
    return (int64_t)watch->limits.grace_ms + (int64_t)(bytes * 1000 / watch->limits.rate_floor);
}

/* What recv() would say now. */
static ssize_t unread(const struct watched *watched) {
    char next;
    return recv(watched->fd, &next, 1, MSG_PEEK | MSG_DONTWAIT);
}

/* The library reads once a wake-up: when the bytes and the end of the stream came together, it never hears of the end. */
static bool hung_up(const struct watched *watched) {
    return unread(watched) == 0;
}

static bool overdue(const struct watch *watch, const struct watched *watched, int64_t now) {
    int64_t elapsed = now - atomic_load(&watched->since_ms);
    switch (atomic_load(&watched->phase)) {
    case WATCH_BODY:
        return elapsed > time_for(watch, atomic_load(&watched->received)) || hung_up(watched);
    case WATCH_HEAD:
        return elapsed > atomic_load(&watched->allowed_ms) || hung_up(watched);
    case WATCH_IDLE:
    case WATCH_SEND:
        return elapsed > atomic_load(&watched->allowed_ms);
    default:
        return false;
    }
}

static void cut_overdue(struct watch *watch) {
    int64_t now = watch_clock_ms();
    for (struct watched *watched = watch->busy; watched != NULL; watched = watched->next) {
        if (overdue(watch, watched, now)) {
            shutdown(watched->fd, SHUT_RDWR);
            atomic_store(&watched->phase, WATCH_WORK);
            atomic_fetch_add(&watch->cut, 1);
        }
    }
}

static void *watch_run(void *arg) {
    struct watch *watch = arg;
    pthread_mutex_lock(&watch->lock);
    while (!watch->stopping) {
        cut_overdue(watch);
        if (watch->tick != NULL) {
            pthread_mutex_unlock(&watch->lock);
            watch->tick(watch->tick_ctx);
            pthread_mutex_lock(&watch->lock);
        }
        if (watch->stopping) {
            break;
        }
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += TICK_MS * 1000000L;
        if (until.tv_nsec >= 1000000000L) {
            until.tv_nsec -= 1000000000L;
            until.tv_sec++;
        }
        pthread_cond_timedwait(&watch->wake, &watch->lock, &until);
    }
    pthread_mutex_unlock(&watch->lock);
    return NULL;
}

enum rc watch_init(struct watch *watch, struct arena *arena, struct watch_limits limits, size_t slots) {
    watch->limits = limits;
    struct watched *all = arena_array(arena, struct watched, slots);
    for (size_t i = 0; i < slots; i++) {
        all[i].next = watch->free;
        watch->free = &all[i];
    }
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&watch->lock, NULL);
    pthread_cond_init(&watch->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    return pthread_create(&watch->thread, NULL, watch_run, watch) == 0 ? RC_OK : RC_FAULT;
}

void watch_release(struct watch *watch) {
    pthread_mutex_lock(&watch->lock);
    watch->stopping = true;
    pthread_cond_signal(&watch->wake);
    pthread_mutex_unlock(&watch->lock);
    pthread_join(watch->thread, NULL);
    pthread_cond_destroy(&watch->wake);
    pthread_mutex_destroy(&watch->lock);
}

/* What came while nobody had time to read it is no silence: its other half may still be on the way. */
static bool silent(const struct watched *watched, unsigned idle_ms, int64_t began_ms, int64_t now) {
    int64_t since = atomic_load(&watched->since_ms);
    int64_t elapsed = now - (since > began_ms ? since : began_ms);
    return atomic_load(&watched->phase) == WATCH_IDLE && elapsed >= (int64_t)idle_ms && unread(watched) <= 0;
}

size_t watch_leave(struct watch *watch, unsigned idle_ms, int64_t began_ms) {
    int64_t now = watch_clock_ms();
    size_t older = 0;
    pthread_mutex_lock(&watch->lock);
    for (struct watched *watched = watch->busy; watched != NULL; watched = watched->next) {
        if (!watched->leaving && silent(watched, idle_ms, began_ms, now)) {
            watched->leaving = true;
            shutdown(watched->fd, SHUT_RD);
        }
        older += watched->opened_ms < began_ms;
    }
    pthread_mutex_unlock(&watch->lock);
    return older;
}

struct watched *watch_open(struct watch *watch, int fd) {
    pthread_mutex_lock(&watch->lock);
    struct watched *watched = watch->free;
    if (watched != NULL) {
        watch->free = watched->next;
        *watched = (struct watched){.fd = fd, .fresh = true, .next = watch->busy};
        watched->opened_ms = watch_clock_ms();
        atomic_store(&watched->since_ms, watched->opened_ms);
        atomic_store(&watched->allowed_ms, watch->limits.head_ms);
        if (watch->busy != NULL) {
            watch->busy->previous = watched;
        }
        watch->busy = watched;
        atomic_fetch_add(&watch->open, 1);
    }
    pthread_mutex_unlock(&watch->lock);
    return watched;
}

void watch_close(struct watch *watch, struct watched *watched) {
    pthread_mutex_lock(&watch->lock);
    if (watched->previous != NULL) {
        watched->previous->next = watched->next;
    } else {
        assert(watch->busy == watched);
        watch->busy = watched->next;
    }
    if (watched->next != NULL) {
        watched->next->previous = watched->previous;
    }
    watched->next = watch->free;
    watched->previous = NULL;
    watch->free = watched;
    atomic_fetch_sub(&watch->open, 1);
    pthread_mutex_unlock(&watch->lock);
}

/* `since` is written first: a reader between the writes sees a phase that has just begun. */
static void enter(struct watched *watched, enum watch_phase phase, int64_t allowed_ms) {
    atomic_store(&watched->since_ms, watch_clock_ms());
    atomic_store(&watched->allowed_ms, allowed_ms);
    atomic_store(&watched->phase, (int)phase);
}

void watch_idle(const struct watch *watch, struct watched *watched) {
    enter(watched, WATCH_IDLE, watch->limits.idle_ms);
}

void watch_head(struct watched *watched) {
    atomic_store(&watched->phase, WATCH_HEAD);
}

void watch_body(const struct watch *watch, struct watched *watched) {
    (void)watch;
    atomic_store(&watched->received, 0);
    enter(watched, WATCH_BODY, 0);
}

void watch_work(struct watched *watched) {
    atomic_store(&watched->phase, WATCH_WORK);
}

void watch_send(const struct watch *watch, struct watched *watched, size_t bytes) {
    enter(watched, WATCH_SEND, time_for(watch, bytes));
}
