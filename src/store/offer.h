/* Offers: places held for one person until a deadline. The held places themselves are store/slot.h's counters. */
#ifndef SANGO_STORE_OFFER_H
#define SANGO_STORE_OFFER_H

#include "store/store.h"

extern const struct db_stmt_list offer_statements;

struct offer_record {
    struct offer_id id;
    struct wait_id wait;
    struct account_id account;
    struct facility_id facility;
    struct text care;
    struct day start;
    struct day end;
    struct text state;
    struct instant created_at;
    struct instant expires_at;
    struct booking_id booking;
};
NODISCARD enum rc offer_insert(struct tx *tx, struct city_id city, const struct offer_record *record);
NODISCARD enum rc offer_night_insert(struct tx *tx, struct city_id city, const struct offer_record *record,
                                     struct day day);
NODISCARD enum rc offer_lock(struct tx *tx, struct city_id city, struct offer_id id,
                             struct offer_record *ret_record);
/* The open offer of a wish, locked, or RC_NONE. */
NODISCARD enum rc offer_open_lock(struct tx *tx, struct city_id city, struct wait_id wait,
                                  struct offer_record *ret_record);
/* Ends an open offer in `state`; `booking` when it was accepted. Its nights become inactive. RC_RACE: not open. */
NODISCARD enum rc offer_end(struct tx *tx, struct city_id city, const struct offer_record *record,
                            struct text state, struct booking_id booking, struct instant now);
/* Was this very place offered to the wish before? RC_NONE: never. */
NODISCARD enum rc offer_made_before(struct tx *tx, struct city_id city, const struct offer_record *like);
/* Open offers whose deadline has come. */
NODISCARD enum rc offer_due(struct tx *tx, struct city_id city, struct instant now, size_t max,
                            struct offer_record **ret_rows, size_t *ret_count);

#endif
