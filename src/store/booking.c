#include "store/booking.h"

#include <assert.h>

#include "store/store.h"

enum {
    BOOKING_LOAD,
    BOOKING_LOCK,
    BOOKING_CHANGE_FIND,
    BOOKING_CHANGE_LOCK,
    BOOKING_DUE,
    BOOKING_PAGE,
    BOOKING_ADD,
    BOOKING_LINE_ADD,
    BOOKING_SAVE,
    BOOKING_EVENT_ADD,
    BOOKING_UNLINK,
    BOOKING_NIGHTS,
    BOOKING_NIGHT_ADD,
    BOOKING_NIGHTS_END,
    BOOKING_NIGHTS_SETTLE,
    BOOKING_POOLS,
    BOOKING_POOL_ADD,
    BOOKING_POOL_ONE,
    BOOKING_POOL_SAVE,
    BOOKING_GRANT_MAKE,
    BOOKING_GRANT_MOVE,
    BOOKING_STMT__COUNT
};

static const struct db_column booking_cols[] = {
    DB_COL(struct booking, id, DB_INT),
    DB_COL(struct booking, account, DB_INT),
    DB_COL(struct booking, registration, DB_INT),
    DB_COL(struct booking, facility, DB_INT),
    DB_COL(struct booking, care, DB_TEXT),
    DB_COL(struct booking, start, DB_DAY),
    DB_COL(struct booking, end, DB_DAY),
    DB_COL(struct booking, units, DB_INT),
    DB_COL(struct booking, fee, DB_INT),
    DB_COL(struct booking, contract_price, DB_INT),
    DB_COL(struct booking, household_class, DB_TEXT),
    DB_COL(struct booking, programme_from, DB_DAY),
    DB_COL(struct booking, state, DB_TEXT),
    DB_COL(struct booking, answer_by, DB_TIME),
    DB_COL(struct booking, lapse_to, DB_TEXT),
    DB_COL(struct booking, free_cancel_until, DB_TIME),
    DB_COL(struct booking, change_of, DB_INT),
    DB_COL(struct booking, change_fee, DB_INT),
    DB_COL(struct booking, change_units, DB_INT),
    DB_COL(struct booking, proposed, DB_BOOL),
    DB_COL(struct booking, message, DB_TEXT),
    DB_COL(struct booking, reason, DB_TEXT),
    DB_COL(struct booking, cancel_fee, DB_INT),
    DB_COL(struct booking, report, DB_TEXT),
    DB_COL(struct booking, origin, DB_TEXT),
    DB_COL(struct booking, created_at, DB_TIME),
    DB_COL(struct booking, created_by, DB_INT),
    DB_COL(struct booking, changed_at, DB_TIME),
    DB_COL(struct booking, version, DB_INT),
    DB_COL(struct booking, rules_revision, DB_INT),
};
static const struct db_column due_cols[] = {{.kind = DB_INT, .offset = offsetof(struct booking_id, n)}};
static const struct db_column night_cols[] = {
    DB_COL(struct booking_night, day, DB_DAY),
    DB_COL(struct booking_night, active, DB_BOOL),
    DB_COL(struct booking_night, side, DB_BOOL),
    DB_COL(struct booking_night, borrowed, DB_BOOL),
};
static const struct db_column pool_cols[] = {
    DB_COL(struct booking_pool, pool, DB_TEXT),
    DB_COL(struct booking_pool, units, DB_INT),
    DB_COL(struct booking_pool, reserved, DB_INT),
    DB_COL(struct booking_pool, used, DB_INT),
};

#define BOOKING_SELECT                                                                                        \
    "SELECT id, account, registration, facility, care, start_day, end_day, units, fee, contract_price,"       \
    " household_class, programme_from, state, answer_by, lapse_to, free_cancel_until, change_of, change_fee," \
    " change_units, proposed, message,"                                                                       \
    " reason, cancel_fee, report, origin, created_at, created_by, changed_at, version, rules_revision"        \
    " FROM booking"

