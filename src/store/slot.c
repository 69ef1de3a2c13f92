#include "store/slot.h"

#include <assert.h>

#include "store/store.h"

enum {
    SLOT_LOAD,
    SLOT_LOCK,
    SLOT_TAKE,
    SLOT_RELEASE,
    SLOT_HOLD,
    SLOT_UNHOLD,
    SLOT_TAKE_HELD,
    SLOT_BLOCK,
    SLOT_UNBLOCK,
    SLOT_MAKE,
    SLOT_CAPACITY,
    SLOT__COUNT
};

static const struct db_column slot_cols[] = {
    DB_COL(struct slot, facility, DB_INT), DB_COL(struct slot, care, DB_TEXT),
    DB_COL(struct slot, day, DB_DAY),      DB_COL(struct slot, capacity, DB_INT),
    DB_COL(struct slot, taken, DB_INT),    DB_COL(struct slot, held, DB_INT),
    DB_COL(struct slot, blocked, DB_INT),  DB_COL(struct slot, shortfall, DB_INT),
};

#define SLOT_SELECT                                                                                          \
    "SELECT facility, care, day, capacity, taken, held, blocked, shortfall FROM slot"                        \
    " WHERE city = $1 AND facility = $2 AND care = $3 AND day BETWEEN $4 AND $5 ORDER BY day"
#define SLOT_DAYS " WHERE city = $1 AND facility = $2 AND care = $3 AND day BETWEEN $4 AND $5"
/* The shortfall is always what is promised beyond the capacity, written out because the engines have no common
 * function for "the larger of two". */
#define SLOT_EXCESS(promised, capacity)                                                                      \
    " shortfall = CASE WHEN " promised " > " capacity " THEN " promised " - " capacity " ELSE 0 END"

static const struct db_stmt stmts[SLOT__COUNT] = {
    [SLOT_LOAD] = {.sql = SLOT_SELECT, .binds = "iitdd", DB_COLS(slot_cols)},
    [SLOT_LOCK] = {.sql = SLOT_SELECT, .binds = "iitdd", DB_COLS(slot_cols), .lock = true, .usual = true},
    [SLOT_TAKE] = {.sql =
                       "UPDATE slot SET taken = taken + 1" SLOT_DAYS " AND taken + held + blocked < capacity",
                   .binds = "iitdd",
                   .usual = true},
    [SLOT_RELEASE] = {.sql = "UPDATE slot SET taken = taken - 1," SLOT_EXCESS(
                          "taken - 1 + held + blocked", "capacity") SLOT_DAYS " AND taken > 0",
                      .binds = "iitdd"},
    [SLOT_HOLD] = {.sql =
                       "UPDATE slot SET held = held + 1" SLOT_DAYS " AND taken + held + blocked < capacity",
                   .binds = "iitdd"},
    [SLOT_UNHOLD] = {.sql = "UPDATE slot SET held = held - 1," SLOT_EXCESS(
                         "taken + held - 1 + blocked", "capacity") SLOT_DAYS " AND held > 0",
                     .binds = "iitdd"},
    [SLOT_TAKE_HELD] = {.sql = "UPDATE slot SET taken = taken + 1, held = held - 1" SLOT_DAYS " AND held > 0",
                        .binds = "iitdd"},
    [SLOT_BLOCK] = {.sql = "INSERT INTO slot (city, facility, care, day, capacity, blocked, shortfall)"
                           " VALUES ($1, $2, $3, $4, 0, $5, $5)"
                           " ON CONFLICT (city, facility, care, day) DO UPDATE SET"
                           " blocked = slot.blocked + excluded.blocked," SLOT_EXCESS(
                               "slot.taken + slot.held + slot.blocked + excluded.blocked", "slot.capacity"),
                    .binds = "iitdi"},
    [SLOT_UNBLOCK] = {.sql = "UPDATE slot SET blocked = blocked - $6," SLOT_EXCESS(
                          "taken + held + blocked - $6", "capacity") SLOT_DAYS " AND blocked >= $6",
                      .binds = "iitddi"},
    [SLOT_MAKE] = {.sql = "INSERT INTO slot (city, facility, care, day, capacity)"
                          " VALUES ($1, $2, $3, $4, $5)"
                          " ON CONFLICT (city, facility, care, day) DO NOTHING",
                   .binds = "iitdi"},
    [SLOT_CAPACITY] = {.sql = "UPDATE slot SET capacity = $5," SLOT_EXCESS(
                           "taken + held + blocked",
                           "$5") " WHERE city = $1 AND facility = $2 AND care = $3 AND day = $4"
                                 " AND capacity <> $5",
                       .binds = "iitdi"},
};
const struct db_stmt_list slot_statements = STORE_STATEMENTS(stmts);

#define RANGE_BIND(range)                                                                                    \
    db_int((range)->city.n), db_int((range)->facility.n), db_text((range)->care), db_day((range)->from),     \
        db_day((range)->to)

int64_t slot_open(const struct slot *slot) {
    return slot->capacity - slot->taken - slot->held - slot->blocked;
}

static int order(int64_t a, int64_t b) {
    return (a > b) - (a < b);
}

int slot_range_cmp(const struct slot_range *a, const struct slot_range *b) {
    int by = order(a->facility.n, b->facility.n);
    by = by != 0 ? by : text_cmp(a->care, b->care);
    by = by != 0 ? by : order(a->from.n, b->from.n);
    return by != 0 ? by : order(a->to.n, b->to.n);
}

int64_t slot_range_days(const struct slot_range *range) {
    return day_before(range->to, range->from) ? 0 : day_diff(range->to, range->from) + 1;
}

static const struct db_rows slot_rows = {.row_size = sizeof(struct slot), .max = SLOT_RANGE_MAX};

