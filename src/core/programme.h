/* One version of a city's programme: every rule that differs between municipalities, as plain data.
 * Filled by the profile floor, which promises what programme_fault() checks; judged by quote.h, book.h, wait.h,
 * registration.h. Texts belong to the arena of the profile. No pointers to elsewhere, no behaviour. */
#ifndef SANGO_CORE_PROGRAMME_H
#define SANGO_CORE_PROGRAMME_H

#include "core/calendar.h"
#include "base/num.h"

enum {
    PROGRAMME_CARES_MAX = 16,
    PROGRAMME_POOLS_MAX = 8,
    PROGRAMME_CLASSES_MAX = 8,
    PROGRAMME_ADDITIONS_MAX = 12,
    PROGRAMME_REDUCTIONS_MAX = 12,
    PROGRAMME_LIMITS_MAX = 8,
    PROGRAMME_CANCEL_STEPS_MAX = 6,
    PROGRAMME_CONSENTS_MAX = 12,
    PROGRAMME_EXCLUSIONS_MAX = 12,
    PROGRAMME_VERSIONS_MAX = 32,
    CARE_POOLS_MAX = 3,
    CARE_PATTERNS_MAX = 8,
    PATTERN_USES_MAX = 8,
    PRICE_LIST_MAX = 12,
    INFANTS_MAX = 4, /* tables by number of infants: 1, 2, 3, 4 and more */
};

/* A set of cares or classes: bit i is row i of the programme's table. */
typedef uint32_t rows_mask;

enum care_kind {
    CARE_STAY,  /* several calendar days, occupies its nights */
    CARE_DAY,   /* at the facility within one day */
    CARE_VISIT, /* at home within one day */
    CARE__MAX
};

enum counting {
    COUNT_NIGHTS, /* 1泊2日 = 1 */
    COUNT_DAYS,   /* both ends: 1泊2日 = 2 */
    COUNT_24H,    /* 24 hours begun, from start_minute to end_minute */
    COUNT_USE,    /* every use is 1 */
    COUNT_HOURS,  /* hours begun, likewise: prices by the hour */
    COUNT__MAX
};

enum rounding { ROUND_DOWN, ROUND_UP, ROUND_HALF_UP, ROUND__MAX };

enum price_kind {
    PRICE_FIXED, /* `each` a unit, but the first `first_units` units together cost `first` when that is set */
    PRICE_NTH,   /* list[n - 1] for the n-th unit or use, `each` beyond the list */
    PRICE_PERCENT, /* percent of the facility's price a unit, at most `each` (when capped) */
    PRICE_MINUS,   /* the facility's price less the city's share: `each` when capped, at most `percent` of the
                       price when that is set; never below 0 */
    PRICE_FACILITY, /* the facility's price */
    PRICE_PART,     /* percent of what class `of` pays (50: half, 0: waived) */
    PRICE_OWN, /* additions only: percent of the unit's own price, before anything is added or taken off */
    PRICE__MAX
};

struct price {
    enum price_kind kind;
    struct yen each;
    struct yen first; /* FIXED with first_units > 0 */
    int32_t first_units;
    int32_t list_count;
    struct yen list[PRICE_LIST_MAX];
    bool nth_uses;       /* NTH counts uses; otherwise charged units */
    rows_mask nth_cares; /* NTH: earlier uses of these cares count */
    int32_t percent;     /* of `out_of` */
    int32_t out_of;      /* 100; 3 with percent 1: a third */
    struct yen least;    /* PERCENT, MINUS: never below this, unless the facility itself is cheaper */
    bool capped;
    int32_t of; /* PART: a row of classes whose own price is not PART */
    enum rounding rounding;
    int32_t round_to; /* yen: 1, 10, 100 */
};

enum age_unit { AGE_MONTHS, AGE_WEEKS, AGE_DAYS, AGE__MAX };
enum age_bound {
    AGE_UNDER, /* 4か月未満, 誕生日の前日まで: to the day on which the period ends (Civil Code, art. 143) */
    AGE_THROUGH,   /* 4か月0日まで, 誕生日当日まで, 120日以内: one day more */
    AGE_MONTH_END, /* to the end of the month that lies so many months later, or in which AGE_THROUGH falls */
    AGE_BOUND__MAX
};
enum age_test { AGE_EVERY_DAY, AGE_FIRST_DAY, AGE_LAST_DAY, AGE_TEST__MAX };

struct age_window {
    bool set; /* false: no limit of age */
    int32_t n;
    enum age_unit unit;
    enum age_bound bound;
    enum age_test test;
    int32_t from_days;   /* 0: from the day of birth */
    int32_t from_months; /* only when so many months are complete, counted like the end; 0: no such limit */
    int32_t
        corrected_below_days; /* gestation shorter than so many days (259: before 37w0d) counts from the due
                                     date; 0: never */
    int32_t corrected_below_weight_g; /* lighter at birth likewise; 0: never */
};

