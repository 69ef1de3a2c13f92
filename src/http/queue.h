/* Requests waiting for a worker, and the workers. Bounded: when it is full the caller says so to the client at once,
 * and what has waited too long is answered 503 rather than worked on for nobody. Internal. */
#ifndef SANGO_HTTP_QUEUE_H
#define SANGO_HTTP_QUEUE_H

#include "http/job.h"

struct queue_limits {
    unsigned workers;
    unsigned waiting_max;
    unsigned age_ms;
};

struct queue {
    pthread_mutex_t lock;
    pthread_cond_t filled;
    struct http_job *first;
    struct http_job *last;
    unsigned waiting; /* reserved or queued */
    bool stopping;
    struct queue_limits limits;
    unsigned started; /* worker threads */
    struct worker *workers;
    /* Runs on a worker; `late` when the job waited too long. */
    void (*run)(struct http_job *job, unsigned worker, bool late);
};

NODISCARD enum rc queue_init(struct queue *queue, struct arena *arena, struct queue_limits limits,
                             void (*run)(struct http_job *job, unsigned worker, bool late));
/* Ends the workers when the queue is empty and joins them. */
void queue_release(struct queue *queue);
/* Takes a place; false when there is none. Every place taken is followed by queue_put(). */
NODISCARD bool queue_reserve(struct queue *queue);
void queue_put(struct queue *queue, struct http_job *job);
unsigned queue_waiting(struct queue *queue);

#endif
