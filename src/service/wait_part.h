/* Parts that the waiting list's use-cases share. Included by wait*.c only. */
#ifndef SANGO_SERVICE_WAIT_PART_H
#define SANGO_SERVICE_WAIT_PART_H

#include "service/book_make.h"
#include "service/wait.h"
#include "service/write.h"
#include "store/booking.h"
#include "store/facts.h"
#include "store/offer.h"
#include "store/wait.h"

enum wait_state wait_record_state(const struct wait_record *record);
enum offer_state offer_record_state(const struct offer_record *record);
enum wait_mode wait_record_mode(const struct wait_record *record);

/* Moves a wish by core's table. A move the table does not know is a bug: callers asked it. */
NODISCARD enum rc wait_advance(struct tx *tx, struct call *call, struct wait_record *wait,
                               enum wait_event event, const char *why);
/* May the place move on to her by itself? Not when the booking she gives up for it would cost her something: such a
 * swap she must make herself, having seen the price. */
bool wait_may_take(const struct book_quote *quote);
/* The days an offer holds. */
struct slot_range wait_offer_range(const struct call *call, const struct offer_record *offer,
                                   enum care_kind kind);
/* Ends an open offer without a booking: the places are given back, the wish stays where `wait_event` leads, and the
 * places move on to the next. */
struct offer_ending {
    enum offer_event event;
    enum wait_event wait_event;
    const char *why; /* of a wish that closes */
};
NODISCARD enum rc wait_offer_drop(struct tx *tx, struct call *call, struct offer_record *offer,
                                  struct wait_record *wait, const struct offer_ending *ending);
/* The care's row in the version valid on `day`; false when there is none. */
NODISCARD bool wait_care(const struct call *call, struct text code, struct day day,
                         const struct programme **ret_programme, const struct care **ret_care);
NODISCARD enum rc wait_tell(struct tx *tx, struct call *call, const struct offer_record *offer,
                            const char *kind);

#endif