static enum rc slots_select(struct tx *tx, const struct db_stmt *stmt, const struct slot_range *range,
                            struct slot **ret_slots, size_t *ret_count) {
    assert(slot_range_days(range) <= SLOT_RANGE_MAX);
    return db_all(tx, stmt, DB_BIND(RANGE_BIND(range)), slot_rows, ret_slots, ret_count);
}

enum rc slots_load(struct tx *tx, const struct slot_range *range, struct slot **ret_slots,
                   size_t *ret_count) {
    return slots_select(tx, &stmts[SLOT_LOAD], range, ret_slots, ret_count);
}

enum rc slots_lock(struct tx *tx, const struct slot_range *range, struct slot **ret_slots,
                   size_t *ret_count) {
    return slots_select(tx, &stmts[SLOT_LOCK], range, ret_slots, ret_count);
}

enum rc slots_lock_ahead(struct tx *tx, const struct slot_range *range) {
    return db_all_ahead(tx, &stmts[SLOT_LOCK], DB_BIND(RANGE_BIND(range)), slot_rows);
}

static void ranges_sort(struct slot_range *ranges, size_t count) {
    for (size_t i = 1; i < count; i++) {
        struct slot_range moved = ranges[i];
        size_t at = i;
        for (; at > 0 && slot_range_cmp(&ranges[at - 1], &moved) > 0; at--) {
            ranges[at] = ranges[at - 1];
        }
        ranges[at] = moved;
    }
}

enum rc slots_lock_all_ahead(struct tx *tx, struct slot_range *ranges, size_t count) {
    enum rc rc = RC_OK;
    ranges_sort(ranges, count);
    for (size_t i = 0; rc == RC_OK && i < count; i++) {
        rc = slots_lock_ahead(tx, &ranges[i]);
    }
    return rc;
}

enum rc slots_lock_all(struct tx *tx, struct slot_range *ranges, size_t count) {
    enum rc rc = RC_OK;
    ranges_sort(ranges, count);
    for (size_t i = 0; rc == RC_OK && i < count; i++) {
        struct slot *slots = NULL;
        size_t found = 0;
        rc = slots_lock(tx, &ranges[i], &slots, &found);
    }
    return rc;
}

static enum rc slots_move(struct tx *tx, const struct db_stmt *stmt, const struct slot_range *range) {
    return db_exec_later(tx, stmt, DB_BIND(RANGE_BIND(range)), slot_range_days(range));
}

enum rc slots_take(struct tx *tx, const struct slot_range *range) {
    return slots_move(tx, &stmts[SLOT_TAKE], range);
}

enum rc slots_release(struct tx *tx, const struct slot_range *range) {
    return slots_move(tx, &stmts[SLOT_RELEASE], range);
}

enum rc slots_hold(struct tx *tx, const struct slot_range *range) {
    return slots_move(tx, &stmts[SLOT_HOLD], range);
}

enum rc slots_unhold(struct tx *tx, const struct slot_range *range) {
    return slots_move(tx, &stmts[SLOT_UNHOLD], range);
}

enum rc slots_take_held(struct tx *tx, const struct slot_range *range) {
    return slots_move(tx, &stmts[SLOT_TAKE_HELD], range);
}

static enum rc slots_unblock(struct tx *tx, const struct slot_range *range, int64_t beds) {
    int64_t changed = 0;
    enum rc rc = db_exec(tx, &stmts[SLOT_UNBLOCK], DB_BIND(RANGE_BIND(range), db_int(beds)), &changed);
    if (rc != RC_OK) {
        return rc;
    }
    return changed == slot_range_days(range) ? RC_OK : RC_RACE;
}

enum rc slots_block(struct tx *tx, const struct slot_range *range, int64_t beds) {
    assert(slot_range_days(range) <= SLOT_RANGE_MAX);
    if (beds < 0) {
        return slots_unblock(tx, range, -beds);
    }
    for (struct day day = range->from; !day_before(range->to, day); day = day_add(day, 1)) {
        enum rc rc = db_exec(tx, &stmts[SLOT_BLOCK],
                             DB_BIND(db_int(range->city.n), db_int(range->facility.n), db_text(range->care),
                                     db_day(day), db_int(beds)),
                             NULL);
        if (rc != RC_OK) {
            return rc;
        }
    }
    return RC_OK;
}

static enum rc slot_capacity_set(struct tx *tx, const struct slot_range *range, struct day day,
                                 int64_t capacity, int64_t *ret_changed) {
    static const int tries[] = {SLOT_MAKE, SLOT_CAPACITY};
    for (size_t i = 0; i < COUNT(tries); i++) {
        enum rc rc = db_exec(tx, &stmts[tries[i]],
                             DB_BIND(db_int(range->city.n), db_int(range->facility.n), db_text(range->care),
                                     db_day(day), db_int(capacity)),
                             ret_changed);
        if (rc != RC_OK || *ret_changed > 0) {
            return rc;
        }
    }
    return RC_OK;
}

enum rc slots_capacity_set(struct tx *tx, const struct slot_range *range, int64_t capacity, uint8_t weekdays,
                           int64_t *ret_changed) {
    assert(capacity >= 0 && slot_range_days(range) <= SLOT_RANGE_MAX);
    int64_t total = 0;
    for (struct day day = range->from; !day_before(range->to, day); day = day_add(day, 1)) {
        if (weekdays != 0 && (weekdays & (1U << day_weekday(day))) == 0) {
            continue;
        }
        int64_t changed = 0;
        enum rc rc = slot_capacity_set(tx, range, day, capacity, &changed);
        if (rc != RC_OK) {
            return rc;
        }
        total += changed;
    }
    *ret_changed = total;
    return RC_OK;
}
