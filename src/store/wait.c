#include "store/wait.h"

enum {
    INSERT,
    FACILITY_INSERT,
    LOCK,
    SAVE,
    CANDIDATES,
    NAMED,
    ANY,
    OPEN_COUNT,
    OF_PERSON,
    BUSY,
    PAST,
    PLACES
};

static const struct db_column wait_cols[] = {
    DB_COL(struct wait_record, id, DB_INT),           DB_COL(struct wait_record, account, DB_INT),
    DB_COL(struct wait_record, registration, DB_INT), DB_COL(struct wait_record, care, DB_TEXT),
    DB_COL(struct wait_record, from, DB_DAY),         DB_COL(struct wait_record, to, DB_DAY),
    DB_COL(struct wait_record, nights, DB_INT),       DB_COL(struct wait_record, any_facility, DB_BOOL),
    DB_COL(struct wait_record, mode, DB_TEXT),        DB_COL(struct wait_record, notice_hours, DB_INT),
    DB_COL(struct wait_record, swap_for, DB_INT),     DB_COL(struct wait_record, state, DB_TEXT),
    DB_COL(struct wait_record, created_at, DB_TIME),  DB_COL(struct wait_record, units_used, DB_INT),
};
static const struct db_column facility_cols[] = {DB_COL(struct wait_facility_row, facility, DB_INT)};
struct count_row {
    int64_t n;
};
static const struct db_column count_cols[] = {DB_COL(struct count_row, n, DB_INT)};
static const struct db_column day_cols[] = {{.kind = DB_DAY}};
static const struct db_column place_cols[] = {
    DB_COL(struct wait_place, facility, DB_INT),
    DB_COL(struct wait_place, care, DB_TEXT),
    DB_COL(struct wait_place, from, DB_DAY),
    DB_COL(struct wait_place, to, DB_DAY),
};

#define WAIT_SELECT(used)                                                                                     \
    "SELECT w.id, w.account, w.registration, w.care, w.from_day, w.to_day, w.nights, w.any_facility, w.mode," \
    " w.notice_hours, w.swap_for, w.state, w.created_at, " used " FROM wait w"
/* Sums are cast because PostgreSQL widens them to NUMERIC. */
#define WAIT_USED                                                                                            \
    "COALESCE((SELECT CAST(SUM(p.used) AS BIGINT) FROM grant_pool p WHERE p.city = w.city"                   \
    " AND p.registration = w.registration), 0)"
#define TAKES_FACILITY                                                                                       \
    "(w.any_facility = 1 OR EXISTS (SELECT 1 FROM wait_facility x WHERE x.city = w.city AND x.wait = w.id"   \
    " AND x.facility = "

