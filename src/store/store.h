/* What every file of this floor does alike: its statements are one constant array, numbered by an enum beside it, and
 * exported as `const struct db_stmt_list NAME_statements`, declared in its header and named in
 * cli/statements.c. The first parameter is the city. Functions take the struct tx first and are called inside
 * db_read or db_write only. */
#ifndef SANGO_STORE_STORE_H
#define SANGO_STORE_STORE_H

#include "db/db.h"

#define STORE_STATEMENTS(array)                                                                              \
    { .stmts = (array), .count = COUNT(array) }

/* For columns that are NOT NULL: no text becomes the empty one. */
static inline struct db_value store_text(struct text t) {
    return db_text(t.p == NULL ? TEXT("") : t);
}
static inline struct db_value store_blob(struct text t) {
    return db_blob(t.p == NULL ? TEXT("") : t);
}

#endif
