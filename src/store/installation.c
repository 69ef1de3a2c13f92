#include "store/installation.h"

struct secret_row {
    struct text secret;
};
static const struct db_column secret_cols[] = {DB_COL(struct secret_row, secret, DB_TEXT)};

enum { PUT, GET };
static const struct db_stmt stmts[] = {
    [PUT] =
        {.sql =
             "INSERT INTO installation (one, secret, made_at) VALUES (1, $1, $2) ON CONFLICT (one) DO NOTHING",
         .binds = "ts"},
    [GET] = {.sql = "SELECT secret FROM installation WHERE one = $1", .binds = "i", DB_COLS(secret_cols)},
};
const struct db_stmt_list installation_statements = STORE_STATEMENTS(stmts);

enum rc installation_secret(struct tx *tx, struct text fresh, struct instant now, struct text *ret_secret) {
    struct secret_row row;
    enum rc rc = db_exec(tx, &stmts[PUT], DB_BIND(db_text(fresh), db_time(now)), NULL);
    rc = rc == RC_OK ? db_one(tx, &stmts[GET], DB_BIND(db_int(1)), &row) : rc;
    if (rc == RC_OK) {
        *ret_secret = row.secret;
    }
    return rc;
}
