/* One SQLite connection: how it is opened and configured, its prepared statements, its errors. Used by one thread
 * at a time. */
#ifndef SANGO_DB_SQLITE_CONN_H
#define SANGO_DB_SQLITE_CONN_H

#include <sqlite3.h>

#include "db/engine.h"

enum sqlite_control {
    SQLITE_READ_BEGIN,
    SQLITE_WRITE_BEGIN,
    SQLITE_TX_COMMIT,
    SQLITE_TX_ROLLBACK,
    SQLITE_SAVE,
    SQLITE_SAVE_BACK,
    SQLITE_SAVE_END,
    SQLITE_CONTROL__MAX
};

struct sqlite_conn {
    struct db_conn base;
    sqlite3 *handle;
    sqlite3_stmt **prepared; /* by catalog index, NULL until used */
    sqlite3_stmt *control[SQLITE_CONTROL__MAX];
    struct sqlite_conn *next; /* while idle */
};

enum db_error sqlite_error_of(sqlite3 *handle);
/* "SQLITE_IOERR_FSYNC" and the like: a name for the log. */
const char *sqlite_code_name(int code);

/* WAL, synchronous=FULL, foreign keys, busy timeout; never checkpoints by itself. `writing` false: query_only. */
NODISCARD bool sqlite_handle_open(const char *path, bool writing, sqlite3 **ret_handle);
NODISCARD bool sqlite_conn_open(struct sqlite_conn *conn, struct db *db, const char *path, bool writing);
void sqlite_conn_close(struct sqlite_conn *conn);
/* Prepares every statement of the catalog; *ret_why names the first that does not fit. */
NODISCARD bool sqlite_conn_verify(struct sqlite_conn *conn, struct arena *arena, struct text *ret_why);
NODISCARD bool sqlite_conn_control(struct sqlite_conn *conn, enum sqlite_control control);
NODISCARD enum rc sqlite_conn_run(struct tx *tx, size_t index, const struct db_value *values,
                                  const struct wanted *wanted);

#endif
