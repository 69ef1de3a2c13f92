#include "store/rules.h"

static const struct db_column row_cols[] = {
    DB_COL(struct rules_row, number, DB_INT),        DB_COL(struct rules_row, valid_from, DB_DAY),
    DB_COL(struct rules_row, document, DB_TEXT),     DB_COL(struct rules_row, digest, DB_TEXT),
    DB_COL(struct rules_row, imported, DB_BOOL),     DB_COL(struct rules_row, since, DB_INT),
    DB_COL(struct rules_row, published_at, DB_TIME), DB_COL(struct rules_row, published_day, DB_DAY),
    DB_COL(struct rules_row, published_by, DB_INT),  DB_COL(struct rules_row, published_name, DB_TEXT),
    DB_COL(struct rules_row, reason, DB_TEXT),       DB_COL(struct rules_row, ended_how, DB_TEXT),
    DB_COL(struct rules_row, ended_since, DB_INT),   DB_COL(struct rules_row, ended_at, DB_TIME),
    DB_COL(struct rules_row, ended_name, DB_TEXT),   DB_COL(struct rules_row, ended_reason, DB_TEXT)};
static const struct db_column live_cols[] = {
    DB_COL(struct rules_live, number, DB_INT), DB_COL(struct rules_live, valid_from, DB_DAY),
    DB_COL(struct rules_live, document, DB_TEXT), DB_COL(struct rules_live, imported, DB_BOOL)};
static const struct db_column draft_cols[] = {DB_COL(struct rules_draft_row, revision, DB_INT),
                                              DB_COL(struct rules_draft_row, based_on, DB_INT),
                                              DB_COL(struct rules_draft_row, document, DB_TEXT),
                                              DB_COL(struct rules_draft_row, changed_at, DB_TIME),
                                              DB_COL(struct rules_draft_row, changed_by, DB_INT),
                                              DB_COL(struct rules_draft_row, changed_name, DB_TEXT)};
struct number_row {
    int64_t n;
};
static const struct db_column number_cols[] = {DB_COL(struct number_row, n, DB_INT)};

#define ROWS                                                                                                 \
    "SELECT v.number, v.valid_from, v.document, v.digest, v.imported, v.since, v.published_at, "             \
    "v.published_day, v.published_by, p.name, v.reason, v.ended_how, v.ended_since, v.ended_at, e.name, "    \
    "v.ended_reason FROM rules_version v LEFT JOIN account p ON p.city = v.city AND p.id = v.published_by "  \
    "LEFT JOIN account e ON e.city = v.city AND e.id = v.ended_by WHERE v.city = $1 "

enum {
    RULES_ALL,
    RULES_ONE,
    RULES_LIVE,
    RULES_NEXT,
    RULES_INSERT,
    RULES_END,
    RULES_BOOKINGS,
    RULES_DRAFT,
    RULES_DRAFT_INSERT,
    RULES_DRAFT_UPDATE,
    RULES_DRAFT_DELETE,
};
static const struct db_stmt stmts[] = {
    [RULES_ALL] = {.sql = ROWS "ORDER BY v.number LIMIT 500", .binds = "i", DB_COLS(row_cols)},
    [RULES_ONE] = {.sql = ROWS "AND v.number = $2", .binds = "ii", DB_COLS(row_cols)},
    [RULES_LIVE] = {.sql = "SELECT number, valid_from, document, imported FROM rules_version "
                           "WHERE city = $1 AND ended_how IS NULL ORDER BY valid_from LIMIT 500",
                    .binds = "i",
                    DB_COLS(live_cols)},
    [RULES_NEXT] = {.sql = "SELECT COALESCE(MAX(number), 0) + 1 FROM rules_version WHERE city = $1",
                    .binds = "i",
                    DB_COLS(number_cols)},
    [RULES_INSERT] = {.sql =
                          "INSERT INTO rules_version (city, number, valid_from, document, digest, imported, "
                          "since, published_at, published_day, published_by, reason) "
                          "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
                      .binds = "iidttbisdit"},
    [RULES_END] = {.sql = "UPDATE rules_version SET ended_how = $3, ended_since = $4, ended_at = $5, "
                          "ended_day = $6, ended_by = $7, ended_reason = $8 "
                          "WHERE city = $1 AND number = $2 AND ended_how IS NULL AND valid_from > $6",
                   .binds = "iitisdit"},
    [RULES_BOOKINGS] = {.sql = "SELECT count(*) FROM booking WHERE city = $1 AND start_day >= $2 "
                               "AND start_day < $3 AND state IN ('requested', 'confirmed')",
                        .binds = "idd",
                        DB_COLS(number_cols)},
    [RULES_DRAFT] = {.sql =
                         "SELECT d.revision, d.based_on, d.document, d.changed_at, d.changed_by, a.name "
                         "FROM rules_draft d LEFT JOIN account a ON a.city = d.city AND a.id = d.changed_by "
                         "WHERE d.city = $1",
                     .binds = "i",
                     DB_COLS(draft_cols)},
    [RULES_DRAFT_INSERT] = {.sql = "INSERT INTO rules_draft (city, revision, based_on, document, changed_at, "
                                   "changed_by) VALUES ($1, 1, $2, $3, $4, $5) ON CONFLICT (city) DO NOTHING",
                            .binds = "iitsi"},
    [RULES_DRAFT_UPDATE] = {.sql = "UPDATE rules_draft SET revision = revision + 1, document = $3, "
                                   "changed_at = $4, changed_by = $5 WHERE city = $1 AND revision = $2",
                            .binds = "iitsi"},
    [RULES_DRAFT_DELETE] = {.sql = "DELETE FROM rules_draft WHERE city = $1 AND revision = $2",
                            .binds = "ii"},
};
const struct db_stmt_list rules_statements = STORE_STATEMENTS(stmts);

