#include "db/sqlite_conn.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

static const char *const control_sql[SQLITE_CONTROL__MAX] = {
    [SQLITE_READ_BEGIN] = "BEGIN",   [SQLITE_WRITE_BEGIN] = "BEGIN IMMEDIATE",
    [SQLITE_TX_COMMIT] = "COMMIT",   [SQLITE_TX_ROLLBACK] = "ROLLBACK",
    [SQLITE_SAVE] = "SAVEPOINT w",   [SQLITE_SAVE_BACK] = "ROLLBACK TO w",
    [SQLITE_SAVE_END] = "RELEASE w",
};

enum { BUSY_MS = 800 };

static enum db_error constraint_error(int code) {
    switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
        return DB_UNIQUE;
    case SQLITE_CONSTRAINT_FOREIGNKEY:
        return DB_FOREIGN_KEY;
    default:
        return DB_CHECK;
    }
}

enum db_error sqlite_error_of(sqlite3 *handle) {
    int code = sqlite3_extended_errcode(handle);
    int cause = sqlite3_system_errno(handle);
    if (code == SQLITE_BUSY_SNAPSHOT) {
        return DB_RACE;
    }
    switch (code & 0xff) {
    case SQLITE_OK:
        return DB_FINE;
    case SQLITE_CONSTRAINT:
        return constraint_error(code);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return DB_BUSY;
    case SQLITE_FULL:
        return DB_FULL;
    case SQLITE_IOERR: /* a full disk shows as SHMSIZE while the -shm file grows */
        return code == SQLITE_IOERR_SHMSIZE || cause == ENOSPC || cause == EDQUOT ? DB_FULL : DB_IO;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_CANTOPEN:
        return DB_IO;
    default:
        return DB_OTHER;
    }
}

const char *sqlite_code_name(int code) {
    static const struct {
        int code;
        const char *name;
    } names[] = {
        {SQLITE_IOERR_FSYNC, "SQLITE_IOERR_FSYNC"},
        {SQLITE_IOERR_DIR_FSYNC, "SQLITE_IOERR_DIR_FSYNC"},
        {SQLITE_IOERR_SHMSIZE, "SQLITE_IOERR_SHMSIZE"},
        {SQLITE_IOERR_WRITE, "SQLITE_IOERR_WRITE"},
        {SQLITE_IOERR_READ, "SQLITE_IOERR_READ"},
        {SQLITE_IOERR_TRUNCATE, "SQLITE_IOERR_TRUNCATE"},
        {SQLITE_FULL, "SQLITE_FULL"},
        {SQLITE_BUSY, "SQLITE_BUSY"},
        {SQLITE_CORRUPT, "SQLITE_CORRUPT"},
        {SQLITE_CANTOPEN, "SQLITE_CANTOPEN"},
        {SQLITE_READONLY, "SQLITE_READONLY"},
        {SQLITE_NOMEM, "SQLITE_NOMEM"},
    };
    for (size_t i = 0; i < COUNT(names); i++) {
        if (names[i].code == code) {
            return names[i].name;
        }
    }
    return sqlite3_errstr(code); /* the general sentence of the class, no data */
}

static bool handle_exec(sqlite3 *handle, const char *sql) {
    return sqlite3_exec(handle, sql, NULL, NULL, NULL) == SQLITE_OK;
}

/* PRAGMA journal_mode answers the mode it got instead of failing. */
static bool mode_is_wal(sqlite3 *handle) {
    sqlite3_stmt *stmt = NULL;
    bool wal = sqlite3_prepare_v2(handle, "PRAGMA journal_mode = WAL", -1, &stmt, NULL) == SQLITE_OK &&
               sqlite3_step(stmt) == SQLITE_ROW &&
               strcmp((const char *)sqlite3_column_text(stmt, 0), "wal") == 0;
    sqlite3_finalize(stmt);
    return wal;
}

/* Plans do not follow bound values (QPSG): a statement that compares a column with a parameter, where an index has a
 * condition on that column, would else be prepared again each time another value is bound. */
