/* Accounts, their sign-in secrets, one-time links and the counters of failed tries. */
#ifndef SANGO_STORE_ACCOUNT_H
#define SANGO_STORE_ACCOUNT_H

#include "store/store.h"

extern const struct db_stmt_list account_statements;

struct account_row {
    struct account_id id;
    struct text role;
    struct text login;
    struct text name;
    struct text password;
    struct text totp_secret; /* {NULL, 0}: none */
    int64_t totp_used;
    struct facility_id facility;
    struct text state;
};
/* *ret_added false: the login is taken, nothing was done. */
NODISCARD enum rc account_insert(struct tx *tx, struct city_id city, const struct account_row *row,
                                 struct instant now, bool *ret_added);
NODISCARD enum rc account_by_login(struct tx *tx, struct city_id city, struct text login,
                                   struct account_row *ret_row);
NODISCARD enum rc account_by_id(struct tx *tx, struct city_id city, struct account_id id,
                                struct account_row *ret_row);
/* The same, and nobody else changes the row before this transaction ends. */
NODISCARD enum rc account_lock(struct tx *tx, struct city_id city, struct account_id id,
                               struct account_row *ret_row);

/* A registration that was never confirmed is replaced by the newer one. */
NODISCARD enum rc account_replace(struct tx *tx, struct city_id city, struct account_id id, struct text name,
                                  struct text password);
NODISCARD enum rc account_activate(struct tx *tx, struct city_id city, struct account_id id,
                                   struct instant now);
NODISCARD enum rc account_set_state(struct tx *tx, struct city_id city, struct account_id id,
                                    struct text state);
NODISCARD enum rc account_set_password(struct tx *tx, struct city_id city, struct account_id id,
                                       struct text hash);
/* `secret` {NULL, 0} removes it. `used` is the counter of the code that was just shown. */
NODISCARD enum rc account_set_totp(struct tx *tx, struct city_id city, struct account_id id,
                                   struct text secret, int64_t used);

enum { ACCOUNT_IDS_MAX = 500 };
/* Active accounts only. */
NODISCARD enum rc account_ids_of_facility(struct tx *tx, struct city_id city, struct facility_id facility,
                                          struct account_id **ret_ids, size_t *ret_count);
NODISCARD enum rc account_ids_of_facility_ahead(struct tx *tx, struct city_id city,
                                                struct facility_id facility);
NODISCARD enum rc account_ids_of_role(struct tx *tx, struct city_id city, struct text role,
                                      struct account_id **ret_ids, size_t *ret_count);

#endif
