#include "store/session.h"

static const struct db_column session_cols[] = {
    DB_COL(struct session_row, account, DB_INT),        DB_COL(struct session_row, role, DB_TEXT),
    DB_COL(struct session_row, facility, DB_INT),       DB_COL(struct session_row, name, DB_TEXT),
    DB_COL(struct session_row, account_state, DB_TEXT), DB_COL(struct session_row, facility_name, DB_TEXT),
    DB_COL(struct session_row, kind, DB_TEXT),          DB_COL(struct session_row, seen_at, DB_TIME),
    DB_COL(struct session_row, expires_at, DB_TIME),    DB_COL(struct session_row, unread, DB_INT),
    DB_COL(struct session_row, rules_revision, DB_INT)};

struct link_row {
    struct account_id account;
};
static const struct db_column link_cols[] = {DB_COL(struct link_row, account, DB_INT)};

enum {
    SESSION_INSERT,
    SESSION_LOAD,
    SESSION_TOUCH,
    SESSION_DELETE,
    SESSION_DELETE_ALL,
    SESSION_DROP,
    LINK_INSERT,
    LINK_USE,
    LINK_FIND,
    LINK_VOID,
    LINK_DROP,
};
static const struct db_stmt stmts[] = {
    [SESSION_INSERT] = {.sql = "INSERT INTO session (city, token_hash, account, kind, created_at, seen_at, "
                               "expires_at) VALUES ($1, $2, $3, $4, $5, $5, $6)",
                        .binds = "ititss",
                        .unseen = true},
    [SESSION_LOAD] = {.sql = "SELECT s.account, a.role, a.facility, a.name, a.state, f.name, s.kind, "
                             "s.seen_at, s.expires_at, CASE WHEN a.role = 'resident' THEN (SELECT count(*) "
                             "FROM notice n WHERE n.city = s.city AND n.account = s.account "
                             "AND n.read_at IS NULL AND n.path <> '') ELSE 0 END, "
                             "(SELECT c.rules_revision FROM city c WHERE c.id = s.city) "
                             "FROM session s JOIN account a ON a.city = s.city AND a.id = s.account "
                             "LEFT JOIN facility f ON f.city = a.city AND f.id = a.facility "
                             "WHERE s.city = $1 AND s.token_hash = $2",
                      .binds = "it",
                      DB_COLS(session_cols),
                      .usual = true},
    [SESSION_TOUCH] = {.sql = "UPDATE session SET seen_at = $3 WHERE city = $1 AND token_hash = $2 "
                              "AND seen_at < $3",
                       .binds = "its",
                       .unseen = true}, /* who has been seen since is looked up again (service/known.h) */
    [SESSION_DELETE] = {.sql = "DELETE FROM session WHERE city = $1 AND token_hash = $2", .binds = "it"},
    [SESSION_DELETE_ALL] = {.sql = "DELETE FROM session WHERE city = $1 AND account = $2", .binds = "ii"},
    [SESSION_DROP] = {.sql = "DELETE FROM session WHERE city = $1 AND expires_at < $2",
                      .binds = "is",
                      .unseen = true}, /* what is over by the clock is over without it */
    [LINK_INSERT] = {.sql = "INSERT INTO link (city, token_hash, account, purpose, created_at, expires_at) "
                            "VALUES ($1, $2, $3, $4, $5, $6)",
                     .binds = "ititss"},
    [LINK_USE] = {.sql = "UPDATE link SET used_at = $4 WHERE city = $1 AND token_hash = $2 AND purpose = $3 "
                         "AND used_at IS NULL AND expires_at > $4",
                  .binds = "itts"},
    [LINK_FIND] = {.sql = "SELECT account FROM link WHERE city = $1 AND token_hash = $2 AND purpose = $3 "
                          "AND used_at IS NULL AND expires_at > $4",
                   .binds = "itts",
                   DB_COLS(link_cols),
                   .lock = true},
    [LINK_VOID] = {.sql = "UPDATE link SET used_at = $4 WHERE city = $1 AND account = $2 AND purpose = $3 "
                          "AND used_at IS NULL",
                   .binds = "iits"},
    [LINK_DROP] = {.sql = "DELETE FROM link WHERE city = $1 AND expires_at < $2", .binds = "is"},
};
const struct db_stmt_list session_statements = STORE_STATEMENTS(stmts);

enum rc session_insert(struct tx *tx, const struct session_insert *row) {
    return db_exec(tx, &stmts[SESSION_INSERT],
                   DB_BIND(db_int(row->city.n), db_text(row->token_hash), db_int(row->account.n),
                           db_text(row->kind), db_time(row->at), db_time(row->expires_at)),
                   NULL);
}

enum rc session_load(struct tx *tx, struct city_id city, struct text token_hash,
                     struct session_row *ret_row) {
    return db_one(tx, &stmts[SESSION_LOAD], DB_BIND(db_int(city.n), db_text(token_hash)), ret_row);
}

enum rc session_touch(struct tx *tx, struct city_id city, struct text token_hash, struct instant at) {
    return db_exec(tx, &stmts[SESSION_TOUCH], DB_BIND(db_int(city.n), db_text(token_hash), db_time(at)),
                   NULL);
}

enum rc session_delete(struct tx *tx, struct city_id city, struct text token_hash) {
    return db_exec(tx, &stmts[SESSION_DELETE], DB_BIND(db_int(city.n), db_text(token_hash)), NULL);
}

enum rc session_delete_all(struct tx *tx, struct city_id city, struct account_id account) {
    return db_exec(tx, &stmts[SESSION_DELETE_ALL], DB_BIND(db_int(city.n), db_int(account.n)), NULL);
}

enum rc session_drop_expired(struct tx *tx, struct city_id city, struct instant before,
                             int64_t *ret_dropped) {
    return db_exec(tx, &stmts[SESSION_DROP], DB_BIND(db_int(city.n), db_time(before)), ret_dropped);
}

enum rc link_insert(struct tx *tx, const struct link_insert *row) {
    return db_exec(tx, &stmts[LINK_INSERT],
                   DB_BIND(db_int(row->city.n), db_text(row->token_hash), db_int(row->account.n),
                           db_text(row->purpose), db_time(row->at), db_time(row->expires_at)),
                   NULL);
}

enum rc link_find(struct tx *tx, const struct link_insert *link, struct account_id *ret_account) {
    struct link_row row = {0};
    enum rc rc = db_one(
        tx, &stmts[LINK_FIND],
        DB_BIND(db_int(link->city.n), db_text(link->token_hash), db_text(link->purpose), db_time(link->at)),
        &row);
    if (rc == RC_OK) {
        *ret_account = row.account;
    }
    return rc;
}

enum rc link_use(struct tx *tx, const struct link_insert *link) {
    int64_t changed = 0;
    enum rc rc = db_exec(
        tx, &stmts[LINK_USE],
        DB_BIND(db_int(link->city.n), db_text(link->token_hash), db_text(link->purpose), db_time(link->at)),
        &changed);
    return rc == RC_OK && changed == 0 ? RC_NONE : rc;
}

enum rc link_void(struct tx *tx, struct city_id city, struct account_id account, struct text purpose,
                  struct instant at) {
    return db_exec(tx, &stmts[LINK_VOID],
                   DB_BIND(db_int(city.n), db_int(account.n), db_text(purpose), db_time(at)), NULL);
}

enum rc link_drop_expired(struct tx *tx, struct city_id city, struct instant before, int64_t *ret_dropped) {
    return db_exec(tx, &stmts[LINK_DROP], DB_BIND(db_int(city.n), db_time(before)), ret_dropped);
}
