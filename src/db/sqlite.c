/* The SQLite engine: a pool of reading connections beside the one writer (sqlite_writer.h), and the checks before a
 * file is served. */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/migrate.h"
#include "db/sqlite_conn.h"
#include "db/sqlite_file.h"
#include "db/sqlite_writer.h"
#include "db/wait.h"

enum { READER_WAIT_MS = 1000 };

struct sqlite_db {
    struct db base;
    struct text path;
    int lock; /* descriptor, -1 when read only */
    bool read_only;
    struct sqlite_writer writer;
    pthread_mutex_t mutex; /* guards `idle` */
    pthread_cond_t freed;
    struct sqlite_conn *idle;
    struct sqlite_conn *readers;
    size_t reader_count;
};

/* ---- opening ---- */

static bool conn_int(struct sqlite_conn *conn, const char *sql, int64_t *ret) {
    struct migrator m = {.kind = DB_SQLITE, .handle = conn->handle, .arena = &conn->base.db->arena};
    return sqlite_migrator_int(&m, sql, ret);
}

static enum rc schema_check(struct sqlite_conn *conn, const struct db_config *config, struct arena *arena,
                            struct text *ret_why) {
    int64_t exists = 0;
    int64_t found = 0;
    if (!conn_int(conn, SCHEMA_EXISTS_SQLITE, &exists) ||
        (exists > 0 && !conn_int(conn, SCHEMA_NEWEST, &found))) {
        *ret_why = text_printf(arena, "%s を読めません (%s)。", config->url.p, sqlite3_errmsg(conn->handle));
        return RC_FAULT;
    }
    enum rc rc = schema_judge(config->migrations, found, arena, ret_why);
    if (rc != RC_OK) {
        return rc;
    }
    return sqlite_conn_verify(conn, arena, ret_why) ? RC_OK : RC_FAULT;
}

static enum rc writer_open(struct sqlite_db *db, const struct db_config *config, struct arena *arena,
                           struct text *ret_why) {
    enum rc rc = sqlite_file_lock(db->path, arena, &db->lock, ret_why);
    if (rc != RC_OK) {
        return rc;
    }
    if (!sqlite_conn_open(&db->writer.conn, &db->base, db->path.p, true)) {
        *ret_why = text_printf(arena, "%s を SQLite のデータベースとして開けません。", db->path.p);
        return RC_FAULT;
    }
    return schema_check(&db->writer.conn, config, arena, ret_why);
}

static enum rc readers_open(struct sqlite_db *db, const struct db_config *config, struct arena *arena,
                            struct text *ret_why) {
    db->readers = arena_array(&db->base.arena, struct sqlite_conn, (size_t)config->readers);
    for (int i = 0; i < config->readers; i++) {
        struct sqlite_conn *conn = &db->readers[i];
        if (!sqlite_conn_open(conn, &db->base, db->path.p, false)) {
            *ret_why = text_printf(arena, "%s を読むために開けません。", db->path.p);
            return RC_FAULT;
        }
        db->reader_count++;
        conn->next = db->idle;
        db->idle = conn;
    }
    return db->read_only ? schema_check(&db->readers[0], config, arena, ret_why) : RC_OK;
}

/* Everything but the writer's thread. */
static void sqlite_release(struct sqlite_db *db) {
    for (size_t i = 0; i < db->reader_count; i++) {
        sqlite_conn_close(&db->readers[i]);
    }
    sqlite_conn_close(&db->writer.conn);
    if (db->lock >= 0) {
        close(db->lock);
    }
    pthread_cond_destroy(&db->freed);
    pthread_mutex_destroy(&db->mutex);
    arena_release(&db->base.arena);
    free(db);
}

static enum rc sqlite_open(const struct db_config *config, struct arena *arena, struct db **ret_db,
                           struct text *ret_why) {
    if (!sqlite_file_fit(config->url, arena, ret_why)) {
        return RC_FAULT;
    }
    if (access(config->url.p, F_OK) != 0) {
        *ret_why =
            text_printf(arena, "%s がありません。先に sango migrate を実行してください。", config->url.p);
        return errno == ENOENT ? RC_NONE : RC_FAULT;
    }
    struct sqlite_db *db = calloc(1, sizeof *db);
    assert(db != NULL);
    db_base_init(&db->base, &sqlite_engine, config);
    db->path = text_copy(&db->base.arena, config->url);
    db->lock = -1;
    db->read_only = config->read_only;
    pthread_mutex_init(&db->mutex, NULL);
    wait_cond_init(&db->freed);
    enum rc rc = config->read_only ? RC_OK : writer_open(db, config, arena, ret_why);
    if (rc == RC_OK) {
        rc = readers_open(db, config, arena, ret_why);
    }
    if (rc != RC_OK) {
        sqlite_release(db);
        return rc;
    }
    if (!config->read_only) {
        sqlite_writer_start(&db->writer, &db->base, db->path.p, config);
    }
    *ret_db = &db->base;
    return RC_OK;
}

