/* Places: one row for each facility, care and day. Every promise moves a counter here, guarded by the row's own
 * CHECK: taken + held + blocked <= capacity + shortfall. The shortfall is what was promised beyond the capacity when
 * the facility lowered it; whatever leaves a place makes it smaller before anything becomes open.
 *
 * Whoever moves a counter has locked the days first, with slots_lock, and in this order when there is more than one
 * range: facility, care, day (slot_range_cmp). Then two writers never wait for each other in a circle. */
#ifndef SANGO_STORE_SLOT_H
#define SANGO_STORE_SLOT_H

#include "core/facts.h"
#include "db/db.h"

enum { SLOT_RANGE_MAX = 512 };

struct slot {
    struct facility_id facility;
    struct text care;
    struct day day;
    int64_t capacity;
    int64_t taken;
    int64_t held;
    int64_t blocked;
    int64_t shortfall;
};

/* Consecutive days of one care at one facility, both ends included; at most SLOT_RANGE_MAX. */
struct slot_range {
    struct city_id city;
    struct facility_id facility;
    struct text care;
    struct day from;
    struct day to;
};

/* capacity - taken - held - blocked; negative while there is a shortfall. */
int64_t slot_open(const struct slot *slot);
/* The order in which ranges are locked: below, equal to or above 0. */
int slot_range_cmp(const struct slot_range *a, const struct slot_range *b);
/* Days of the range. */
int64_t slot_range_days(const struct slot_range *range);
/* The rows of the range by day; days without a row are missing. Locking needs a write transaction. */
NODISCARD enum rc slots_load(struct tx *tx, const struct slot_range *range, struct slot **ret_slots,
                             size_t *ret_count);
NODISCARD enum rc slots_lock(struct tx *tx, const struct slot_range *range, struct slot **ret_slots,
                             size_t *ret_count);
/* Sends what slots_lock() of the same range will ask; see db_all_ahead(). */
NODISCARD enum rc slots_lock_ahead(struct tx *tx, const struct slot_range *range);
/* Locks several ranges; sorts them. The first may send it before another question that waits, whoever does so calls the
 * second as well before anything changes. */
NODISCARD enum rc slots_lock_all_ahead(struct tx *tx, struct slot_range *ranges, size_t count);
NODISCARD enum rc slots_lock_all(struct tx *tx, struct slot_range *ranges, size_t count);

/* Each moves every day of the range by one. RC_RACE: a day is missing or has no place left (taking, holding), or has
 * nothing to give back; the caller has looked at the locked rows before, so somebody was faster. */
NODISCARD enum rc slots_take(struct tx *tx, const struct slot_range *range);    /* open -> taken */
NODISCARD enum rc slots_release(struct tx *tx, const struct slot_range *range); /* taken -> shortfall, open */
NODISCARD enum rc slots_hold(struct tx *tx, const struct slot_range *range);    /* open -> held */
NODISCARD enum rc slots_unhold(struct tx *tx, const struct slot_range *range);  /* held -> shortfall, open */
NODISCARD enum rc slots_take_held(struct tx *tx, const struct slot_range *range); /* held -> taken */

/* Blocks `beds` places of every day (unblocks them when negative). Days promised beyond what is left get a shortfall.
 * Days without a row get one with capacity 0. RC_RACE: more would be unblocked than are blocked. */
NODISCARD enum rc slots_block(struct tx *tx, const struct slot_range *range, int64_t beds);
/* Makes the row where it is missing, else changes its capacity; days promised beyond it get a shortfall. `weekdays`:
 * bit 0 Sunday … bit 6 Saturday, 0 every day. *ret_changed: rows made or changed. */
NODISCARD enum rc slots_capacity_set(struct tx *tx, const struct slot_range *range, int64_t capacity,
                                     uint8_t weekdays, int64_t *ret_changed);

extern const struct db_stmt_list slot_statements;

#endif
