/* The threads that read and send: each turns a daemon of the library by itself. The library could do so as well, but once
 * it has found just as many events as it asks for at a time (128) it waits for more before it looks at any of them; with
 * every other connection waiting for its answer, nothing would ever come (docs/adr/0194). Internal. */
#ifndef SANGO_HTTP_IO_H
#define SANGO_HTTP_IO_H

#include <stdbool.h>
#include <sys/socket.h>

#include "base/arena.h"

struct MHD_Daemon;
struct io_caller;
struct io_thread;

struct io_hooks {
    void *ctx;
    /* Makes the daemon of one thread: epoll, no thread and no listening socket of its own. NULL: it cannot be had. */
    struct MHD_Daemon *(*daemon)(void *ctx);
    /* A descriptor that io_enter() took could not become a connection; it was closed. */
    void (*lost)(void *ctx);
    /* On the thread that io_call() named: it is this caller's turn. */
    void (*turn)(void *ctx, struct io_caller *caller);
};

/* Part of whatever waits for its turn on a thread. */
struct io_caller {
    struct io_caller *next;
};

struct io {
    struct io_hooks hooks;
    struct io_thread *threads;
    unsigned count; /* started */
    unsigned next;
};

/* `room`: connections that may be on their way in at once. False: what was begun has ended. */
NODISCARD bool io_start(struct io *io, struct arena *arena, unsigned threads, size_t room,
                        struct io_hooks hooks);
/* Hands a connected socket to the threads in turn; from one thread only, and of `room` at most. */
void io_enter(struct io *io, int fd, const struct sockaddr *address, socklen_t n);
/* The calling thread, if it is one of these. */
struct io_thread *io_self(void);
/* `caller` gets its turn on that thread, after those who called before. A few at a time: the library makes the answers of
 * all who were resumed before it sends the first of them. On any thread. */
void io_call(struct io_thread *thread, struct io_caller *caller);
/* Joins the threads and closes what is still connected. Nothing may be suspended. */
void io_stop(struct io *io);

#endif