/* ---- versions ---- */

enum rc rules_all(struct tx *tx, struct city_id city, struct rules_row **ret_rows, size_t *ret_count) {
    return db_all(tx, &stmts[RULES_ALL], DB_BIND(db_int(city.n)),
                  (struct db_rows){.row_size = sizeof(struct rules_row), .max = RULES_ROWS_MAX}, ret_rows,
                  ret_count);
}

enum rc rules_one(struct tx *tx, struct city_id city, int64_t number, struct rules_row *ret_row) {
    return db_one(tx, &stmts[RULES_ONE], DB_BIND(db_int(city.n), db_int(number)), ret_row);
}

enum rc rules_live(struct tx *tx, struct city_id city, struct rules_live **ret_rows, size_t *ret_count) {
    return db_all(tx, &stmts[RULES_LIVE], DB_BIND(db_int(city.n)),
                  (struct db_rows){.row_size = sizeof(struct rules_live), .max = RULES_ROWS_MAX}, ret_rows,
                  ret_count);
}

enum rc rules_insert(struct tx *tx, struct city_id city, const struct rules_row *row, int64_t *ret_number) {
    struct number_row next = {0};
    enum rc rc = db_one(tx, &stmts[RULES_NEXT], DB_BIND(db_int(city.n)), &next);
    if (rc == RC_OK) {
        rc = db_exec(tx, &stmts[RULES_INSERT],
                     DB_BIND(db_int(city.n), db_int(next.n), db_day(row->valid_from), db_text(row->document),
                             db_text(row->digest), db_bool(row->imported), db_int(row->since),
                             db_time(row->published_at), db_day(row->published_day),
                             db_id(row->published_by.n), store_text(row->reason)),
                     NULL);
    }
    if (rc == RC_OK) {
        *ret_number = next.n;
    }
    return rc;
}

enum rc rules_end(struct tx *tx, const struct rules_end *end) {
    int64_t changed = 0;
    enum rc rc = db_exec(tx, &stmts[RULES_END],
                         DB_BIND(db_int(end->city.n), db_int(end->number), db_text(text_of(end->how)),
                                 db_int(end->since), db_time(end->at), db_day(instant_day(end->at)),
                                 db_id(end->by.n), db_text(end->reason)),
                         &changed);
    return rc == RC_OK && changed == 0 ? RC_RACE : rc;
}

enum rc rules_bookings(struct tx *tx, struct city_id city, struct day from, struct day before,
                       int64_t *ret_count) {
    struct number_row found = {0};
    enum rc rc =
        db_one(tx, &stmts[RULES_BOOKINGS], DB_BIND(db_int(city.n), db_day(from), db_day(before)), &found);
    if (rc == RC_OK) {
        *ret_count = found.n;
    }
    return rc;
}

/* ---- the draft ---- */

enum rc rules_draft_find(struct tx *tx, struct city_id city, struct rules_draft_row *ret_row) {
    return db_one(tx, &stmts[RULES_DRAFT], DB_BIND(db_int(city.n)), ret_row);
}

enum rc rules_draft_insert(struct tx *tx, struct city_id city, const struct rules_draft_row *row,
                           bool *ret_added) {
    int64_t changed = 0;
    enum rc rc = db_exec(tx, &stmts[RULES_DRAFT_INSERT],
                         DB_BIND(db_int(city.n), db_int(row->based_on), db_text(row->document),
                                 db_time(row->changed_at), db_int(row->changed_by.n)),
                         &changed);
    if (rc == RC_OK) {
        *ret_added = changed == 1;
    }
    return rc;
}

enum rc rules_draft_update(struct tx *tx, struct city_id city, const struct rules_draft_row *row) {
    int64_t changed = 0;
    enum rc rc = db_exec(tx, &stmts[RULES_DRAFT_UPDATE],
                         DB_BIND(db_int(city.n), db_int(row->revision), db_text(row->document),
                                 db_time(row->changed_at), db_int(row->changed_by.n)),
                         &changed);
    return rc == RC_OK && changed == 0 ? RC_NONE : rc;
}

enum rc rules_draft_delete(struct tx *tx, struct city_id city, int64_t revision) {
    int64_t changed = 0;
    enum rc rc = db_exec(tx, &stmts[RULES_DRAFT_DELETE], DB_BIND(db_int(city.n), db_int(revision)), &changed);
    return rc == RC_OK && changed == 0 ? RC_NONE : rc;
}
