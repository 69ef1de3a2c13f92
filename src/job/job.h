/* Jobs: what the clock does through the same services as people. A crew is a thread that runs its jobs one after the
 * other; with several servers on one database each crew works on one of them at a time, by a lease. */
#ifndef SANGO_JOB_JOB_H
#define SANGO_JOB_JOB_H

#include "service/call.h"

struct crew;

struct job_turn {
    void *ctx;         /* of the crew's plan */
    struct crew *crew; /* NULL in crew_round */
};
/* Whether the crew is being stopped: a job that can take long asks between two pieces of its work. */
bool job_stopping(const struct job_turn *turn);

struct job {
    const char *name;
    int64_t every_s; /* at least so many seconds apart */
    /* Work for one city; *ret_done counts what was moved, for the log. call->arena is the turn's own: it may be cleared
     * between two pieces of it. */
    enum rc (*run)(const struct job_turn *turn, struct call *call, int64_t *ret_done);
};

enum { JOBS_MAX = 8 };

struct crew_plan {
    const char *name; /* of the lease: "clock", "mail" */
    const struct job *jobs;
    size_t job_count;
    const struct house *house;
    void *ctx;
};

/* Starts the thread. `plan` is copied; what it points at must outlive the crew, which lives in `arena`. */
NODISCARD enum rc crew_start(const struct crew_plan *plan, struct arena *arena, struct crew **ret_crew);
/* Lets the job that is running end and gives the lease back. */
void crew_stop(struct crew *crew);
/* One round of all jobs for every city on the calling thread, due or not, without a lease: for tests. */
NODISCARD enum rc crew_round(const struct crew_plan *plan);

/* Lapsing requests, moving places on, sweeping what is past. */
extern const struct job job_clock[];
extern const size_t job_clock_count;

#endif
