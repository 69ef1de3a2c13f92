/* The door: one thread that accepts. When no more connections or descriptors can be had it says so to whoever knocks
 * instead of leaving them waiting, answers the health check, and never spins. Internal. */
#ifndef SANGO_HTTP_DOOR_H
#define SANGO_HTTP_DOOR_H

#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>

#include "base/text.h"

/* Callers told at the door itself, at once; so many descriptors are kept for them. */
enum { DOOR_PORCH = 8 };

struct door_caller {
    int fd;     /* -1: free */
    bool spare; /* stands on a kept descriptor */
    bool told;  /* only waited for to go */
    int64_t until_ms;
};

struct door_told {
    struct text health; /* path that is answered with 200; empty: none */
    struct text full;   /* whole answer for everybody else, head and body */
};

struct door_hooks {
    void *ctx;
    bool (*full)(void *ctx);
    /* Takes the descriptor over. */
    void (*enter)(void *ctx, int fd, const struct sockaddr *address, socklen_t n);
};

struct door {
    int listener;
    int wake; /* eventfd */
    pthread_t thread;
    bool running;
    struct door_told told;
    struct door_hooks hooks;
    int kept[DOOR_PORCH]; /* descriptors of nothing, closed to make room; -1: lent out */
    struct door_caller porch[DOOR_PORCH];
    int64_t pause_until_ms;
    _Atomic uint64_t turned;
};

NODISCARD enum rc door_open(struct door *door, int listener, struct door_told told, struct door_hooks hooks);
/* Nobody is accepted any more; the listener stays open. Idempotent. */
void door_close(struct door *door);

#endif
