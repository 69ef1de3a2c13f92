#include "http/job.h"

#include <assert.h>
#include <string.h>

/* Jobs beyond this many keep no memory when they come back: the next request would hold the room of the last one's answer
 * for as long as it waits. */
enum { WARM = 128, BODY_STEP = 4096 };

void job_pool_init(struct job_pool *pool, struct arena *arena, size_t arena_limit) {
    *pool = (struct job_pool){.arena = arena, .arena_limit = arena_limit};
    pthread_mutex_init(&pool->lock, NULL);
}

void job_pool_release(struct job_pool *pool) {
    for (struct http_job *job = pool->free; job != NULL; job = job->next) {
        arena_release(&job->arena);
    }
    pthread_mutex_destroy(&pool->lock);
}

struct http_job *job_take(struct job_pool *pool) {
    pthread_mutex_lock(&pool->lock);
    struct http_job *job = pool->free;
    if (job != NULL) {
        pool->free = job->next;
        pool->free_count--;
    } else {
        job = arena_new(pool->arena, struct http_job);
        arena_init(&job->arena, pool->arena_limit);
    }
    pool->out++;
    pthread_mutex_unlock(&pool->lock);
    struct arena arena = job->arena;
    memset(job, 0, sizeof *job);
    job->arena = arena;
    job->pool = pool;
    atomic_store(&job->holders, 1);
    return job;
}

void job_hold(struct http_job *job) {
    atomic_fetch_add(&job->holders, 1);
}

void job_drop(struct job_pool *pool, struct http_job *job) {
    int before = atomic_fetch_sub(&job->holders, 1);
    assert(before > 0);
    if (before > 1) {
        return;
    }
    if (job->response.release != NULL) {
        job->response.release(job->response.owner);
    }
    pthread_mutex_lock(&pool->lock);
    bool warm = pool->free_count + pool->out <= WARM;
    pthread_mutex_unlock(&pool->lock);
    if (warm) {
        arena_clear(&job->arena);
    } else {
        arena_release(&job->arena);
    }
    pthread_mutex_lock(&pool->lock);
    job->next = pool->free;
    pool->free = job;
    pool->free_count++;
    pool->out--;
    pthread_mutex_unlock(&pool->lock);
}

/* Room for `more` bytes: at once when the length was announced, by doubling when it was not. */
static void body_room(struct http_job *job, size_t more) {
    size_t need = job->request.body.n + more;
    if (need <= job->body_cap) {
        return;
    }
    size_t cap = job->framing.chunked ? job->body_cap * 2 + BODY_STEP : (size_t)job->framing.length;
    cap = cap < need ? need : cap;
    char *body = arena_take(&job->arena, cap + 1);
    if (job->request.body.n > 0) {
        memcpy(body, job->body, job->request.body.n);
    }
    job->body = body;
    job->body_cap = cap;
}

void job_body_add(struct http_job *job, const char *bytes, size_t n) {
    if (job->too_large || n > job->body_limit - job->request.body.n) {
        job->too_large = true;
        return;
    }
    body_room(job, n);
    memcpy(job->body + job->request.body.n, bytes, n);
    job->request.body = (struct text){job->body, job->request.body.n + n};
}