static const struct db_stmt stmts[] = {
    [INSERT] =
        {.sql =
             "INSERT INTO wait (city, id, account, registration, care, from_day, to_day, nights, any_facility,"
             " mode, notice_hours, swap_for, state, created_at, changed_at)"
             " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'waiting', $13, $13)",
         .binds = "iiiitddibtiis"},
    [FACILITY_INSERT] = {.sql = "INSERT INTO wait_facility (city, wait, facility) VALUES ($1, $2, $3)"
                                " ON CONFLICT (city, wait, facility) DO NOTHING",
                         .binds = "iii"},
    [LOCK] = {.sql = WAIT_SELECT("0") " WHERE w.city = $1 AND w.id = $2",
              .binds = "ii",
              DB_COLS(wait_cols),
              .lock = true},
    [SAVE] = {.sql = "UPDATE wait SET state = $4, closed_why = $5, changed_at = $6"
                     " WHERE city = $1 AND id = $2 AND state = $3",
              .binds = "iittts"},
    [CANDIDATES] = {.sql = WAIT_SELECT(
                        WAIT_USED) " WHERE w.city = $1 AND w.care = $2 AND w.state = 'waiting'"
                                   " AND w.from_day <= $4 AND w.to_day >= $3 AND " TAKES_FACILITY "$5))"
                                   " ORDER BY w.id LIMIT 200",
                    .binds = "itddi",
                    DB_COLS(wait_cols)},
    [NAMED] =
        {.sql =
             "SELECT facility FROM wait_facility WHERE city = $1 AND wait = $2 ORDER BY facility LIMIT 200",
         .binds = "ii",
         DB_COLS(facility_cols)},
    [ANY] =
        {.sql =
             "SELECT c.facility FROM facility_care c JOIN facility f ON f.city = c.city AND f.id = c.facility"
             " WHERE c.city = $1 AND c.care = $2 AND f.suspended = 0 ORDER BY c.facility LIMIT 200",
         .binds = "it",
         DB_COLS(facility_cols)},
    [OPEN_COUNT] = {.sql = "SELECT COUNT(*) FROM wait WHERE city = $1 AND account = $2"
                           " AND state IN ('waiting', 'offered')",
                    .binds = "ii",
                    DB_COLS(count_cols)},
    [OF_PERSON] = {.sql = WAIT_SELECT("0") " WHERE w.city = $1 AND w.account = $2"
                                           " AND w.state IN ('waiting', 'offered') ORDER BY w.id LIMIT 50",
                   .binds = "ii",
                   DB_COLS(wait_cols),
                   .usual = true},
    [BUSY] = {.sql = "SELECT DISTINCT n.day FROM booking_night n JOIN booking b ON b.city = n.city"
                     " AND b.id = n.booking WHERE n.city = $1 AND n.account = $2 AND n.active = 1"
                     " AND b.id <> $3 AND b.state IN ('confirmed', 'in-use')"
                     " AND n.day >= $4 AND n.day <= $5 ORDER BY n.day LIMIT 400",
              .binds = "iiidd",
              DB_COLS(day_cols)},
    [PAST] = {.sql = WAIT_SELECT("0") " WHERE w.city = $1 AND w.state = 'waiting' AND w.to_day < $2"
                                      " ORDER BY w.id LIMIT $3",
              .binds = "idi",
              DB_COLS(wait_cols)},
    /* From the wishes, which are few, to the places, which are many: CROSS JOIN keeps SQLite to this order. */
    [PLACES] = {.sql = "SELECT s.facility, s.care, MIN(s.day), MAX(s.day)"
                       " FROM wait w CROSS JOIN slot s CROSS JOIN facility f"
                       " WHERE w.city = $1 AND w.state = 'waiting'"
                       " AND s.city = w.city AND s.care = w.care AND s.day >= $2"
                       " AND s.day >= w.from_day AND s.day <= w.to_day"
                       " AND s.capacity - s.taken - s.held - s.blocked > 0 AND " TAKES_FACILITY "s.facility))"
                       " AND f.city = s.city AND f.id = s.facility AND f.suspended = 0"
                       " GROUP BY s.facility, s.care ORDER BY s.facility, s.care LIMIT $3",
                .binds = "idi",
                DB_COLS(place_cols)},
};
const struct db_stmt_list wait_statements = STORE_STATEMENTS(stmts);

enum rc wait_insert(struct tx *tx, struct city_id city, const struct wait_record *record) {
    return db_exec(tx, &stmts[INSERT],
                   DB_BIND(db_int(city.n), db_int(record->id.n), db_int(record->account.n),
                           db_int(record->registration.n), db_text(record->care), db_day(record->from),
                           db_day(record->to), db_int(record->nights), db_bool(record->any_facility),
                           db_text(record->mode), db_int(record->notice_hours), db_id(record->swap_for.n),
                           db_time(record->created_at)),
                   NULL);
}

enum rc wait_facility_insert(struct tx *tx, struct city_id city, struct wait_id wait,
                             struct facility_id facility) {
    return db_exec(tx, &stmts[FACILITY_INSERT], DB_BIND(db_int(city.n), db_int(wait.n), db_int(facility.n)),
                   NULL);
}

