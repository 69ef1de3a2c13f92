/* Reading for screens and reports: rows shaped for people, never a decision. Each query sees what its eye may see, and
 * nothing of another city. */
#ifndef SANGO_QUERY_QUERY_H
#define SANGO_QUERY_QUERY_H

#include "base/date.h"
#include "base/id.h"
#include "base/num.h"

struct db;

enum query_eye {
    EYE_PUBLIC,
    EYE_RESIDENT, /* own rows: account */
    EYE_FACILITY, /* own facility's rows; personal details until 30 days after the last use */
    EYE_CITY
};

struct query {
    struct db *db;
    struct arena *arena;
    struct city_id city;
    enum query_eye eye;
    struct account_id account;
    struct facility_id facility;
    struct instant now;
};

/* Keyset paging, newest first unless stated: rows with an id below `after` (0: from the top), at most `limit`
 * (1..200). */
struct query_page {
    int64_t after;
    int64_t limit;
};

#endif
