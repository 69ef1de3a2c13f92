/* Answers given so far and not yet sent in. */
#ifndef SANGO_STORE_DRAFT_H
#define SANGO_STORE_DRAFT_H

#include "store/store.h"

extern const struct db_stmt_list draft_statements;

/* Kinds of drafts. */
#define DRAFT_REGISTRATION TEXT("registration")

struct draft_row {
    struct text answers;
    struct instant saved_at;
};
/* RC_NONE: there is none. */
NODISCARD enum rc draft_find(struct tx *tx, struct city_id city, struct account_id account, struct text kind,
                             struct draft_row *ret_row);
NODISCARD enum rc draft_put(struct tx *tx, struct city_id city, struct account_id account, struct text kind,
                            const struct draft_row *row);
/* Fine when there is none. */
NODISCARD enum rc draft_delete(struct tx *tx, struct city_id city, struct account_id account,
                               struct text kind);

#endif
