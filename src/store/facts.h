/* Loads what core's rules ask about one person and one facility (core/facts.h): her children, grant, balances and
 * uses; the facility's terms; the open places of the days wanted. Decides nothing. A booking that is to be replaced or
 * judged (a change, a swap, a cancellation) can be left out of all of it, as if it had never been made. */
#ifndef SANGO_STORE_FACTS_H
#define SANGO_STORE_FACTS_H

#include "core/quote.h"
#include "store/slot.h"

struct facts_ask {
    struct city_id city;
    struct instant now;
    const struct calendar *calendar;
    const struct programme_set *rules;
    struct account_id account;
    struct facility_id facility; /* {0}: none was named */
    struct request request;
    struct booking_id leave_out; /* {0}: none */
    bool lock; /* her grants, so that two uses of the same units are decided one after the other */
};

/* How a facility answers and what it is paid, for the care wanted. */
struct facility_ways {
    bool offered;
    struct yen contract_price; /* what the city pays in all, a unit */
    bool answers_own_way;      /* answer_hours is the facility's own */
    int64_t answer_hours;      /* 0: at once */
    struct text lapse_to;      /* "accept" "decline"; empty: the city's rule */
};

struct facts_found {
    struct facts facts;
    struct registration_id registration; /* of the grant; {0}: none */
    struct text facility_name;
    bool suspended;
    struct facility_ways ways;
};

/* Locks the person's grants, so that two uses of the same units are decided one after the other. RC_NONE: no grant. */
NODISCARD enum rc facts_lock_person(struct tx *tx, struct city_id city, struct account_id account);

/* Everything but the places. RC_NONE: no such active resident or no such facility. */
NODISCARD enum rc facts_load(struct tx *tx, const struct facts_ask *ask, struct facts_found *ret_found);

/* Sends the part of it that can be asked at once; see db_all_ahead(). */
NODISCARD enum rc facts_load_ahead(struct tx *tx, const struct facts_ask *ask);

/* The same for what was booked before: an account that was closed since is loaded too. */
NODISCARD enum rc facts_load_any(struct tx *tx, const struct facts_ask *ask, struct facts_found *ret_found);

/* The slot days of the request as a range; false when there are none (core will say why). */
NODISCARD bool facts_range(const struct facts_ask *ask, struct slot_range *ret_range);

/* Puts the open places of the range into found->facts: days without a row or without any capacity, and every day
 * of a suspended facility, are the facility's closing days. `own` are days on which the person already has a place
 * there (the booking to be replaced, an offer held for her); they count as open. */
void facts_places(struct arena *arena, struct facts_found *found, const struct slot_range *range,
                  const struct slot *slots, size_t slot_count, const struct slot_range *own);

/* Parts of facts_load(): a facility's own limit of age, younger than so many months, judged in the city's own way (due date
 * for early births, which days are tested); and what reductions with a budget took off so far. */
struct age_window facts_narrowed(const struct programme *programme, struct text care, int64_t months);
NODISCARD enum rc facts_spent(struct tx *tx, const struct facts_ask *ask, struct facts_found *found);

extern const struct db_stmt_list facts_statements;
extern const struct db_stmt_list facts_spent_statements;

#endif
