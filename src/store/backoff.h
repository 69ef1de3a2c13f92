/* Counters of tries that may have been guesses, by a keyed hash of who tried. */
#ifndef SANGO_STORE_BACKOFF_H
#define SANGO_STORE_BACKOFF_H

#include "store/store.h"

extern const struct db_stmt_list backoff_statements;

struct backoff_row {
    int64_t failures;
    struct instant last_at;
};
/* The counter, made when it is missing, and locked: two tries at once are counted one after the other. */
NODISCARD enum rc backoff_lock(struct tx *tx, struct city_id city, struct text subject, struct instant now,
                               struct backoff_row *ret_row);
NODISCARD enum rc backoff_set(struct tx *tx, struct city_id city, struct text subject,
                              const struct backoff_row *row);
/* Takes one try back; when no other came after `mine`, the time too becomes what it was. */
NODISCARD enum rc backoff_return(struct tx *tx, struct city_id city, struct text subject, struct instant mine,
                                 struct instant before);
NODISCARD enum rc backoff_clear(struct tx *tx, struct city_id city, struct text subject);
NODISCARD enum rc backoff_drop_old(struct tx *tx, struct city_id city, struct instant before,
                                   int64_t *ret_dropped);

#endif
