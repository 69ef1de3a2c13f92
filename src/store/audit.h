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
    int64_t rules_revision;    /* of the rules that the change was judged by */
};
/* RC_RACE: the city is judged by other rules by now. Once this answered RC_OK they stay what they are until the end of
 * the transaction: whoever changes them waits for it (city_rules_raise). */
NODISCARD enum rc audit_insert(struct tx *tx, const struct audit_insert *row);
/* The same of looks, which no rules judge, many with one statement. */
NODISCARD enum rc audit_insert_looks(struct tx *tx, const struct audit_insert *rows, size_t count);

#endif
