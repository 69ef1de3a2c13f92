/* What a use would count, cost and need: the one place where the programme's rules are put together.
 * Pure and total: any facts and any request give an answer. A use that crosses a change of version is judged day by
 * day; its units are counted by the version of its first day. */
#ifndef SANGO_CORE_QUOTE_H
#define SANGO_CORE_QUOTE_H

#include "core/cancel.h"
#include "core/facts.h"
#include "core/refusal.h"
#include "core/units.h"

enum { QUOTE_LINES_MAX = 24, QUOTE_REFUSALS_MAX = 24 };

struct request {
    struct text care;
    struct day start, end; /* first and last calendar day */
};

enum line_what {
    LINE_CARE,        /* the programme's price */
    LINE_OVER,        /* beyond the pool, at the facility's price */
    LINE_ADDITION,    /* multiples, sibling, … */
    LINE_REDUCTION,   /* negative */
    LINE_EXTRA,       /* the facility's own, never reduced */
    LINE_LATE_CHANGE, /* for the booking given up: beside the price of the use, never among quote.lines */
    LINE__MAX
};

struct fee_line {
    enum line_what what;
    struct text code; /* care, addition or reduction */
    struct text name; /* for people, from the profile */
    int32_t units;
    struct yen each;   /* negative for reductions */
    struct yen amount; /* units × each */
};

struct pool_change {
    struct text pool;
    struct text name;
    int32_t granted; /* with extra units */
    int32_t used, booked;
    int32_t left_before;
    int32_t left_after; /* as if booked; equal to left_before when refused for quota */
};

struct quote {
    bool allowed; /* no refusals */
    int32_t refusal_count;
    struct refused refusals[QUOTE_REFUSALS_MAX]; /* all that apply, the gravest first */
    const struct programme *programme;           /* of the first day; NULL when there is none */
    int32_t care;                                /* row of programme->cares, or -1 */
    int32_t household_class;                     /* row of programme->classes, or -1 */
    bool class_stale;   /* what was found about her class is of an earlier tax year and does not count, */
    int32_t class_year; /* for this one decides */
    int32_t units;      /* taken from each pool of the care */
    int32_t charged;    /* units that cost */
    int32_t line_count;
    struct fee_line lines[QUOTE_LINES_MAX];
    struct yen total;
    struct yen unreduced;           /* without reductions */
    struct cancel_cost change_cost; /* of a change: what giving up the old booking costs besides */
    int32_t pool_count;
    struct pool_change pools[CARE_POOLS_MAX];
    struct instant starts;            /* of the use */
    struct instant ends;              /* of the use */
    struct instant free_cancel_until; /* INSTANT_NONE: free until the use begins */
    struct instant answer_by;         /* if booked now; INSTANT_NONE: confirmed at once */
};

/* Fills all of *ret_quote. Prices and pools are given even when refused, as far as they can be known. */
void quote_make(const struct programme_set *set, const struct facts *facts, const struct request *request,
                struct quote *ret_quote);

/* What class row `household_class` would pay for this use without reductions; false when that cannot be known. */
NODISCARD bool quote_unreduced(const struct programme_set *set, const struct facts *facts,
                               const struct request *request, int32_t household_class, struct yen *ret_fee);

/* "care" "over" "addition" "reduction" "extra" "late-change" */
struct text line_code(enum line_what what);

#endif
