/* The waiting list: wishes, offers with deadlines, and places that move on by themselves. */
#ifndef SANGO_SERVICE_WAIT_H
#define SANGO_SERVICE_WAIT_H

#include "core/wait.h"
#include "service/call.h"

enum { WAIT_FACILITIES_MAX = 32 };

struct wait_ask {
    struct account_id resident; /* {0}: the actor */
    struct facility_id facilities[WAIT_FACILITIES_MAX];
    size_t facility_count;
    bool any_facility;
    struct text care;
    struct day from;
    struct day to;
    int64_t nights; /* 0 for day visits */
    enum wait_mode mode;
    int64_t notice_hours;
    struct booking_id swap_for;
};
struct wait_outcome {
    struct verdict verdict;
    struct wait_id id;
    enum wait_state state;
    struct offer_id offer;     /* when a place was free at once */
    struct booking_id booking; /* mode auto: booked at once */
    int64_t version;
};
NODISCARD enum rc wait_add(struct call *call, const struct wait_ask *ask, struct wait_outcome *ret_outcome);
NODISCARD enum rc wait_close(struct call *call, struct wait_id id, struct wait_outcome *ret_outcome);

struct offer_outcome {
    struct verdict verdict; /* `state`: answered or expired before; `quota` and others: no longer fitting */
    enum offer_state state;
    struct booking_id booking;
    enum booking_state booking_state;
    struct instant answer_by;
};
NODISCARD enum rc offer_accept(struct call *call, struct offer_id id, struct offer_outcome *ret_outcome);
NODISCARD enum rc offer_decline(struct call *call, struct offer_id id, struct offer_outcome *ret_outcome);

/* Jobs: expires overdue offers, closes past wishes, and offers every free place that a fitting wish waits for (places
 * move in the transaction that frees them; this catches what became fitting by the passing of time). */
NODISCARD enum rc wait_tick(struct call *call, int64_t *ret_moved);

#endif
