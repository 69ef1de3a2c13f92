#include "http/queue.h"

#include <assert.h>
#include <errno.h>
#include <semaphore.h>

struct worker {
    pthread_t thread;
    struct queue *queue;
    unsigned number;
    unsigned class; /* of what it does */
    bool resting;
    sem_t wake;
    struct worker *below; /* in the stack of sleepers */
};

static _Thread_local struct worker *self; /* NULL on every other thread; set once */

/* ---- waking ----
 * One worker is on its way at a time, and calls the next when there is more to do than it takes: otherwise each job
 * would wake a thread of its own, only to find that a busy one had taken it. The last to fall asleep is the first to
 * wake, with its memory still warm. Woken outside of the lock, so that nobody wakes up to wait. */

static bool may_run(const struct lane *lane) {
    return lane->first != NULL && (lane->limits.running_max == 0 || lane->running < lane->limits.running_max);
}

static bool has_place(const struct queue *queue) {
    return queue->awake < queue->awake_max && atomic_load(&queue->unsent) < QUEUE_UNSENT_MAX;
}

static bool any_may_run(const struct queue *queue) {
    bool any = false;
    if (!has_place(queue)) {
        return false;
    }
    for (size_t i = 0; i < queue->lane_count && !any; i++) {
        any = may_run(&queue->lanes[i]);
    }
    return any;
}

/* With the lock held: who is to be woken by worker_wake() afterwards, or NULL. */
static struct worker *worker_call(struct queue *queue) {
    struct worker *worker = queue->asleep;
    if (worker == NULL || queue->waking || !any_may_run(queue)) {
        return NULL;
    }
    queue->asleep = worker->below;
    queue->waking = true;
    return worker;
}

static void worker_wake(struct worker *worker) {
    if (worker != NULL) {
        sem_post(&worker->wake);
    }
}

/* With the lock held: nobody sleeps any more. */
static void workers_wake(struct queue *queue) {
    while (queue->asleep != NULL) {
        struct worker *worker = queue->asleep;
        queue->asleep = worker->below;
        sem_post(&worker->wake);
    }
}

/* With the lock held, before and after. */
static void worker_sleep(struct worker *worker) {
    struct queue *queue = worker->queue;
    worker->below = queue->asleep;
    queue->asleep = worker;
    pthread_mutex_unlock(&queue->lock);
    while (sem_wait(&worker->wake) != 0) {
        assert(errno == EINTR);
    }
    pthread_mutex_lock(&queue->lock);
    queue->waking = false;
}

/* ---- choosing ---- */

static void give_back(struct queue *queue, struct http_job *dropped) {
    while (dropped != NULL) {
        struct http_job *next = dropped->next; /* the job is its connection's again once it was dropped */
        dropped->next = NULL;
        queue->hooks.drop(dropped);
        dropped = next;
    }
}

/* The most urgent, or the one that was passed over too often. */
static struct lane *lane_choose(struct queue *queue) {
    struct lane *chosen = NULL;
    for (size_t i = 0; i < queue->lane_count; i++) {
        struct lane *lane = &queue->lanes[i];
        bool starved = chosen != NULL && lane->passed >= QUEUE_PATIENCE && lane->passed > chosen->passed;
        if (may_run(lane) && (chosen == NULL || starved)) {
            chosen = lane;
        }
    }
    for (size_t i = 0; chosen != NULL && i < queue->lane_count; i++) {
        struct lane *lane = &queue->lanes[i];
        lane->passed = lane != chosen && may_run(lane) ? lane->passed + 1 : 0;
    }
    return chosen;
}

static struct http_job *take(struct queue *queue) {
    struct lane *lane = has_place(queue) ? lane_choose(queue) : NULL;
    if (lane == NULL) {
        return NULL;
    }
    lane->running++;
    queue->awake++;
    return lane_take(lane, watch_clock_ms());
}

static bool all_empty(const struct queue *queue) {
    for (size_t i = 0; i < queue->lane_count; i++) {
        if (queue->lanes[i].first != NULL) {
            return false;
        }
    }
    return true;
}

/* The next job; NULL when stopping and nothing is left. With the lock held, before and after. */
static struct http_job *queue_next(struct worker *worker) {
    struct queue *queue = worker->queue;
    struct http_job *job = NULL;
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
            worker_sleep(worker);
        }
    }
    return job;
}

static void queue_done(struct queue *queue, unsigned class) {
    queue->awake--;
    queue->lanes[class].running--;
    queue->lanes[class].handled++;
    if (queue->stopping) {
        workers_wake(queue);
    }
}

