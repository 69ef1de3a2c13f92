/* Migration of a SQLite file: alone on the file by its lock, foreign keys off while tables are rebuilt. */
#include <inttypes.h>
#include <unistd.h>

#include "db/migrate.h"
#include "db/sqlite_conn.h"
#include "db/sqlite_file.h"
#include "db/sqlite_statistics.h"

enum rc sqlite_migrator_open(struct migrator *m, struct text path) {
    if (!sqlite_file_fit(path, m->arena, &m->why)) {
        return RC_FAULT;
    }
    enum rc rc = sqlite_file_lock(path, m->arena, &m->lock, &m->why);
    if (rc != RC_OK) {
        return rc;
    }
    sqlite3 *handle = NULL;
    if (sqlite_file_create(path, m->arena, &m->why)) {
        if (sqlite_handle_open(path.p, true, &handle)) {
            m->handle = handle;
            if (sqlite_migrator_exec(m, "PRAGMA foreign_keys = OFF")) {
                return RC_OK;
            }
        } else {
            m->why = text_printf(m->arena, "%s を SQLite のデータベースとして開けません。", path.p);
        }
    }
    sqlite3_close(handle);
    close(m->lock);
    return RC_FAULT;
}

void sqlite_migrator_close(struct migrator *m) {
    sqlite3 *handle = m->handle;
    int log;
    int copied;
    /* What does not get into the database now stays in the WAL and is read at the next start. */
    sqlite3_wal_checkpoint_v2(handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, &log, &copied);
    sqlite3_close(handle);
    close(m->lock);
}

static void keep_why(struct migrator *m) {
    m->why = text_copy(m->arena, text_of(sqlite3_errmsg(m->handle)));
}

bool sqlite_migrator_exec(struct migrator *m, const char *sql) {
    if (sqlite3_exec(m->handle, sql, NULL, NULL, NULL) == SQLITE_OK) {
        return true;
    }
    keep_why(m);
    return false;
}

bool sqlite_migrator_int(struct migrator *m, const char *sql, int64_t *ret) {
    sqlite3_stmt *stmt = NULL;
    int step = SQLITE_ERROR;
    if (sqlite3_prepare_v2(m->handle, sql, -1, &stmt, NULL) == SQLITE_OK) {
        step = sqlite3_step(stmt);
    }
    if (step == SQLITE_ROW || step == SQLITE_DONE) {
        *ret = step == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : 0;
    } else {
        keep_why(m);
    }
    sqlite3_finalize(stmt);
    return step == SQLITE_ROW || step == SQLITE_DONE;
}

bool sqlite_migrator_tell_planner(struct migrator *m) {
    if (!sqlite_migrator_exec(m, "BEGIN IMMEDIATE")) {
        return false;
    }
    if (sqlite_statistics_write(m->handle, m->arena) && sqlite_migrator_exec(m, "COMMIT")) {
        return true;
    }
    keep_why(m);
    sqlite3_exec(m->handle, "ROLLBACK", NULL, NULL, NULL);
    return false;
}
