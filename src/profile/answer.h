/* The answer to a quote in its outside form: JSON, and refusals in words. The same writer serves `sango quote` and
 * POST /quotes. */
#ifndef SANGO_PROFILE_ANSWER_H
#define SANGO_PROFILE_ANSWER_H

#include "base/json_out.h"
#include "profile/case.h"

struct case_answer {
    struct quote quote;
    struct cancel_cost cancel; /* when asked for */
};

void case_answer(const struct profile *profile, const struct quote_case *c, struct case_answer *ret_answer);
/* One JSON object: the members of quote_write() and, when asked for, of cancel_write(). */
struct text case_answer_json(struct arena *arena, const struct quote_case *c,
                             const struct case_answer *answer);

/* A sentence in Japanese that says what would make it possible. `programme` may be NULL. */
struct text refusal_sentence(struct arena *arena, const struct programme *programme,
                             const struct refused *refused);

/* Members of the answer into an object that the caller has opened: allowed, refusals, units, fee, pools,
 * free_cancel_until, answer_by; of a change that costs something for the old booking also late_change, and its line and
 * its money in the fee. */
void quote_write(struct json_out *json, struct arena *arena, const struct quote *quote);
/* The line for the booking that a change gives up; false when that costs no money. The quote's own lines and its total
 * are without it. */
NODISCARD /* What to bring so that her class counts for this use; empty when it counts. */
    struct text
    quote_class_hint(struct arena *arena, const struct quote *quote);
bool quote_late_line(const struct quote *quote, struct fee_line *ret_line);
/* "figures": {…} of one refusal. */
void figures_write(struct json_out *json, const struct refused *refused);
/* "cancel": {fee, units_charged, late}. */
void cancel_write(struct json_out *json, const struct cancel_cost *cost);

#endif