struct care {
    struct text code; /* "stay", "day", "visit", … unique in the version */
    struct text name; /* 短期入所（ショートステイ） */
    struct text note; /* meals and the like, for people */
    enum care_kind kind;
    int32_t start_minute; /* of the first day */
    int32_t end_minute;   /* of the last day */
    enum counting charge;
    enum counting quota;
    int32_t quota_weight; /* every counted unit takes so many of the pool; normally 1 */
    int32_t pools[CARE_POOLS_MAX];
    int32_t pool_count; /* 0: not limited */
    struct age_window age;
    int32_t min_nights, max_nights; /* stays only; max 0: NIGHTS_MAX */
    struct price prices[PROGRAMME_CLASSES_MAX];
    bool before_birth;          /* may be booked before the birth, judged by the due date */
    bool loss;                  /* may be used after a loss, the age window counting from that day, */
    struct age_window loss_age; /* or this one when it is set */
    bool on_holidays;           /* offered on weekends and holidays */
    bool ends_on_business;      /* otherwise: nor may the last day be one of them */
    /* Whole uses over the life of a grant must be part of one of these lists of nights; 0 patterns: free. */
    int32_t pattern_count;
    struct pattern {
        int32_t count;
        int32_t nights[PATTERN_USES_MAX];
    } patterns[CARE_PATTERNS_MAX];
    struct moment deadline; /* of booking, before the first day; falls back on the programme's */
    struct moment opens;    /* from when on it can be booked; likewise */
    int32_t horizon_days;   /* 0: the programme's */
};

enum pool_over { OVER_REFUSED, OVER_FACILITY_PRICE };

struct pool {
    struct text code;
    struct text name;
    enum pool_over over; /* beyond the pool: refused, or the facility's full price */
    int32_t units[PROGRAMME_CLASSES_MAX][INFANTS_MAX]; /* granted by class and number of infants */
};

struct household_class {
    struct text code; /* taxed exempt welfare … */
    struct text name;
};

enum addition_when {
    ADDITION_INFANT,  /* for each infant beyond the first */
    ADDITION_SIBLING, /* for each sibling brought along */
    ADDITION_OLDER,   /* when the infant is `months` old or more on the day */
    ADDITION_ROOM,    /* in this kind of room */
    ADDITION_HOLIDAY, /* on weekends, holidays and the city's closing days */
    ADDITION_ALWAYS,
    ADDITION__MAX
};

struct addition {
    struct text code;
    struct text name;
    enum addition_when when;
    rows_mask cares;
    int32_t months;
    int32_t infant_from, infant_to; /* INFANT: from the so-manieth infant (2) to this one (0: to the last) */
    struct text room;
    bool per_use;                               /* once a use instead of once a charged unit */
    bool reducible;                             /* reductions may eat it */
    struct price prices[PROGRAMME_CLASSES_MAX]; /* FIXED, PERCENT, PART */
};

struct reduction {
    struct text code;
    struct text name;
    rows_mask cares;
    rows_mask classes;
    struct yen amount[PROGRAMME_CARES_MAX]; /* off each charged unit, never below 0, */
    struct yen infant[PROGRAMME_CARES_MAX]; /* and so much more for each infant beyond the first */
    int32_t percent;                        /* instead of `amount` when > 0 */
    enum rounding rounding;                 /* of `percent`, */
    int32_t round_to;                       /* to so many yen */
    struct yen leave;                       /* so much of a unit is left to pay */
    struct yen budget;                      /* over the life of a grant; 0: no limit */
    int32_t max_count;                      /* over the life of a grant; 0: no limit */
    bool per_use;                           /* the count is of uses, and the amount off each use */
};

enum limit_per { LIMIT_GRANT, LIMIT_FISCAL_YEAR, LIMIT_MONTH, LIMIT_WEEK, LIMIT_OPEN, LIMIT__MAX };

/* 月2回まで, 1週に1日, 通算3回: so much of these cares within a period, counted from the uses themselves. Weeks begin on
 * Monday; a use belongs to the period of its first day. OPEN: bookings that have not begun. */
struct use_limit {
    struct text code;
    struct text name;
    rows_mask cares;
    enum counting count;
    enum limit_per per;
    int32_t max[PROGRAMME_CLASSES_MAX][INFANTS_MAX]; /* by class and number of infants */
};

enum { FEE_AS_BOOKED = -1, FEE_OF_FACILITY = -2 };
enum cancel_fee { CANCEL_FREE, CANCEL_PERCENT, CANCEL_YEN, CANCEL_FEE__MAX };

struct cancel_outcome {
    enum cancel_fee fee;
    int32_t percent;   /* PERCENT: of the booked fee, or of what `fee_class` would pay unreduced */
    int32_t fee_class; /* row of classes; -1: the booked fee; FEE_OF_FACILITY: the facility's full price */
    struct yen yen;    /* YEN */
    bool per_unit;     /* YEN for each charged unit */
    bool units;        /* the units count as used, */
    int32_t units_max; /* at most so many of them; 0: all */
    enum rounding rounding; /* to whole yen */
};

