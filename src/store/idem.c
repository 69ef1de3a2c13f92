#include "store/idem.h"

static const struct db_column row_cols[] = {
    DB_COL(struct idem_row, request_hash, DB_TEXT), DB_COL(struct idem_row, status, DB_INT),
    DB_COL(struct idem_row, location, DB_TEXT), DB_COL(struct idem_row, content_type, DB_TEXT),
    DB_COL(struct idem_row, body, DB_BLOB)};

enum { IDEM_CLAIM, IDEM_FIND, IDEM_COMPLETE, IDEM_SWEEP };
static const struct db_stmt stmts[] = {
    [IDEM_CLAIM] = {.sql = "INSERT INTO idem (city, actor, key, request_hash, status, location, "
                           "content_type, body, created_at) VALUES ($1, $2, $3, $4, 0, '', '', $5, $6) "
                           "ON CONFLICT (city, actor, key) DO NOTHING",
                    .binds = "iittxs"},
    [IDEM_FIND] = {.sql = "SELECT request_hash, status, location, content_type, body FROM idem "
                          "WHERE city = $1 AND actor = $2 AND key = $3",
                   .binds = "iit",
                   DB_COLS(row_cols)},
    [IDEM_COMPLETE] = {.sql = "UPDATE idem SET status = $4, location = $5, content_type = $6, body = $7 "
                              "WHERE city = $1 AND actor = $2 AND key = $3",
                       .binds = "iitittx"},
    [IDEM_SWEEP] = {.sql = "DELETE FROM idem WHERE city = $1 AND created_at < $2", .binds = "is"},
};
const struct db_stmt_list idem_statements = STORE_STATEMENTS(stmts);

#define CLAIM_BIND                                                                                           \
    DB_BIND(db_int(key->city.n), db_int(key->actor), db_text(key->key), db_text(request_hash),               \
            db_blob(TEXT("")), db_time(now))

enum rc idem_claim_fresh(struct tx *tx, const struct idem_key *key, struct text request_hash,
                         struct instant now) {
    return db_exec_later(tx, &stmts[IDEM_CLAIM], CLAIM_BIND, 1);
}

enum rc idem_claim(struct tx *tx, const struct idem_key *key, struct text request_hash, struct instant now,
                   bool *ret_fresh, struct idem_row *ret_known) {
    int64_t changed = 0;
    enum rc rc = db_exec(tx, &stmts[IDEM_CLAIM], CLAIM_BIND, &changed);
    if (rc != RC_OK) {
        return rc;
    }
    *ret_fresh = changed == 1;
    if (*ret_fresh) {
        return RC_OK;
    }
    rc = db_one(tx, &stmts[IDEM_FIND], DB_BIND(db_int(key->city.n), db_int(key->actor), db_text(key->key)),
                ret_known);
    return rc == RC_NONE ? RC_RACE : rc; /* swept away in between: begin again */
}

enum rc idem_complete(struct tx *tx, const struct idem_key *key, const struct idem_row *answer) {
    return db_exec_later(tx, &stmts[IDEM_COMPLETE],
                         DB_BIND(db_int(key->city.n), db_int(key->actor), db_text(key->key),
                                 db_int(answer->status), store_text(answer->location),
                                 store_text(answer->content_type), store_blob(answer->body)),
                         1);
}

enum rc idem_sweep(struct tx *tx, struct city_id city, struct instant before, int64_t *ret_dropped) {
    return db_exec(tx, &stmts[IDEM_SWEEP], DB_BIND(db_int(city.n), db_time(before)), ret_dropped);
}
