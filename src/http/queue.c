#include "http/queue.h"

#include <assert.h>

struct worker {
    pthread_t thread;
    struct queue *queue;
    unsigned number;
};

/* ---- one line ---- */

/* While a line never empties, what stands in it makes everybody late: then only a short wait is borne. */
static int64_t bound_ms(const struct queue_lane *lane, int64_t now) {
    bool standing = lane->limits.standing_ms > 0 && now - lane->empty_ms > QUEUE_CALM_MS;
    return (int64_t)(standing ? lane->limits.standing_ms : lane->limits.age_ms);
}

static struct http_job *lane_pop(struct queue_lane *lane, int64_t now) {
    struct http_job *job = lane->first;
    int64_t waited = now - job->queued_ms;
    lane->first = job->next;
    lane->last = lane->first == NULL ? NULL : lane->last;
    lane->waiting--;
    lane->empty_ms = lane->first == NULL ? now : lane->empty_ms;
    lane->waited_max_ms = waited > lane->waited_max_ms ? waited : lane->waited_max_ms;
    job->next = NULL;
    return job;
}

/* Puts what is too old onto *dropped. */
static void lane_age(struct queue_lane *lane, int64_t now, struct http_job **dropped) {
    while (lane->first != NULL && now - lane->first->queued_ms > bound_ms(lane, now)) {
        struct http_job *job = lane_pop(lane, now);
        job->next = *dropped;
        *dropped = job;
        lane->old++;
    }
}

static void give_back(struct queue *queue, struct http_job *dropped) {
    while (dropped != NULL) {
        struct http_job *next = dropped->next; /* the job is its connection's again once it was dropped */
        dropped->next = NULL;
        queue->hooks.drop(dropped);
        dropped = next;
    }
}

/* ---- choosing ---- */

static bool may_run(const struct queue_lane *lane) {
    return lane->first != NULL && (lane->limits.running_max == 0 || lane->running < lane->limits.running_max);
}

/* The most urgent, or the one that was passed over too often. */
static struct queue_lane *lane_choose(struct queue *queue) {
    struct queue_lane *chosen = NULL;
    for (size_t i = 0; i < queue->lane_count; i++) {
        struct queue_lane *lane = &queue->lanes[i];
        bool starved = chosen != NULL && lane->passed >= QUEUE_PATIENCE && lane->passed > chosen->passed;
        if (may_run(lane) && (chosen == NULL || starved)) {
            chosen = lane;
        }
    }
    for (size_t i = 0; chosen != NULL && i < queue->lane_count; i++) {
        struct queue_lane *lane = &queue->lanes[i];
        lane->passed = lane != chosen && may_run(lane) ? lane->passed + 1 : 0;
    }
    return chosen;
}

static struct http_job *take(struct queue *queue) {
    struct queue_lane *lane = lane_choose(queue);
    if (lane == NULL) {
        return NULL;
    }
    lane->running++;
    return lane_pop(lane, watch_clock_ms());
}

static bool all_empty(const struct queue *queue) {
    for (size_t i = 0; i < queue->lane_count; i++) {
        if (queue->lanes[i].first != NULL) {
            return false;
        }
    }
    return true;
}

/* The next job; NULL when stopping and nothing is left. */
static struct http_job *queue_next(struct queue *queue) {
    struct http_job *job = NULL;
    pthread_mutex_lock(&queue->lock);
    while (job == NULL && !(queue->stopping && all_empty(queue))) {
        struct http_job *dropped = NULL;
        int64_t now = watch_clock_ms();
        for (size_t i = 0; i < queue->lane_count; i++) {
            lane_age(&queue->lanes[i], now, &dropped);
        }
        if (dropped != NULL) {
            pthread_mutex_unlock(&queue->lock);
            give_back(queue, dropped);
            pthread_mutex_lock(&queue->lock);
            continue;
        }
        job = take(queue);
        if (job == NULL && !(queue->stopping && all_empty(queue))) {
            pthread_cond_wait(&queue->filled, &queue->lock);
        }
    }
    pthread_mutex_unlock(&queue->lock);
    return job;
}