/* From `at` on; the last step passed is the one that applies. */
struct cancel_step {
    rows_mask cares;
    struct moment at;
    struct cancel_outcome outcome[PROGRAMME_CLASSES_MAX];
};

enum acceptance_mode { ACCEPT_AT_ONCE, ACCEPT_BY_FACILITY };
enum acceptance_by { ANSWER_WITHIN_HOURS, ANSWER_AT_CLOCK };

struct acceptance {
    enum acceptance_mode mode;
    enum acceptance_by by;
    int32_t hours;       /* WITHIN_HOURS */
    int32_t days;        /* AT_CLOCK: on the so-manieth day after the request, */
    bool business;       /*           business days only, */
    int32_t minute;      /*           at this time */
    bool lapse_accepts;  /* an unanswered request becomes confirmed; otherwise it lapses */
    int32_t limit_hours; /* never later than so many hours before the use begins */
};

enum wait_order { WAIT_FIRST_COME, WAIT_NEED, WAIT_DRAW, WAIT_ORDER__MAX };

struct wait_rules {
    enum wait_order order;
    int32_t need_weight_score;  /* points for each point of the coordinator's score */
    int32_t need_weight_unused; /* points when nothing was used so far */
    int32_t need_weight_urgent; /* points for each day fewer than 30 before the age limit */
    int32_t offer_hours_day;
    int32_t offer_hours_night;    /* offers made between night_from and night_to */
    int32_t night_from, night_to; /* minutes; from > to runs over midnight */
    int32_t limit_hours;          /* an offer ends at least so many hours before the use begins */
};

struct registration_rules {
    int32_t from_week;       /* of pregnancy; 0: from any time */
    int32_t from_months;     /* before the due date; 0: from any time */
    bool before_birth;       /* may be submitted before birth */
    bool grant_before_birth; /* may be approved before birth */
};

struct code_name {
    struct text code;
    struct text name;
};

struct consent {
    struct text code;
    struct text name;
    bool required;
};

struct programme {
    struct day valid_from;
    struct text name; /* of the version: 令和7年度要綱 */
    struct text source;
    int32_t class_count;
    struct household_class classes[PROGRAMME_CLASSES_MAX];
    int32_t class_default; /* pays when nothing is proven; -1: no class, no use */
    int32_t class_month;   /* from this month the new tax year decides: 6; 0: not re-checked */
    int32_t care_count;
    struct care cares[PROGRAMME_CARES_MAX];
    int32_t pool_count;
    struct pool pools[PROGRAMME_POOLS_MAX];
    int32_t addition_count;
    struct addition additions[PROGRAMME_ADDITIONS_MAX];
    int32_t reduction_count;
    struct reduction reductions[PROGRAMME_REDUCTIONS_MAX];
    int32_t limit_count;
    struct use_limit limits[PROGRAMME_LIMITS_MAX];
    struct moment deadline;     /* of booking */
    struct moment opens;        /* not before */
    int32_t horizon_days;       /* bookable so many days ahead; 0: no limit */
    int32_t open_limit;         /* open bookings at once; 0: no limit */
    bool cancel_requested_free; /* an unanswered request costs nothing whenever it is withdrawn */
    int32_t cancel_count;
    struct cancel_step cancel[PROGRAMME_CANCEL_STEPS_MAX];
    struct cancel_outcome no_show[PROGRAMME_CARES_MAX][PROGRAMME_CLASSES_MAX];
    struct acceptance acceptance;
    struct wait_rules wait;
    struct registration_rules registration;
    bool moving_day_excluded; /* the day of moving out is no longer usable */
    int32_t consent_count;
    struct consent consents[PROGRAMME_CONSENTS_MAX];
    int32_t exclusion_count;
    struct code_name exclusions[PROGRAMME_EXCLUSIONS_MAX];
};

/* Versions in rising order of valid_from. */
struct programme_set {
    int32_t count;
    const struct programme *versions[PROGRAMME_VERSIONS_MAX];
};

/* The version valid on `day`; NULL before the first. */
const struct programme *programme_at(const struct programme_set *set, struct day day);

/* The tax year (its first calendar year) that decides the household class of a use on `day`: from month class_month on
 * this year's, before it last year's. 0 when classes are never looked at again. */
int32_t class_tax_year(const struct programme *programme, struct day day);

/* Row of the table with this code, or -1. */
int32_t programme_care(const struct programme *programme, struct text code);
int32_t programme_pool(const struct programme *programme, struct text code);
int32_t programme_class(const struct programme *programme, struct text code);

/* What the rules rely on (row numbers inside their tables, no negative money, sane counts). NULL when it holds,
 * else a literal that names the part. A programme with a fault must not be used. */
const char *programme_fault(const struct programme *programme);

/* "stay" "day" "visit" */
struct text care_kind_code(enum care_kind kind);

#endif
