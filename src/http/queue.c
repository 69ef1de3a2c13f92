#include "http/queue.h"

#include <assert.h>

struct worker {
    pthread_t thread;
    struct queue *queue;
    unsigned number;
};

/* The oldest job; NULL when stopping and nothing is left. */
static struct http_job *queue_next(struct queue *queue) {
    pthread_mutex_lock(&queue->lock);
    while (queue->first == NULL && !queue->stopping) {
        pthread_cond_wait(&queue->filled, &queue->lock);
    }
    struct http_job *job = queue->first;
    if (job != NULL) {
        queue->first = job->next;
        queue->last = queue->first == NULL ? NULL : queue->last;
        queue->waiting--;
        job->next = NULL;
    }
    pthread_mutex_unlock(&queue->lock);
    return job;
}

static void *worker_run(void *arg) {
    struct worker *worker = arg;
    struct queue *queue = worker->queue;
    struct http_job *job = queue_next(queue);
    while (job != NULL) {
        bool late = watch_clock_ms() - job->queued_ms > (int64_t)queue->limits.age_ms;
        queue->run(job, worker->number, late);
        job = queue_next(queue);
    }
    return NULL;
}

enum rc queue_init(struct queue *queue, struct arena *arena, struct queue_limits limits,
                   void (*run)(struct http_job *job, unsigned worker, bool late)) {
    *queue = (struct queue){.limits = limits, .run = run};
    pthread_mutex_init(&queue->lock, NULL);
    pthread_cond_init(&queue->filled, NULL);
    queue->workers = arena_array(arena, struct worker, limits.workers);
    for (unsigned i = 0; i < limits.workers; i++) {
        queue->workers[i].queue = queue;
        queue->workers[i].number = i;
        if (pthread_create(&queue->workers[i].thread, NULL, worker_run, &queue->workers[i]) != 0) {
            return RC_FAULT;
        }
        queue->started++;
    }
    return RC_OK;
}

void queue_release(struct queue *queue) {
    pthread_mutex_lock(&queue->lock);
    queue->stopping = true;
    pthread_cond_broadcast(&queue->filled);
    pthread_mutex_unlock(&queue->lock);
    for (unsigned i = 0; i < queue->started; i++) {
        pthread_join(queue->workers[i].thread, NULL);
    }
    assert(queue->first == NULL);
    pthread_cond_destroy(&queue->filled);
    pthread_mutex_destroy(&queue->lock);
}

bool queue_reserve(struct queue *queue) {
    pthread_mutex_lock(&queue->lock);
    bool place = queue->waiting < queue->limits.waiting_max;
    queue->waiting += place;
    pthread_mutex_unlock(&queue->lock);
    return place;
}

void queue_put(struct queue *queue, struct http_job *job) {
    job->queued_ms = watch_clock_ms();
    job->next = NULL;
    pthread_mutex_lock(&queue->lock);
    if (queue->last == NULL) {
        queue->first = job;
    } else {
        queue->last->next = job;
    }
    queue->last = job;
    pthread_cond_signal(&queue->filled);
    pthread_mutex_unlock(&queue->lock);
}

unsigned queue_waiting(struct queue *queue) {
    pthread_mutex_lock(&queue->lock);
    unsigned waiting = queue->waiting;
    pthread_mutex_unlock(&queue->lock);
    return waiting;
}