static const struct db_stmt stmts[BOOKING_STMT__COUNT] = {
    [BOOKING_LOAD] = {.sql = BOOKING_SELECT " WHERE city = $1 AND id = $2",
                      .binds = "ii",
                      DB_COLS(booking_cols)},
    [BOOKING_LOCK] = {.sql = BOOKING_SELECT " WHERE city = $1 AND id = $2",
                      .binds = "ii",
                      DB_COLS(booking_cols),
                      .lock = true},
    [BOOKING_CHANGE_FIND] = {.sql =
                                 BOOKING_SELECT " WHERE city = $1 AND change_of = $2 AND state = 'requested'",
                             .binds = "ii",
                             DB_COLS(booking_cols)},
    [BOOKING_CHANGE_LOCK] = {.sql =
                                 BOOKING_SELECT " WHERE city = $1 AND change_of = $2 AND state = 'requested'",
                             .binds = "ii",
                             DB_COLS(booking_cols),
                             .lock = true},
    [BOOKING_DUE] = {.sql = "SELECT id FROM booking WHERE city = $1 AND state = 'requested'"
                            " AND answer_by <= $2 ORDER BY answer_by, id LIMIT $3",
                     .binds = "isi",
                     DB_COLS(due_cols)},
    [BOOKING_PAGE] = {.sql = BOOKING_SELECT " WHERE city = $1 AND id > $2 ORDER BY id LIMIT $3",
                      .binds = "iii",
                      DB_COLS(booking_cols)},
    [BOOKING_ADD] = {.sql = "INSERT INTO booking (city, id, account, registration, facility, care, start_day,"
                            " end_day, units, fee, contract_price, household_class, programme_from, state,"
                            " answer_by, lapse_to, free_cancel_until, change_of, message, origin, created_at,"
                            " created_by, changed_at, version, change_fee, change_units, proposed,"
                            " rules_revision)"
                            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,"
                            " $17, $18, $19, $20, $21, $22, $21, 1, $23, $24, $25,"
                            " $26)",
                     .binds = "iiiiitddiiitdtstsittsiiibi",
                     .usual = true},
    [BOOKING_LINE_ADD] = {.sql = "INSERT INTO booking_line (city, booking, no, what, name, units, each_yen,"
                                 " amount) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                          .binds = "iiittiii",
                          .usual = true},
    [BOOKING_SAVE] = {.sql = "UPDATE booking SET state = $4, answer_by = $5, reason = $6, cancel_fee = $7,"
                             " report = $8, changed_at = $9, version = version + 1"
                             " WHERE city = $1 AND id = $2 AND version = $3",
                      .binds = "iiitstits"},
    [BOOKING_EVENT_ADD] = {.sql =
                               "INSERT INTO booking_event (city, booking, no, at, actor, event, from_state,"
                               " to_state, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                           .binds = "iiisitttt",
                           .usual = true},
    [BOOKING_UNLINK] = {.sql = "UPDATE booking SET change_of = NULL, change_fee = 0, change_units = 0"
                               " WHERE city = $1 AND id = $2",
                        .binds = "ii"},
    [BOOKING_NIGHTS] = {.sql = "SELECT day, active, side, borrowed FROM booking_night"
                               " WHERE city = $1 AND booking = $2 ORDER BY day",
                        .binds = "ii",
                        DB_COLS(night_cols)},
    [BOOKING_NIGHT_ADD] = {.sql = "INSERT INTO booking_night (city, booking, day, facility, care, account,"
                                  " active, side, borrowed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                           .binds = "iiditibbb",
                           .usual = true},
    [BOOKING_NIGHTS_END] = {.sql = "UPDATE booking_night SET active = 0"
                                   " WHERE city = $1 AND booking = $2 AND active = 1",
                            .binds = "ii"},
    [BOOKING_NIGHTS_SETTLE] = {.sql = "UPDATE booking_night SET side = 0, borrowed = 0"
                                      " WHERE city = $1 AND booking = $2 AND active = 1",
                               .binds = "ii"},
    [BOOKING_POOLS] = {.sql = "SELECT pool, units, reserved, used FROM booking_pool"
                              " WHERE city = $1 AND booking = $2 ORDER BY pool",
                       .binds = "ii",
                       DB_COLS(pool_cols)},
    [BOOKING_POOL_ADD] = {.sql = "INSERT INTO booking_pool (city, booking, registration, pool, units,"
                                 " reserved, used) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                          .binds = "iiitiii",
                          .usual = true},
    [BOOKING_POOL_ONE] = {.sql = "SELECT pool, units, reserved, used FROM booking_pool"
                                 " WHERE city = $1 AND booking = $2 AND pool = $3",
                          .binds = "iit",
                          DB_COLS(pool_cols)},
    [BOOKING_POOL_SAVE] = {.sql = "UPDATE booking_pool SET units = $4, reserved = $5, used = $6"
                                  " WHERE city = $1 AND booking = $2 AND pool = $3",
                           .binds = "iitiii"},
    [BOOKING_GRANT_MAKE] = {.sql =
                                "INSERT INTO grant_pool (city, registration, pool, granted)"
                                " VALUES ($1, $2, $3, $4) ON CONFLICT (city, registration, pool) DO NOTHING",
                            .binds = "iiti"},
    [BOOKING_GRANT_MOVE] = {.sql = "UPDATE grant_pool SET booked = booked + $4, used = used + $5"
                                   " WHERE city = $1 AND registration = $2 AND pool = $3"
                                   " AND booked + $4 + used + $5 <= granted",
                            .binds = "iitii",
                            .usual = true},
};
const struct db_stmt_list booking_statements = STORE_STATEMENTS(stmts);

