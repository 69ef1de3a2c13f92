/* What server.c, request.c and shed.c share: the server itself. Internal. */
#ifndef SANGO_HTTP_INSIDE_H
#define SANGO_HTTP_INSIDE_H

#include <microhttpd.h>

#include "http/answer.h"
#include "http/crowd.h"
#include "http/door.h"
#include "http/io.h"
#include "http/queue.h"

/* Prepared answers differ in when to come again, so that those who were sent away do not come back all at once. */
enum { SHED_SOONEST_S = 2, SHED_SPREAD = 6 };

/* Who was turned away and asks again before the time she was told, while so many are turned away that it takes the
 * processor from those who are served, hears nothing for a while: she waits outside of the lines until there is room, or
 * for this long (docs/adr/0193). So many a quarter of a second are told at once even so. */
enum { SHED_HOLD_MS = 1000, SHED_AT_ONCE = 256 };

struct shed {
    pthread_mutex_t lock;
    struct http_job *first; /* held, the first to come first */
    struct http_job *last;
    _Atomic unsigned lately;                                   /* turned away since the last tick */
    struct MHD_Response *ready[HTTP_BUSY_MAX][2][SHED_SPREAD]; /* [][https][] */
};

struct http_server {
    struct arena arena;
    struct http_settings settings;
    struct io io;
    struct door door;
    struct crowd crowd;
    struct watch watch;
    struct queue queue;
    struct shed shedding;
    struct job_pool pool;
    struct arena
        *desks; /* what a handler needs on the way to its answer; one for each that may be under way */
    pthread_mutex_t desk_lock;
    unsigned *desks_free; /* a stack: the one used last is the warmest */
    unsigned desk_count, desk_free_count;
    _Atomic uint64_t coming; /* accepted, not yet seen by an I/O thread */
    _Atomic bool draining;
    _Atomic bool
        shut; /* nothing may be suspended any more: the library cannot stop with a suspended request */
    _Atomic uint64_t suspended; /* with the queue, a worker, or resumed but not yet answered */
    _Atomic uint64_t underway;  /* requests from their first line to their last byte */
    _Atomic uint64_t requests;
    _Atomic uint64_t quick;
    _Atomic uint64_t handled;
    _Atomic uint64_t shed;
    _Atomic uint64_t held;
    _Atomic uint64_t turned;
    _Atomic uint64_t malformed;
};

/* ---- request.c: the library's callbacks, and a worker's turn ---- */

void *request_begin(void *cls, const char *target, struct MHD_Connection *connection);
enum MHD_Result request_step(void *cls, struct MHD_Connection *connection, const char *url,
                             const char *method, const char *version, const char *bytes, size_t *n,
                             void **con_cls);
void request_end(void *cls, struct MHD_Connection *connection, void **con_cls,
                 enum MHD_RequestTerminationCode why);
void request_run(struct http_job *job, unsigned worker);
/* Who was suspended goes on. */
void request_turn(void *ctx, struct io_caller *caller);
/* From the queue: waited too long. */
void request_drop(struct http_job *job);
enum MHD_Result request_answer(struct http_job *job);
/* job->response becomes what the site says for `status`. */
void request_dress(struct http_job *job, int status);

/* ---- shed.c ---- */

/* Makes the prepared answers; false: no memory. */
NODISCARD bool shed_prepare(struct http_server *server);
void shed_release(struct http_server *server);
/* Is this request, which found no place, to be held? Then shed_hold() once its connection is suspended. */
NODISCARD bool shed_holds(struct http_server *server, const struct http_job *job);
void shed_hold(struct http_server *server, struct http_job *job);
/* About four times a second: who was held goes into line if there is room, or hears "later". */
void shed_tick(struct http_server *server);
/* 503, with what was sent kept if the site can. */
enum MHD_Result shed_answer(struct http_job *job);
/* The whole bytes of the first prepared answer, for those who are turned away at the door. */
struct text shed_bytes(struct http_server *server);

#endif