static void queue_done(struct queue *queue, unsigned class) {
    pthread_mutex_lock(&queue->lock);
    queue->lanes[class].running--;
    queue->lanes[class].handled++;
    if (queue->stopping) {
        pthread_cond_broadcast(&queue->filled);
    }
    pthread_mutex_unlock(&queue->lock);
}

static void *worker_run(void *arg) {
    struct worker *worker = arg;
    struct queue *queue = worker->queue;
    struct http_job *job = queue_next(queue);
    while (job != NULL) {
        unsigned class = job->class; /* the job is gone once it was run */
        queue->hooks.run(job, worker->number);
        queue_done(queue, class);
        job = queue_next(queue);
    }
    return NULL;
}

/* ---- the queue ---- */

enum rc queue_init(struct queue *queue, struct arena *arena, const struct http_class *classes,
                   size_t class_count, unsigned workers, struct queue_hooks hooks) {
    assert(class_count >= 1 && class_count <= HTTP_CLASSES_MAX);
    *queue = (struct queue){.lane_count = class_count, .hooks = hooks};
    for (size_t i = 0; i < class_count; i++) {
        assert(classes[i].waiting_max > 0 && classes[i].age_ms > 0);
        queue->lanes[i].limits = classes[i];
        queue->lanes[i].empty_ms = watch_clock_ms();
    }
    pthread_mutex_init(&queue->lock, NULL);
    pthread_cond_init(&queue->filled, NULL);
    queue->workers = arena_array(arena, struct worker, workers);
    for (unsigned i = 0; i < workers; i++) {
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
    assert(all_empty(queue));
    pthread_cond_destroy(&queue->filled);
    pthread_mutex_destroy(&queue->lock);
}

bool queue_reserve(struct queue *queue, const struct http_job *job) {
    struct queue_lane *lane = &queue->lanes[job->class];
    pthread_mutex_lock(&queue->lock);
    bool place = lane->waiting < lane->limits.waiting_max;
    lane->empty_ms = lane->waiting == 0 ? watch_clock_ms() : lane->empty_ms;
    lane->waiting += place;
    lane->full += !place;
    pthread_mutex_unlock(&queue->lock);
    return place;
}

void queue_put(struct queue *queue, struct http_job *job) {
    struct queue_lane *lane = &queue->lanes[job->class];
    struct http_job *dropped = NULL;
    job->queued_ms = watch_clock_ms();
    job->next = NULL;
    pthread_mutex_lock(&queue->lock);
    if (lane->last == NULL) {
        lane->first = job;
    } else {
        lane->last->next = job;
    }
    lane->last = job;
    lane_age(lane, watch_clock_ms(), &dropped);
    pthread_cond_signal(&queue->filled);
    pthread_mutex_unlock(&queue->lock);
    give_back(queue, dropped);
}

void queue_sweep(struct queue *queue) {
    struct http_job *dropped = NULL;
    int64_t now = watch_clock_ms();
    pthread_mutex_lock(&queue->lock);
    for (size_t i = 0; i < queue->lane_count; i++) {
        lane_age(&queue->lanes[i], now, &dropped);
    }
    if (queue->stopping && dropped != NULL) {
        pthread_cond_broadcast(&queue->filled);
    }
    pthread_mutex_unlock(&queue->lock);
    give_back(queue, dropped);
}

void queue_counts(struct queue *queue, bool forget, struct http_class_counts *ret_rows) {
    pthread_mutex_lock(&queue->lock);
    for (size_t i = 0; i < queue->lane_count; i++) {
        struct queue_lane *lane = &queue->lanes[i];
        ret_rows[i] = (struct http_class_counts){.name = lane->limits.name,
                                                 .waiting = lane->waiting,
                                                 .running = lane->running,
                                                 .handled = lane->handled,
                                                 .full = lane->full,
                                                 .old = lane->old,
                                                 .waited_max_ms = lane->waited_max_ms};
        lane->waited_max_ms = forget ? 0 : lane->waited_max_ms;
    }
    pthread_mutex_unlock(&queue->lock);
}

unsigned queue_waiting(struct queue *queue) {
    unsigned waiting = 0;
    pthread_mutex_lock(&queue->lock);
    for (size_t i = 0; i < queue->lane_count; i++) {
        waiting += queue->lanes[i].waiting;
    }
    pthread_mutex_unlock(&queue->lock);
    return waiting;
}
