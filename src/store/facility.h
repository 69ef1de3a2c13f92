/* Facilities, the cares they offer, and blocks of their beds. Counters of places are store/slot.h's. */
#ifndef SANGO_STORE_FACILITY_H
#define SANGO_STORE_FACILITY_H

#include "core/facility.h"
#include "store/store.h"

extern const struct db_stmt_list facility_statements;

struct facility_record {
    struct facility_id id;
    struct facility_about about;
    struct facility_words words;
    struct text search_key; /* sys/textkey of name, kana, ward and address */
    bool suspended;
    int64_t version;
};
/* *ret_added false: the code is taken, nothing was done. */
NODISCARD enum rc facility_insert(struct tx *tx, struct city_id city, const struct facility_record *record,
                                  bool *ret_added);
NODISCARD enum rc facility_lock(struct tx *tx, struct city_id city, struct facility_id id,
                                struct facility_record *ret_record);
/* Writes what a facility may say of itself, and raises the version. RC_RACE: it is no longer record->version. */
NODISCARD enum rc facility_update(struct tx *tx, struct city_id city, const struct facility_record *record);

NODISCARD enum rc facility_care_insert(struct tx *tx, struct city_id city, struct facility_id facility,
                                       const struct care_terms *terms);
/* RC_NONE: the facility does not offer it. */
NODISCARD enum rc facility_care_find(struct tx *tx, struct city_id city, struct facility_id facility,
                                     struct text care);

struct block_record {
    int64_t id;
    struct facility_id facility;
    struct text care;
    struct day from;
    struct day to;
    int64_t beds;
    struct text reason;
    struct instant created_at;
    struct account_id created_by;
};
NODISCARD enum rc block_insert(struct tx *tx, struct city_id city, const struct block_record *record);
/* A block in force, locked; RC_NONE: none such, or lifted. */
NODISCARD enum rc block_lock(struct tx *tx, struct city_id city, int64_t id, struct block_record *ret_record);
NODISCARD enum rc block_lift(struct tx *tx, struct city_id city, int64_t id, struct instant now);

struct shortfall_ask {
    struct facility_id facility;
    struct text care;
    struct day from;
    struct day to;
};
/* Live bookings with a night on a day promised beyond capacity, oldest first, at most `max`. */
struct shortfall_row {
    struct booking_id booking;
};
NODISCARD enum rc shortfall_bookings(struct tx *tx, struct city_id city, const struct shortfall_ask *ask,
                                     size_t max, struct shortfall_row **ret_rows, size_t *ret_count);
NODISCARD enum rc facility_name(struct tx *tx, struct city_id city, struct facility_id id,
                                struct text *ret_name);

#endif
