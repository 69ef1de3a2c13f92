/* The PostgreSQL engine: transactions on pooled connections. Writes run at READ COMMITTED (rows are guarded by locks,
 * counters and keys) and are begun again after a lost race; reads see one snapshot. */
#include <assert.h>
#include <stdlib.h>

#include "db/migrate.h"
#include "db/postgres_append.h"
#include "db/postgres_count.h"
#include "db/postgres_pool.h"
#include "db/wait.h"

static const char write_begin[] = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
static const char read_begin[] = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

enum { PATIENCE_MS = 300, SILENCE_MS = 1500, RESTING_A_READER = 2 };

struct postgres_db {
    struct db base;
    const char *uri;
    struct postgres_pool pool;
    struct postgres_count count;
    struct postgres_append append;
    bool read_only;
    int resting_max;
    atomic_int resting;
};

/* ---- opening ---- */

static enum rc schema_check(struct postgres_conn *conn, const struct db_config *config, struct arena *arena,
                            struct text *ret_why) {
    int64_t exists = 0;
    int64_t found = 0;
    if (!postgres_conn_int(conn, SCHEMA_EXISTS_POSTGRES, &exists) ||
        (exists > 0 && !postgres_conn_int(conn, SCHEMA_NEWEST, &found))) {
        *ret_why =
            TEXT("PostgreSQL の表 schema_version を読めません。データベースの権限を確かめてください。");
        return RC_FAULT;
    }
    enum rc rc = schema_judge(config->migrations, found, arena, ret_why);
    if (rc != RC_OK) {
        return rc;
    }
    return postgres_conn_verify(conn, arena, ret_why) ? RC_OK : RC_FAULT;
}

static void postgres_release(struct postgres_db *db) {
    arena_release(&db->base.arena);
    free(db);
}

static enum rc postgres_open(const struct db_config *config, struct arena *arena, struct db **ret_db,
                             struct text *ret_why) {
    char code[256];
    struct postgres_db *db = calloc(1, sizeof *db);
    assert(db != NULL);
    db_base_init(&db->base, &postgres_engine, config);
    db->uri = text_copy(&db->base.arena, config->url).p;
    db->read_only = config->read_only;
    if (config->watched != NULL && !config->read_only) {
        struct env_real clock = {0};
        struct env env = env_real(&clock);
        db->base.member = 1 + (int32_t)env_below(&env, INT32_MAX);
    }
    struct postgres_conn *conn = postgres_conn_new(&db->base, db->uri, code, sizeof code);
    if (conn == NULL) {
        *ret_why = text_printf(
            arena, "PostgreSQL につながりません (%s)。動いているか、database の値を確かめてください。", code);
        postgres_release(db);
        return RC_FAULT;
    }
    enum rc rc = schema_check(conn, config, arena, ret_why);
    if (rc == RC_OK && !postgres_conn_part(conn)) {
        *ret_why = TEXT("PostgreSQL との接続が切れました。");
        rc = RC_FAULT;
    }
    if (rc != RC_OK) {
        postgres_conn_free(conn);
        postgres_release(db);
        return rc;
    }
    db->resting_max = config->wait == NULL ? 0 : config->readers * RESTING_A_READER;
    bool serves = db->base.member != 0;
    postgres_pool_start(&db->pool, &db->base, db->uri,
                        (struct postgres_pool_size){.working = config->readers,
                                                    .resting = db->resting_max,
                                                    .ready = serves ? config->readers : 0},
                        conn);
    postgres_count_start(&db->count, &db->base, db->uri, config);
    postgres_append_start(&db->append, &db->base, config->queue_max);
    *ret_db = &db->base;
    return RC_OK;
}

static void postgres_close(struct db *base) {
    struct postgres_db *db = (struct postgres_db *)base;
    postgres_append_stop(&db->append);
    postgres_count_stop(&db->count);
    postgres_pool_stop(&db->pool);
    postgres_release(db);
}

/* ---- transactions ---- */

