/* One request on its way through the server, and the pool such jobs come from. A job is held by the request and by
 * the answer's bytes while they are being sent; when both are done its arena is wiped and it goes back. Internal. */
#ifndef SANGO_HTTP_JOB_H
#define SANGO_HTTP_JOB_H

#include <pthread.h>
#include <stdatomic.h>

#include "http/framing.h"
#include "http/io.h"
#include "http/watch.h"

struct MHD_Connection;
struct http_server;

enum job_phase {
    JOB_HEAD,  /* created; the head is being read */
    JOB_BODY,  /* the head was sound; reading the body */
    JOB_QUEUE, /* suspended: waiting for a worker or with one */
    JOB_TOLD,  /* resumed: what was asked for is known */
    JOB_DONE,  /* the response is ready to be queued */
    JOB_SENT,
};

struct http_job {
    struct io_caller caller; /* to be resumed; the first, so that it is the job */
    struct http_job *next;   /* in the pool or in the queue */
    struct http_server *server;
    struct job_pool *pool; /* where it came from */
    struct MHD_Connection *connection;
    struct watched *watched;
    struct arena arena;
    _Atomic int holders;
    enum job_phase phase;
    const char *raw_target; /* where it lies in the library's buffer */
    struct text target;     /* a copy, whole */
    struct framing framing;
    size_t body_limit;
    size_t body_cap;
    char *body;
    bool too_large;
    bool counted; /* among the requests of its client (http/crowd.h) */
    bool crowded; /* its client has too many */
    bool dropped; /* waited too long: to be shed */
    bool made;    /* its answer counts as unsent */
    unsigned class;
    unsigned busy;
    int64_t queued_ms;
    void *asked; /* what http_hooks.quick gave with HTTP_SOON */
    struct http_request request;
    struct http_response response;
};

struct job_pool {
    pthread_mutex_t lock;
    struct arena *arena; /* of the server */
    struct http_job *free;
    size_t free_count;
    size_t out; /* taken and not yet back */
    size_t arena_limit;
};

void job_pool_init(struct job_pool *pool, struct arena *arena, size_t arena_limit);
/* Every job must be back. */
void job_pool_release(struct job_pool *pool);
/* With one holder and an empty arena. */
struct http_job *job_take(struct job_pool *pool);
void job_hold(struct http_job *job);
void job_drop(struct job_pool *pool, struct http_job *job);

/* Keeps `n` more bytes of the body, or notes that it became too large. */
void job_body_add(struct http_job *job, const char *bytes, size_t n);

#endif