static bool handle_configure(sqlite3 *handle, bool writing) {
    int on = 0;
    int stable = 0;
    return sqlite3_extended_result_codes(handle, 1) == SQLITE_OK &&
           sqlite3_busy_timeout(handle, BUSY_MS) == SQLITE_OK &&
           sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, &on) == SQLITE_OK && on == 1 &&
           sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_QPSG, 1, &stable) == SQLITE_OK && stable == 1 &&
           sqlite3_wal_autocheckpoint(handle, 0) == SQLITE_OK && (!writing || mode_is_wal(handle)) &&
           handle_exec(handle, "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
                               "PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF;"
                               "PRAGMA temp_store = MEMORY") &&
           handle_exec(handle, writing ? "PRAGMA cache_size = -4096"
                                       : "PRAGMA query_only = ON; PRAGMA cache_size = -1024");
}

bool sqlite_handle_open(const char *path, bool writing, sqlite3 **ret_handle) {
    sqlite3 *handle = NULL;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    /* Nobody reads the statistics of memory, for which each allocation of each thread takes one lock. Refused once
     * SQLite has begun, which does no harm. */
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    if (sqlite3_open_v2(path, &handle, flags, NULL) != SQLITE_OK || !handle_configure(handle, writing)) {
        sqlite3_close(handle);
        return false;
    }
    *ret_handle = handle;
    return true;
}

bool sqlite_conn_open(struct sqlite_conn *conn, struct db *db, const char *path, bool writing) {
    if (!sqlite_handle_open(path, writing, &conn->handle)) {
        return false;
    }
    conn->base.db = db;
    if (conn->prepared == NULL) {
        conn->prepared = arena_array(&db->arena, sqlite3_stmt *, db->catalog.count + 1);
    }
    for (size_t i = 0; i < SQLITE_CONTROL__MAX; i++) {
        if (sqlite3_prepare_v3(conn->handle, control_sql[i], -1, SQLITE_PREPARE_PERSISTENT, &conn->control[i],
                               NULL) != SQLITE_OK) {
            sqlite_conn_close(conn);
            return false;
        }
    }
    return true;
}

void sqlite_conn_close(struct sqlite_conn *conn) {
    if (conn->handle == NULL) {
        return;
    }
    for (size_t i = 0; i < conn->base.db->catalog.count; i++) {
        sqlite3_finalize(conn->prepared[i]);
        conn->prepared[i] = NULL;
    }
    for (size_t i = 0; i < SQLITE_CONTROL__MAX; i++) {
        sqlite3_finalize(conn->control[i]);
        conn->control[i] = NULL;
    }
    int closed = sqlite3_close(conn->handle);
    assert(closed == SQLITE_OK);
    conn->handle = NULL;
}

static sqlite3_stmt *conn_stmt(struct sqlite_conn *conn, size_t index) {
    if (conn->prepared[index] == NULL) {
        const char *sql = conn->base.db->catalog.entries[index].sql;
        if (sqlite3_prepare_v3(conn->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &conn->prepared[index],
                               NULL) != SQLITE_OK) {
            return NULL;
        }
    }
    return conn->prepared[index];
}

bool sqlite_conn_verify(struct sqlite_conn *conn, struct arena *arena, struct text *ret_why) {
    const struct catalog *catalog = &conn->base.db->catalog;
    for (size_t i = 0; i < catalog->count; i++) {
        const struct catalog_entry *entry = &catalog->entries[i];
        sqlite3_stmt *stmt = conn_stmt(conn, i);
        const char *fault = NULL;
        if (stmt == NULL) {
            fault = sqlite3_errmsg(conn->handle);
        } else if ((size_t)sqlite3_bind_parameter_count(stmt) != entry->bind_count) {
            fault = "number of parameters";
        } else if (entry->stmt->cols != NULL &&
                   (size_t)sqlite3_column_count(stmt) != entry->stmt->col_count) {
            fault = "number of columns";
        }
        if (fault != NULL) {
            *ret_why = text_printf(arena, "この SQL は表の形に合いません (%s): %s", fault, entry->sql);
            return false;
        }
    }
    return true;
}

bool sqlite_conn_control(struct sqlite_conn *conn, enum sqlite_control control) {
    sqlite3_stmt *stmt = conn->control[control];
    int step = sqlite3_step(stmt);
    if (step == SQLITE_DONE) {
        sqlite3_reset(stmt);
        return true;
    }
    return sqlite3_reset(stmt) == SQLITE_OK && step == SQLITE_ROW; /* reset keeps the error code */
}