static void *worker_run(void *arg) {
    struct worker *worker = arg;
    struct queue *queue = worker->queue;
    self = worker;
    pthread_mutex_lock(&queue->lock);
    struct http_job *job = queue_next(worker);
    while (job != NULL) {
        worker->class = job->class; /* the job is gone once it was run */
        struct worker *other = worker_call(queue);
        pthread_mutex_unlock(&queue->lock);
        worker_wake(other);
        queue->hooks.run(job, worker->number);
        pthread_mutex_lock(&queue->lock);
        queue_done(queue, worker->class);
        job = queue_next(worker);
    }
    pthread_mutex_unlock(&queue->lock);
    return NULL;
}

/* ---- resting ---- */

static void place_give(struct worker *worker) {
    struct queue *queue = worker->queue;
    worker->resting = true;
    queue->resting++;
    queue->awake--;
    queue->lanes[worker->class].running--;
}

/* It goes on at once: while more are awake than may be, nothing new is taken. */
static void place_take(struct worker *worker) {
    struct queue *queue = worker->queue;
    worker->resting = false;
    queue->resting--;
    queue->awake++;
    queue->lanes[worker->class].running++;
}

void queue_rest(bool begins) {
    struct worker *worker = self;
    if (worker == NULL) {
        return;
    }
    struct queue *queue = worker->queue;
    struct worker *other = NULL;
    pthread_mutex_lock(&queue->lock);
    if (begins && queue->resting < queue->resting_max) {
        place_give(worker);
        other = worker_call(queue);
    } else if (!begins && worker->resting) {
        place_take(worker);
    }
    pthread_mutex_unlock(&queue->lock);
    worker_wake(other);
}

/* ---- answers on their way ---- */

void queue_answered(struct queue *queue) {
    atomic_fetch_add(&queue->unsent, 1);
}

/* Whoever fell asleep for want of room did so, with the lock, when more were unsent than this. */
void queue_sent(struct queue *queue) {
    if (atomic_fetch_sub(&queue->unsent, 1) != QUEUE_UNSENT_LOW + 1) {
        return;
    }
    pthread_mutex_lock(&queue->lock);
    struct worker *worker = worker_call(queue);
    pthread_mutex_unlock(&queue->lock);
    worker_wake(worker);
}

/* ---- the queue ---- */

enum rc queue_init(struct queue *queue, struct arena *arena, const struct http_class *classes,
                   size_t class_count, struct queue_size size, struct queue_hooks hooks) {
    assert(class_count >= 1 && class_count <= HTTP_CLASSES_MAX);
    unsigned workers = size.awake + size.resting;
    *queue = (struct queue){
        .lane_count = class_count, .hooks = hooks, .awake_max = size.awake, .resting_max = size.resting};
    for (size_t i = 0; i < class_count; i++) {
        assert(classes[i].waiting_max > 0 && classes[i].age_ms > 0 && classes[i].patience_ms > 0);
        queue->lanes[i].limits = classes[i];
    }
    pthread_mutex_init(&queue->lock, NULL);
    queue->workers = arena_array(arena, struct worker, workers);
    for (unsigned i = 0; i < workers; i++) {
        queue->workers[i].queue = queue;
        queue->workers[i].number = i;
        sem_init(&queue->workers[i].wake, 0, 0);
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
    workers_wake(queue);
    pthread_mutex_unlock(&queue->lock);
    for (unsigned i = 0; i < queue->started; i++) {
        pthread_join(queue->workers[i].thread, NULL);
        sem_destroy(&queue->workers[i].wake);
    }
    assert(all_empty(queue));
    pthread_mutex_destroy(&queue->lock);
}

bool queue_reserve(struct queue *queue, const struct http_job *job) {
    struct lane *lane = &queue->lanes[job->class];
    pthread_mutex_lock(&queue->lock);
    bool place = lane_is_open(lane, watch_clock_ms());
    lane->waiting += place;
    pthread_mutex_unlock(&queue->lock);
    return place;
}

void queue_turn_away(struct queue *queue, const struct http_job *job) {
    pthread_mutex_lock(&queue->lock);
    queue->lanes[job->class].full += !job->crowded;
    pthread_mutex_unlock(&queue->lock);
}

void queue_put(struct queue *queue, struct http_job *job) {
    struct lane *lane = &queue->lanes[job->class];
    struct http_job *dropped = NULL;
    job->queued_ms = watch_clock_ms();
    pthread_mutex_lock(&queue->lock);
    lane_put(lane, job);
    lane_age(lane, watch_clock_ms(), &dropped);
    struct worker *worker = worker_call(queue);
    pthread_mutex_unlock(&queue->lock);
    worker_wake(worker);
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
        workers_wake(queue);
    }
    pthread_mutex_unlock(&queue->lock);
    give_back(queue, dropped);
}

void queue_counts(struct queue *queue, bool forget, struct http_class_counts *ret_rows) {
    pthread_mutex_lock(&queue->lock);
    for (size_t i = 0; i < queue->lane_count; i++) {
        struct lane *lane = &queue->lanes[i];
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