/* The view of the calling thread; only this file knows it. */
struct view {
    struct postgres_db *db;     /* NULL: none was begun */
    struct postgres_conn *conn; /* in the middle of its transaction; NULL: nothing was read yet */
};
static _Thread_local struct view view;

/* The next read begins anew. */
static void view_let_go(struct postgres_db *db) {
    if (view.db == db && view.conn != NULL) {
        postgres_conn_end(view.conn, "ROLLBACK");
        postgres_pool_give(&db->pool, view.conn);
        view.conn = NULL;
    }
}

static void postgres_view(struct db *base, bool begins) {
    struct postgres_db *db = (struct postgres_db *)base;
    assert(begins ? view.db == NULL : view.db == db);
    view_let_go(db);
    view.db = begins ? db : NULL;
}

/* Can the next read go on where this one ended? */
static bool view_keep(struct postgres_db *db, struct postgres_conn *conn, const struct tx *tx) {
    bool kept = view.db == db && !tx->writing && tx->error == DB_FINE && conn->begin == NULL && !conn->lost &&
                conn->due_count == 0; /* or answers nobody waited for would come up later */
    if (kept) {
        view.conn = conn;
    }
    return kept;
}

static struct postgres_conn *conn_take(struct postgres_db *db, struct tx *tx) {
    struct postgres_conn *conn = view.db == db ? view.conn : NULL;
    if (conn != NULL) {
        view.conn = NULL;
        return conn;
    }
    conn = postgres_pool_take(&db->pool, tx->writing, &tx->error);
    if (conn != NULL) {
        conn->begin = tx->writing ? write_begin : read_begin;
    }
    if (conn != NULL && tx->writing && db->base.member != 0) {
        leases_outlast(conn->joined); /* now and not before the COMMIT: nothing is locked yet */
    }
    return conn;
}

/* Somebody else may use the processor while a slow disk is written, as long as everybody at work finds a connection. */
static void commit_late(struct postgres_conn *conn) {
    struct postgres_db *db = (struct postgres_db *)conn->base.db;
    conn->rests = atomic_fetch_add(&db->resting, 1) < db->resting_max;
    if (conn->rests) {
        db->base.wait(db->base.wait_ctx, true);
    } else {
        atomic_fetch_sub(&db->resting, 1);
    }
}

static enum rc commit(struct postgres_conn *conn, struct tx *tx) {
    struct postgres_db *db = (struct postgres_db *)conn->base.db;
    conn->late = commit_late;
    enum rc rc = postgres_count_commit(tx);
    conn->late = NULL;
    if (conn->rests) {
        conn->rests = false;
        db->base.wait(db->base.wait_ctx, false);
        atomic_fetch_sub(&db->resting, 1);
    }
    return rc;
}

/* One attempt on a connection that is surely alive only once its BEGIN was answered. */
static enum rc attempt(struct postgres_conn *conn, struct tx *tx, db_fn fn, void *arg,
                       bool *ret_commit_sent) {
    enum rc rc = tx_call(tx, fn, arg);
    if (rc == RC_OK && tx->writing && conn->begin == NULL) {
        rc = postgres_conn_settle(tx);
        *ret_commit_sent = rc == RC_OK;
        rc = rc == RC_OK ? commit(conn, tx) : rc;
        if (rc == RC_OK) {
            return RC_OK;
        }
    }
    if (!view_keep((struct postgres_db *)conn->base.db, conn, tx)) {
        postgres_conn_end(conn, "ROLLBACK");
    }
    return rc;
}

/* A lost race is begun again. So is, once, a transaction whose connection broke before COMMIT went out: it did
 * nothing; but not after a long silence, for the caller has waited enough, unless others are answered meanwhile. */
static bool worth_again(const struct tx *tx, enum rc rc, bool lost_early, int round) {
    return tx->error == DB_RACE || (rc == RC_RACE && tx->writing) || (lost_early && round == 0);
}

