/* One registration with everything that belongs to it. The record of the talk is the city's; everything else is also
 * the resident's own to read. */
#include "query/registration_row.h"
#include "query/statements.h"

enum { DETAIL_ROWS_MAX = 100, ALIKE_MAX = 20 };

struct consent_found {
    struct text code;
};

REGISTRATION_COLS(registration_cols);
static const struct db_column child_cols[] = {
    DB_COL(struct child_row, id, DB_INT),       DB_COL(struct child_row, ordinal, DB_INT),
    DB_COL(struct child_row, name, DB_TEXT),    DB_COL(struct child_row, birth_date, DB_DAY),
    DB_COL(struct child_row, due_date, DB_DAY), DB_COL(struct child_row, gestation_days, DB_INT),
    DB_COL(struct child_row, weight_g, DB_INT)};
static const struct db_column consent_cols[] = {DB_COL(struct consent_found, code, DB_TEXT)};
static const struct db_column interview_cols[] = {
    DB_COL(struct interview_row, at, DB_TIME), DB_COL(struct interview_row, by_name, DB_TEXT),
    DB_COL(struct interview_row, note, DB_TEXT), DB_COL(struct interview_row, needs, DB_TEXT)};
static const struct db_column grant_cols[] = {
    DB_COL(struct grant_row, registration, DB_INT),     DB_COL(struct grant_row, number, DB_INT),
    DB_COL(struct grant_row, household_class, DB_TEXT), DB_COL(struct grant_row, valid_from, DB_DAY),
    DB_COL(struct grant_row, valid_to, DB_DAY),         DB_COL(struct grant_row, approved_at, DB_TIME),
    DB_COL(struct grant_row, class_proven, DB_DAY)};
static const struct db_column pool_cols[] = {
    DB_COL(struct pool_row, pool, DB_TEXT), DB_COL(struct pool_row, granted, DB_INT),
    DB_COL(struct pool_row, used, DB_INT), DB_COL(struct pool_row, booked, DB_INT),
    DB_COL(struct pool_row, left, DB_INT)};

enum { ONE, NEWEST, CHILDREN, CONSENTS, INTERVIEWS, GRANT, POOLS, ALIKE, STMT__MAX };
static const struct db_stmt sql[STMT__MAX] = {
    [ONE] = {.sql = REGISTRATION_SELECT " WHERE r.city = $1 AND r.id = $2",
             .binds = "ii",
             DB_COLS(registration_cols)},
    [NEWEST] = {.sql = REGISTRATION_SELECT " WHERE r.city = $1 AND r.account = $2 ORDER BY r.id DESC LIMIT 1",
                .binds = "ii",
                DB_COLS(registration_cols)},
    [CHILDREN] = {.sql = "SELECT id, ordinal, name, birth_date, due_date, gestation_days, weight_g FROM child"
                         " WHERE city = $1 AND registration = $2 ORDER BY ordinal LIMIT 100",
                  .binds = "ii",
                  DB_COLS(child_cols)},
    [CONSENTS] = {.sql = "SELECT code FROM consent WHERE city = $1 AND registration = $2"
                         " ORDER BY code LIMIT 100",
                  .binds = "ii",
                  DB_COLS(consent_cols)},
    [INTERVIEWS] = {.sql = "SELECT i.at, a.name, i.note, i.needs FROM interview i"
                           " JOIN account a ON a.city = i.city AND a.id = i.by_account"
                           " WHERE i.city = $1 AND i.registration = $2 ORDER BY i.id LIMIT 100",
                    .binds = "ii",
                    DB_COLS(interview_cols)},
    [GRANT] = {.sql = "SELECT registration, number, household_class, valid_from, valid_to, approved_at,"
                      " class_proven"
                      " FROM grant_ WHERE city = $1 AND registration = $2",
               .binds = "ii",
               DB_COLS(grant_cols)},
    [POOLS] = {.sql = "SELECT pool, granted, used, booked, granted - used - booked FROM grant_pool"
                      " WHERE city = $1 AND registration = $2 ORDER BY pool LIMIT 100",
               .binds = "ii",
               DB_COLS(pool_cols)},
    [ALIKE] = {.sql =
                   REGISTRATION_SELECT " JOIN registration o ON o.city = r.city AND o.name_key = r.name_key"
                                       " AND o.mother_birth_date = r.mother_birth_date AND o.id <> r.id"
                                       " WHERE r.city = $1 AND o.id = $2 ORDER BY r.id + 0 LIMIT 20",
               .binds = "ii",
               DB_COLS(registration_cols)},
};
const struct db_stmt_list query_registration_detail_sql = {sql, STMT__MAX};

