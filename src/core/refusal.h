/* When the rules say no: which rule, and the figures that say what would make it possible.
 * A refusal is a value, never an error. Its words and its HTTP status live in the web floor. */
#ifndef SANGO_CORE_REFUSAL_H
#define SANGO_CORE_REFUSAL_H

#include "base/date.h"
#include "base/num.h"

/* The codes are part of the outside contract (problem `code`); never rename one. */
enum refusal {
    REFUSAL_NONE = 0,
    /* name                    code               figures */
    REFUSAL_NOT_APPROVED,     /* not-approved      - */
    REFUSAL_QUOTA,            /* quota             pool | limit, needed left granted */
    REFUSAL_AGE,              /* age               last_day | first_day, months | days, child (1 = first) */
    REFUSAL_FULL,             /* full              day */
    REFUSAL_DEADLINE,         /* deadline          deadline earliest_start */
    REFUSAL_HORIZON,          /* horizon           opens_on latest_start, days | opens_at */
    REFUSAL_OPEN_LIMIT,       /* open-limit        limit open */
    REFUSAL_CLOSED,           /* closed            day */
    REFUSAL_OVERLAP,          /* overlap           start end */
    REFUSAL_CARE_NOT_OFFERED, /* care-not-offered  care */
    REFUSAL_STATE,            /* state             state event, and when possible from */
    REFUSAL_CLASS_UNKNOWN,    /* class-unknown     class, proven year (found in an earlier tax year) */
    REFUSAL_EXCLUSION,        /* exclusion         exclusion */
    REFUSAL_UNKNOWN_CARE,     /* unknown-care      care */
    REFUSAL_DATES,            /* dates             start end */
    REFUSAL_TOO_SHORT,        /* too-short         nights minimum */
    REFUSAL_TOO_LONG,         /* too-long          nights maximum */
    REFUSAL_PATTERN,          /* pattern           nights used */
    REFUSAL_RESIDENCY,        /* residency         last_day */
    REFUSAL_BEFORE_BIRTH,     /* before-birth      birth | due */
    REFUSAL_GRANT_PERIOD,     /* grant-period      valid_from valid_to */
    REFUSAL_NO_PROGRAMME,     /* no-programme      valid_from (of the first version after that day) */
    REFUSAL_MULTIPLES,        /* multiples         infants maximum */
    REFUSAL_PRICE_UNKNOWN,    /* price-unknown     care */
    REFUSAL_CONSENT,          /* consent           consent (the first one missing) */
    REFUSAL_TOO_EARLY,        /* too-early         from */
    REFUSAL_TOO_LATE,         /* too-late          last_day */
    REFUSAL_CHILD_UNKNOWN,    /* child-unknown     child (1 = first): neither birth nor due date */
    REFUSAL_NOTICE,           /* notice            start hours */
    REFUSAL__MAX
};

enum figure_kind { FIGURE_INT, FIGURE_DAY, FIGURE_INSTANT, FIGURE_YEN, FIGURE_TEXT };

struct figure {
    const char *name; /* a literal, stable */
    enum figure_kind kind;
    int64_t n;        /* INT, YEN; DAY: days since 1970; INSTANT: seconds */
    struct text text; /* TEXT: a code of the programme or of a state table, else empty */
};

enum { FIGURES_MAX = 6 };

struct refused {
    enum refusal code;
    int32_t count;
    struct figure figures[FIGURES_MAX];
};

/* "quota"; "none" for REFUSAL_NONE. */
struct text refusal_code(enum refusal refusal);

struct refused refused_of(enum refusal code);
/* Adding beyond FIGURES_MAX is a bug. `name` must live for ever (a literal). */
void refused_int(struct refused *refused, const char *name, int64_t n);
void refused_day(struct refused *refused, const char *name, struct day day);
void refused_instant(struct refused *refused, const char *name, struct instant instant);
void refused_yen(struct refused *refused, const char *name, struct yen yen);
void refused_text(struct refused *refused, const char *name, struct text text);
/* NULL when there is no such figure. */
const struct figure *refused_figure(const struct refused *refused, const char *name);

#endif
