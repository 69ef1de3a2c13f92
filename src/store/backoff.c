#include "store/backoff.h"

static const struct db_column row_cols[] = {DB_COL(struct backoff_row, failures, DB_INT),
                                            DB_COL(struct backoff_row, last_at, DB_TIME)};

enum { BACKOFF_MAKE, BACKOFF_LOCK, BACKOFF_SET, BACKOFF_RETURN, BACKOFF_CLEAR, BACKOFF_DROP };
static const struct db_stmt stmts[] = {
    [BACKOFF_MAKE] = {.sql = "INSERT INTO backoff (city, subject, failures, last_at) VALUES ($1, $2, 0, $3) "
                             "ON CONFLICT (city, subject) DO NOTHING",
                      .binds = "its"},
    [BACKOFF_LOCK] = {.sql = "SELECT failures, last_at FROM backoff WHERE city = $1 AND subject = $2",
                      .binds = "it",
                      DB_COLS(row_cols),
                      .lock = true},
    [BACKOFF_SET] = {.sql = "UPDATE backoff SET failures = $3, last_at = $4 "
                            "WHERE city = $1 AND subject = $2",
                     .binds = "itis"},
    [BACKOFF_RETURN] = {.sql = "UPDATE backoff SET failures = failures - 1, "
                               "last_at = CASE WHEN last_at = $3 THEN $4 ELSE last_at END "
                               "WHERE city = $1 AND subject = $2 AND failures > 0",
                        .binds = "itss"},
    [BACKOFF_CLEAR] = {.sql = "DELETE FROM backoff WHERE city = $1 AND subject = $2", .binds = "it"},
    [BACKOFF_DROP] = {.sql = "DELETE FROM backoff WHERE city = $1 AND last_at < $2", .binds = "is"},
};
const struct db_stmt_list backoff_statements = STORE_STATEMENTS(stmts);

enum rc backoff_lock(struct tx *tx, struct city_id city, struct text subject, struct instant now,
                     struct backoff_row *ret_row) {
    enum rc rc =
        db_exec(tx, &stmts[BACKOFF_MAKE], DB_BIND(db_int(city.n), db_text(subject), db_time(now)), NULL);
    if (rc != RC_OK) {
        return rc;
    }
    rc = db_one(tx, &stmts[BACKOFF_LOCK], DB_BIND(db_int(city.n), db_text(subject)), ret_row);
    return rc == RC_NONE ? RC_RACE : rc; /* forgotten in between */
}

enum rc backoff_set(struct tx *tx, struct city_id city, struct text subject, const struct backoff_row *row) {
    return db_exec(tx, &stmts[BACKOFF_SET],
                   DB_BIND(db_int(city.n), db_text(subject), db_int(row->failures), db_time(row->last_at)),
                   NULL);
}

enum rc backoff_return(struct tx *tx, struct city_id city, struct text subject, struct instant mine,
                       struct instant before) {
    return db_exec(tx, &stmts[BACKOFF_RETURN],
                   DB_BIND(db_int(city.n), db_text(subject), db_time(mine), db_time(before)), NULL);
}

enum rc backoff_clear(struct tx *tx, struct city_id city, struct text subject) {
    return db_exec(tx, &stmts[BACKOFF_CLEAR], DB_BIND(db_int(city.n), db_text(subject)), NULL);
}

enum rc backoff_drop_old(struct tx *tx, struct city_id city, struct instant before, int64_t *ret_dropped) {
    return db_exec(tx, &stmts[BACKOFF_DROP], DB_BIND(db_int(city.n), db_time(before)), ret_dropped);
}
