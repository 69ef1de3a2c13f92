#include "store/audit.h"

#define AUDIT_INTO "INSERT INTO audit (city, id, at, actor, role, action, object, object_id, subject, detail)"

enum { AUDIT_INSERT, AUDIT_LOOK };
static const struct db_stmt stmts[] = {
    [AUDIT_INSERT] =
        {.sql = AUDIT_INTO
         " SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10 FROM city WHERE id = $1 AND rules_revision = $11",
         .binds = "iisitttiiti",
         .share = true},
    [AUDIT_LOOK] = {.sql = AUDIT_INTO " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                    .binds = "iisitttiit"},
};
const struct db_stmt_list audit_statements = STORE_STATEMENTS(stmts);

/* The columns of both. */
#define AUDIT_VALUES(row)                                                                                    \
    db_int((row)->city.n), db_int((row)->id), db_time((row)->at), db_int((row)->actor.n),                    \
        db_text((row)->role), db_text((row)->action), db_text((row)->object), db_int((row)->object_id),      \
        db_int((row)->subject.n), db_text((row)->detail)

enum rc audit_insert(struct tx *tx, const struct audit_insert *row) {
    return db_exec_later(tx, &stmts[AUDIT_INSERT], DB_BIND(AUDIT_VALUES(row), db_int(row->rules_revision)),
                         1);
}

enum rc audit_insert_look(struct tx *tx, const struct audit_insert *row) {
    return db_exec_later(tx, &stmts[AUDIT_LOOK], DB_BIND(AUDIT_VALUES(row)), 1);
}
