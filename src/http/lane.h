/* The line of one class: who waits, in order of arrival, and how long whoever came now would. It is bounded by that time
 * and not by a number, because a thousand pages are made in a blink and a hundred log-ins take a second
 * (docs/adr/0193). The queue's lock is held around every call. Internal. */
#ifndef SANGO_HTTP_LANE_H
#define SANGO_HTTP_LANE_H

#include "http/job.h"
#include "http/server.h"

/* A line of fewer is never closed for being slow, and says nothing about how fast it moves: something else than the
 * crowd is slow then, and turning somebody away would help nobody in it. */
enum { LANE_SHORT = 16 };

struct lane {
    struct http_class limits;
    struct http_job *first;
    struct http_job *last;
    unsigned waiting; /* reserved or queued */
    unsigned running; /* with a worker */
    unsigned passed;  /* takes since one of these was taken, while some waited */
    uint64_t handled;
    uint64_t full; /* turned away: no place, or too long to wait */
    uint64_t old;  /* given back: waited too long */
    int64_t waited_max_ms;
    int64_t moved_ms; /* when the last was taken; 0: the line was short then */
    int64_t pace_ms;  /* lately the line took so long … */
    int64_t pace_n;   /* … for so many */
};

/* How long somebody would wait who came now: as the line moved lately, and not less than its first has waited already.
 * 0 while the line is short. */
int64_t lane_wait_ms(const struct lane *lane, int64_t now_ms);
/* There is a place, and the wait is bearable. */
bool lane_is_open(const struct lane *lane, int64_t now_ms);
/* `job` has a place (waiting counts it) and queued_ms. */
void lane_put(struct lane *lane, struct http_job *job);
/* The first, for a worker; there is one. */
struct http_job *lane_take(struct lane *lane, int64_t now_ms);
/* Moves what is too old onto *dropped. */
void lane_age(struct lane *lane, int64_t now_ms, struct http_job **dropped);

#endif
