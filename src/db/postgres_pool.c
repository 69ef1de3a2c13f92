#include "db/postgres_pool.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "db/postgres_ready.h"
#include "db/wait.h"

enum { TAKE_MS = 950, PROBE_MS = 500, HEARD_MS = 450, WRITERS_A_READER = 4 };

/* A caller in line; lives on its stack, in the line until it is given something or leaves. */
struct postgres_waiter {
    bool writing;
    bool told; /* given something, or nothing at all lives */
    struct postgres_conn *conn;
    pthread_cond_t changed;
    struct postgres_waiter *next;
};

struct postgres_conn *postgres_conn_new(struct db *db, const char *uri, char *ret_code, size_t size) {
    PGconn *pg = postgres_connect(uri, ret_code, size);
    if (pg == NULL) {
        return NULL;
    }
    struct postgres_conn *conn = calloc(1, sizeof *conn);
    assert(conn != NULL);
    conn->base.db = db;
    conn->pg = pg;
    conn->prepared = calloc(db->catalog.count + 1, sizeof *conn->prepared);
    assert(conn->prepared != NULL);
    if (!postgres_conn_prepare_session(conn)) {
        snprintf(ret_code, size, "session settings refused");
        postgres_conn_free(conn);
        return NULL;
    }
    return conn;
}

void postgres_conn_free(struct postgres_conn *conn) {
    PQfinish(conn->pg);
    free(conn->prepared);
    free(conn);
}

bool postgres_conn_part(struct postgres_conn *conn) {
    static const char sql[] =
        "SELECT COALESCE((SELECT part FROM generate_series(0, 255) AS part"
        " WHERE pg_try_advisory_lock(1935764071, part) LIMIT 1), pg_backend_pid() % 256)";
    return postgres_conn_int(conn, sql, &conn->part);
}

/* ---- the line, with the lock held ---- */

static struct postgres_conn *idle_take(struct postgres_pool *pool, bool writing) {
    struct postgres_conn *conn = pool->idle;
    if (conn == NULL || (writing && pool->writing >= pool->writing_max)) {
        return NULL;
    }
    pool->idle = conn->next;
    conn->writing = writing;
    pool->writing += writing;
    return conn;
}

/* One broke, most likely because the server went: its sisters are not trusted any more. */
static void generation_end(struct postgres_pool *pool) {
    pool->generation++;
    while (pool->idle != NULL) {
        struct postgres_conn *conn = pool->idle;
        pool->idle = conn->next;
        pool->live--;
        postgres_conn_free(conn);
    }
}

static void line_join(struct postgres_pool *pool, struct postgres_waiter *waiter) {
    *(pool->last == NULL ? &pool->first : &pool->last->next) = waiter;
    pool->last = waiter;
    pthread_cond_signal(&pool->wanted);
}

static void line_leave(struct postgres_pool *pool, const struct postgres_waiter *waiter) {
    struct postgres_waiter *before = NULL;
    struct postgres_waiter **at = &pool->first;
    while (*at != waiter) {
        before = *at;
        at = &before->next;
    }
    *at = waiter->next;
    pool->last = pool->last == waiter ? before : pool->last;
}

static void tell(struct postgres_pool *pool, struct postgres_waiter *waiter, struct postgres_conn *conn) {
    line_leave(pool, waiter);
    waiter->conn = conn;
    waiter->told = true;
    pthread_cond_signal(&waiter->changed);
}

/* Whoever has waited longest goes first; only a writer who may not have one yet is passed over by readers. After every
 * change. */
static void line_serve(struct postgres_pool *pool) {
    struct postgres_waiter *waiter = pool->first;
    while (waiter != NULL) {
        struct postgres_waiter *next = waiter->next;
        struct postgres_conn *conn = idle_take(pool, waiter->writing);
        if (conn != NULL || (pool->live == 0 && pool->refused)) {
            tell(pool, waiter, conn);
        }
        waiter = next;
    }
    if (pool->first != NULL) {
        pthread_cond_signal(&pool->wanted);
    }
}

