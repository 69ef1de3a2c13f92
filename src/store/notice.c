#include "store/notice.h"

static const struct db_column id_cols[] = {DB_COL(struct notice_waiting, id, DB_INT)};
static const struct db_column waiting_cols[] = {
    DB_COL(struct notice_waiting, id, DB_INT),          DB_COL(struct notice_waiting, login, DB_TEXT),
    DB_COL(struct notice_waiting, name, DB_TEXT),       DB_COL(struct notice_waiting, account_state, DB_TEXT),
    DB_COL(struct notice_waiting, cause, DB_TEXT),      DB_COL(struct notice_waiting, subject, DB_TEXT),
    DB_COL(struct notice_waiting, body, DB_TEXT),       DB_COL(struct notice_waiting, path, DB_TEXT),
    DB_COL(struct notice_waiting, message_id, DB_TEXT), DB_COL(struct notice_waiting, attempts, DB_INT)};

enum {
    NOTICE_INSERT,
    NOTICE_DUE_ANY,
    NOTICE_DUE,
    NOTICE_TAKE,
    NOTICE_MARK_SENT,
    NOTICE_MARK_LATER,
    NOTICE_MARK_FAILED,
    NOTICE_GIVE_BACK,
    NOTICE_MARK_READ,
};
/* A state that no index knows: with a few mails waiting when it last counted, PostgreSQL reads all that wait now to find
 * one by its number (docs/adr/0195: one plan for all). */
#define WAITS "state || '' = 'waiting'"

static const struct db_stmt stmts[] = {
    [NOTICE_INSERT] = {.sql = "INSERT INTO notice (city, id, account, cause, kind, subject, body, path, "
                              "by_mail, state, next_at, sent_at, message_id, created_at) VALUES ($1, $2, $3, "
                              "$4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $11) "
                              "ON CONFLICT (city, cause, account) DO NOTHING",
                       .binds = "iiitttttbtsst",
                       .usual = true},
    [NOTICE_DUE_ANY] = {.sql = "SELECT id FROM notice WHERE state = 'waiting' AND next_at <= $1 LIMIT 1",
                        .binds = "s",
                        DB_COLS(id_cols)},
    [NOTICE_DUE] = {.sql = "SELECT n.id, a.login, a.name, a.state, n.cause, n.subject, n.body, n.path, "
                           "n.message_id, n.attempts FROM notice n "
                           "JOIN account a ON a.city = n.city AND a.id = n.account "
                           "WHERE n.city = $1 AND n.state = 'waiting' AND n.next_at <= $2 "
                           "ORDER BY n.next_at, n.id LIMIT $3",
                    .binds = "isi",
                    DB_COLS(waiting_cols)},
    [NOTICE_TAKE] = {.sql = "UPDATE notice SET next_at = $4 WHERE city = $1 AND id = $2 "
                            "AND " WAITS " AND next_at <= $3",
                     .binds = "iiss"},
    [NOTICE_MARK_SENT] = {.sql = "UPDATE notice SET state = 'sent', sent_at = $3, fault = NULL, "
                                 "attempts = attempts + 1 WHERE city = $1 AND id = $2 AND " WAITS,
                          .binds = "iis"},
    [NOTICE_MARK_LATER] = {.sql = "UPDATE notice SET fault = $3, next_at = $4, attempts = attempts + 1 "
                                  "WHERE city = $1 AND id = $2 AND " WAITS,
                           .binds = "iits"},
    [NOTICE_MARK_FAILED] = {.sql = "UPDATE notice SET state = 'failed', fault = $3, attempts = attempts + 1 "
                                   "WHERE city = $1 AND id = $2 AND " WAITS,
                            .binds = "iit"},
    [NOTICE_GIVE_BACK] = {.sql = "UPDATE notice SET next_at = $3 WHERE city = $1 AND id = $2 "
                                 "AND " WAITS,
                          .binds = "iis"},
    [NOTICE_MARK_READ] = {.sql = "UPDATE notice SET read_at = $4 WHERE city = $1 AND account = $2 "
                                 "AND ($3 = 0 OR id = $3) AND read_at IS NULL",
                          .binds = "iiis"},
};
const struct db_stmt_list notice_statements = STORE_STATEMENTS(stmts);

