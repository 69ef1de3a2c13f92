/* For services only: what the files about accounts share, and asking the signed-in person for the present password
 * again, with the same pause as signing in. */
#ifndef SANGO_SERVICE_ACCOUNT_OWN_H
#define SANGO_SERVICE_ACCOUNT_OWN_H

#include "service/account.h"
#include "service/write.h"
#include "store/account.h"

/* Not empty, at most 100 characters, no control characters. */
bool account_name_fine(struct text name);
/* One audit row about an account. */
NODISCARD enum rc account_audit(struct tx *tx, const struct call *call, const char *action,
                                struct account_id id);
/* Sets the hash, ends sessions and reset links, tells the person. */
NODISCARD enum rc account_password_save(struct tx *tx, const struct call *call, struct account_id id,
                                        struct text hash);

/* *ret_row is the actor's account when *ret_fault is ACCOUNT_FINE, else ACCOUNT_PASSWORD_WRONG or ACCOUNT_WAIT.
 * RC_RACE: too many passwords are being hashed. */
NODISCARD enum rc account_own_check(struct call *call, struct text password, struct account_row *ret_row,
                                    enum account_fault *ret_fault);

#endif
