#include "store/city.h"

static const struct db_column city_cols[] = {DB_COL(struct city_row, id, DB_INT),
                                             DB_COL(struct city_row, code, DB_TEXT),
                                             DB_COL(struct city_row, name, DB_TEXT),
                                             DB_COL(struct city_row, profile, DB_TEXT),
                                             DB_COL(struct city_row, profile_digest, DB_TEXT),
                                             DB_COL(struct city_row, rules_revision, DB_INT)};

struct lock_row {
    struct city_id id;
};
static const struct db_column lock_cols[] = {DB_COL(struct lock_row, id, DB_INT)};
static const struct db_column day_cols[] = {DB_COL(struct closed_day, day, DB_DAY),
                                            DB_COL(struct closed_day, name, DB_TEXT),
                                            DB_COL(struct closed_day, national, DB_BOOL)};

struct number_row {
    int64_t n;
};
static const struct db_column number_cols[] = {DB_COL(struct number_row, n, DB_INT)};
static const struct db_column revision_cols[] = {DB_COL(struct city_revision, id, DB_INT),
                                                 DB_COL(struct city_revision, revision, DB_INT)};

enum {
    CITY_ALL,
    CITY_BY_CODE,
    CITY_BY_ID,
    CITY_RAISE,
    CITY_REVISION,
    CITY_REVISIONS,
    CITY_LOCK,
    CITY_TURN,
    CITY_PUT,
    CLOSED_DAY_CLEAR,
    CLOSED_DAY_PUT,
    CLOSED_DAYS,
    USAGE_DROP,
    USAGE_INSERT,
};
static const struct db_stmt stmts[] = {
    [CITY_ALL] = {.sql = "SELECT id, code, name, profile, profile_digest, rules_revision FROM city "
                         "ORDER BY code LIMIT 2000",
                  .binds = "",
                  DB_COLS(city_cols)},
    [CITY_BY_CODE] = {.sql = "SELECT id, code, name, profile, profile_digest, rules_revision FROM city "
                             "WHERE code = $1",
                      .binds = "t",
                      DB_COLS(city_cols)},
    [CITY_BY_ID] = {.sql = "SELECT id, code, name, profile, profile_digest, rules_revision FROM city "
                           "WHERE id = $1",
                    .binds = "i",
                    DB_COLS(city_cols)},
    [CITY_RAISE] = {.sql = "UPDATE city SET rules_revision = rules_revision + 1 WHERE id = $1", .binds = "i"},
    [CITY_REVISION] = {.sql = "SELECT rules_revision FROM city WHERE id = $1",
                       .binds = "i",
                       DB_COLS(number_cols)},
    [CITY_REVISIONS] = {.sql = "SELECT id, rules_revision FROM city ORDER BY id LIMIT 2000",
                        .binds = "",
                        DB_COLS(revision_cols)},
    [CITY_LOCK] = {.sql = "SELECT id FROM city WHERE id = $1",
                   .binds = "i",
                   DB_COLS(lock_cols),
                   .lock = true},
    [CITY_TURN] = {.sql = "SELECT id FROM city WHERE id = $1",
                   .binds = "i",
                   DB_COLS(lock_cols),
                   .turn = true},
    [CITY_PUT] = {.sql = "INSERT INTO city (id, code, name, profile, profile_digest, loaded_at) "
                         "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO UPDATE SET "
                         "name = excluded.name, profile = excluded.profile, "
                         "profile_digest = excluded.profile_digest, loaded_at = excluded.loaded_at",
                  .binds = "itttts"},
    [CLOSED_DAY_CLEAR] =
        {.sql = "DELETE FROM closed_day WHERE city = $1 AND name = $2 AND day BETWEEN $3 AND $4",
         .binds = "itdd"},
    [CLOSED_DAY_PUT] = {.sql = "INSERT INTO closed_day (city, day, name, national) VALUES ($1, $2, $3, $4) "
                               "ON CONFLICT (city, day) DO UPDATE SET name = excluded.name, national = "
                               "CASE WHEN closed_day.national = 1 THEN 1 ELSE excluded.national END",
                        .binds = "idtb"},
    [CLOSED_DAYS] = {.sql =
                         "SELECT day, name, national FROM closed_day WHERE city = $1 ORDER BY day LIMIT 5000",
                     .binds = "i",
                     DB_COLS(day_cols)},
    [USAGE_DROP] = {.sql = "DELETE FROM past_usage WHERE city = $1 AND fiscal_year = $2", .binds = "ii"},
    [USAGE_INSERT] = {.sql =
                          "INSERT INTO past_usage (city, fiscal_year, care, uses, persons, units, expected, "
                          "through_day, imported_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                      .binds = "iitiiibds"},
};
const struct db_stmt_list city_statements = STORE_STATEMENTS(stmts);

enum rc city_by_code(struct tx *tx, struct text code, struct city_row *ret_row) {
    return db_one(tx, &stmts[CITY_BY_CODE], DB_BIND(store_text(code)), ret_row);
}

enum rc city_all(struct tx *tx, struct city_row **ret_rows, size_t *ret_count) {
    return db_all(tx, &stmts[CITY_ALL], DB_NO_BIND,
                  (struct db_rows){.row_size = sizeof(struct city_row), .max = CITIES_MAX}, ret_rows,
                  ret_count);
}

enum rc city_by_id(struct tx *tx, struct city_id id, struct city_row *ret_row) {
    return db_one(tx, &stmts[CITY_BY_ID], DB_BIND(db_int(id.n)), ret_row);
}

enum rc city_rules_revision(struct tx *tx, struct city_id id, int64_t *ret_revision) {
    struct number_row row = {0};
    enum rc rc = db_one(tx, &stmts[CITY_REVISION], DB_BIND(db_int(id.n)), &row);
    if (rc == RC_OK) {
        *ret_revision = row.n;
    }
    return rc;
}

enum rc city_rules_raise(struct tx *tx, struct city_id id, int64_t *ret_revision) {
    enum rc rc = db_exec(tx, &stmts[CITY_RAISE], DB_BIND(db_int(id.n)), NULL);
    return rc == RC_OK ? city_rules_revision(tx, id, ret_revision) : rc;
}

enum rc city_revisions(struct tx *tx, struct city_revision **ret_rows, size_t *ret_count) {
    return db_all(tx, &stmts[CITY_REVISIONS], DB_NO_BIND,
                  (struct db_rows){.row_size = sizeof(struct city_revision), .max = CITIES_MAX}, ret_rows,
                  ret_count);
}

enum rc city_lock(struct tx *tx, struct city_id id) {
    struct lock_row row = {0};
    return db_one(tx, &stmts[CITY_LOCK], DB_BIND(db_int(id.n)), &row);
}

enum rc city_take_turn(struct tx *tx, struct city_id id) {
    struct lock_row row = {0};
    return db_one(tx, &stmts[CITY_TURN], DB_BIND(db_int(id.n)), &row);
}

enum rc city_put(struct tx *tx, const struct city_row *row, struct instant now) {
    return db_exec(tx, &stmts[CITY_PUT],
                   DB_BIND(db_int(row->id.n), db_text(row->code), db_text(row->name), db_text(row->profile),
                           db_text(row->profile_digest), db_time(now)),
                   NULL);
}

enum rc closed_day_clear(struct tx *tx, struct city_id city, struct text name, int32_t year) {
    struct day first = day_of((struct ymd){year, 1, 1});
    struct day last = day_of((struct ymd){year, 12, 31});
    return db_exec(tx, &stmts[CLOSED_DAY_CLEAR],
                   DB_BIND(db_int(city.n), db_text(name), db_day(first), db_day(last)), NULL);
}

enum rc closed_day_put(struct tx *tx, struct city_id city, const struct closed_day *row) {
    return db_exec(tx, &stmts[CLOSED_DAY_PUT],
                   DB_BIND(db_int(city.n), db_day(row->day), store_text(row->name), db_bool(row->national)),
                   NULL);
}

enum rc closed_days_load(struct tx *tx, struct city_id city, struct closed_day **ret_days,
                         size_t *ret_count) {
    return db_all(tx, &stmts[CLOSED_DAYS], DB_BIND(db_int(city.n)),
                  (struct db_rows){.row_size = sizeof(struct closed_day), .max = CLOSED_DAYS_MAX}, ret_days,
                  ret_count);
}

enum rc past_usage_drop_year(struct tx *tx, struct city_id city, int64_t fiscal_year) {
    return db_exec(tx, &stmts[USAGE_DROP], DB_BIND(db_int(city.n), db_int(fiscal_year)), NULL);
}

static struct db_value known_int(int64_t n) {
    return (struct db_value){.kind = DB_INT, .null = n < 0, .i = n};
}

enum rc past_usage_insert(struct tx *tx, const struct usage_insert *row, struct instant now) {
    return db_exec(tx, &stmts[USAGE_INSERT],
                   DB_BIND(db_int(row->city.n), db_int(row->fiscal_year), db_text(row->care),
                           db_int(row->uses), known_int(row->persons), known_int(row->units),
                           db_bool(row->expected), db_day(row->through), db_time(now)),
                   NULL);
}