enum rc notice_insert(struct tx *tx, const struct notice_insert *row) {
    return db_exec_later(tx, &stmts[NOTICE_INSERT],
                         DB_BIND(db_int(row->city.n), db_int(row->id.n), db_int(row->account.n),
                                 db_text(row->cause), db_text(row->kind), db_text(row->subject),
                                 db_text(row->body), store_text(row->path), db_bool(row->by_mail),
                                 db_text(row->by_mail ? TEXT("waiting") : TEXT("sent")), db_time(row->at),
                                 db_time(row->by_mail ? INSTANT_NONE : row->at), db_text(row->message_id)),
                         DB_ROWS_ANY);
}

enum rc notice_take(struct tx *tx, struct city_id city, struct instant now, struct instant until, size_t max,
                    struct notice_waiting **ret_rows, size_t *ret_count) {
    struct notice_waiting *rows = NULL;
    size_t count = 0;
    enum rc rc =
        db_all(tx, &stmts[NOTICE_DUE], DB_BIND(db_int(city.n), db_time(now), db_int((int64_t)max)),
               (struct db_rows){.row_size = sizeof(struct notice_waiting), .max = max}, &rows, &count);
    size_t taken = 0;
    for (size_t i = 0; rc == RC_OK && i < count; i++) {
        int64_t changed = 0;
        rc = db_exec(tx, &stmts[NOTICE_TAKE],
                     DB_BIND(db_int(city.n), db_int(rows[i].id.n), db_time(now), db_time(until)), &changed);
        if (rc == RC_OK && changed == 1) { /* else somebody took it in between */
            rows[taken++] = rows[i];
        }
    }
    if (rc == RC_OK) {
        *ret_rows = rows;
        *ret_count = taken;
    }
    return rc;
}

enum rc notice_mark_sent(struct tx *tx, struct city_id city, struct notice_id id, struct instant at) {
    return db_exec_later(tx, &stmts[NOTICE_MARK_SENT], DB_BIND(db_int(city.n), db_int(id.n), db_time(at)),
                         DB_ROWS_ANY);
}

enum rc notice_mark_later(struct tx *tx, struct city_id city, struct notice_id id, struct text fault,
                          struct instant next_at) {
    return db_exec_later(tx, &stmts[NOTICE_MARK_LATER],
                         DB_BIND(db_int(city.n), db_int(id.n), store_text(fault), db_time(next_at)),
                         DB_ROWS_ANY);
}

enum rc notice_mark_failed(struct tx *tx, struct city_id city, struct notice_id id, struct text fault) {
    return db_exec_later(tx, &stmts[NOTICE_MARK_FAILED],
                         DB_BIND(db_int(city.n), db_int(id.n), store_text(fault)), DB_ROWS_ANY);
}

enum rc notice_give_back(struct tx *tx, struct city_id city, struct notice_id id, struct instant now) {
    return db_exec_later(tx, &stmts[NOTICE_GIVE_BACK], DB_BIND(db_int(city.n), db_int(id.n), db_time(now)),
                         DB_ROWS_ANY);
}

enum rc notice_mark_read(struct tx *tx, struct city_id city, struct account_id account, struct notice_id id,
                         struct instant at, int64_t *ret_changed) {
    return db_exec(tx, &stmts[NOTICE_MARK_READ],
                   DB_BIND(db_int(city.n), db_int(account.n), db_int(id.n), db_time(at)), ret_changed);
}

enum rc notice_due_any(struct tx *tx, struct instant now) {
    struct notice_waiting row;
    return db_one(tx, &stmts[NOTICE_DUE_ANY], DB_BIND(db_time(now)), &row);
}
