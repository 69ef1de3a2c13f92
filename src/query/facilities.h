/* Facilities and their vacancies, for everybody. */
#ifndef SANGO_QUERY_FACILITIES_H
#define SANGO_QUERY_FACILITIES_H

#include "core/facility.h"
#include "core/programme.h"
#include "query/query.h"

enum { QUERY_FACILITIES_MAX = 200, QUERY_CARES_MAX = 8, QUERY_VACANCY_DAYS_MAX = 100 };

struct facility_care_row {
    struct facility_id facility;
    struct text care;
    int64_t age_months_max; /* 0: the city's window */
    struct yen price;       /* -1: none */
    int64_t answer_hours;   /* -1: the city's rule, 0: at once */
    struct text lapse_to;   /* empty: the city's rule */
};
struct facility_row {
    struct facility_id id;
    struct facility_about about;
    struct facility_words words;
    bool suspended;
    int64_t version;
    struct facility_care_row *cares;
    size_t care_count;
};
struct facility_ask {
    struct text care;     /* empty: any */
    struct day date;      /* with an open place that day; DAY_NONE: any */
    struct text ward;     /* empty: any */
    struct text text_key; /* sys/textkey of the words searched; empty: any */
    bool multiples;       /* only those that take them */
    int64_t month_age;    /* of the infant; -1: any */
    const struct programme
        *programme;        /* whose age windows month_age must meet, too; NULL: the facility's own */
    struct facility_id id; /* {0}: all */
    bool with_suspended;   /* city's eye only */
};
/* Ordered by kana. RC_NONE when one id was asked and is not there. */
NODISCARD enum rc query_facilities(const struct query *query, const struct facility_ask *ask,
                                   struct facility_row **ret_rows, size_t *ret_count);

/* For a choice; ordered by kana. */
struct facility_name {
    struct facility_id id;
    struct text name;
};
NODISCARD enum rc query_facility_names(const struct query *query, bool with_suspended,
                                       struct facility_name **ret_rows, size_t *ret_count);

struct vacancy_row {
    struct facility_id facility;
    struct text care;
    struct day day;
    int64_t capacity;
    int64_t taken;
    int64_t held;
    int64_t blocked;
    int64_t shortfall;
    int64_t open; /* capacity - taken - held - blocked, never below 0 */
};
enum vacancy_mark { VACANCY_OPEN, VACANCY_FEW, VACANCY_FULL, VACANCY_CLOSED };
/* few: one place left of more than one. closed: no row, no capacity, or suspended. */
enum vacancy_mark vacancy_mark(const struct vacancy_row *row);
const char *vacancy_mark_code(enum vacancy_mark mark); /* "open" … */
struct vacancy_ask {
    struct text care;
    struct day from;
    struct day to;               /* inclusive, at most QUERY_VACANCY_DAYS_MAX days */
    struct facility_id facility; /* {0}: all */
    struct text ward;            /* of query_earliest(); empty: all */
};
/* One row per facility and day that has a slot, ordered by facility kana, then day. */
NODISCARD enum rc query_vacancies(const struct query *query, const struct vacancy_ask *ask,
                                  struct vacancy_row **ret_rows, size_t *ret_count);

/* The earliest days with an open place, for lists of facilities: costs what it shows, not every day until `to`. */
struct earliest_row {
    struct facility_id facility;
    struct day first; /* DAY_NONE: none, and then none after it */
    struct day second;
    struct day third;
};
/* One row per facility that is not suspended, ordered by kana; ask->facility is not looked at. */
NODISCARD enum rc query_earliest(const struct query *query, const struct vacancy_ask *ask,
                                 struct earliest_row **ret_rows, size_t *ret_count);

struct block_row {
    int64_t id;
    struct text care;
    struct day from;
    struct day to;
    int64_t beds;
    struct text reason;
    struct instant created_at;
};
/* Blocks in force from `from` on. */
NODISCARD enum rc query_blocks(const struct query *query, struct facility_id facility, struct day from,
                               struct block_row **ret_rows, size_t *ret_count);

#endif
