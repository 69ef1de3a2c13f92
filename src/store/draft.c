#include "store/draft.h"

static const struct db_column row_cols[] = {DB_COL(struct draft_row, answers, DB_TEXT),
                                            DB_COL(struct draft_row, saved_at, DB_TIME)};

enum { DRAFT_FIND, DRAFT_PUT, DRAFT_DELETE };
static const struct db_stmt stmts[] = {
    [DRAFT_FIND] = {.sql =
                        "SELECT answers, saved_at FROM draft WHERE city = $1 AND account = $2 AND kind = $3",
                    .binds = "iit",
                    DB_COLS(row_cols)},
    [DRAFT_PUT] = {.sql = "INSERT INTO draft (city, account, kind, answers, saved_at) "
                          "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (city, account, kind) "
                          "DO UPDATE SET answers = excluded.answers, saved_at = excluded.saved_at",
                   .binds = "iitts"},
    [DRAFT_DELETE] = {.sql = "DELETE FROM draft WHERE city = $1 AND account = $2 AND kind = $3",
                      .binds = "iit"},
};
const struct db_stmt_list draft_statements = STORE_STATEMENTS(stmts);

enum rc draft_find(struct tx *tx, struct city_id city, struct account_id account, struct text kind,
                   struct draft_row *ret_row) {
    return db_one(tx, &stmts[DRAFT_FIND], DB_BIND(db_int(city.n), db_int(account.n), db_text(kind)), ret_row);
}

enum rc draft_put(struct tx *tx, struct city_id city, struct account_id account, struct text kind,
                  const struct draft_row *row) {
    return db_exec(tx, &stmts[DRAFT_PUT],
                   DB_BIND(db_int(city.n), db_int(account.n), db_text(kind), store_text(row->answers),
                           db_time(row->saved_at)),
                   NULL);
}

enum rc draft_delete(struct tx *tx, struct city_id city, struct account_id account, struct text kind) {
    return db_exec(tx, &stmts[DRAFT_DELETE], DB_BIND(db_int(city.n), db_int(account.n), db_text(kind)), NULL);
}
