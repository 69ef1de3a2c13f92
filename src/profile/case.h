/* Reads a case (one person, one request) and writes the answer to a quote, both as JSON: the outside form of
 * core/quote.h. The same writer serves `sango quote` and POST /quotes. */
#ifndef SANGO_PROFILE_CASE_H
#define SANGO_PROFILE_CASE_H

#include "base/json_out.h"
#include "core/quote.h"
#include "core/registration.h"
#include "profile/profile.h"

struct quote_case {
    struct facts facts;
    struct request request;
    struct instant cancel_at; /* INSTANT_NONE: not asked */
};

/* {today (a day, or an instant), class, children, history, facility?, cancel_at?, request, …}. Balances are computed from the history and
 * what the programme grants. False with faults as profile_load(). */
NODISCARD bool case_load(struct arena *arena, struct text json, const struct profile *profile,
                         struct quote_case *ret_case, struct profile_faults *ret_faults);

/* A sentence in Japanese that says what would make it possible. */
struct text refusal_sentence(struct arena *arena, const struct programme *programme,
                             const struct refused *refused);

/* Members of the answer into an object that the caller has opened: allowed, refusals, units, fee, pools,
 * free_cancel_until, answer_by. */
void quote_write(struct json_out *json, struct arena *arena, const struct quote *quote);
/* "figures": {…} of one refusal. */
void figures_write(struct json_out *json, const struct refused *refused);
/* "cancel": {fee, units_charged, late}. */
void cancel_write(struct json_out *json, const struct cancel_cost *cost);

#endif
