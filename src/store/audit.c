#include "store/audit.h"

enum { AUDIT_INSERT };
static const struct db_stmt stmts[] = {
    [AUDIT_INSERT] = {.sql = "INSERT INTO audit (city, id, at, actor, role, action, object, object_id, "
                             "subject, detail) SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10 "
                             "FROM city WHERE id = $1 AND rules_revision = $11",
                      .binds = "iisitttiiti",
                      .share = true},
};
const struct db_stmt_list audit_statements = STORE_STATEMENTS(stmts);

enum rc audit_insert(struct tx *tx, const struct audit_insert *row) {
    return db_exec_later(tx, &stmts[AUDIT_INSERT],
                         DB_BIND(db_int(row->city.n), db_int(row->id), db_time(row->at), db_int(row->actor.n),
                                 db_text(row->role), db_text(row->action), db_text(row->object),
                                 db_int(row->object_id), db_int(row->subject.n), db_text(row->detail),
                                 db_int(row->rules_revision)),
                         1);
}
