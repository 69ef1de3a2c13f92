/* Changing a booking: the old place is kept until the new one is certain. Nights in the same slots are borrowed from the
 * old booking until then, so a change inside a full house is possible; units are reserved only beyond the old ones. */
#include <assert.h>

#include "service/book_part.h"

static bool borrows(const struct booking_night *nights, size_t count, struct day day) {
    for (size_t i = 0; i < count; i++) {
        if (nights[i].active && nights[i].borrowed && day_eq(nights[i].day, day)) {
            return true;
        }
    }
    return false;
}

enum rc book_change_nights(struct tx *tx, struct call *call, const struct booking *fresh,
                           const struct booking *old, struct book_freed *freed) {
    struct city_id city = call->city->id;
    struct booking_nights_kept nights = {0};
    struct booking_night *taken_over = NULL;
    size_t count = 0;
    enum rc rc = booking_nights(tx, city, old->id, &nights.rows, &nights.count);
    if (rc == RC_OK) {
        rc = booking_nights(tx, city, fresh->id, &taken_over, &count);
    }
    if (rc != RC_OK) {
        return rc;
    }
    for (size_t i = 0; i < nights.count; i++) {
        nights.kept[i] = borrows(taken_over, count, nights.rows[i].day);
    }
    rc = book_release(tx, call, old, &nights, freed);
    return rc == RC_OK ? booking_nights_settle(tx, city, fresh->id) : rc;
}

enum rc book_change_units(struct tx *tx, struct call *call, const struct booking *fresh) {
    struct booking_pool *pools = NULL;
    size_t count = 0;
    enum rc rc = booking_pools(tx, call->city->id, fresh->id, &pools, &count);
    for (size_t i = 0; rc == RC_OK && i < count; i++) {
        pools[i].reserved = pools[i].units;
        rc = booking_pool_set(tx, call->city->id, fresh, &pools[i]);
    }
    return rc;
}

enum rc book_change_settle(struct tx *tx, struct call *call, struct booking *fresh, struct booking *old,
                           struct book_freed *freed) {
    struct book_move away = {.event = BOOKING_EV_CHANGE_AWAY,
                             .charged = fresh->change_fee.n > 0 || fresh->change_units > 0,
                             .fee = fresh->change_fee,
                             .units_used = (int32_t)fresh->change_units,
                             .keep_nights = true};
    enum rc rc = book_change_nights(tx, call, fresh, old, freed);
    if (rc == RC_OK) {
        rc = book_move(tx, call, old, &away, freed);
    }
    if (rc == RC_OK) {
        rc = book_change_units(tx, call, fresh);
    }
    return rc == RC_OK
               ? book_tell(tx, call, &(struct book_news){old, BOOKING_EV_CHANGE_AWAY, BOOK_ALONE, {0}})
               : rc;
}