static bool is_early(struct postgres_db *db, int64_t began) {
    int64_t took = wait_now_ms() - began;
    return took < PATIENCE_MS || (took < SILENCE_MS && postgres_pool_hears(&db->pool));
}

static void back_off(int round) {
    struct env_real clock = {0};
    struct env env = env_real(&clock);
    wait_sleep_ms((int64_t)env_below(&env, (uint64_t)2 << round) + 1);
}

static enum rc postgres_transact(struct db *base, struct tx *tx, db_fn fn, void *arg) {
    struct postgres_db *db = (struct postgres_db *)base;
    const struct tx fresh = *tx;
    int64_t began = wait_now_ms();
    for (int round = 0;; round++) {
        *tx = fresh;
        struct postgres_conn *conn = conn_take(db, tx);
        if (conn == NULL) {
            return RC_FAULT;
        }
        tx->conn = &conn->base;
        bool commit_sent = false;
        enum rc rc = attempt(conn, tx, fn, arg, &commit_sent);
        bool lost = conn->lost;
        if (view.conn != conn) {
            postgres_pool_give(&db->pool, conn);
        }
        if (!worth_again(tx, rc, lost && !commit_sent && is_early(db, began), round)) {
            return rc;
        }
        if (round + 1 == DB_ATTEMPTS) {
            tx->error = DB_RACE;
            return rc;
        }
        if (!lost) {
            back_off(round);
        }
    }
}

static enum rc postgres_read(struct db *db, struct arena *arena, db_fn fn, void *arg,
                             enum db_error *ret_error) {
    struct tx tx = {.arena = arena};
    enum rc rc = postgres_transact(db, &tx, fn, arg);
    *ret_error = tx.error;
    return rc;
}

static enum rc postgres_write(struct db *base, struct arena *arena, db_fn fn, void *arg,
                              enum db_error *ret_error) {
    struct postgres_db *db = (struct postgres_db *)base;
    struct tx tx = {.arena = arena, .writing = true};
    if (db->read_only) {
        *ret_error = DB_OTHER;
        return RC_FAULT;
    }
    view_let_go(db);
    enum rc rc = postgres_transact(base, &tx, fn, arg);
    if (rc == RC_OK) {
        atomic_fetch_add(&base->commits, 1);
    }
    *ret_error = tx.error;
    return rc;
}

static void postgres_append(struct db *base, struct db_append *append) {
    struct postgres_db *db = (struct postgres_db *)base;
    view_let_go(db); /* who waits holds no connection */
    postgres_append_put(&db->append, append);
}

/* Nothing but the BEGIN, answered: a standby refuses READ WRITE. */
static enum rc begin_only(struct tx *tx, void *arg) {
    (void)arg;
    enum rc rc = postgres_conn_command(tx, "ROLLBACK", "ROLLBACK");
    return rc == RC_OK ? RC_NONE : rc;
}

static enum rc postgres_ping(struct db *base, struct arena *arena, enum db_error *ret_error) {
    enum rc rc = postgres_write(base, arena, begin_only, NULL, ret_error);
    return rc == RC_NONE ? RC_OK : rc;
}

/* Never from within a view: what is kept under the answer must not be older than it. */
static bool postgres_near(struct db *base, int64_t scope, struct db_version *ret_version) {
    struct postgres_db *db = (struct postgres_db *)base;
    view_let_go(db);
    return postgres_count_near(&db->count, scope, ret_version);
}

static void postgres_ask(struct db *base, struct db_version_wait *wait) {
    struct postgres_db *db = (struct postgres_db *)base;
    view_let_go(db);
    postgres_count_ask(&db->count, wait);
}

const struct engine postgres_engine = {
    .kind = DB_POSTGRESQL,
    .open = postgres_open,
    .close = postgres_close,
    .read = postgres_read,
    .write = postgres_write,
    .append = postgres_append,
    .ping = postgres_ping,
    .view = postgres_view,
    .run = postgres_conn_run,
    .catch_up = postgres_conn_catch_up,
    .near = postgres_near,
    .ask = postgres_ask,
};
