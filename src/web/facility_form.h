/* A new facility as pages and the API ask for it: the typed body that both fill, and what its cares must say. Their
 * field tables differ in names only. */
#ifndef SANGO_WEB_FACILITY_FORM_H
#define SANGO_WEB_FACILITY_FORM_H

#include "service/capacity.h"
#include "web/exchange.h"

enum { FACILITY_ANSWER_HOURS_MAX = 336, FACILITY_YEN_MAX = 1000000, FACILITY_MONTHS_MAX = 36 };

extern const char *const facility_kinds[];  /* hospital … */
extern const char *const facility_lapses[]; /* accept, decline */

struct facility_care_body {
    struct text care;
    int64_t contract_price;
    int64_t price;
    int64_t age_months_max;
    int64_t answer_hours;
    int lapse_to;
};
struct facility_body {
    struct text code;
    struct text name;
    struct text kana;
    int kind;
    struct text ward;
    struct text postal_code;
    struct text address;
    struct text phone;
    struct text email;
    struct text introduction;
    struct text access;
    struct text bring;
    bool multiples;
    bool siblings;
    bool partner;
    const struct facility_care_body *cares;
    size_t care_count;
};

/* Fills *ret_new from x->body. A care without a contract price is one that the facility does not offer, unless
 * something else is said of it. False: errors were added to x->body. */
NODISCARD bool facility_read(struct exchange *x, struct facility_new *ret_new);

#endif
