/* How fast a line moves is measured between two takes while it is long, over about half a second or a few takes,
 * whichever is more: so it holds for two log-ins at once and for ten thousand pages a second, and it knows what more
 * urgent lines leave to this one. */
#include "http/lane.h"

#include <assert.h>

enum { PACE_MS = 512, PACE_LEAST = 16 };

int64_t lane_wait_ms(const struct lane *lane, int64_t now_ms) {
    if (lane->waiting < LANE_SHORT) {
        return 0;
    }
    int64_t ahead = lane->pace_n == 0 ? 0 : lane->pace_ms * lane->waiting / lane->pace_n;
    int64_t since = lane->first == NULL ? 0 : now_ms - lane->first->queued_ms;
    return ahead > since ? ahead : since;
}

bool lane_is_open(const struct lane *lane, int64_t now_ms) {
    return lane->waiting < lane->limits.waiting_max &&
           lane_wait_ms(lane, now_ms) <= (int64_t)lane->limits.patience_ms;
}

void lane_put(struct lane *lane, struct http_job *job) {
    job->next = NULL;
    if (lane->last == NULL) {
        lane->first = job;
    } else {
        lane->last->next = job;
    }
    lane->last = job;
}

static struct http_job *leave(struct lane *lane, int64_t now_ms) {
    struct http_job *job = lane->first;
    int64_t waited = now_ms - job->queued_ms;
    assert(lane->waiting > 0);
    lane->first = job->next;
    lane->last = lane->first == NULL ? NULL : lane->last;
    lane->waiting--;
    lane->waited_max_ms = waited > lane->waited_max_ms ? waited : lane->waited_max_ms;
    job->next = NULL;
    return job;
}

static void pace_learn(struct lane *lane, int64_t now_ms) {
    bool is_long = lane->waiting >= LANE_SHORT;
    if (is_long && lane->moved_ms > 0) {
        lane->pace_ms += now_ms - lane->moved_ms;
        lane->pace_n++;
    }
    if (lane->pace_ms > PACE_MS && lane->pace_n >= PACE_LEAST) {
        lane->pace_ms /= 2;
        lane->pace_n /= 2;
    }
    lane->moved_ms = is_long ? now_ms : 0;
}

struct http_job *lane_take(struct lane *lane, int64_t now_ms) {
    pace_learn(lane, now_ms);
    return leave(lane, now_ms);
}

void lane_age(struct lane *lane, int64_t now_ms, struct http_job **dropped) {
    while (lane->first != NULL && now_ms - lane->first->queued_ms > (int64_t)lane->limits.age_ms) {
        struct http_job *job = leave(lane, now_ms);
        job->next = *dropped;
        *dropped = job;
        lane->old++;
    }
}
