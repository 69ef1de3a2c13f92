#include "store/facility.h"

#include "core/facts.h"

enum { INSERT, LOCK, UPDATE, CARE_INSERT, CARE_FIND, BLOCK_INSERT, BLOCK_LOCK, BLOCK_LIFT, SHORTFALLS, NAME };

static const struct db_column name_cols[] = {{.kind = DB_TEXT}};
static const struct db_column facility_cols[] = {
    DB_COL(struct facility_record, id, DB_INT),
    DB_COL(struct facility_record, about.code, DB_TEXT),
    DB_COL(struct facility_record, about.name, DB_TEXT),
    DB_COL(struct facility_record, about.kana, DB_TEXT),
    DB_COL(struct facility_record, search_key, DB_TEXT),
    DB_COL(struct facility_record, about.kind, DB_TEXT),
    DB_COL(struct facility_record, about.ward, DB_TEXT),
    DB_COL(struct facility_record, about.postal_code, DB_TEXT),
    DB_COL(struct facility_record, about.address, DB_TEXT),
    DB_COL(struct facility_record, words.phone, DB_TEXT),
    DB_COL(struct facility_record, words.email, DB_TEXT),
    DB_COL(struct facility_record, words.introduction, DB_TEXT),
    DB_COL(struct facility_record, words.access, DB_TEXT),
    DB_COL(struct facility_record, words.bring, DB_TEXT),
    DB_COL(struct facility_record, words.multiples, DB_BOOL),
    DB_COL(struct facility_record, words.siblings, DB_BOOL),
    DB_COL(struct facility_record, words.partner, DB_BOOL),
    DB_COL(struct facility_record, suspended, DB_BOOL),
    DB_COL(struct facility_record, version, DB_INT),
};
static const struct db_column care_cols[] = {DB_COL(struct care_terms, care, DB_TEXT)};
static const struct db_column block_cols[] = {
    DB_COL(struct block_record, id, DB_INT),         DB_COL(struct block_record, facility, DB_INT),
    DB_COL(struct block_record, care, DB_TEXT),      DB_COL(struct block_record, from, DB_DAY),
    DB_COL(struct block_record, to, DB_DAY),         DB_COL(struct block_record, beds, DB_INT),
    DB_COL(struct block_record, reason, DB_TEXT),    DB_COL(struct block_record, created_at, DB_TIME),
    DB_COL(struct block_record, created_by, DB_INT),
};
static const struct db_column shortfall_cols[] = {DB_COL(struct shortfall_row, booking, DB_INT)};

static const struct db_stmt stmts[] = {
    [INSERT] =
        {.sql =
             "INSERT INTO facility (city, id, code, name, kana, search_key, kind, ward, postal_code, address,"
             " phone, email, introduction, access, bring, multiples, siblings, partner)"
             " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)"
             " ON CONFLICT (city, code) DO NOTHING",
         .binds = "iitttttttttttttbbb"},
    [LOCK] = {.sql =
                  "SELECT id, code, name, kana, search_key, kind, ward, postal_code, address, phone, email,"
                  " introduction, access, bring, multiples, siblings, partner, suspended, version"
                  " FROM facility WHERE city = $1 AND id = $2",
              .binds = "ii",
              DB_COLS(facility_cols),
              .lock = true},
    [UPDATE] = {.sql =
                    "UPDATE facility SET phone = $4, email = $5, introduction = $6, access = $7, bring = $8,"
                    " multiples = $9, siblings = $10, partner = $11, suspended = $12, version = version + 1"
                    " WHERE city = $1 AND id = $2 AND version = $3",
                .binds = "iiitttttbbbb"},
    [CARE_INSERT] =
        {.sql = "INSERT INTO facility_care (city, facility, care, age_months_max, price, contract_price,"
                " answer_hours, lapse_to) VALUES ($1, $2, $3, NULLIF($4, 0), NULLIF($5, -1), $6,"
                " NULLIF($7, -1), NULLIF($8, ''))",
         .binds = "iitiiiit"},
    [CARE_FIND] = {.sql = "SELECT care FROM facility_care WHERE city = $1 AND facility = $2 AND care = $3",
                   .binds = "iit",
                   DB_COLS(care_cols)},
    [BLOCK_INSERT] =
        {.sql = "INSERT INTO block (city, id, facility, care, from_day, to_day, beds, reason, created_at,"
                " created_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
         .binds = "iiitdditsi"},
    [BLOCK_LOCK] =
        {.sql = "SELECT id, facility, care, from_day, to_day, beds, reason, created_at, created_by FROM block"
                " WHERE city = $1 AND id = $2 AND lifted_at IS NULL",
         .binds = "ii",
         DB_COLS(block_cols),
         .lock = true},
    [BLOCK_LIFT] = {.sql =
                        "UPDATE block SET lifted_at = $3 WHERE city = $1 AND id = $2 AND lifted_at IS NULL",
                    .binds = "iis"},
    [SHORTFALLS] = {.sql = "SELECT DISTINCT n.booking FROM booking b"
                           " JOIN booking_night n ON n.city = b.city AND n.booking = b.id AND n.active = 1"
                           " JOIN slot s ON s.city = n.city AND s.facility = n.facility AND s.care = n.care"
                           " AND s.day = n.day AND s.shortfall > 0"
                           " WHERE b.city = $1 AND b.facility = $2 AND b.start_day BETWEEN $7 AND $5"
                           " AND n.facility = $2 AND n.care = $3 AND n.day BETWEEN $4 AND $5"
                           " ORDER BY n.booking LIMIT $6",
                    .binds = "iitddid",
                    DB_COLS(shortfall_cols)},
    [NAME] = {.sql = "SELECT name FROM facility WHERE city = $1 AND id = $2",
              .binds = "ii",
              DB_COLS(name_cols)},
};
const struct db_stmt_list facility_statements = STORE_STATEMENTS(stmts);

