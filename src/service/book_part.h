/* Parts that the booking use-cases share: who may touch what, the judgement, the steps that every change of state
 * takes, and what became free on the way. Included by book*.c only. */
#ifndef SANGO_SERVICE_BOOK_PART_H
#define SANGO_SERVICE_BOOK_PART_H

#include "service/book_make.h"
#include "service/write.h"
#include "store/booking.h"
#include "store/facts.h"

/* ---- who ---- */

/* False: this role takes no steps with bookings. */
NODISCARD bool book_actor(const struct call *call, enum actor *ret_actor);
/* Is the booking the actor's to see and move? */
bool book_touches(const struct call *call, const struct booking *booking);

/* ---- judgement (book_judge.c) ---- */

struct book_judged {
    bool changing;
    struct booking old; /* when changing */
    struct booking_night *old_nights;
    size_t old_night_count;
    struct facts_found *found;
    bool has_range;
    struct slot_range range; /* slot days of the request */
    struct slot *slots;      /* of the range, once locked; NULL: not read yet */
    size_t slot_count;
    struct quote quote;
    struct instant answer_by; /* by the facility's way or the city's; INSTANT_NONE: at once */
    struct text lapse_to;
};
/* Locks and judges (`lock`), or only judges. RC_NONE: no such resident, facility or old booking. */
NODISCARD enum rc book_judge(struct tx *tx, struct call *call, const struct book_make *make, bool lock,
                             struct book_judged *judged);

/* The verdict of a refused quote, and the wish that could be made instead. */
void book_refuse(const struct book_make *make, const struct quote *quote, struct book_outcome *outcome);

/* ---- what became free: the waiting list is told after everything else is saved ---- */

enum { BOOK_FREED_MAX = 16 };
struct book_freed {
    struct freed rows[BOOK_FREED_MAX];
    size_t count;
};
NODISCARD enum rc book_tell_freed(struct tx *tx, struct call *call, const struct book_freed *freed);

/* ---- steps of a booking that is locked (book_move.c) ---- */

struct book_move {
    enum booking_event event;
    struct text reason;
    bool charged;       /* a fee was decided: cancel_fee is written */
    struct yen fee;     /* when charged */
    int32_t units_used; /* of what it reserved, so much is used up; the rest goes back */
    bool keep_nights;   /* the nights passed on to another booking already */
};
/* Moves the state by core's table and saves the row, the event, the audit row, units and places as the new state
 * weighs. The caller has asked core (booking_move) whether the step may be taken. */
NODISCARD enum rc book_move(struct tx *tx, struct call *call, struct booking *booking,
                            const struct book_move *move, struct book_freed *freed);
/* First event of a new row; `reason` may be empty. */
NODISCARD enum rc book_first(struct tx *tx, struct call *call, struct booking *booking,
                             enum booking_event event, struct text reason);
/* Occupied days as a range; false when it has none any more. */
NODISCARD bool book_night_range(const struct call *call, const struct booking *booking,
                                const struct booking_night *nights, size_t count,
                                struct slot_range *ret_range);

struct booking_nights_kept {
    struct booking_night *rows;
    size_t count;
    bool kept[SLOT_DAYS_MAX]; /* another booking goes on with this place */
};
/* Gives back what the booking holds alone, and ends its nights. */
NODISCARD enum rc book_release(struct tx *tx, struct call *call, const struct booking *booking,
                               const struct booking_nights_kept *nights, struct book_freed *freed);

/* ---- changes (book_change.c) ---- */

/* The new booking became certain: the old one ends at the cost that was fixed when the change was asked for, what it
 * still held alone becomes free, and the new one stands on its own places and units. */
NODISCARD enum rc book_change_settle(struct tx *tx, struct call *call, struct booking *fresh,
                                     struct booking *old, struct book_freed *freed);
/* The two halves of it, for an old booking that ends for another reason and must not take its undecided change with
 * it: first the places pass on, then the old one is moved (keep_nights), then the units are reserved in full. */
NODISCARD enum rc book_change_nights(struct tx *tx, struct call *call, const struct booking *fresh,
                                     const struct booking *old, struct book_freed *freed);
NODISCARD enum rc book_change_units(struct tx *tx, struct call *call, const struct booking *fresh);

/* ---- words (book_tell.c) ---- */

/* What the booking is, or was until the event told. */
enum book_kind {
    BOOK_ALONE,
    BOOK_CHANGE,   /* the undecided change of another one */
    BOOK_PROPOSAL, /* a facility's proposal, unanswered */
    BOOK_KIND__MAX
};
enum book_kind book_kind_of(const struct booking *booking);
struct book_news {
    const struct booking *booking;
    enum booking_event event;
    enum book_kind kind;
    struct text facility; /* its name; {NULL, 0}: to be looked up */
};
/* Tells the resident and the facility what happened, each what concerns them. */
NODISCARD enum rc book_tell(struct tx *tx, struct call *call, const struct book_news *news);

#endif