struct detail_run {
    const struct query *query;
    struct registration_id id;
    struct registration_detail detail;
};

static enum rc load_one(struct tx *tx, struct detail_run *run) {
    const struct query *query = run->query;
    struct registration_row *row = &run->detail.registration;
    if (run->id.n == 0) {
        return query->eye != EYE_RESIDENT
                   ? RC_NONE
                   : db_one(tx, &sql[NEWEST], DB_BIND(db_int(query->city.n), db_int(query->account.n)), row);
    }
    enum rc rc = db_one(tx, &sql[ONE], DB_BIND(db_int(query->city.n), db_int(run->id.n)), row);
    bool hers = query->eye == EYE_RESIDENT && row->account.n == query->account.n;
    return rc == RC_OK && !hers && query->eye != EYE_CITY ? RC_NONE : rc;
}

/* Everything that hangs on the registration, in one round trip. */
static enum rc load_parts(struct tx *tx, struct detail_run *run) {
    struct registration_detail *detail = &run->detail;
    struct consent_found *consents = NULL;
    struct grant_row *grants = NULL;
    size_t grant_count = 0;
    const struct db_value key[] = {db_int(run->query->city.n), db_int(detail->registration.id.n)};
#define PART(stmt, rows, row_count, most)                                                                    \
    { &sql[stmt], key, COUNT(key), {sizeof *(rows), (most)}, &(rows), &(row_count) }
    const struct db_ask asks[] = {
        PART(CHILDREN, detail->children, detail->child_count, DETAIL_ROWS_MAX),
        PART(CONSENTS, consents, detail->consent_count, DETAIL_ROWS_MAX),
        PART(GRANT, grants, grant_count, 1),
        PART(POOLS, detail->pools, detail->pool_count, DETAIL_ROWS_MAX),
        /* the city's alone */
        PART(INTERVIEWS, detail->interviews, detail->interview_count, DETAIL_ROWS_MAX),
        PART(ALIKE, detail->alike, detail->alike_count, ALIKE_MAX),
    };
#undef PART
    _Static_assert(COUNT(asks) <= DB_ASKS_MAX, "in one round trip");
    enum rc rc = db_all_of(tx, asks, run->query->eye == EYE_CITY ? COUNT(asks) : COUNT(asks) - 2);
    if (rc != RC_OK) {
        return rc;
    }
    detail->has_grant = grant_count > 0;
    if (detail->has_grant) {
        detail->grant = grants[0];
    }
    detail->consents = arena_array(tx->arena, struct text, detail->consent_count + 1);
    for (size_t i = 0; i < detail->consent_count; i++) {
        detail->consents[i] = consents[i].code;
    }
    return RC_OK;
}

static enum rc detail_run(struct tx *tx, void *arg) {
    struct detail_run *run = arg;
    enum rc rc = load_one(tx, run);
    return rc == RC_OK ? load_parts(tx, run) : rc;
}

enum rc query_registration(const struct query *query, struct registration_id id,
                           struct registration_detail *ret_detail) {
    struct detail_run run = {.query = query, .id = id};
    enum db_error error;
    enum rc rc = db_read(query->db, query->arena, detail_run, &run, &error);
    if (rc == RC_OK) {
        *ret_detail = run.detail;
    }
    return rc;
}
