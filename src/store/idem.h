/* Idempotency keys: one row a key, taken at the beginning of the transaction that has the effect, and completed with
 * the answer before it commits. Other transactions never see a row without its answer. */
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

/* Takes a key that was hardly ever used before, without waiting: a later call answers RC_RACE when it was, and
 * idem_claim() tells the next attempt what was answered. */
NODISCARD enum rc idem_claim_fresh(struct tx *tx, const struct idem_key *key, struct text request_hash,
                                   struct instant now);
/* Takes the key. When somebody holds it in an open transaction, PostgreSQL waits for that one to end. *ret_fresh false:
 * it was used before, and *ret_known is what was answered. */
NODISCARD enum rc idem_claim(struct tx *tx, const struct idem_key *key, struct text request_hash,
                             struct instant now, bool *ret_fresh, struct idem_row *ret_known);
/* Writes the answer beside the effect; only after a fresh claim in the same transaction. */
NODISCARD enum rc idem_complete(struct tx *tx, const struct idem_key *key, const struct idem_row *answer);
/* Drops keys made before `before`. */
NODISCARD enum rc idem_sweep(struct tx *tx, struct city_id city, struct instant before, int64_t *ret_dropped);

#endif
