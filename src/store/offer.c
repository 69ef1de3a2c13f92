#include "store/offer.h"

enum { INSERT, NIGHT_INSERT, LOCK, OPEN_LOCK, END, NIGHTS_END, BEFORE, DUE };

static const struct db_column offer_cols[] = {
    DB_COL(struct offer_record, id, DB_INT),          DB_COL(struct offer_record, wait, DB_INT),
    DB_COL(struct offer_record, account, DB_INT),     DB_COL(struct offer_record, facility, DB_INT),
    DB_COL(struct offer_record, care, DB_TEXT),       DB_COL(struct offer_record, start, DB_DAY),
    DB_COL(struct offer_record, end, DB_DAY),         DB_COL(struct offer_record, state, DB_TEXT),
    DB_COL(struct offer_record, created_at, DB_TIME), DB_COL(struct offer_record, expires_at, DB_TIME),
    DB_COL(struct offer_record, booking, DB_INT),
};
static const struct db_column id_cols[] = {DB_COL(struct offer_record, id, DB_INT)};

#define OFFER_SELECT                                                                                         \
    "SELECT id, wait, account, facility, care, start_day, end_day, state, created_at, expires_at, booking FROM offer"

static const struct db_stmt stmts[] = {
    [INSERT] = {.sql =
                    "INSERT INTO offer (city, id, wait, account, facility, care, start_day, end_day, state,"
                    " created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', $9, $10)",
                .binds = "iiiiitddss"},
    [NIGHT_INSERT] = {.sql = "INSERT INTO offer_night (city, offer, day, facility, care, active)"
                             " VALUES ($1, $2, $3, $4, $5, 1)",
                      .binds = "iidit"},
    [LOCK] = {.sql = OFFER_SELECT " WHERE city = $1 AND id = $2",
              .binds = "ii",
              DB_COLS(offer_cols),
              .lock = true},
    [OPEN_LOCK] = {.sql = OFFER_SELECT " WHERE city = $1 AND wait = $2 AND state = 'open'",
                   .binds = "ii",
                   DB_COLS(offer_cols),
                   .lock = true},
    [END] = {.sql = "UPDATE offer SET state = $3, booking = $4, answered_at = $5"
                    " WHERE city = $1 AND id = $2 AND state = 'open'",
             .binds = "iitis"},
    [NIGHTS_END] = {.sql = "UPDATE offer_night SET active = 0 WHERE city = $1 AND offer = $2", .binds = "ii"},
    [BEFORE] = {.sql = "SELECT id FROM offer WHERE city = $1 AND wait = $2 AND facility = $3 AND care = $4"
                       " AND start_day = $5 AND end_day = $6 LIMIT 1",
                .binds = "iiitdd",
                DB_COLS(id_cols)},
    [DUE] = {.sql = OFFER_SELECT " WHERE city = $1 AND state = 'open' AND expires_at <= $2"
                                 " ORDER BY expires_at, id LIMIT $3",
             .binds = "isi",
             DB_COLS(offer_cols)},
};
const struct db_stmt_list offer_statements = STORE_STATEMENTS(stmts);

enum rc offer_insert(struct tx *tx, struct city_id city, const struct offer_record *record) {
    return db_exec_later(tx, &stmts[INSERT],
                         DB_BIND(db_int(city.n), db_int(record->id.n), db_int(record->wait.n),
                                 db_int(record->account.n), db_int(record->facility.n), db_text(record->care),
                                 db_day(record->start), db_day(record->end), db_time(record->created_at),
                                 db_time(record->expires_at)),
                         1);
}

enum rc offer_night_insert(struct tx *tx, struct city_id city, const struct offer_record *record,
                           struct day day) {
    return db_exec_later(tx, &stmts[NIGHT_INSERT],
                         DB_BIND(db_int(city.n), db_int(record->id.n), db_day(day),
                                 db_int(record->facility.n), db_text(record->care)),
                         1);
}

enum rc offer_lock(struct tx *tx, struct city_id city, struct offer_id id, struct offer_record *ret_record) {
    return db_one(tx, &stmts[LOCK], DB_BIND(db_int(city.n), db_int(id.n)), ret_record);
}

enum rc offer_open_lock(struct tx *tx, struct city_id city, struct wait_id wait,
                        struct offer_record *ret_record) {
    return db_one(tx, &stmts[OPEN_LOCK], DB_BIND(db_int(city.n), db_int(wait.n)), ret_record);
}

enum rc offer_end(struct tx *tx, struct city_id city, const struct offer_record *record, struct text state,
                  struct booking_id booking, struct instant now) {
    enum rc rc = db_exec_later(
        tx, &stmts[END],
        DB_BIND(db_int(city.n), db_int(record->id.n), db_text(state), db_id(booking.n), db_time(now)), 1);
    return rc != RC_OK ? rc
                       : db_exec_later(tx, &stmts[NIGHTS_END], DB_BIND(db_int(city.n), db_int(record->id.n)),
                                       DB_ROWS_ANY);
}

enum rc offer_made_before(struct tx *tx, struct city_id city, const struct offer_record *like) {
    struct offer_record found;
    return db_one(tx, &stmts[BEFORE],
                  DB_BIND(db_int(city.n), db_int(like->wait.n), db_int(like->facility.n), db_text(like->care),
                          db_day(like->start), db_day(like->end)),
                  &found);
}

enum rc offer_due(struct tx *tx, struct city_id city, struct instant now, size_t max,
                  struct offer_record **ret_rows, size_t *ret_count) {
    return db_all(tx, &stmts[DUE], DB_BIND(db_int(city.n), db_time(now), db_int((int64_t)max)),
                  (struct db_rows){sizeof(struct offer_record), max}, ret_rows, ret_count);
}
