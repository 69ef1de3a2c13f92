/* The one row of the installation: its secret, the same for every node on the database. */
#ifndef SANGO_STORE_INSTALLATION_H
#define SANGO_STORE_INSTALLATION_H

#include "store/store.h"

extern const struct db_stmt_list installation_statements;

/* The stored secret; when there is none yet, `fresh` becomes it. */
NODISCARD enum rc installation_secret(struct tx *tx, struct text fresh, struct instant now,
                                      struct text *ret_secret);

#endif