static void heard(struct postgres_pool *pool) {
    pool->heard_ms = wait_now_ms();
}

/* ---- the keeper ---- */

static bool wants_more(const struct postgres_pool *pool) {
    bool some_wait = pool->first != NULL && pool->idle == NULL && pool->live < pool->size;
    return some_wait || pool->live < pool->ready;
}

static void keeper_rest(struct postgres_pool *pool) {
    int64_t until = wait_now_ms() + PROBE_MS;
    while (pool->refused && !pool->stopping && wait_until(&pool->wanted, &pool->mutex, until)) {
    }
    while (!pool->refused && !pool->stopping && !wants_more(pool)) {
        pthread_cond_wait(&pool->wanted, &pool->mutex);
    }
}

/* Nobody stands in line for what is being made ready. */
static bool nobody_waits(void *ctx) {
    struct postgres_pool *pool = ctx;
    pthread_mutex_lock(&pool->mutex);
    bool none = pool->first == NULL && !pool->stopping;
    pthread_mutex_unlock(&pool->mutex);
    return none;
}

/* Not lost. With the lock held. */
static void keeper_bring(struct postgres_pool *pool, struct postgres_conn *conn) {
    conn->generation = pool->generation;
    conn->next = pool->idle;
    pool->idle = conn;
    pool->live++;
    pool->refused = false;
    heard(pool);
}

/* NULL and a reason, or a connection that is ready as far as there was time for it. */
static struct postgres_conn *conn_make(struct postgres_pool *pool, char *ret_code, size_t size) {
    struct postgres_conn *conn = postgres_conn_new(pool->db, pool->uri, ret_code, size);
    bool good = conn != NULL && postgres_conn_part(conn);
    if (good && pool->ready > 0) {
        postgres_conn_ready(conn, nobody_waits, pool);
    }
    if (conn != NULL && (!good || conn->lost)) {
        snprintf(ret_code, size, "connection lost");
        postgres_conn_free(conn);
        conn = NULL;
    }
    return conn;
}

static void keeper_make(struct postgres_pool *pool) {
    char code[256];
    uint64_t generation = pool->generation;
    pthread_mutex_unlock(&pool->mutex);
    struct postgres_conn *conn = conn_make(pool, code, sizeof code);
    pthread_mutex_lock(&pool->mutex);
    if (conn == NULL) {
        if (!pool->refused) {
            db_report(pool->db, DB_IO, code);
        }
        pool->refused = true;
    } else if (generation != pool->generation) {
        postgres_conn_free(conn); /* maybe of the server that went: another one is made */
    } else {
        keeper_bring(pool, conn);
    }
    line_serve(pool);
}

/* The one that the database was opened with. */
static void keeper_begin(struct postgres_pool *pool) {
    struct postgres_conn *conn = pool->opened;
    if (pool->ready > 0) {
        pthread_mutex_unlock(&pool->mutex);
        postgres_conn_ready(conn, nobody_waits, pool);
        pthread_mutex_lock(&pool->mutex);
    }
    if (conn->lost) {
        postgres_conn_free(conn);
    } else {
        keeper_bring(pool, conn);
    }
    pool->opened = NULL;
    line_serve(pool);
}

static void *keeper_main(void *ctx) {
    struct postgres_pool *pool = ctx;
    pthread_mutex_lock(&pool->mutex);
    keeper_begin(pool);
    for (;;) {
        keeper_rest(pool);
        if (pool->stopping) {
            break;
        }
        if (pool->live < pool->size) {
            keeper_make(pool);
        } else {
            pool->refused = false; /* nothing to make: the pool is full again */
        }
    }
    pthread_mutex_unlock(&pool->mutex);
    return NULL;
}

