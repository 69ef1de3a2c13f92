#include "store/account.h"

#define ACCOUNT_COLS "id, role, login, name, password, totp_secret, totp_used, facility, state"
static const struct db_column account_cols[] = {
    DB_COL(struct account_row, id, DB_INT),        DB_COL(struct account_row, role, DB_TEXT),
    DB_COL(struct account_row, login, DB_TEXT),    DB_COL(struct account_row, name, DB_TEXT),
    DB_COL(struct account_row, password, DB_TEXT), DB_COL(struct account_row, totp_secret, DB_TEXT),
    DB_COL(struct account_row, totp_used, DB_INT), DB_COL(struct account_row, facility, DB_INT),
    DB_COL(struct account_row, state, DB_TEXT)};

struct id_row {
    struct account_id id;
};
static const struct db_column id_cols[] = {DB_COL(struct id_row, id, DB_INT)};

enum {
    ACCOUNT_INSERT,
    ACCOUNT_BY_LOGIN,
    ACCOUNT_BY_ID,
    ACCOUNT_LOCK,
    ACCOUNT_REPLACE,
    ACCOUNT_ACTIVATE,
    ACCOUNT_SET_STATE,
    ACCOUNT_SET_PASSWORD,
    ACCOUNT_SET_TOTP,
    ACCOUNT_IDS_OF_FACILITY,
    ACCOUNT_IDS_OF_ROLE,
};
static const struct db_stmt stmts[] = {
    [ACCOUNT_INSERT] = {.sql =
                            "INSERT INTO account (city, " ACCOUNT_COLS ", created_at, confirmed_at) VALUES "
                            "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) "
                            "ON CONFLICT (city, login) DO NOTHING",
                        .binds = "iitttttiitss"},
    [ACCOUNT_BY_LOGIN] = {.sql = "SELECT " ACCOUNT_COLS " FROM account WHERE city = $1 AND login = $2",
                          .binds = "it",
                          DB_COLS(account_cols)},
    [ACCOUNT_BY_ID] = {.sql = "SELECT " ACCOUNT_COLS " FROM account WHERE city = $1 AND id = $2",
                       .binds = "ii",
                       DB_COLS(account_cols)},
    [ACCOUNT_LOCK] = {.sql = "SELECT " ACCOUNT_COLS " FROM account WHERE city = $1 AND id = $2",
                      .binds = "ii",
                      DB_COLS(account_cols),
                      .lock = true},
    [ACCOUNT_REPLACE] = {.sql = "UPDATE account SET name = $3, password = $4 "
                                "WHERE city = $1 AND id = $2 AND state = 'unconfirmed'",
                         .binds = "iitt"},
    [ACCOUNT_ACTIVATE] = {.sql = "UPDATE account SET state = 'active', confirmed_at = $3 "
                                 "WHERE city = $1 AND id = $2 AND state = 'unconfirmed'",
                          .binds = "iis"},
    [ACCOUNT_SET_STATE] = {.sql = "UPDATE account SET state = $3 WHERE city = $1 AND id = $2",
                           .binds = "iit"},
    [ACCOUNT_SET_PASSWORD] = {.sql = "UPDATE account SET password = $3 WHERE city = $1 AND id = $2",
                              .binds = "iit"},
    [ACCOUNT_SET_TOTP] = {.sql = "UPDATE account SET totp_secret = $3, totp_used = $4 "
                                 "WHERE city = $1 AND id = $2",
                          .binds = "iiti"},
    [ACCOUNT_IDS_OF_FACILITY] = {.sql = "SELECT id FROM account WHERE city = $1 AND facility = $2 "
                                        "AND state = 'active' ORDER BY id LIMIT 500",
                                 .binds = "ii",
                                 DB_COLS(id_cols),
                                 .usual = true},
    [ACCOUNT_IDS_OF_ROLE] = {.sql = "SELECT id FROM account WHERE city = $1 AND role = $2 "
                                    "AND state = 'active' ORDER BY id LIMIT 500",
                             .binds = "it",
                             DB_COLS(id_cols)},
};
const struct db_stmt_list account_statements = STORE_STATEMENTS(stmts);

