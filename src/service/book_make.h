/* For services only: making a booking and ending one, inside a transaction that somebody else opened. book.c asks
 * this for people, wait.c for places that move on by themselves. */
#ifndef SANGO_SERVICE_BOOK_MAKE_H
#define SANGO_SERVICE_BOOK_MAKE_H

#include "db/db.h"
#include "service/book.h"

struct book_make {
    struct book_ask ask; /* resident named; change_of: the booking to give up when the place is certain */
    const char *origin;  /* "resident" "facility" "city" "offer" "auto" */
    bool held;     /* every day of it is held for her by an offer: those places are taken, not open ones */
    bool proposal; /* by the facility, for her to accept */
    struct wait_id wish; /* that it fulfils; {0}: none */
};

/* Locks the days and the person, loads the facts, lets core decide and saves the booking with everything that hangs
 * on it. Refused: RC_OK with the verdict, and nothing was saved (what was held stays held). RC_NONE: no such
 * resident, facility or booking to change. The actor of `call` is who did it: {ROLE_CLOCK} for places that move on.
 * Places that a change gave up are told to wait_place_freed before it returns. */
NODISCARD enum rc book_make(struct tx *tx, struct call *call, const struct book_make *make,
                            struct book_outcome *outcome);

/* The same judgement without locks and without saving: would it be refused now? */
NODISCARD enum rc book_would(struct tx *tx, struct call *call, const struct book_make *make,
                             struct book_quote *ret_quote);

#endif
