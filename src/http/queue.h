/* Requests waiting for a worker, and the workers. Each class has a line of its own (http/lane.h): who would wait
 * there for too long is turned away at once, and what has waited for longer than anybody would is given back
 * (docs/adr/0170, 0193).
 * The most urgent class goes first, but none is passed over for ever, and none holds more workers than its share.
 * Internal. */
#ifndef SANGO_HTTP_QUEUE_H
#define SANGO_HTTP_QUEUE_H

#include "http/lane.h"

/* A class that was passed over this often goes first. */
enum { QUEUE_PATIENCE = 15 };
/* With so many answers unsent, no further ones are made: on few cores the workers would otherwise fill the memory with the
 * answers of all connections before the first is sent. */
enum { QUEUE_UNSENT_MAX = 64, QUEUE_UNSENT_LOW = 32 };

struct queue_hooks {
    /* On a worker. */
    void (*run)(struct http_job *job, unsigned worker);
    /* Waited too long; on any thread, without the queue's lock. */
    void (*drop)(struct http_job *job);
};

struct queue {
    pthread_mutex_t lock;
    struct worker *asleep; /* the last to fall asleep first */
    bool waking;           /* one was called and has not taken anything yet */
    unsigned awake, awake_max;
    unsigned resting, resting_max;
    _Atomic unsigned unsent; /* answers made and not yet taken by an I/O thread */
    struct lane lanes[HTTP_CLASSES_MAX];
    size_t lane_count;
    bool stopping;
    unsigned started; /* worker threads */
    struct worker *workers;
    struct queue_hooks hooks;
};

struct queue_size {
    unsigned awake;   /* workers that may be at work at once */
    unsigned resting; /* and so many more that wait for something else than the processor */
};
/* `classes`, at least one, the most urgent first; waiting_max and age_ms set. */
NODISCARD enum rc queue_init(struct queue *queue, struct arena *arena, const struct http_class *classes,
                             size_t class_count, struct queue_size size, struct queue_hooks hooks);
/* Ends the workers when the queue is empty and joins them. */
void queue_release(struct queue *queue);
/* Takes a place in job->class; false when there is none. Every place taken is followed by queue_put(). */
NODISCARD bool queue_reserve(struct queue *queue, const struct http_job *job);
/* It found no place and will not wait for one: counted. */
void queue_turn_away(struct queue *queue, const struct http_job *job);
void queue_put(struct queue *queue, struct http_job *job);
/* Gives back what has waited too long; called now and then, for the time when no worker comes to look. */
void queue_sweep(struct queue *queue);
/* One row a class; the longest wait begins anew when `forget`. */
void queue_counts(struct queue *queue, bool forget, struct http_class_counts *ret_rows);
unsigned queue_waiting(struct queue *queue);
/* An answer was made, and will be taken; it was taken. */
void queue_answered(struct queue *queue);
void queue_sent(struct queue *queue);
/* The calling worker gives its place to another, until it says that its rest ends. Nothing on other threads, and when
 * too many rest already. */
void queue_rest(bool begins);

#endif
