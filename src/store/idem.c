#include "store/idem.h"

static const struct db_column row_cols[] = {
    DB_COL(struct idem_row, request_hash, DB_TEXT), DB_COL(struct idem_row, status, DB_INT),
    DB_COL(struct idem_row, location, DB_TEXT), DB_COL(struct idem_row, content_type, DB_TEXT),
    DB_COL(struct idem_row, body, DB_BLOB)};

enum { IDEM_SAVE, IDEM_FIND, IDEM_SWEEP };
static const struct db_stmt stmts[] = {
    [IDEM_SAVE] = {.sql = "INSERT INTO idem (city, actor, key, request_hash, status, location, "
                          "content_type, body, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) "
                          "ON CONFLICT (city, actor, key) DO NOTHING",
                   .binds = "iittittxs",
                   .usual = true},
    [IDEM_FIND] = {.sql = "SELECT request_hash, status, location, content_type, body FROM idem "
                          "WHERE city = $1 AND actor = $2 AND key = $3",
                   .binds = "iit",
                   DB_COLS(row_cols)},
    [IDEM_SWEEP] = {.sql = "DELETE FROM idem WHERE city = $1 AND created_at < $2", .binds = "is"},
};
const struct db_stmt_list idem_statements = STORE_STATEMENTS(stmts);

enum rc idem_find(struct tx *tx, const struct idem_key *key, struct idem_row *ret_known) {
    return db_one(tx, &stmts[IDEM_FIND], DB_BIND(db_int(key->city.n), db_int(key->actor), db_text(key->key)),
                  ret_known);
}

enum rc idem_save(struct tx *tx, const struct idem_key *key, const struct idem_row *answer,
                  struct instant now) {
    return db_exec_later(tx, &stmts[IDEM_SAVE],
                         DB_BIND(db_int(key->city.n), db_int(key->actor), db_text(key->key),
                                 db_text(answer->request_hash), db_int(answer->status),
                                 store_text(answer->location), store_text(answer->content_type),
                                 store_blob(answer->body), db_time(now)),
                         1);
}

enum rc idem_sweep(struct tx *tx, struct city_id city, struct instant before, int64_t *ret_dropped) {
    return db_exec(tx, &stmts[IDEM_SWEEP], DB_BIND(db_int(city.n), db_time(before)), ret_dropped);
}
