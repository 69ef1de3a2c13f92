#include "db/postgres_pool.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "db/wait.h"

enum { TAKE_MS = 950, PROBE_MS = 500, WRITERS_A_READER = 4 };

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

/* ---- the keeper ---- */

static void keeper_rest(struct postgres_pool *pool) {
    if (pool->down) {
        int64_t until = wait_now_ms() + PROBE_MS;
        while (!pool->stopping && wait_until(&pool->wanted, &pool->mutex, until)) {
        }
        return;
    }
    while (!pool->stopping && (pool->waiting == 0 || pool->idle != NULL || pool->live >= pool->size)) {
        pthread_cond_wait(&pool->wanted, &pool->mutex);
    }
}

static void keeper_make(struct postgres_pool *pool) {
    char code[256];
    uint64_t generation = pool->generation;
    pthread_mutex_unlock(&pool->mutex);
    struct postgres_conn *conn = postgres_conn_new(pool->db, pool->uri, code, sizeof code);
    if (conn != NULL && !postgres_conn_part(conn)) {
        snprintf(code, sizeof code, "connection lost");
        postgres_conn_free(conn);
        conn = NULL;
    }
    pthread_mutex_lock(&pool->mutex);
    if (conn == NULL) {
        if (!pool->down) {
            db_report(pool->db, DB_IO, code);
        }
        pool->down = true;
    } else {
        conn->generation = generation;
        conn->next = pool->idle;
        pool->idle = conn;
        pool->live++;
        pool->down = false;
    }
    pthread_cond_broadcast(&pool->changed);
}

static void *keeper_main(void *ctx) {
    struct postgres_pool *pool = ctx;
    pthread_mutex_lock(&pool->mutex);
    for (;;) {
        keeper_rest(pool);
        if (pool->stopping) {
            break;
        }
        if (pool->live < pool->size) {
            keeper_make(pool);
        } else {
            pool->down = false; /* nothing to make: the pool is full again */
        }
    }
    pthread_mutex_unlock(&pool->mutex);
    return NULL;
}

void postgres_pool_start(struct postgres_pool *pool, struct db *db, const char *uri, int size, int resting,
                         struct postgres_conn *first) {
    *pool = (struct postgres_pool){.db = db,
                                   .uri = uri,
                                   .size = size + resting + size / WRITERS_A_READER,
                                   .writing_max = size + resting,
                                   .idle = first,
                                   .live = 1};
    pthread_mutex_init(&pool->mutex, NULL);
    wait_cond_init(&pool->changed);
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
    assert(pool->live == 0);
    pthread_cond_destroy(&pool->changed);
    pthread_cond_destroy(&pool->wanted);
    pthread_mutex_destroy(&pool->mutex);
}

/* ---- callers ---- */

/* An idle connection of the present generation; older ones are dropped on the way. */
static struct postgres_conn *idle_take(struct postgres_pool *pool, bool writing) {
    if (writing && pool->writing >= pool->writing_max) {
        return NULL;
    }
    while (pool->idle != NULL) {
        struct postgres_conn *conn = pool->idle;
        pool->idle = conn->next;
        if (conn->generation == pool->generation) {
            conn->writing = writing;
            pool->writing += writing;
            return conn;
        }
        pool->live--;
        postgres_conn_free(conn);
    }
    return NULL;
}

struct postgres_conn *postgres_pool_take(struct postgres_pool *pool, bool writing, enum db_error *ret_error) {
    int64_t deadline = wait_now_ms() + TAKE_MS;
    bool time_left = true;
    pthread_mutex_lock(&pool->mutex);
    int live = pool->live;
    struct postgres_conn *conn = idle_take(pool, writing);
    while (conn == NULL && time_left && !(pool->down && pool->live == 0)) {
        pool->waiting++;
        pthread_cond_signal(&pool->wanted);
        time_left = wait_until(&pool->changed, &pool->mutex, deadline);
        pool->waiting--;
        conn = idle_take(pool, writing);
        if (!time_left && pool->live > live) { /* a young pool that grows is slow, not stuck */
            live = pool->live;
            deadline = wait_now_ms() + TAKE_MS;
            time_left = true;
        }
    }
    if (conn == NULL) {
        pool->down =
            pool->down || pool->live == 0; /* the keeper hangs in a connect: no reason to wait again */
        *ret_error = pool->live == 0 ? DB_IO : DB_BUSY;
    }
    pthread_mutex_unlock(&pool->mutex);
    return conn;
}

void postgres_pool_give(struct postgres_pool *pool, struct postgres_conn *conn) {
    pthread_mutex_lock(&pool->mutex);
    bool old = conn->generation != pool->generation;
    if (conn->lost && !old) {
        pool->generation++;
    }
    bool kept = !conn->lost && !old;
    pool->writing -= conn->writing;
    if (kept) {
        conn->next = pool->idle;
        pool->idle = conn;
    } else {
        pool->live--;
    }
    if (kept) {
        pthread_cond_broadcast(&pool->changed); /* not everybody may take it */
    } else {
        pthread_cond_signal(&pool->wanted);
    }
    pthread_mutex_unlock(&pool->mutex);
    if (!kept) {
        postgres_conn_free(conn);
    }
}
