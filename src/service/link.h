/* For services only: one-time links by e-mail. The token is derived from the installation's secret and the link's id,
 * so that neither the link's row nor the waiting mail nor a page of notices holds it: rows alone open no account. */
#ifndef SANGO_SERVICE_LINK_H
#define SANGO_SERVICE_LINK_H

#include "service/write.h"

enum link_purpose { LINK_CONFIRM, LINK_RESET, LINK__MAX };

struct link_ask {
    struct account_id account;
    enum link_purpose purpose;
    const char *kind; /* of the notice */
    int64_t seconds;  /* the link's life */
};
/* Makes a link, ends earlier ones of the same purpose, and puts its mail into the outbox. */
NODISCARD enum rc link_send(struct tx *tx, const struct call *call, const struct link_ask *ask);
/* Whose it is. RC_NONE: unknown, used or too old. */
NODISCARD enum rc link_look(struct tx *tx, const struct call *call, struct text token,
                            enum link_purpose purpose, struct account_id *ret_account);
/* Uses it up; after link_look in the same transaction. */
NODISCARD enum rc link_spend(struct tx *tx, const struct call *call, struct text token,
                             enum link_purpose purpose);
/* Path and token for a waiting mail, from its cause ("link:reset:ID"); false when it is not about a link. */
bool link_of_cause(const struct call *call, struct text cause, struct text *ret_path);

#endif
