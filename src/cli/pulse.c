#include "cli/pulse.h"

#include <pthread.h>
#include <time.h>

#include "sys/supervisor.h"

enum { MINUTE_MS = 60000, STUCK_S = 5, ARENA_LIMIT = 16 << 20 };

struct pulse {
    const struct house *house;
    struct http_server *server;
    struct http_counts before;
    struct arena arena;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool stopping;
};

static int64_t clock_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- figures ---- */

#define SINCE(field) log_int(#field, (int64_t)(now->field - before->field))

static void log_classes(const struct pulse *pulse, const struct http_counts *now) {
    for (size_t i = 0; i < now->class_count; i++) {
        const struct http_class_counts *row = &now->classes[i];
        const struct http_class_counts *old = &pulse->before.classes[i];
        if (row->handled == old->handled && row->full == old->full && row->old == old->old) {
            continue;
        }
        log_write(pulse->house->log, LOG_LEVEL_INFO, "class",
                  LOG_FIELDS(
                      log_code("name", row->name), log_int("handled", (int64_t)(row->handled - old->handled)),
                      log_int("full", (int64_t)(row->full - old->full)),
                      log_int("old", (int64_t)(row->old - old->old)),
                      log_int("waiting", (int64_t)row->waiting), log_ms("waited_max", row->waited_max_ms)));
    }
}

static void log_minute(struct pulse *pulse) {
    struct http_counts counts;
    const struct http_counts *now = &counts;
    const struct http_counts *before = &pulse->before;
    http_server_counts(pulse->server, true, &counts);
    if (counts.requests != before->requests || counts.turned != before->turned || counts.cut != before->cut) {
        log_write(pulse->house->log, LOG_LEVEL_INFO, "minute",
                  LOG_FIELDS(SINCE(requests), SINCE(quick), SINCE(handled), SINCE(shed), SINCE(turned),
                             SINCE(malformed), SINCE(cut), log_int("open", (int64_t)counts.open)));
        log_classes(pulse, now);
    }
    pulse->before = counts;
}

/* ---- the thread ---- */

/* False when stopping. */
static bool rest(struct pulse *pulse, int64_t ms) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += ms / 1000;
    until.tv_nsec += ms % 1000 * 1000000;
    if (until.tv_nsec >= 1000000000L) {
        until.tv_nsec -= 1000000000L;
        until.tv_sec++;
    }
    pthread_mutex_lock(&pulse->lock);
    int woken = 0;
    while (!pulse->stopping && woken == 0) {
        woken = pthread_cond_timedwait(&pulse->wake, &pulse->lock, &until);
    }
    bool going = !pulse->stopping;
    pthread_mutex_unlock(&pulse->lock);
    return going;
}

/* A writer that answers "no" is alive; one that does not answer keeps this thread, and the watchdog hungry. */
static void feed(struct pulse *pulse) {
    bool writable = house_writable(pulse->house, &pulse->arena);
    arena_clear(&pulse->arena);
    supervisor_tell(writable ? "WATCHDOG=1\nSTATUS=serving"
                             : "WATCHDOG=1\nSTATUS=serving, but nothing can be written");
}

static void *pulse_run(void *arg) {
    struct pulse *pulse = arg;
    int64_t watchdog_ms = supervisor_watchdog_ms();
    int64_t beat_ms = watchdog_ms > 0 && watchdog_ms / 3 < MINUTE_MS ? watchdog_ms / 3 + 1 : MINUTE_MS;
    int64_t minute_ms = clock_ms() + MINUTE_MS;
    while (rest(pulse, beat_ms)) {
        if (watchdog_ms > 0) {
            feed(pulse);
        }
        if (clock_ms() >= minute_ms) {
            log_minute(pulse);
            minute_ms += MINUTE_MS;
        }
    }
    return NULL;
}

enum rc pulse_start(struct arena *arena, const struct house *house, struct http_server *server,
                    struct pulse **ret_pulse) {
    struct pulse *pulse = arena_new(arena, struct pulse);
    pulse->house = house;
    pulse->server = server;
    arena_init(&pulse->arena, ARENA_LIMIT);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&pulse->lock, NULL);
    pthread_cond_init(&pulse->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (pthread_create(&pulse->thread, NULL, pulse_run, pulse) != 0) {
        return RC_FAULT;
    }
    *ret_pulse = pulse;
    return RC_OK;
}

bool pulse_stop(struct pulse *pulse) {
    struct timespec until;
    pthread_mutex_lock(&pulse->lock);
    pulse->stopping = true;
    pthread_cond_signal(&pulse->wake);
    pthread_mutex_unlock(&pulse->lock);
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += STUCK_S;
    bool ended = pthread_clockjoin_np(pulse->thread, NULL, CLOCK_MONOTONIC, &until) == 0;
    log_minute(pulse);
    if (ended) {
        pthread_cond_destroy(&pulse->wake);
        pthread_mutex_destroy(&pulse->lock);
        arena_release(&pulse->arena);
    }
    return ended;
}
