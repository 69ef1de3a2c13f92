/* What reductions with a budget took off this grant's uses so far: asked only where the city's rules have such a one.
 * A price line keeps the name that the reduction had that day; every version's name of it counts. */
#include "store/facts.h"
#include "store/store.h"

struct spent_found {
    struct text name;
    int64_t yen;
};

static const struct db_column spent_cols[] = {DB_COL(struct spent_found, name, DB_TEXT),
                                              DB_COL(struct spent_found, yen, DB_INT)};
enum { SPENT_SUMS, SPENT__COUNT };
static const struct db_stmt stmts[SPENT__COUNT] = {
    /* CROSS JOIN: her bookings first, then their lines. */
    [SPENT_SUMS] = {.sql = "SELECT l.name, CAST(SUM(0 - l.amount) AS bigint) FROM booking b"
                           " CROSS JOIN booking_line l WHERE b.city = $1 AND b.account = $4"
                           " AND b.registration = $2 AND b.id <> $3 AND l.city = b.city AND l.booking = b.id"
                           " AND l.what = 'reduction' AND (b.state = 'requested'"
                           " OR b.state = 'confirmed' OR b.state = 'in-use' OR b.state = 'completed'"
                           " OR ((b.state = 'cancelled' OR b.state = 'no-show') AND EXISTS (SELECT 1"
                           " FROM booking_pool p WHERE p.city = b.city AND p.booking = b.id AND p.used > 0)))"
                           " GROUP BY l.name",
                    .binds = "iiii",
                    DB_COLS(spent_cols)},
};
const struct db_stmt_list facts_spent_statements = STORE_STATEMENTS(stmts);

enum { NAMES_MAX = PROGRAMME_VERSIONS_MAX * PROGRAMME_REDUCTIONS_MAX };

/* The code of the reduction with a budget that some version calls so; empty when there is none. */
static struct text budget_code(const struct programme_set *rules, struct text name) {
    for (int32_t v = 0; v < rules->count; v++) {
        const struct programme *programme = rules->versions[v];
        for (int32_t i = 0; i < programme->reduction_count; i++) {
            const struct reduction *reduction = &programme->reductions[i];
            if (reduction->budget.n > 0 && (name.n == 0 || text_eq(reduction->name, name))) {
                return reduction->code;
            }
        }
    }
    return TEXT("");
}

enum rc facts_spent(struct tx *tx, const struct facts_ask *ask, struct facts_found *found) {
    if (found->registration.n == 0 || budget_code(ask->rules, TEXT("")).n == 0) {
        return RC_OK;
    }
    struct spent_found *rows = NULL;
    size_t count = 0;
    enum rc rc = db_all(tx, &stmts[SPENT_SUMS],
                        DB_BIND(db_int(ask->city.n), db_int(found->registration.n), db_int(ask->leave_out.n),
                                db_int(ask->account.n)),
                        (struct db_rows){.row_size = sizeof *rows, .max = NAMES_MAX}, &rows, &count);
    for (size_t i = 0; rc == RC_OK && i < count; i++) {
        struct text code = budget_code(ask->rules, rows[i].name);
        if (code.n > 0) {
            facts_before(&found->facts, BEFORE_YEN, code, rows[i].yen);
        }
    }
    return rc;
}
