/* Bookings: price, request, answer, change, cancel, use. The states and who may move them are core/book.h's table;
 * places and units are guarded by the database. */
#ifndef SANGO_SERVICE_BOOK_H
#define SANGO_SERVICE_BOOK_H

#include "core/book.h"
#include "core/quote.h"
#include "service/call.h"

struct book_ask {
    struct account_id resident; /* whom it is for; {0}: the actor. Only city roles may name another */
    struct facility_id facility;
    struct text care;
    struct day start;
    struct day end;
    /* Allergies, wishes; may be empty: a change keeps what was said before. Of a proposal: the facility's words to her. */
    struct text message;
    struct booking_id change_of; /* {0}: a new booking */
    /* The programme's exclusions that she says apply: refused, and written down nowhere. */
    const struct text *exclusions;
    size_t exclusion_count;
};

/* The price and every reason why not, without changing anything; also tells whether the place is there now. */
struct book_quote {
    struct quote quote;       /* with `full` or `closed` among the refusals when there is no place */
    struct instant answer_by; /* when the facility would have to answer; INSTANT_NONE: confirmed at once */
};
NODISCARD enum rc book_quote(struct call *call, const struct book_ask *ask, struct book_quote *ret_quote);

struct book_outcome {
    struct verdict verdict;
    struct booking_id id;
    enum booking_state state;
    int64_t units;
    struct yen fee;
    struct instant answer_by;
    bool proposed; /* by the facility, the resident will answer */
    struct yen
        cancel_fee; /* of a cancellation; of a change: for the old booking, once the change is certain */
    int64_t units_charged; /* likewise */
    int64_t version;
    /* `full`: the wish that could be made instead. */
    bool wait_possible;
    struct book_ask wished;
};

/* RC_NONE: no such facility, resident or exclusion. A change keeps the old booking until the new one is certain; when it
 * is confirmed at once, the old one is given up in the same transaction. A facility may change a booking of its own
 * to other days at its own place: that is a proposal, which the resident (or the city for her) accepts or declines,
 * and which is declined by itself when nobody answers. */
NODISCARD enum rc book_request(struct call *call, const struct book_ask *ask,
                               struct book_outcome *ret_outcome);

struct book_step {
    struct booking_id id;
    enum booking_event
        event;          /* accept, decline, cancel, check-in, complete, no-show; core/book.h says who may */
    struct text reason; /* decline: required; cancel: optional */
    struct text report; /* complete */
    int64_t version;    /* 0: whatever is there */
};
/* One step of the table, by whoever may take it; frees places and units, and moves the waiting list, in the same
 * transaction. */
NODISCARD enum rc book_step(struct call *call, const struct book_step *step,
                            struct book_outcome *ret_outcome);

/* What cancelling now would cost, for the page that asks. */
NODISCARD enum rc book_cancel_quote(struct call *call, struct booking_id id,
                                    struct book_outcome *ret_outcome);

/* Jobs: settles requests whose answer is overdue (to the rule's side). Returns how many; call again while > 0. */
NODISCARD enum rc book_lapse_due(struct call *call, int64_t *ret_settled);

#endif
