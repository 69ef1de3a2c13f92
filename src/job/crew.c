/* The thread of a crew: a short sleep, a look at the lease, then every job whose time has come, city by city. A fault
 * ends the job's turn, is logged, and is tried again at its next time. */
#include "job/job.h"

#include <assert.h>
#include <pthread.h>
#include <time.h>

#include "db/db.h"
#include "service/fresh.h"
#include "store/job.h"
#include "sys/token.h"

enum { LEASE_SECONDS = 30, RENEW_SECONDS = 10, ARENA_LIMIT = 64 << 20, HOLDER_CHARS = 64 };

struct crew {
    struct crew_plan plan;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool stop;
    char holder[HOLDER_CHARS];
    int64_t due[JOBS_MAX]; /* seconds of the monotonic clock */
    int64_t renew;         /* likewise */
    bool leading;
};

static int64_t monotonic(void) {
    struct timespec t;
    int failed = clock_gettime(CLOCK_MONOTONIC, &t);
    assert(failed == 0);
    return (int64_t)t.tv_sec;
}

bool job_stopping(const struct job_turn *turn) {
    if (turn->crew == NULL) {
        return false;
    }
    pthread_mutex_lock(&turn->crew->lock);
    bool stop = turn->crew->stop;
    pthread_mutex_unlock(&turn->crew->lock);
    return stop;
}

static enum rc run_job(const struct crew_plan *plan, struct crew *crew, const struct job *job,
                       struct arena *arena) {
    struct job_turn turn = {plan->ctx, crew};
    enum rc worst = fresh_house(plan->house, arena);
    for (size_t i = 0; i < house_city_count(plan->house); i++) {
        const struct house_city *city = house_city_hold_at(plan->house, i);
        struct call call = {.house = plan->house,
                            .city = city,
                            .actor = {.role = ROLE_CLOCK},
                            .arena = arena,
                            .now = env_now(plan->house->env)};
        int64_t done = 0;
        enum rc rc = job->run(&turn, &call, &done);
        if (rc != RC_OK) {
            worst = rc;
            log_write(plan->house->log, LOG_LEVEL_WARN, "job",
                      LOG_FIELDS(log_code("name", job->name), log_code("result", "failed"),
                                 log_int("fault", call.fault)));
        } else if (done > 0) {
            log_write(plan->house->log, LOG_LEVEL_INFO, "job",
                      LOG_FIELDS(log_code("name", job->name), log_int("done", done)));
        }
        house_city_let_go(city);
        arena_clear(arena);
    }
    return worst;
}

enum rc crew_round(const struct crew_plan *plan) {
    struct arena arena;
    arena_init(&arena, ARENA_LIMIT);
    enum rc rc = RC_OK;
    for (size_t i = 0; i < plan->job_count && rc == RC_OK; i++) {
        rc = run_job(plan, NULL, &plan->jobs[i], &arena);
    }
    arena_release(&arena);
    return rc;
}

/* ---- the lease ---- */

static enum rc claim_run(struct tx *tx, void *arg) {
    return job_claim(tx, arg);
}
static enum rc release_run(struct tx *tx, void *arg) {
    return job_release(tx, arg);
}

static enum rc lease(struct crew *crew, struct arena *arena, db_fn fn) {
    struct job_lease lease = {.name = text_of(crew->plan.name),
                              .holder = text_of(crew->holder),
                              .now = env_now(crew->plan.house->env),
                              .seconds = LEASE_SECONDS};
    enum db_error error;
    return db_write(crew->plan.house->db, arena, fn, &lease, &error);
}

/* Is this crew the one that works now? A lease that cannot be renewed is none. */
static bool leads(struct crew *crew, struct arena *arena, int64_t now) {
    if (now >= crew->renew) {
        crew->leading = lease(crew, arena, claim_run) == RC_OK;
        crew->renew = now + RENEW_SECONDS;
        arena_clear(arena);
    }
    return crew->leading;
}

/* ---- the thread ---- */

/* True when the crew is to go on. */
static bool rest(struct crew *crew) {
    struct timespec until;
    int failed = clock_gettime(CLOCK_MONOTONIC, &until);
    assert(failed == 0);
    until.tv_sec += 1;
    pthread_mutex_lock(&crew->lock);
    while (!crew->stop && pthread_cond_timedwait(&crew->wake, &crew->lock, &until) == 0) {
    }
    bool stop = crew->stop;
    pthread_mutex_unlock(&crew->lock);
    return !stop;
}

static void *crew_main(void *arg) {
    struct crew *crew = arg;
    struct arena arena;
    arena_init(&arena, ARENA_LIMIT);
    while (rest(crew)) {
        int64_t now = monotonic();
        if (!leads(crew, &arena, now)) {
            continue;
        }
        for (size_t i = 0; i < crew->plan.job_count; i++) {
            if (now >= crew->due[i]) {
                crew->due[i] = now + crew->plan.jobs[i].every_s;
                (void)!run_job(&crew->plan, crew, &crew->plan.jobs[i],
                               &arena); /* logged; tried again when due */
            }
        }
    }
    if (crew->leading) {
        (void)!lease(crew, &arena, release_run); /* else it ends by itself */
    }
    arena_release(&arena);
    return NULL;
}

/* Where no other process can write, a lease found in the database is that of a process that died: it bears the same
 * name, so that nobody waits for its end. */
static void name_holder(struct crew *crew) {
    struct arena arena;
    arena_init(&arena, 1 << 16);
    bool alone = house_alone(crew->plan.house);
    struct text token = alone ? TEXT("alone") : token_new(&arena, crew->plan.house->env);
    for (size_t i = 0; i < token.n && i < HOLDER_CHARS - 1; i++) {
        crew->holder[i] = token.p[i];
    }
    arena_release(&arena);
}

enum rc crew_start(const struct crew_plan *plan, struct arena *arena, struct crew **ret_crew) {
    assert(plan->job_count <= JOBS_MAX);
    struct crew *crew = arena_new(arena, struct crew);
    crew->plan = *plan;
    name_holder(crew);
    pthread_mutex_init(&crew->lock, NULL);
    pthread_condattr_t monotonic_clock;
    pthread_condattr_init(&monotonic_clock);
    pthread_condattr_setclock(&monotonic_clock, CLOCK_MONOTONIC);
    pthread_cond_init(&crew->wake, &monotonic_clock);
    pthread_condattr_destroy(&monotonic_clock);
    if (pthread_create(&crew->thread, NULL, crew_main, crew) != 0) {
        pthread_cond_destroy(&crew->wake);
        pthread_mutex_destroy(&crew->lock);
        return RC_FAULT;
    }
    *ret_crew = crew;
    return RC_OK;
}

void crew_stop(struct crew *crew) {
    pthread_mutex_lock(&crew->lock);
    crew->stop = true;
    pthread_cond_signal(&crew->wake);
    pthread_mutex_unlock(&crew->lock);
    pthread_join(crew->thread, NULL);
    pthread_cond_destroy(&crew->wake);
    pthread_mutex_destroy(&crew->lock);
}
