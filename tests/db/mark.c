#include "mark.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

const struct db_migration mark_schema[] = {
    {1, "create_mark",
     "CREATE TABLE mark (id @int@ NOT NULL PRIMARY KEY, bytes @blob@) @strict@;\n"
     "CREATE TABLE change_count (city @int@ NOT NULL, part @int@ NOT NULL, n @int@ NOT NULL,\n"
     "  whole @int@ NOT NULL,\n"
     "  PRIMARY KEY (city, part)) @strict@;\n"},
    {0, NULL, NULL}};

struct number {
    int64_t n;
};
static const struct db_column number_cols[] = {DB_COL(struct number, n, DB_INT)};
enum { PUT, HAS, COUNT_ALL };
static const struct db_stmt stmts[] = {
    [PUT] = {"INSERT INTO mark (id, bytes) VALUES ($1, $2)", "ix"},
    [HAS] = {"SELECT id FROM mark WHERE id = $1", "i", DB_COLS(number_cols)},
    [COUNT_ALL] = {"SELECT count(*) FROM mark", "", DB_COLS(number_cols)},
};
static const struct db_stmt_list list = {stmts, COUNT(stmts)};
const struct db_stmt_list *const mark_lists[] = {&list, NULL};

_Atomic int mark_reports[DB_ERROR__MAX];

static void on_report(void *ctx, enum db_error error, const char *code) {
    (void)ctx;
    assert_non_null(code);
    atomic_fetch_add(&mark_reports[error], 1);
}

const struct engine_plan mark_plan = {.lists = mark_lists,
                                      .migrations = mark_schema,
                                      .closed = true,
                                      .config = &(struct db_config){.readers = 4, .report = on_report}};

struct mark {
    int64_t id;
    struct text bytes;
};
static enum rc put(struct tx *tx, void *arg) {
    struct mark *mark = arg;
    return db_exec(tx, &stmts[PUT], DB_BIND(db_int(mark->id), db_blob(mark->bytes)), NULL);
}
static enum rc has(struct tx *tx, void *arg) {
    struct mark *mark = arg;
    struct number n;
    return db_one(tx, &stmts[HAS], DB_BIND(db_int(mark->id)), &n);
}
static enum rc count_all(struct tx *tx, void *arg) {
    int64_t *count = arg;
    struct number n;
    enum rc rc = db_one(tx, &stmts[COUNT_ALL], DB_NO_BIND, &n);
    *count = rc == RC_OK ? n.n : -1;
    return rc;
}

enum rc put_id(struct engine *e, int64_t id, enum db_error *ret_error) {
    struct mark mark = {.id = id, .bytes = TEXT("b")};
    return db_write(e->db, &e->arena, put, &mark, ret_error);
}
static enum rc append(struct tx *tx, void *arg) {
    struct mark *mark = arg;
    return db_exec_later(tx, &stmts[PUT], DB_BIND(db_int(mark->id), db_blob(mark->bytes)), 1);
}
static enum rc append_all(struct tx *tx, const struct db_append *first) {
    enum rc rc = RC_OK;
    for (; rc == RC_OK && first != NULL; first = first->next) {
        rc = append(tx, first->arg);
    }
    return rc;
}
enum rc append_id(struct engine *e, int64_t id, enum db_error *ret_error) {
    struct mark mark = {.id = id, .bytes = TEXT("b")};
    const struct db_append one = {.fn = append, .all = append_all, .arg = &mark, .arena = &e->arena};
    return db_append(e->db, &one, ret_error);
}
enum rc find_id(struct engine *e, int64_t id, enum db_error *ret_error) {
    struct mark mark = {.id = id};
    return db_read(e->db, &e->arena, has, &mark, ret_error);
}
bool has_id(struct engine *e, int64_t id) {
    enum db_error error;
    return find_id(e, id, &error) == RC_OK;
}
bool is_busy(enum rc rc, enum db_error error) {
    return rc == RC_FAULT && error == DB_BUSY;
}

enum rc count_marks(struct db *db, struct arena *arena, int64_t *ret_count, enum db_error *ret_error) {
    return db_read(db, arena, count_all, ret_count, ret_error);
}