enum booking_state booking_row_state(const struct booking *booking) {
    enum booking_state state = BOOKING_NEW;
    bool known = booking_state_parse(booking->state, &state);
    assert(known);
    return state;
}

struct booked booking_booked(const struct booking *booking) {
    return (struct booked){.state = booking_row_state(booking),
                           .care = booking->care,
                           .start = booking->start,
                           .end = booking->end,
                           .units = (int32_t)booking->units,
                           .fee = booking->fee,
                           .proposed = booking->proposed,
                           .answer_by = booking->answer_by};
}

enum rc booking_load(struct tx *tx, struct city_id city, struct booking_id id, struct booking *ret_booking) {
    return db_one(tx, &stmts[BOOKING_LOAD], DB_BIND(db_int(city.n), db_int(id.n)), ret_booking);
}

enum rc booking_lock(struct tx *tx, struct city_id city, struct booking_id id, struct booking *ret_booking) {
    return db_one(tx, &stmts[BOOKING_LOCK], DB_BIND(db_int(city.n), db_int(id.n)), ret_booking);
}

enum rc booking_change_find(struct tx *tx, struct city_id city, struct booking_id old,
                            struct booking *ret_change) {
    return db_one(tx, &stmts[BOOKING_CHANGE_FIND], DB_BIND(db_int(city.n), db_int(old.n)), ret_change);
}

enum rc booking_change_lock(struct tx *tx, struct city_id city, struct booking_id old,
                            struct booking *ret_change) {
    return db_one(tx, &stmts[BOOKING_CHANGE_LOCK], DB_BIND(db_int(city.n), db_int(old.n)), ret_change);
}

enum rc booking_due(struct tx *tx, struct city_id city, struct instant now, size_t max,
                    struct booking_id **ret_ids, size_t *ret_count) {
    return db_all(tx, &stmts[BOOKING_DUE], DB_BIND(db_int(city.n), db_time(now), db_int((int64_t)max)),
                  (struct db_rows){.row_size = sizeof(struct booking_id), .max = max}, ret_ids, ret_count);
}

