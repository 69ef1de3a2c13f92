/* Idempotency keys: one row a key, written with the answer at the end of the transaction that has the effect. */
#ifndef SANGO_STORE_IDEM_H
#define SANGO_STORE_IDEM_H

#include "store/store.h"

extern const struct db_stmt_list idem_statements;

struct idem_key {
    struct city_id city;
    int64_t actor; /* account, 0 for the public */
    struct text key;
};
struct idem_row {
    struct text request_hash;
    int64_t status;
    struct text location;
    struct text content_type;
    struct text body;
};

/* RC_NONE: never used, as far as was committed. */
NODISCARD enum rc idem_find(struct tx *tx, const struct idem_key *key, struct idem_row *ret_known);
/* Without waiting for the answer (db_exec_later()): a later call answers RC_RACE when the key was used before. While somebody
 * else holds it in an open transaction, PostgreSQL waits for that one to end. */
NODISCARD enum rc idem_save(struct tx *tx, const struct idem_key *key, const struct idem_row *answer,
                            struct instant now);
/* Drops keys made before `before`. */
NODISCARD enum rc idem_sweep(struct tx *tx, struct city_id city, struct instant before, int64_t *ret_dropped);

#endif
