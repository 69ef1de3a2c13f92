/* Refusals of the rules on the way out: the one table from a refusal to its HTTP status and words. Core knows neither.
 * The sentence with its figures is profile/answer.h's refusal_sentence(). */
#ifndef SANGO_WEB_REFUSAL_H
#define SANGO_WEB_REFUSAL_H

#include "web/component.h"
#include "web/exchange.h"

/* 409: something stands in the way now and may not later (full, overlap, quota, open-limit, closed, state,
 * not-approved). 422: the rules do not know such a use. */
int refusal_status(enum refusal refusal);
/* 満室です: a heading. */
struct text refusal_title(enum refusal refusal);
/* The sentence with its figures: what stands in the way, and what would make it possible. */
struct text refusal_detail(const struct exchange *x, struct arena *arena, const struct refused *refused);
/* The next step of a resident: a link to where what stands in the way can be looked at or changed. */
struct button_view refusal_next(const struct exchange *x, enum refusal refusal);
/* All of it as a problem; *refused must live as long. */
struct problem refusal_problem(const struct exchange *x, struct arena *arena, const struct refused *refused);

#endif