void postgres_pool_start(struct postgres_pool *pool, struct db *db, const char *uri,
                         struct postgres_pool_size size, struct postgres_conn *first) {
    *pool = (struct postgres_pool){.db = db,
                                   .uri = uri,
                                   .size = size.working + size.resting + size.working / WRITERS_A_READER,
                                   .writing_max = size.working + size.resting,
                                   .ready = size.ready,
                                   .opened = first};
    pthread_mutex_init(&pool->mutex, NULL);
    wait_cond_init(&pool->wanted);
    int failed = pthread_create(&pool->keeper, NULL, keeper_main, pool);
    assert(failed == 0);
}

void postgres_pool_stop(struct postgres_pool *pool) {
    pthread_mutex_lock(&pool->mutex);
    pool->stopping = true;
    pthread_cond_signal(&pool->wanted);
    pthread_mutex_unlock(&pool->mutex);
    pthread_join(pool->keeper, NULL);
    while (pool->idle != NULL) {
        struct postgres_conn *conn = pool->idle;
        pool->idle = conn->next;
        postgres_conn_free(conn);
        pool->live--;
    }
    assert(pool->live == 0 && pool->first == NULL);
    pthread_cond_destroy(&pool->wanted);
    pthread_mutex_destroy(&pool->mutex);
}

/* ---- callers ---- */

/* A pool that could not grow yet is short, not stuck, as long as those it has come back. */
static bool worth_waiting(const struct postgres_pool *pool) {
    return pool->live > 0 && pool->live < pool->size && wait_now_ms() - pool->heard_ms < TAKE_MS;
}

static struct postgres_conn *line_wait(struct postgres_pool *pool, bool writing) {
    struct postgres_waiter waiter = {.writing = writing};
    int64_t deadline = wait_now_ms() + TAKE_MS;
    wait_cond_init(&waiter.changed);
    line_join(pool, &waiter);
    while (!waiter.told) {
        bool time_left = wait_until(&waiter.changed, &pool->mutex, deadline);
        if (!waiter.told && !time_left && !worth_waiting(pool)) {
            break;
        }
        deadline = time_left ? deadline : wait_now_ms() + TAKE_MS;
    }
    if (!waiter.told) {
        line_leave(pool, &waiter);
    }
    pthread_cond_destroy(&waiter.changed);
    return waiter.conn;
}

struct postgres_conn *postgres_pool_take(struct postgres_pool *pool, bool writing, enum db_error *ret_error) {
    pthread_mutex_lock(&pool->mutex);
    struct postgres_conn *conn = idle_take(pool, writing);
    if (conn == NULL && !(pool->refused && pool->live == 0)) {
        conn = line_wait(pool, writing);
    }
    if (conn == NULL) {
        pool->refused =
            pool->refused || pool->live == 0; /* the keeper hangs in a connect: no reason to wait again */
        *ret_error = pool->live == 0 ? DB_IO : DB_BUSY;
    }
    pthread_mutex_unlock(&pool->mutex);
    return conn;
}

bool postgres_pool_hears(struct postgres_pool *pool) {
    pthread_mutex_lock(&pool->mutex);
    bool hears = wait_now_ms() - pool->heard_ms < HEARD_MS;
    pthread_mutex_unlock(&pool->mutex);
    return hears;
}

void postgres_pool_give(struct postgres_pool *pool, struct postgres_conn *conn) {
    pthread_mutex_lock(&pool->mutex);
    bool old = conn->generation != pool->generation;
    bool alone = conn->silent && wait_now_ms() - pool->heard_ms < HEARD_MS;
    if (conn->lost && !old && !alone) {
        generation_end(pool);
    }
    bool kept = !conn->lost && !old;
    if (conn->writing) {
        atomic_store(&pool->db->together, pool->writing--);
    }
    if (kept) {
        conn->next = pool->idle;
        pool->idle = conn;
        heard(pool);
    } else {
        pool->live--;
        pthread_cond_signal(&pool->wanted);
    }
    line_serve(pool);
    pthread_mutex_unlock(&pool->mutex);
    if (!kept) {
        postgres_conn_free(conn);
    }
}
