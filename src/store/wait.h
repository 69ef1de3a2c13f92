/* Wishes for a place. Which wish comes first, and whether it fits, is core's answer. */
#ifndef SANGO_STORE_WAIT_H
#define SANGO_STORE_WAIT_H

#include "store/store.h"

extern const struct db_stmt_list wait_statements;

enum {
    WAIT_CANDIDATES_MAX = 200,
    WAIT_FACILITIES_LIST_MAX = 200,
    WAIT_OF_PERSON_MAX = 50,
    WAIT_DAYS_MAX = 400
};

struct wait_record {
    struct wait_id id;
    struct account_id account;
    struct registration_id registration;
    struct text care;
    struct day from;
    struct day to;
    int64_t nights;
    bool any_facility;
    struct text mode;
    int64_t notice_hours;
    struct booking_id swap_for;
    struct text state;
    struct instant created_at;
    int64_t units_used; /* of the grant's pools together; read only */
};
NODISCARD enum rc wait_insert(struct tx *tx, struct city_id city, const struct wait_record *record);
NODISCARD enum rc wait_facility_insert(struct tx *tx, struct city_id city, struct wait_id wait,
                                       struct facility_id facility);
NODISCARD enum rc wait_lock(struct tx *tx, struct city_id city, struct wait_id id,
                            struct wait_record *ret_record);
/* `why` only when the state is closed. RC_RACE: it was no longer record->state. */
NODISCARD enum rc wait_save(struct tx *tx, struct city_id city, const struct wait_record *record,
                            struct text state, struct text why, struct instant now);
/* Wishes in state waiting that touch the days and take this facility, oldest first. */
struct wait_place {
    struct facility_id facility;
    struct text care;
    struct day from;
    struct day to;
};
NODISCARD enum rc wait_candidates(struct tx *tx, struct city_id city, const struct wait_place *place,
                                  struct wait_record **ret_rows, size_t *ret_count);
/* Facilities a wish takes: those it names, or all that offer the care and are not suspended. */
struct wait_facility_row {
    struct facility_id facility;
};
NODISCARD enum rc wait_facilities(struct tx *tx, struct city_id city, const struct wait_record *record,
                                  struct wait_facility_row **ret_rows, size_t *ret_count);
/* Wishes of one account that are waiting or offered, to keep their number small. */
NODISCARD enum rc wait_open_count(struct tx *tx, struct city_id city, struct account_id account,
                                  int64_t *ret_count);
/* The same wishes themselves, oldest first. */
NODISCARD enum rc wait_of_person(struct tx *tx, struct city_id city, struct account_id account,
                                 struct wait_record **ret_rows, size_t *ret_count);
NODISCARD enum rc wait_of_person_ahead(struct tx *tx, struct city_id city, struct account_id account);
/* Slot days in from .. to on which she has a certain place, but for those of `except`; sorted. */
struct wait_days_ask {
    struct account_id account;
    struct booking_id except;
    struct day from;
    struct day to;
};
NODISCARD enum rc wait_busy_days(struct tx *tx, struct city_id city, const struct wait_days_ask *ask,
                                 struct day **ret_days, size_t *ret_count);
/* Waiting wishes whose last day is before `today`. */
NODISCARD enum rc wait_past(struct tx *tx, struct city_id city, struct day today, size_t max,
                            struct wait_record **ret_rows, size_t *ret_count);
/* Runs of slots (facility, care, first and last day with an open place) that some waiting wish touches, from `today`. */
NODISCARD enum rc wait_places_open(struct tx *tx, struct city_id city, struct day today, size_t max,
                                   struct wait_place **ret_rows, size_t *ret_count);

#endif
