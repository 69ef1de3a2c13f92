/* The city's own row, its closing days, and history from before this system. */
#ifndef SANGO_STORE_CITY_H
#define SANGO_STORE_CITY_H

#include "store/store.h"

extern const struct db_stmt_list city_statements;

struct city_row {
    struct city_id id;
    struct text code;
    struct text name;
    struct text profile;        /* the file as loaded */
    struct text profile_digest; /* SHA-256, hex */
};
/* RC_NONE: no city of this code. */
NODISCARD enum rc city_by_code(struct tx *tx, struct text code, struct city_row *ret_row);
enum { CITIES_MAX = 256 };
/* All of them, by code. */
NODISCARD enum rc city_all(struct tx *tx, struct city_row **ret_rows, size_t *ret_count);
/* The same, locked: whoever counts something of the whole city comes one after the other. */
NODISCARD enum rc city_lock(struct tx *tx, struct city_id id);
/* Makes the row, or renews everything but id and code. */
NODISCARD enum rc city_put(struct tx *tx, const struct city_row *row, struct instant now);

/* A holiday or a closing day of the city; the newer name counts. */
NODISCARD enum rc closed_day_put(struct tx *tx, struct city_id city, struct day day, struct text name);

enum { CLOSED_DAYS_MAX = 5000 };
struct closed_day {
    struct day day;
};
/* By day. */
NODISCARD enum rc closed_days_load(struct tx *tx, struct city_id city, struct closed_day **ret_days,
                                   size_t *ret_count);

struct usage_insert {
    struct city_id city;
    int64_t fiscal_year;
    struct text care;
    int64_t uses;
    int64_t persons; /* -1: not said */
    int64_t units;   /* -1: not said */
    bool expected;
    struct day through;
};
NODISCARD enum rc past_usage_drop_year(struct tx *tx, struct city_id city, int64_t fiscal_year);
NODISCARD enum rc past_usage_insert(struct tx *tx, const struct usage_insert *row, struct instant now);

#endif