static bool bind_cell(sqlite3_stmt *stmt, int at, enum db_kind kind, const struct cell *cell) {
    int code;
    if (cell->null) {
        code = sqlite3_bind_null(stmt, at);
    } else if (kind_is_int(kind)) {
        code = sqlite3_bind_int64(stmt, at, cell->i);
    } else if (kind == DB_BLOB) {
        code = sqlite3_bind_blob64(stmt, at, cell->t.p, cell->t.n, SQLITE_STATIC);
    } else {
        code = sqlite3_bind_text64(stmt, at, cell->t.p, cell->t.n, SQLITE_STATIC, SQLITE_UTF8);
    }
    return code == SQLITE_OK;
}

static int wanted_type(enum db_kind kind) {
    return kind_is_int(kind) ? SQLITE_INTEGER : kind == DB_BLOB ? SQLITE_BLOB : SQLITE_TEXT;
}

static enum rc row_to_sink(sqlite3_stmt *stmt, struct sink *sink) {
    struct cell cells[ROW_COLUMNS_MAX];
    const struct db_stmt *want = sink->stmt;
    for (size_t i = 0; i < want->col_count; i++) {
        int type = sqlite3_column_type(stmt, (int)i);
        enum db_kind kind = want->cols[i].kind;
        cells[i] = (struct cell){.null = type == SQLITE_NULL};
        if (type == SQLITE_NULL) {
            continue;
        }
        if (type != wanted_type(kind)) {
            return RC_FAULT;
        }
        if (type == SQLITE_INTEGER) {
            cells[i].i = sqlite3_column_int64(stmt, (int)i);
        } else {
            cells[i].t.p = sqlite3_column_blob(stmt, (int)i);
            cells[i].t.n = (size_t)sqlite3_column_bytes(stmt, (int)i);
        }
    }
    return sink_row(sink, cells);
}

static void tx_fault(struct tx *tx, sqlite3 *handle) {
    static const struct text mark = TEXT_INIT("constraint failed: ");
    tx->error = sqlite_error_of(handle);
    if (tx->error == DB_FINE) {
        tx->error = DB_OTHER;
    }
    db_report(tx->conn->db, tx->error, sqlite_code_name(sqlite3_extended_errcode(handle)));
    struct text message = text_of(sqlite3_errmsg(handle));
    const char *found = memmem(message.p, message.n, mark.p, mark.n);
    if (found != NULL) {
        tx->constraint = text_copy(tx->arena, text_of(found + mark.n));
    }
}

/* Steps to the end; a SELECT stops early when the sink has enough. */
static enum rc stmt_steps(struct tx *tx, sqlite3_stmt *stmt, struct sink *sink) {
    for (;;) {
        int step = sqlite3_step(stmt);
        if (step == SQLITE_DONE) {
            return RC_OK;
        }
        if (step != SQLITE_ROW) {
            tx_fault(tx, sqlite3_db_handle(stmt));
            return RC_FAULT;
        }
        bool full = sink == NULL || (sink->one && sink->count > 0);
        enum rc rc = full ? RC_NONE : row_to_sink(stmt, sink);
        if (rc == RC_FAULT) {
            tx->error = DB_OTHER;
            db_report(tx->conn->db, DB_OTHER, "column value or row limit");
            return RC_FAULT;
        }
        if (rc == RC_NONE && sqlite3_stmt_readonly(stmt)) {
            return RC_OK;
        }
    }
}

enum rc sqlite_conn_run(struct tx *tx, size_t index, const struct db_value *values,
                        const struct wanted *wanted) {
    struct sqlite_conn *conn = (struct sqlite_conn *)tx->conn;
    const struct catalog_entry *entry = &conn->base.db->catalog.entries[index];
    sqlite3_stmt *stmt = conn_stmt(conn, index);
    bool bound = stmt != NULL;
    for (size_t i = 0; bound && i < entry->bind_count; i++) {
        struct cell cell = value_cell(&values[i], tx->arena);
        bound = bind_cell(stmt, (int)i + 1, values[i].kind, &cell);
    }
    if (!bound) {
        tx_fault(tx, conn->handle);
        return RC_FAULT;
    }
    enum rc rc = stmt_steps(tx, stmt, wanted->sink);
    int64_t changed = sqlite3_stmt_readonly(stmt) ? 0 : sqlite3_changes64(conn->handle);
    sqlite3_reset(stmt);
    sqlite3_clear_bindings(stmt);
    if (rc == RC_OK && wanted->changed != NULL) {
        *wanted->changed = changed;
    }
    return rc == RC_OK && wanted->rows != DB_ROWS_ANY && wanted->rows != changed ? RC_RACE : rc;
}