static void sqlite_close(struct db *base) {
    struct sqlite_db *db = (struct sqlite_db *)base;
    for (size_t i = 0; i < db->reader_count; i++) { /* before the writer's last checkpoint */
        sqlite_conn_close(&db->readers[i]);
    }
    if (!db->read_only) {
        sqlite_writer_stop(&db->writer);
    }
    sqlite_release(db);
}

/* ---- reading ---- */

static struct sqlite_conn *reader_take(struct sqlite_db *db) {
    int64_t deadline = wait_now_ms() + READER_WAIT_MS;
    pthread_mutex_lock(&db->mutex);
    while (db->idle == NULL && wait_until(&db->freed, &db->mutex, deadline)) {
    }
    struct sqlite_conn *conn = db->idle;
    if (conn != NULL) {
        db->idle = conn->next;
    }
    pthread_mutex_unlock(&db->mutex);
    return conn;
}

static void reader_give(struct sqlite_db *db, struct sqlite_conn *conn) {
    pthread_mutex_lock(&db->mutex);
    conn->next = db->idle;
    db->idle = conn;
    pthread_cond_signal(&db->freed);
    pthread_mutex_unlock(&db->mutex);
}

static enum rc reader_run(struct sqlite_conn *conn, struct tx *tx, db_fn fn, void *arg) {
    enum rc rc = RC_FAULT;
    if (sqlite_conn_control(conn, SQLITE_READ_BEGIN)) {
        rc = tx_call(tx, fn, arg);
        /* Nothing was written: a COMMIT ends it without looking for what a ROLLBACK would take back. */
        if (sqlite_conn_control(conn, SQLITE_TX_COMMIT) || sqlite3_get_autocommit(conn->handle) ||
            sqlite_conn_control(conn, SQLITE_TX_ROLLBACK) || sqlite3_get_autocommit(conn->handle)) {
            return rc;
        }
    }
    tx->error = sqlite_error_of(conn->handle);
    db_report(conn->base.db, tx->error, sqlite_code_name(sqlite3_extended_errcode(conn->handle)));
    return RC_FAULT;
}

static enum rc sqlite_read(struct db *base, struct arena *arena, db_fn fn, void *arg,
                           enum db_error *ret_error) {
    struct sqlite_db *db = (struct sqlite_db *)base;
    struct sqlite_conn *conn = reader_take(db);
    if (conn == NULL) {
        *ret_error = DB_BUSY;
        return RC_FAULT;
    }
    struct tx tx = {.arena = arena, .conn = &conn->base};
    enum rc rc = reader_run(conn, &tx, fn, arg);
    reader_give(db, conn);
    *ret_error = tx.error;
    return rc;
}

/* ---- writing ---- */

static enum rc sqlite_write(struct db *base, struct arena *arena, db_fn fn, void *arg,
                            enum db_error *ret_error) {
    struct sqlite_db *db = (struct sqlite_db *)base;
    if (db->read_only) {
        *ret_error = DB_OTHER;
        return RC_FAULT;
    }
    return sqlite_writer_run(&db->writer, arena, fn, arg, ret_error);
}

static void sqlite_append(struct db *base, struct db_append *append) {
    struct sqlite_db *db = (struct sqlite_db *)base;
    if (db->read_only) {
        append->done(append, RC_FAULT, DB_OTHER);
    } else {
        sqlite_writer_append(&db->writer, append);
    }
}

static enum rc save_nothing(struct tx *tx, void *arg) {
    (void)tx;
    (void)arg;
    return RC_NONE;
}

/* The writer begins an IMMEDIATE transaction for it and, alone, rolls it back. */
static enum rc sqlite_ping(struct db *base, struct arena *arena, enum db_error *ret_error) {
    enum rc rc = sqlite_write(base, arena, save_nothing, NULL, ret_error);
    return rc == RC_NONE ? RC_OK : rc;
}

const struct engine sqlite_engine = {
    .kind = DB_SQLITE,
    .open = sqlite_open,
    .close = sqlite_close,
    .read = sqlite_read,
    .write = sqlite_write,
    .append = sqlite_append,
    .ping = sqlite_ping,
    .run = sqlite_conn_run,
};
