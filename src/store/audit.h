/* The audit record: rows are added, never changed. */
#ifndef SANGO_STORE_AUDIT_H
#define SANGO_STORE_AUDIT_H

#include "store/store.h"

extern const struct db_stmt_list audit_statements;

struct audit_insert {
    struct city_id city;
    int64_t id;
    struct instant at;
    struct account_id actor; /* {0}: the clock or the public */
    struct text role;
    struct text action;
    struct text object;
    int64_t object_id;
    struct account_id subject; /* {0}: none */
    struct text detail;        /* JSON */
};
NODISCARD enum rc audit_insert(struct tx *tx, const struct audit_insert *row);

#endif