enum rc booking_page(struct tx *tx, struct city_id city, struct booking_id after, size_t max,
                     struct booking **ret_bookings, size_t *ret_count) {
    return db_all(tx, &stmts[BOOKING_PAGE], DB_BIND(db_int(city.n), db_int(after.n), db_int((int64_t)max)),
                  (struct db_rows){.row_size = sizeof(struct booking), .max = max}, ret_bookings, ret_count);
}

enum rc booking_add(struct tx *tx, struct city_id city, const struct booking *b) {
    assert(b->version == 1);
    return db_exec_later(
        tx, &stmts[BOOKING_ADD],
        DB_BIND(db_int(city.n), db_int(b->id.n), db_int(b->account.n), db_int(b->registration.n),
                db_int(b->facility.n), db_text(b->care), db_day(b->start), db_day(b->end), db_int(b->units),
                db_int(b->fee.n), db_int(b->contract_price.n), db_text(b->household_class),
                db_day(b->programme_from), db_text(b->state), db_time(b->answer_by), db_text(b->lapse_to),
                db_time(b->free_cancel_until), db_id(b->change_of.n), store_text(b->message),
                db_text(b->origin), db_time(b->created_at), db_int(b->created_by.n), db_int(b->change_fee.n),
                db_int(b->change_units), db_bool(b->proposed), db_int(b->rules_revision)),
        1);
}

enum rc booking_line_add(struct tx *tx, struct city_id city, struct booking_id id, int64_t no,
                         const struct fee_line *line) {
    return db_exec_later(tx, &stmts[BOOKING_LINE_ADD],
                         DB_BIND(db_int(city.n), db_int(id.n), db_int(no), db_text(line_code(line->what)),
                                 db_text(line->name), db_int(line->units), db_int(line->each.n),
                                 db_int(line->amount.n)),
                         1);
}

enum rc booking_save(struct tx *tx, struct city_id city, struct booking *b, bool fee_charged) {
    struct db_value cancel_fee = db_int(b->cancel_fee.n);
    cancel_fee.null = !fee_charged;
    enum rc rc = db_exec_later(tx, &stmts[BOOKING_SAVE],
                               DB_BIND(db_int(city.n), db_int(b->id.n), db_int(b->version), db_text(b->state),
                                       db_time(b->answer_by), db_text(b->reason), cancel_fee,
                                       db_text(b->report), db_time(b->changed_at)),
                               1);
    b->version += rc == RC_OK;
    return rc;
}

enum rc booking_event_add(struct tx *tx, struct city_id city, const struct booking *b,
                          const struct booking_event_new *event) {
    struct text from = event->from == BOOKING_NEW ? (struct text){NULL, 0} : booking_state_code(event->from);
    return db_exec_later(tx, &stmts[BOOKING_EVENT_ADD],
                         DB_BIND(db_int(city.n), db_int(b->id.n), db_int(b->version), db_time(b->changed_at),
                                 db_int(event->actor.n), db_text(booking_event_code(event->event)),
                                 db_text(from), db_text(b->state), db_text(event->reason)),
                         1);
}

enum rc booking_unlink(struct tx *tx, struct city_id city, struct booking_id id) {
    return db_exec_later(tx, &stmts[BOOKING_UNLINK], DB_BIND(db_int(city.n), db_int(id.n)), DB_ROWS_ANY);
}

static const struct db_rows night_rows = {.row_size = sizeof(struct booking_night), .max = SLOT_DAYS_MAX};

enum rc booking_nights(struct tx *tx, struct city_id city, struct booking_id id,
                       struct booking_night **ret_nights, size_t *ret_count) {
    return db_all(tx, &stmts[BOOKING_NIGHTS], DB_BIND(db_int(city.n), db_int(id.n)), night_rows, ret_nights,
                  ret_count);
}