enum rc account_insert(struct tx *tx, struct city_id city, const struct account_row *row, struct instant now,
                       bool *ret_added) {
    int64_t changed = 0;
    bool active = text_is(row->state, "active");
    enum rc rc = db_exec(tx, &stmts[ACCOUNT_INSERT],
                         DB_BIND(db_int(city.n), db_int(row->id.n), db_text(row->role), db_text(row->login),
                                 store_text(row->name), store_text(row->password), db_text(row->totp_secret),
                                 db_int(row->totp_used), db_id(row->facility.n), db_text(row->state),
                                 db_time(now), db_time(active ? now : INSTANT_NONE)),
                         &changed);
    if (rc == RC_OK) {
        *ret_added = changed == 1;
    }
    return rc;
}

enum rc account_by_login(struct tx *tx, struct city_id city, struct text login, struct account_row *ret_row) {
    return db_one(tx, &stmts[ACCOUNT_BY_LOGIN], DB_BIND(db_int(city.n), store_text(login)), ret_row);
}

enum rc account_by_id(struct tx *tx, struct city_id city, struct account_id id, struct account_row *ret_row) {
    return db_one(tx, &stmts[ACCOUNT_BY_ID], DB_BIND(db_int(city.n), db_int(id.n)), ret_row);
}

enum rc account_lock(struct tx *tx, struct city_id city, struct account_id id, struct account_row *ret_row) {
    return db_one(tx, &stmts[ACCOUNT_LOCK], DB_BIND(db_int(city.n), db_int(id.n)), ret_row);
}

enum rc account_replace(struct tx *tx, struct city_id city, struct account_id id, struct text name,
                        struct text password) {
    return db_exec(tx, &stmts[ACCOUNT_REPLACE],
                   DB_BIND(db_int(city.n), db_int(id.n), store_text(name), db_text(password)), NULL);
}

enum rc account_activate(struct tx *tx, struct city_id city, struct account_id id, struct instant now) {
    return db_exec(tx, &stmts[ACCOUNT_ACTIVATE], DB_BIND(db_int(city.n), db_int(id.n), db_time(now)), NULL);
}

enum rc account_set_state(struct tx *tx, struct city_id city, struct account_id id, struct text state) {
    return db_exec(tx, &stmts[ACCOUNT_SET_STATE], DB_BIND(db_int(city.n), db_int(id.n), db_text(state)),
                   NULL);
}

enum rc account_set_password(struct tx *tx, struct city_id city, struct account_id id, struct text hash) {
    return db_exec(tx, &stmts[ACCOUNT_SET_PASSWORD], DB_BIND(db_int(city.n), db_int(id.n), db_text(hash)),
                   NULL);
}

enum rc account_set_totp(struct tx *tx, struct city_id city, struct account_id id, struct text secret,
                         int64_t used) {
    return db_exec(tx, &stmts[ACCOUNT_SET_TOTP],
                   DB_BIND(db_int(city.n), db_int(id.n), db_text(secret), db_int(used)), NULL);
}

static const struct db_rows id_rows = {.row_size = sizeof(struct id_row), .max = ACCOUNT_IDS_MAX};

enum rc account_ids_of_facility(struct tx *tx, struct city_id city, struct facility_id facility,
                                struct account_id **ret_ids, size_t *ret_count) {
    return db_all(tx, &stmts[ACCOUNT_IDS_OF_FACILITY], DB_BIND(db_int(city.n), db_int(facility.n)), id_rows,
                  ret_ids, ret_count);
}

enum rc account_ids_of_facility_ahead(struct tx *tx, struct city_id city, struct facility_id facility) {
    return db_all_ahead(tx, &stmts[ACCOUNT_IDS_OF_FACILITY], DB_BIND(db_int(city.n), db_int(facility.n)),
                        id_rows);
}

enum rc account_ids_of_role(struct tx *tx, struct city_id city, struct text role, struct account_id **ret_ids,
                            size_t *ret_count) {
    return db_all(tx, &stmts[ACCOUNT_IDS_OF_ROLE], DB_BIND(db_int(city.n), db_text(role)), id_rows, ret_ids,
                  ret_count);
}
