/* A city as the database has it becomes what requests are judged by: the head of its file, the live versions of its
 * rules, its closing days. When that changes, readers are moved on (service/fresh.h) by its revision, which comes with
 * rows that they read anyway: the session for whoever is signed in, the audit row for whatever is written. For services
 * only. */
#ifndef SANGO_SERVICE_CITY_LOAD_H
#define SANGO_SERVICE_CITY_LOAD_H

#include "service/call.h"
#include "store/city.h"
#include "store/rules.h"

struct city_found {
    struct city_row row;
    struct rules_live *versions; /* none: from before there were versions; those of the file count */
    size_t version_count;
    struct closed_day *days;
    size_t day_count;
};
NODISCARD enum rc city_find(struct tx *tx, struct city_id id, struct city_found *ret_found);
/* Everything *ret_city points at lives in `own`. False with one sentence in `own`: this program cannot read it. */
NODISCARD bool city_make(const struct city_found *found, struct arena *own, struct house_city *ret_city,
                         struct text *ret_why);

/* Inside a transaction that is begun again: the city that its rows are judged by, as this transaction sees it. What it
 * makes is the call's own, and never put on the shelf: nobody knows yet whether it will be committed. `committed`: what
 * the call has is, so that it will do when its revision is the same. */
NODISCARD enum rc city_renew_within(struct tx *tx, struct call *call, bool committed);

#endif
