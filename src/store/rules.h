/* A city's rules: versions as they were published, and the draft of the next one. Versions are added; all that ever
 * changes of one is that it ends before it begins. Every change raises the city's revision, by which a version says from
 * when on, and until when, it was known. */
#ifndef SANGO_STORE_RULES_H
#define SANGO_STORE_RULES_H

#include "store/store.h"

extern const struct db_stmt_list rules_statements;

struct rules_row {
    int64_t number;
    struct day valid_from;
    struct text document;
    struct text digest; /* SHA-256, hex */
    bool imported;
    int64_t since; /* the city's revision that brought it */
    struct instant published_at;
    struct day published_day;
    struct account_id published_by; /* {0}: the city's file */
    struct text published_name;
    struct text reason;
    struct text ended_how;   /* "replaced" "withdrawn"; empty: live */
    int64_t ended_since;     /* the city's revision that ended it; 0: live */
    struct instant ended_at; /* INSTANT_NONE: live */
    struct text ended_name;
    struct text ended_reason;
};
enum { RULES_ROWS_MAX = 500 };
/* By number. */
NODISCARD enum rc rules_all(struct tx *tx, struct city_id city, struct rules_row **ret_rows,
                            size_t *ret_count);
NODISCARD enum rc rules_one(struct tx *tx, struct city_id city, int64_t number, struct rules_row *ret_row);

struct rules_live {
    int64_t number;
    struct day valid_from;
    struct text document;
    bool imported;
};
/* Those that were not ended, by first day. */
NODISCARD enum rc rules_live(struct tx *tx, struct city_id city, struct rules_live **ret_rows,
                             size_t *ret_count);

/* The row's number is the next one, *ret_number; published_name and everything about an end are left out. */
NODISCARD enum rc rules_insert(struct tx *tx, struct city_id city, const struct rules_row *row,
                               int64_t *ret_number);

struct rules_end {
    struct city_id city;
    int64_t number;
    const char *how;
    int64_t since;
    struct instant at;
    struct account_id by; /* {0}: the city's file */
    struct text reason;
};
/* RC_RACE: it is not live any more, or has begun. */
NODISCARD enum rc rules_end(struct tx *tx, const struct rules_end *end);

/* Bookings that have not begun, with a first day in [from, before). */
NODISCARD enum rc rules_bookings(struct tx *tx, struct city_id city, struct day from, struct day before,
                                 int64_t *ret_count);

struct rules_draft_row {
    int64_t revision;
    int64_t based_on;
    struct text document;
    struct instant changed_at;
    struct account_id changed_by;
    struct text changed_name;
};
NODISCARD enum rc rules_draft_find(struct tx *tx, struct city_id city, struct rules_draft_row *ret_row);
/* With revision 1. *ret_added false: there is one. */
NODISCARD enum rc rules_draft_insert(struct tx *tx, struct city_id city, const struct rules_draft_row *row,
                                     bool *ret_added);
/* Document, instant and author, over row->revision, which rises by one. RC_NONE: another revision, or no draft. */
NODISCARD enum rc rules_draft_update(struct tx *tx, struct city_id city, const struct rules_draft_row *row);
/* RC_NONE likewise. */
NODISCARD enum rc rules_draft_delete(struct tx *tx, struct city_id city, int64_t revision);

#endif