enum rc facility_insert(struct tx *tx, struct city_id city, const struct facility_record *record,
                        bool *ret_added) {
    int64_t changed;
    enum rc rc = db_exec(tx, &stmts[INSERT],
                         DB_BIND(db_int(city.n), db_int(record->id.n), db_text(record->about.code),
                                 store_text(record->about.name), store_text(record->about.kana),
                                 store_text(record->search_key), store_text(record->about.kind),
                                 store_text(record->about.ward), store_text(record->about.postal_code),
                                 store_text(record->about.address), store_text(record->words.phone),
                                 store_text(record->words.email), store_text(record->words.introduction),
                                 store_text(record->words.access), store_text(record->words.bring),
                                 db_bool(record->words.multiples), db_bool(record->words.siblings),
                                 db_bool(record->words.partner)),
                         &changed);
    if (rc == RC_OK) {
        *ret_added = changed == 1;
    }
    return rc;
}

enum rc facility_lock(struct tx *tx, struct city_id city, struct facility_id id,
                      struct facility_record *ret_record) {
    return db_one(tx, &stmts[LOCK], DB_BIND(db_int(city.n), db_int(id.n)), ret_record);
}

enum rc facility_update(struct tx *tx, struct city_id city, const struct facility_record *record) {
    int64_t changed;
    enum rc rc = db_exec(tx, &stmts[UPDATE],
                         DB_BIND(db_int(city.n), db_int(record->id.n), db_int(record->version),
                                 store_text(record->words.phone), store_text(record->words.email),
                                 store_text(record->words.introduction), store_text(record->words.access),
                                 store_text(record->words.bring), db_bool(record->words.multiples),
                                 db_bool(record->words.siblings), db_bool(record->words.partner),
                                 db_bool(record->suspended)),
                         &changed);
    return rc == RC_OK && changed == 0 ? RC_RACE : rc;
}

enum rc facility_care_insert(struct tx *tx, struct city_id city, struct facility_id facility,
                             const struct care_terms *terms) {
    return db_exec(tx, &stmts[CARE_INSERT],
                   DB_BIND(db_int(city.n), db_int(facility.n), db_text(terms->care),
                           db_int(terms->age_months_max), db_int(terms->price), db_int(terms->contract_price),
                           db_int(terms->answer_hours), store_text(terms->lapse_to)),
                   NULL);
}

enum rc facility_care_find(struct tx *tx, struct city_id city, struct facility_id facility,
                           struct text care) {
    struct care_terms terms;
    return db_one(tx, &stmts[CARE_FIND], DB_BIND(db_int(city.n), db_int(facility.n), store_text(care)),
                  &terms);
}

enum rc block_insert(struct tx *tx, struct city_id city, const struct block_record *record) {
    return db_exec(tx, &stmts[BLOCK_INSERT],
                   DB_BIND(db_int(city.n), db_int(record->id), db_int(record->facility.n),
                           db_text(record->care), db_day(record->from), db_day(record->to),
                           db_int(record->beds), store_text(record->reason), db_time(record->created_at),
                           db_int(record->created_by.n)),
                   NULL);
}

enum rc block_lock(struct tx *tx, struct city_id city, int64_t id, struct block_record *ret_record) {
    return db_one(tx, &stmts[BLOCK_LOCK], DB_BIND(db_int(city.n), db_int(id)), ret_record);
}

enum rc block_lift(struct tx *tx, struct city_id city, int64_t id, struct instant now) {
    int64_t changed;
    enum rc rc = db_exec(tx, &stmts[BLOCK_LIFT], DB_BIND(db_int(city.n), db_int(id), db_time(now)), &changed);
    return rc == RC_OK && changed == 0 ? RC_RACE : rc;
}

enum rc shortfall_bookings(struct tx *tx, struct city_id city, const struct shortfall_ask *ask, size_t max,
                           struct shortfall_row **ret_rows, size_t *ret_count) {
    return db_all(tx, &stmts[SHORTFALLS],
                  DB_BIND(db_int(city.n), db_int(ask->facility.n), db_text(ask->care), db_day(ask->from),
                          db_day(ask->to), db_int((int64_t)max), db_day(day_add(ask->from, -NIGHTS_MAX))),
                  (struct db_rows){sizeof(struct shortfall_row), max}, ret_rows, ret_count);
}

enum rc facility_name(struct tx *tx, struct city_id city, struct facility_id id, struct text *ret_name) {
    return db_one(tx, &stmts[NAME], DB_BIND(db_int(city.n), db_int(id.n)), ret_name);
}
