/* The invariants of the whole house as queries: each must find no rows, on a live or a copied database. */
#ifndef SANGO_SERVICE_VERIFY_H
#define SANGO_SERVICE_VERIFY_H

#include "base/date.h"
#include "base/text.h"
#include "base/rc.h"

struct db;
struct house;

struct verify_line {
    const char *id;   /* "I1" */
    const char *says; /* what is promised, one sentence */
    int64_t breaches;
    struct text first; /* key of the first breach, empty when none */
};
enum { VERIFY_LINES_MAX = 48 };
struct verify_report {
    struct verify_line lines[VERIFY_LINES_MAX];
    size_t count;
    int64_t breaches;
};
/* `now` is for the invariants about time (I11, I13, I16, I20). */
NODISCARD enum rc verify_all(const struct house *house, struct arena *arena, struct instant now,
                             struct verify_report *ret_report);

#endif
