/* Deadlines: a connection that sends its head, sends its body or takes its answer too slowly is cut. The library's
 * own time-out only knows idleness, which a drip of one byte now and then never reaches. */
#ifndef SANGO_HTTP_WATCH_H
#define SANGO_HTTP_WATCH_H

#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>

#include "base/text.h"

struct io_thread;

enum watch_phase {
    WATCH_IDLE, /* waiting for a head, or in the middle of its first line */
    WATCH_HEAD, /* in the middle of the rest; its time is that of the phase before */
    WATCH_BODY,
    WATCH_WORK, /* ours to finish: no deadline */
    WATCH_SEND,
};

/* One connection. The phase is written by its I/O thread and its worker, read by the watching thread. */
struct watched {
    struct watched *next;
    struct watched *previous;
    int fd;
    bool fresh;               /* no head has been read yet; I/O thread only */
    struct io_thread *reader; /* whose connection it is (http/io.h) */
    int64_t told_ms;          /* when a request on it was last turned away; 0: never; I/O thread only */
    bool trusted;             /* the peer may speak for others (X-Forwarded-For) */
    bool counted;             /* among the connections of its client (http/crowd.h) */
    bool leaving;             /* watching thread and stopping only */
    char peer[INET6_ADDRSTRLEN];
    int64_t opened_ms;
    _Atomic int phase;
    _Atomic int64_t since_ms;   /* when the phase began */
    _Atomic int64_t allowed_ms; /* how long it may take at most */
    _Atomic uint64_t received;  /* bytes of the body so far */
};

struct watch_limits {
    unsigned head_ms;
    unsigned idle_ms;
    unsigned grace_ms;
    unsigned rate_floor; /* bytes a second */
};

struct watch {
    void (*tick)(void *ctx); /* on the watching thread, about four times a second; may be NULL */
    void *tick_ctx;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    pthread_t thread;
    bool stopping;
    struct watch_limits limits;
    struct watched *busy; /* connections now open */
    struct watched *free;
    _Atomic uint64_t open;
    _Atomic uint64_t cut;
};

/* Room for `slots` connections; starts the watching thread. */
NODISCARD enum rc watch_init(struct watch *watch, struct arena *arena, struct watch_limits limits,
                             size_t slots);
void watch_release(struct watch *watch);
/* Lets go of connections that have been idle for `idle_ms` since `began_ms` or, if that was later, since their last
 * answer or their opening. What they had sent before is still read and answered: only reading ends, the library then
 * finds the end of it and closes. Returns how many there are that were opened before `began_ms`. */
size_t watch_leave(struct watch *watch, unsigned idle_ms, int64_t began_ms);

/* NULL when all slots are taken. */
struct watched *watch_open(struct watch *watch, int fd);
/* After this the descriptor may be reused by others, so nobody shuts it down any more. */
void watch_close(struct watch *watch, struct watched *watched);

void watch_idle(const struct watch *watch, struct watched *watched);
void watch_head(struct watched *watched);
void watch_body(const struct watch *watch, struct watched *watched);
void watch_work(struct watched *watched);
void watch_send(const struct watch *watch, struct watched *watched, size_t bytes);

/* Milliseconds of a clock that never jumps. */
int64_t watch_clock_ms(void);

#endif
