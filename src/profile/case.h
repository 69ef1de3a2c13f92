/* Reads a case: one person and one request, as JSON. The facts of core/facts.h for trying the rules without a
 * database. */
#ifndef SANGO_PROFILE_CASE_H
#define SANGO_PROFILE_CASE_H

#include "core/quote.h"
#include "core/registration.h"
#include "profile/profile.h"

struct quote_case {
    struct facts facts;
    struct request request;
    struct instant cancel_at; /* INSTANT_NONE: not asked */
};

/* {today (a day, or an instant), class, children, history, facility?, cancel_at?, request, …}. Balances are computed
 * from the history and what the programme grants. False with faults as profile_load(). */
NODISCARD bool case_load(struct arena *arena, struct text json, const struct profile *profile,
                         struct quote_case *ret_case, struct profile_faults *ret_faults);

#endif
