/* The rows of the clock's crew. */
#include "job/job.h"

#include "service/book.h"
#include "service/session.h"
#include "service/wait.h"

static enum rc lapse(const struct job_turn *turn, struct call *call, int64_t *ret_done) {
    (void)turn;
    return book_lapse_due(call, ret_done);
}

static enum rc tick(const struct job_turn *turn, struct call *call, int64_t *ret_done) {
    (void)turn;
    return wait_tick(call, ret_done);
}

static enum rc sweep(const struct job_turn *turn, struct call *call, int64_t *ret_done) {
    (void)turn;
    return session_sweep(call, ret_done);
}

const struct job job_clock[] = {
    {"lapse", 2, lapse},
    {"wait", 2, tick},
    {"sweep", 600, sweep},
};
const size_t job_clock_count = COUNT(job_clock);