enum rc booking_nights_ahead(struct tx *tx, struct city_id city, struct booking_id id) {
    return db_all_ahead(tx, &stmts[BOOKING_NIGHTS], DB_BIND(db_int(city.n), db_int(id.n)), night_rows);
}

enum rc booking_night_add(struct tx *tx, struct city_id city, const struct booking *b,
                          const struct booking_night *night) {
    return db_exec_later(tx, &stmts[BOOKING_NIGHT_ADD],
                         DB_BIND(db_int(city.n), db_int(b->id.n), db_day(night->day), db_int(b->facility.n),
                                 db_text(b->care), db_int(b->account.n), db_bool(night->active),
                                 db_bool(night->side), db_bool(night->borrowed)),
                         1);
}

enum rc booking_nights_end(struct tx *tx, struct city_id city, struct booking_id id) {
    return db_exec_later(tx, &stmts[BOOKING_NIGHTS_END], DB_BIND(db_int(city.n), db_int(id.n)), DB_ROWS_ANY);
}

enum rc booking_nights_settle(struct tx *tx, struct city_id city, struct booking_id id) {
    return db_exec_later(tx, &stmts[BOOKING_NIGHTS_SETTLE], DB_BIND(db_int(city.n), db_int(id.n)),
                         DB_ROWS_ANY);
}

enum rc booking_pools(struct tx *tx, struct city_id city, struct booking_id id,
                      struct booking_pool **ret_pools, size_t *ret_count) {
    return db_all(tx, &stmts[BOOKING_POOLS], DB_BIND(db_int(city.n), db_int(id.n)),
                  (struct db_rows){.row_size = sizeof(struct booking_pool), .max = BOOKING_POOLS_MAX},
                  ret_pools, ret_count);
}

enum rc booking_grant_pool(struct tx *tx, struct city_id city, struct registration_id registration,
                           struct text pool, int64_t granted) {
    return db_exec_later(tx, &stmts[BOOKING_GRANT_MAKE],
                         DB_BIND(db_int(city.n), db_int(registration.n), db_text(pool), db_int(granted)),
                         DB_ROWS_ANY);
}

static enum rc grant_move(struct tx *tx, struct city_id city, const struct booking *b,
                          const struct booking_pool *pool, const struct booking_pool *before) {
    return db_exec_later(tx, &stmts[BOOKING_GRANT_MOVE],
                         DB_BIND(db_int(city.n), db_int(b->registration.n), db_text(pool->pool),
                                 db_int(pool->reserved - before->reserved),
                                 db_int(pool->used - before->used)),
                         1);
}

enum rc booking_pool_add(struct tx *tx, struct city_id city, const struct booking *b,
                         const struct booking_pool *pool) {
    enum rc rc = grant_move(tx, city, b, pool, &(struct booking_pool){0});
    if (rc != RC_OK) {
        return rc;
    }
    return db_exec_later(tx, &stmts[BOOKING_POOL_ADD],
                         DB_BIND(db_int(city.n), db_int(b->id.n), db_int(b->registration.n),
                                 db_text(pool->pool), db_int(pool->units), db_int(pool->reserved),
                                 db_int(pool->used)),
                         1);
}

enum rc booking_pool_set(struct tx *tx, struct city_id city, const struct booking *b,
                         const struct booking_pool *pool) {
    struct booking_pool before;
    enum rc rc = db_one(tx, &stmts[BOOKING_POOL_ONE],
                        DB_BIND(db_int(city.n), db_int(b->id.n), db_text(pool->pool)), &before);
    if (rc == RC_OK) {
        rc = grant_move(tx, city, b, pool, &before);
    }
    if (rc != RC_OK) {
        return rc;
    }
    return db_exec_later(tx, &stmts[BOOKING_POOL_SAVE],
                         DB_BIND(db_int(city.n), db_int(b->id.n), db_text(pool->pool), db_int(pool->units),
                                 db_int(pool->reserved), db_int(pool->used)),
                         1);
}
