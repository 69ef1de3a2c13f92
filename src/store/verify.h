/* The invariants that one statement can check, over all cities at once: each finds the rows that break it. And the pages
 * of bookings from which service/verify.c replays what only the rules can judge. */
#ifndef SANGO_STORE_VERIFY_H
#define SANGO_STORE_VERIFY_H

#include "store/booking.h"
#include "store/store.h"

struct verify_check {
    const char *id;   /* "I1" */
    const char *says; /* what is promised, one sentence */
};
/* How many checks there are, and the i-th. */
size_t verify_check_count(void);
struct verify_check verify_check_at(size_t i);

struct verify_found {
    int64_t breaches;
    struct text first; /* key of one of them */
};
NODISCARD enum rc verify_check_run(struct tx *tx, size_t i, struct instant now,
                                   struct verify_found *ret_found);

/* ---- for replays: rows of a city by booking, of one page of booking_page() ---- */

enum { VERIFY_PAGE = 200, VERIFY_PAGE_ROWS = VERIFY_PAGE * SLOT_DAYS_MAX };

struct verify_range {
    struct city_id city;
    struct booking_id first; /* of the page */
    struct booking_id last;
};
struct verify_event {
    struct booking_id booking;
    int64_t no;
    struct text event;
    struct text from_state;
    struct text to_state;
};
NODISCARD enum rc verify_events(struct tx *tx, const struct verify_range *range,
                                struct verify_event **ret_events, size_t *ret_count);

struct verify_night {
    struct booking_id booking;
    struct day day;
    struct facility_id facility;
    struct text care;
    bool active;
};
NODISCARD enum rc verify_nights(struct tx *tx, const struct verify_range *range,
                                struct verify_night **ret_nights, size_t *ret_count);

extern const struct db_stmt_list verify_statements;

#endif
