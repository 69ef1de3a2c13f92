/* What is known about the person, her grant, her uses and the facility when the rules are asked. Loaded by a
 * service (or read from a case file), never by the rules. Unknown things are none, empty or 0 as stated. */
#ifndef SANGO_CORE_FACTS_H
#define SANGO_CORE_FACTS_H

#include "core/book.h"
#include "core/programme.h"

enum { CHILDREN_MAX = 6, HISTORY_MAX = 128, NIGHTS_MAX = 60, SLOT_DAYS_MAX = NIGHTS_MAX };

struct child {
    struct day birth;       /* DAY_NONE: not born, or not told */
    struct day due;         /* DAY_NONE: not told */
    int32_t gestation_days; /* 0: not told */
    int32_t weight_g;       /* 0: not told */
};

struct pool_balance {
    struct text pool;
    int32_t granted; /* by approval */
    int32_t extra;   /* by decision */
    int32_t
        used; /* completed, in use, no-shows and late cancellations that count; opening balance included */
    int32_t booked; /* requested and confirmed */
};

struct grant {
    bool approved;
    struct day valid_from; /* DAY_NONE: open */
    struct day valid_to;
    int32_t pool_count;
    struct pool_balance pools[PROGRAMME_POOLS_MAX];
};

/* A use, booked or past. Declined, lapsed and free cancellations may be left out or left in. */
struct past_use {
    struct text care;
    struct day start, end;
    enum booking_state state;
    bool units_charged; /* a cancellation or a no-show that counts as used, */
    int32_t units_kept; /* with so many of its units; 0: all */
};

/* What a grant brings along from before this program: units of a pool, uses of a reduction, yen of a reduction with a
 * budget, units or uses of a care in an n-th price. */
enum { GRANT_BEFORE_MAX = PROGRAMME_POOLS_MAX + 2 * PROGRAMME_REDUCTIONS_MAX + PROGRAMME_CARES_MAX };
enum before_what { BEFORE_POOL, BEFORE_REDUCTION, BEFORE_YEN, BEFORE_CARE, BEFORE__MAX };

/* What a reduction or an n-th price counts besides the history: uses before this system kept any. */
struct counted_before {
    struct text code; /* of the reduction, or of the care */
    int32_t count;
};

/* What a reduction with a budget took off so far, whenever that was. */
struct reduced_yen {
    struct text code;
    struct yen yen;
};

/* What giving a booking back costs (core/cancel.h). */
struct cancel_cost {
    struct yen fee;
    int32_t units_charged;
    bool late;                        /* a step of the programme applied */
    struct instant free_cancel_until; /* INSTANT_NONE: until the use begins */
};

struct facility_care {
    struct text care;
    bool offered;
    bool priced;           /* `price` is known */
    struct yen price;      /* the facility's own, a unit */
    struct yen extra;      /* meals and the like, a unit, never reduced; 0: none */
    struct age_window age; /* narrower than the city's; not set: the city's */
};

struct facility_terms {
    bool known; /* false: no facility was named, only the city's rules are asked */
    int32_t care_count;
    struct facility_care cares[PROGRAMME_CARES_MAX];
    int32_t max_infants; /* 0: no limit */
    struct text room;
    uint32_t weekdays_closed; /* bit 0: Sunday */
    const struct day *closed; /* sorted closing days */
    size_t closed_count;
};

struct facts {
    struct instant now;
    const struct calendar *calendar;
    struct text household_class; /* empty: not proven */
    struct day class_proven;     /* the day on which it was found; DAY_NONE: holds for every day */
    int32_t child_count;
    struct child children[CHILDREN_MAX];
    struct day loss;  /* DAY_NONE: no loss */
    int32_t siblings; /* brought along */
    struct grant grant;
    int32_t history_count;
    struct past_use history[HISTORY_MAX];
    int32_t reduced_count;
    struct counted_before reduced[PROGRAMME_REDUCTIONS_MAX];
    int32_t priced_count;
    struct counted_before priced[PROGRAMME_CARES_MAX];
    int32_t reduced_yen_count;
    struct reduced_yen reduced_yen[PROGRAMME_REDUCTIONS_MAX];
    int32_t open_bookings;          /* requested or confirmed, not yet begun */
    struct day moved_out;           /* DAY_NONE: lives here */
    struct cancel_cost change_cost; /* of the booking that this one replaces; nothing: none, or free */
    uint32_t exclusions;            /* bit i: answered yes to the programme's exclusion i */
    struct facility_terms facility;
    bool vacancy_known;
    int32_t vacancy_count;
    int32_t vacancy[SLOT_DAYS_MAX]; /* open places by slot day of the request, in order */
};

/* "pool" "reduction" "yen" "care" */
struct text before_code(enum before_what what);
NODISCARD bool before_parse(struct text code, enum before_what *ret_what);
/* Puts one of them into the facts; a pool's units are in its balance already. */
void facts_before(struct facts *facts, enum before_what what, struct text code, int64_t units);
/* So many of `units` still weigh: all, or what a late cancellation kept. */
int32_t use_part(const struct past_use *use, int32_t units);

/* Empty facts: nothing known, no grant, days none. */
void facts_init(struct facts *facts);
/* The request replaces `old`, which the facts leave out otherwise: what is charged for giving it up stays charged. */
void facts_change(struct facts *facts, const struct programme_set *set, const struct booked *old,
                  const struct cancel_cost *cost);
/* The class that decides a use on `day`: as found, unless that was for an earlier tax year than the day's; else the
 * programme's default. -1: none. */
bool facts_class_stale(const struct facts *facts, const struct programme *programme, struct day day);
int32_t facts_class(const struct facts *facts, const struct programme *programme, struct day day);
/* Answered yes to the exclusion `code` of the version valid on `day`; false when that version has no such one. */
NODISCARD bool facts_exclude(struct facts *facts, const struct programme *programme, struct text code);

#endif
