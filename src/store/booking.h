/* Bookings and what hangs on them: nights (one row for each slot occupied), price lines, pools of units, and the events
 * that moved them. Every change of state raises the version by one and leaves the event of that number, so the two can
 * never drift apart. What may move, and what it costs, is core's answer; which places move is the service's plan. */
#ifndef SANGO_STORE_BOOKING_H
#define SANGO_STORE_BOOKING_H

#include "core/quote.h"
#include "db/db.h"

enum { BOOKING_POOLS_MAX = CARE_POOLS_MAX };

struct booking {
    struct booking_id id;
    struct account_id account;
    struct registration_id registration;
    struct facility_id facility;
    struct text care;
    struct day start;
    struct day end;
    int64_t units;
    struct yen fee;
    struct yen contract_price;
    struct text household_class;
    struct day programme_from;
    struct text state;
    struct instant answer_by;
    struct text lapse_to;
    struct instant free_cancel_until;
    struct booking_id change_of;
    struct yen change_fee; /* what giving up change_of costs when this becomes certain */
    int64_t change_units;
    bool proposed; /* by the facility */
    struct text message;
    struct text reason;    /* {NULL, 0}: none */
    struct yen cancel_fee; /* 0 also when none was charged */
    struct text report;
    struct text origin;
    struct instant created_at;
    struct account_id created_by; /* {0}: the clock */
    struct instant changed_at;
    int64_t version;
    int64_t rules_revision; /* the city's, whose rules judged it; 0: from before there was one */
};

/* The row's state as core knows it. */
enum booking_state booking_row_state(const struct booking *booking);
/* What core's rules ask about a booking. */
struct booked booking_booked(const struct booking *booking);

NODISCARD enum rc booking_load(struct tx *tx, struct city_id city, struct booking_id id,
                               struct booking *ret_booking);
NODISCARD enum rc booking_lock(struct tx *tx, struct city_id city, struct booking_id id,
                               struct booking *ret_booking);
/* The undecided change of `old`, or RC_NONE. */
NODISCARD enum rc booking_change_find(struct tx *tx, struct city_id city, struct booking_id old,
                                      struct booking *ret_change);
NODISCARD enum rc booking_change_lock(struct tx *tx, struct city_id city, struct booking_id old,
                                      struct booking *ret_change);
/* The oldest requests whose answer is due, at most `max`. */
NODISCARD enum rc booking_due(struct tx *tx, struct city_id city, struct instant now, size_t max,
                              struct booking_id **ret_ids, size_t *ret_count);

/* By id, from the one after `after`, at most `max`. */
NODISCARD enum rc booking_page(struct tx *tx, struct city_id city, struct booking_id after, size_t max,
                               struct booking **ret_bookings, size_t *ret_count);

/* A new row, version 1; its first event is booking_event_add's. */
NODISCARD enum rc booking_add(struct tx *tx, struct city_id city, const struct booking *booking);
NODISCARD enum rc booking_line_add(struct tx *tx, struct city_id city, struct booking_id id, int64_t no,
                                   const struct fee_line *line);
/* Writes state, answer_by, reason, cancel_fee, report and changed_at and raises *booking's version. RC_RACE: another
 * version is stored. */
NODISCARD enum rc booking_save(struct tx *tx, struct city_id city, struct booking *booking, bool fee_charged);

struct booking_event_new {
    struct account_id actor; /* {0}: the clock */
    enum booking_event event;
    enum booking_state from; /* BOOKING_NEW for the first */
    struct text reason;
};
/* The event that led to *booking as it is now: number = version, instant = changed_at. */
NODISCARD enum rc booking_event_add(struct tx *tx, struct city_id city, const struct booking *booking,
                                    const struct booking_event_new *event);

/* The booking is no longer a change of another one. */
NODISCARD enum rc booking_unlink(struct tx *tx, struct city_id city, struct booking_id id);

/* ---- nights ---- */

struct booking_night {
    struct day day;
    bool active;
    bool side;     /* of an undecided change */
    bool borrowed; /* rides on the place of the booking it will replace */
};
/* By day; *ret_count at most SLOT_DAYS_MAX. */
NODISCARD enum rc booking_nights(struct tx *tx, struct city_id city, struct booking_id id,
                                 struct booking_night **ret_nights, size_t *ret_count);
NODISCARD enum rc booking_nights_ahead(struct tx *tx, struct city_id city, struct booking_id id);
NODISCARD enum rc booking_night_add(struct tx *tx, struct city_id city, const struct booking *booking,
                                    const struct booking_night *night);
/* The booking gives up its nights; the rows stay for history. */
NODISCARD enum rc booking_nights_end(struct tx *tx, struct city_id city, struct booking_id id);
/* An undecided change became the booking itself: its nights are its own. */
NODISCARD enum rc booking_nights_settle(struct tx *tx, struct city_id city, struct booking_id id);

/* ---- units ---- */

struct booking_pool {
    struct text pool;
    int64_t units;    /* what the use costs */
    int64_t reserved; /* of the grant's booked units, now */
    int64_t used;     /* of the grant's used units */
};
NODISCARD enum rc booking_pools(struct tx *tx, struct city_id city, struct booking_id id,
                                struct booking_pool **ret_pools, size_t *ret_count);
/* A pool that the programme got after the grant was given: makes the grant's row when it is missing. */
NODISCARD enum rc booking_grant_pool(struct tx *tx, struct city_id city, struct registration_id registration,
                                     struct text pool, int64_t granted);
/* The booking's row for a pool, and the grant's counters moved by it. RC_RACE: the grant has not that many units. */
NODISCARD enum rc booking_pool_add(struct tx *tx, struct city_id city, const struct booking *booking,
                                   const struct booking_pool *pool);
/* Changes that row and moves the grant's counters by the difference to what was there before. RC_RACE likewise;
 * RC_NONE: the booking has no such row. */
NODISCARD enum rc booking_pool_set(struct tx *tx, struct city_id city, const struct booking *booking,
                                   const struct booking_pool *pool);

extern const struct db_stmt_list booking_statements;

#endif