enum rc wait_lock(struct tx *tx, struct city_id city, struct wait_id id, struct wait_record *ret_record) {
    return db_one(tx, &stmts[LOCK], DB_BIND(db_int(city.n), db_int(id.n)), ret_record);
}

enum rc wait_save(struct tx *tx, struct city_id city, const struct wait_record *record, struct text state,
                  struct text why, struct instant now) {
    return db_exec_later(tx, &stmts[SAVE],
                         DB_BIND(db_int(city.n), db_int(record->id.n), db_text(record->state), db_text(state),
                                 db_text(why), db_time(now)),
                         1);
}

enum rc wait_of_person(struct tx *tx, struct city_id city, struct account_id account,
                       struct wait_record **ret_rows, size_t *ret_count) {
    return db_all(tx, &stmts[OF_PERSON], DB_BIND(db_int(city.n), db_int(account.n)),
                  (struct db_rows){sizeof(struct wait_record), WAIT_OF_PERSON_MAX}, ret_rows, ret_count);
}

enum rc wait_of_person_ahead(struct tx *tx, struct city_id city, struct account_id account) {
    return db_all_ahead(tx, &stmts[OF_PERSON], DB_BIND(db_int(city.n), db_int(account.n)),
                        (struct db_rows){sizeof(struct wait_record), WAIT_OF_PERSON_MAX});
}

enum rc wait_busy_days(struct tx *tx, struct city_id city, const struct wait_days_ask *ask,
                       struct day **ret_days, size_t *ret_count) {
    return db_all(tx, &stmts[BUSY],
                  DB_BIND(db_int(city.n), db_int(ask->account.n), db_int(ask->except.n), db_day(ask->from),
                          db_day(ask->to)),
                  (struct db_rows){sizeof(struct day), WAIT_DAYS_MAX}, ret_days, ret_count);
}

enum rc wait_candidates(struct tx *tx, struct city_id city, const struct wait_place *place,
                        struct wait_record **ret_rows, size_t *ret_count) {
    return db_all(tx, &stmts[CANDIDATES],
                  DB_BIND(db_int(city.n), db_text(place->care), db_day(place->from), db_day(place->to),
                          db_int(place->facility.n)),
                  (struct db_rows){sizeof(struct wait_record), WAIT_CANDIDATES_MAX}, ret_rows, ret_count);
}

enum rc wait_facilities(struct tx *tx, struct city_id city, const struct wait_record *record,
                        struct wait_facility_row **ret_rows, size_t *ret_count) {
    struct db_rows shape = {sizeof(struct wait_facility_row), WAIT_FACILITIES_LIST_MAX};
    if (record->any_facility) {
        return db_all(tx, &stmts[ANY], DB_BIND(db_int(city.n), db_text(record->care)), shape, ret_rows,
                      ret_count);
    }
    return db_all(tx, &stmts[NAMED], DB_BIND(db_int(city.n), db_int(record->id.n)), shape, ret_rows,
                  ret_count);
}

enum rc wait_open_count(struct tx *tx, struct city_id city, struct account_id account, int64_t *ret_count) {
    struct count_row row;
    enum rc rc = db_one(tx, &stmts[OPEN_COUNT], DB_BIND(db_int(city.n), db_int(account.n)), &row);
    if (rc == RC_OK) {
        *ret_count = row.n;
    }
    return rc;
}

enum rc wait_past(struct tx *tx, struct city_id city, struct day today, size_t max,
                  struct wait_record **ret_rows, size_t *ret_count) {
    return db_all(tx, &stmts[PAST], DB_BIND(db_int(city.n), db_day(today), db_int((int64_t)max)),
                  (struct db_rows){sizeof(struct wait_record), max}, ret_rows, ret_count);
}

enum rc wait_places_open(struct tx *tx, struct city_id city, struct day today, size_t max,
                         struct wait_place **ret_rows, size_t *ret_count) {
    return db_all(tx, &stmts[PLACES], DB_BIND(db_int(city.n), db_day(today), db_int((int64_t)max)),
                  (struct db_rows){sizeof(struct wait_place), max}, ret_rows, ret_count);
}
