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
    int64_t rules_revision;     /* raised by whatever changes what the city is judged by */
};
/* RC_NONE: no city of this code. */
NODISCARD enum rc city_by_code(struct tx *tx, struct text code, struct city_row *ret_row);
NODISCARD enum rc city_by_id(struct tx *tx, struct city_id id, struct city_row *ret_row);
enum { CITIES_MAX = 2000 };
/* All of them, by code. */
NODISCARD enum rc city_all(struct tx *tx, struct city_row **ret_rows, size_t *ret_count);
/* Locks the city's row against everybody who leaves an audit row, and waits for those who have. */
NODISCARD enum rc city_lock(struct tx *tx, struct city_id id);
/* Whoever counts something of the whole city comes one after the other; nobody else waits, or is waited for. */
NODISCARD enum rc city_take_turn(struct tx *tx, struct city_id id);

/* What the city is judged by has changed. The row must be locked by city_lock(), which waits for every transaction that
 * has left an audit row (store/audit.h) and lets none pass until the end of this one. */
NODISCARD enum rc city_rules_raise(struct tx *tx, struct city_id id, int64_t *ret_revision);
NODISCARD enum rc city_rules_revision(struct tx *tx, struct city_id id, int64_t *ret_revision);
struct city_revision {
    struct city_id id;
    int64_t revision;
};
/* Of all cities. */
NODISCARD enum rc city_revisions(struct tx *tx, struct city_revision **ret_rows, size_t *ret_count);

/* Makes the row, or renews everything but id and code. */
NODISCARD enum rc city_put(struct tx *tx, const struct city_row *row, struct instant now);

enum { CLOSED_DAYS_MAX = 5000 };
/* A holiday or a closing day of the city. */
struct closed_day {
    struct day day;
    struct text name;
    bool national; /* came with the Cabinet Office's list */
};
/* Takes the days of that name out of a year. */
NODISCARD enum rc closed_day_clear(struct tx *tx, struct city_id city, struct text name, int32_t year);
/* The newer name counts; a national holiday stays one. */
NODISCARD enum rc closed_day_put(struct tx *tx, struct city_id city, const struct closed_day *row);
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
