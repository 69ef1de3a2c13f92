#include "store/audit.h"

#include <string.h>

#define AUDIT_INTO "INSERT INTO audit (city, id, at, actor, role, action, object, object_id, subject, detail)"

/* Of a look, whose parameters have numbers from `a`1 to `b`0. */
#define LOOK(a, b)                                                                                           \
    "($" a "1, $" a "2, $" a "3, $" a "4, $" a "5, $" a "6, $" a "7, $" a "8, $" a "9, $" b "0)"
#define LOOKS(a, b, c, d, e) LOOK(a, b) ", " LOOK(b, c) ", " LOOK(c, d) ", " LOOK(d, e)
#define LOOK_BINDS "iisitttiit"
#define FOUR_BINDS LOOK_BINDS LOOK_BINDS LOOK_BINDS LOOK_BINDS

#define LOOKS_0_3 LOOKS("", "1", "2", "3", "4")
#define LOOKS_4_7 LOOKS("4", "5", "6", "7", "8")
#define LOOKS_8_11 LOOKS("8", "9", "10", "11", "12")
#define LOOKS_12_15 LOOKS("12", "13", "14", "15", "16")
enum { COLUMNS = 10, FEW = 4, MANY = 16 };
enum { AUDIT_INSERT, AUDIT_LOOK, AUDIT_FEW, AUDIT_MANY };
static const struct db_stmt stmts[] = {
    [AUDIT_INSERT] =
        {.sql = AUDIT_INTO
         " SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10 FROM city WHERE id = $1 AND rules_revision = $11",
         .binds = LOOK_BINDS "i",
         .share = true,
         .usual = true},
    [AUDIT_LOOK] = {.sql = AUDIT_INTO " VALUES " LOOK("", "1"), .binds = LOOK_BINDS},
    [AUDIT_FEW] = {.sql = AUDIT_INTO " VALUES " LOOKS_0_3, .binds = FOUR_BINDS},
    [AUDIT_MANY] = {.sql = AUDIT_INTO " VALUES " LOOKS_0_3 ", " LOOKS_4_7 ", " LOOKS_8_11 ", " LOOKS_12_15,
                    .binds = FOUR_BINDS FOUR_BINDS FOUR_BINDS FOUR_BINDS},
};
const struct db_stmt_list audit_statements = STORE_STATEMENTS(stmts);

/* The columns of all. */
#define AUDIT_VALUES(row)                                                                                    \
    db_int((row)->city.n), db_int((row)->id), db_time((row)->at), db_int((row)->actor.n),                    \
        db_text((row)->role), db_text((row)->action), db_text((row)->object), db_int((row)->object_id),      \
        db_int((row)->subject.n), db_text((row)->detail)

enum rc audit_insert(struct tx *tx, const struct audit_insert *row) {
    return db_exec_later(tx, &stmts[AUDIT_INSERT], DB_BIND(AUDIT_VALUES(row), db_int(row->rules_revision)),
                         1);
}

static enum rc looks_insert(struct tx *tx, const struct audit_insert *rows, size_t count) {
    struct db_value values[MANY * COLUMNS];
    for (size_t i = 0; i < count; i++) {
        const struct db_value row[] = {AUDIT_VALUES(&rows[i])};
        _Static_assert(COUNT(row) == COLUMNS, "as many as a look has");
        memcpy(values + i * COLUMNS, row, sizeof row);
    }
    const struct db_stmt *stmt = &stmts[count == MANY ? AUDIT_MANY : count == FEW ? AUDIT_FEW : AUDIT_LOOK];
    return db_exec_later(tx, stmt, values, count * COLUMNS, DB_ROWS_ANY);
}

enum rc audit_insert_looks(struct tx *tx, const struct audit_insert *rows, size_t count) {
    enum rc rc = RC_OK;
    for (size_t n = 0; rc == RC_OK && count > 0; rows += n, count -= n) {
        n = count >= MANY ? MANY : count >= FEW ? FEW : 1;
        rc = looks_insert(tx, rows, n);
    }
    return rc;
}
