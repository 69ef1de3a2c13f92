/* Figures: uses by fiscal year from imported history and live uses, and the month's claims. */
#ifndef SANGO_QUERY_FIGURES_H
#define SANGO_QUERY_FIGURES_H

#include "query/query.h"

enum { QUERY_YEARS_MAX = 60 };

struct usage_row {
    int64_t fiscal_year;
    struct text era; /* "R7" */
    struct text care;
    int64_t uses;     /* 件: completed uses by the fiscal year of their first day, plus history */
    int64_t persons;  /* 実人員; -1 when the history does not say */
    int64_t units;    /* 延べ日数; -1 likewise */
    bool expected;    /* the figure is a forecast that history brought */
    int64_t imported; /* how many of the uses come from imported history */
};
/* Every care the city runs x every year asked for, zeros included; by year, then the profile's order of cares. */
struct usage_ask {
    int64_t from_fy;
    int64_t to_fy;
    const struct text *cares;
    size_t care_count;
};
NODISCARD enum rc query_usage(const struct query *query, const struct usage_ask *ask,
                              struct usage_row **ret_rows, size_t *ret_count);

struct claim_row {
    struct booking_id booking;
    struct facility_id facility;
    struct text facility_name;
    struct text care;
    struct day start;
    struct day end;
    struct text state; /* completed, no-show, cancelled with a fee */
    int64_t units; /* that are paid for: a stay by the night counts nights, whatever it takes of the pool */
    struct yen unit_price; /* contract price */
    struct yen additions;
    struct yen total;          /* units x unit_price + additions */
    struct yen resident_share; /* fee, or the cancellation fee */
    struct yen city_share;     /* total - resident_share, never below 0 */
};
/* Uses that ended in the month. Facility's eye: its own. */
NODISCARD enum rc query_claims(const struct query *query, struct day month_first, struct claim_row **ret_rows,
                               size_t *ret_count);

#endif
