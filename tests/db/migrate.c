/* Migrations on both engines: in order, whole or not at all, never backwards. */
#include "db/engines.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "db/migrate.h"

static const struct db_migration first[] = {
    {1, "create_one", "CREATE TABLE one (id @int@ NOT NULL PRIMARY KEY) @strict@;\n"}, {0, NULL, NULL}};
static const struct db_migration second[] = {
    {1, "create_one", "CREATE TABLE one (id @int@ NOT NULL PRIMARY KEY) @strict@;\n"},
    {2, "create_two",
     "CREATE TABLE two (id @int@ NOT NULL PRIMARY KEY, b @bool@, t @text@, d @day@, s @time@, x @blob@) @strict@;\n"
     "INSERT INTO one (id) VALUES (1);\n"},
    {0, NULL, NULL}};
static const struct db_migration breaking[] = {
    {1, "create_one", "CREATE TABLE one (id @int@ NOT NULL PRIMARY KEY) @strict@;\n"},
    {2, "create_two",
     "CREATE TABLE two (id @int@ NOT NULL PRIMARY KEY) @strict@;\n"
     "INSERT INTO one (id) VALUES (1);\nINSERT INTO one (id) VALUES (1);\n"},
    {0, NULL, NULL}};
static const struct db_migration unknown[] = {
    {1, "create_one", "CREATE TABLE one (id @int@ NOT NULL PRIMARY KEY) @strict@;\n"},
    {2, "create_two", "CREATE TABLE two (id @number@ NOT NULL PRIMARY KEY);\n"},
    {0, NULL, NULL}};

struct number {
    int64_t n;
};
static const struct db_column number_cols[] = {DB_COL(struct number, n, DB_INT)};
static const struct db_stmt one_stmts[] = {{"SELECT count(*) FROM one", "", DB_COLS(number_cols)}};
static const struct db_stmt two_stmts[] = {{"SELECT count(*) FROM two", "", DB_COLS(number_cols)}};
static const struct db_stmt wide_stmts[] = {{"SELECT id, id FROM one", "", DB_COLS(number_cols)}};
static const struct db_stmt bind_stmts[] = {{"SELECT id FROM one WHERE id = $1", "ii", DB_COLS(number_cols)}};
static const struct db_stmt_list one_list = {one_stmts, 1};
static const struct db_stmt_list two_list = {two_stmts, 1};
static const struct db_stmt_list wide_list = {wide_stmts, 1};
static const struct db_stmt_list bind_list = {bind_stmts, 1};

static enum rc open_with(struct engine *e, const struct db_migration *migrations,
                         const struct db_stmt_list *list, struct text *ret_why) {
    const struct db_stmt_list *const lists[] = {list, NULL};
    struct db_config config = {.url = e->url, .lists = lists, .migrations = migrations, .readers = 1};
    struct db *db = NULL;
    enum rc rc = db_open(&config, &e->arena, &db, ret_why);
    db_close(db);
    return rc;
}

static enum rc migrate(struct engine *e, const struct db_migration *list, int64_t *ret_from,
                       int64_t *ret_to) {
    struct text why = TEXT("");
    enum rc rc = db_migrate_list(e->url, list, &e->arena, ret_from, ret_to, &why);
    assert_true(rc == RC_OK || why.n > 0);
    return rc;
}

static void steps_go_forward(struct engine *e) {
    struct text why;
    int64_t from = -1;
    int64_t to = -1;
    assert_int_equal(open_with(e, second, &two_list, &why), RC_NONE);
    assert_int_equal(migrate(e, second, &from, &to), RC_OK);
    assert_int_equal(from, 1);
    assert_int_equal(to, 2);
    assert_int_equal(open_with(e, second, &two_list, &why), RC_OK);
    assert_int_equal(migrate(e, second, &from, &to), RC_OK);
    assert_int_equal(from, 2);
    assert_int_equal(to, 2);
}

static void newer_is_refused(struct engine *e) {
    struct text why = TEXT("");
    int64_t from = -1;
    int64_t to = -1;
    assert_int_equal(migrate(e, second, &from, &to), RC_OK);
    assert_int_equal(migrate(e, first, &from, &to), RC_RACE);
    assert_int_equal(open_with(e, first, &one_list, &why), RC_RACE);
    assert_true(text_has(why, TEXT("新しい")));
}

static void a_failing_step_leaves_nothing(struct engine *e) {
    static const struct db_migration *const bad[] = {breaking, unknown};
    int64_t from = -1;
    int64_t to = -1;
    struct text why;
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_int_equal(migrate(e, bad[i], &from, &to), RC_FAULT);
        assert_int_equal(from, -1);
        assert_int_equal(open_with(e, first, &one_list, &why), RC_OK);    /* still version 1 */
        assert_int_equal(open_with(e, first, &two_list, &why), RC_FAULT); /* and without the second table */
    }
    assert_int_equal(migrate(e, second, &from, &to), RC_OK);
}

static void misfits_end_the_start(struct engine *e) {
    struct text why = TEXT("");
    assert_int_equal(open_with(e, first, &wide_list, &why), RC_FAULT);
    assert_true(text_has(why, TEXT("SELECT id, id FROM one")));
    assert_int_equal(open_with(e, first, &bind_list, &why), RC_FAULT);
    assert_int_equal(open_with(e, first, &one_list, &why), RC_OK);
}

struct node {
    struct engine *engine;
    struct arena arena;
    enum rc rc;
    pthread_t thread;
};

static void *migrate_node(void *arg) {
    struct node *node = arg;
    int64_t from;
    int64_t to;
    struct text why;
    node->rc = db_migrate_list(node->engine->url, second, &node->arena, &from, &to, &why);
    return NULL;
}

/* Nodes that start together: PostgreSQL lets them wait for each other, SQLite has one server and refuses the rest. */
static void many_at_once_are_safe(struct engine *e) {
    struct node nodes[6];
    struct text why;
    int done = 0;
    for (int i = 0; i < 6; i++) {
        nodes[i] = (struct node){.engine = e};
        arena_init(&nodes[i].arena, 1 << 20);
        assert_int_equal(pthread_create(&nodes[i].thread, NULL, migrate_node, &nodes[i]), 0);
    }
    for (int i = 0; i < 6; i++) {
        pthread_join(nodes[i].thread, NULL);
        arena_release(&nodes[i].arena);
        done += nodes[i].rc == RC_OK;
        assert_true(nodes[i].rc == RC_OK || (e->kind == DB_SQLITE && nodes[i].rc == RC_RACE));
    }
    assert_in_range(done, e->kind == DB_SQLITE ? 1 : 6, 6);
    assert_int_equal(open_with(e, second, &two_list, &why), RC_OK);
}

static void urls_are_checked(struct engine *e) {
    static const char *const bad[] = {"", "sqlite:", "sqlite", "mysql://x", "/var/lib/x.db", "postgresql:/x"};
    int64_t from;
    int64_t to;
    struct text why;
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_int_equal(db_migrate_list(text_of(bad[i]), first, &e->arena, &from, &to, &why), RC_FAULT);
        struct db_config config = {.url = text_of(bad[i])};
        struct db *db = NULL;
        assert_int_equal(db_open(&config, &e->arena, &db, &why), RC_FAULT);
    }
    struct db_config none = {.url = text_printf(&e->arena, "sqlite:%s/none.db", e->folder.p)};
    struct db *db = NULL;
    assert_int_equal(db_open(&none, &e->arena, &db, &why), RC_NONE);
}

static void placeholders_expand(struct engine *e) {
    static const struct {
        const char *sql;
        const char *want[2]; /* by engine; NULL: refused */
    } cases[] = {
        {"a @int@ b @bool@ @text@ @day@ @time@ @blob@ @strict@;",
         {"a INTEGER b INTEGER TEXT TEXT INTEGER BLOB STRICT;",
          "a BIGINT b SMALLINT TEXT TEXT BIGINT BYTEA ;"}},
        {"LIKE '%@%'", {"LIKE '%@%'", "LIKE '%@%'"}},
        {"@", {"@", "@"}},
        {"@@int@@", {"@INTEGER@", "@BIGINT@"}},
        {"@ints@", {NULL, NULL}},
        {"", {"", ""}},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct text sql;
        struct text word;
        bool fine = migration_expand(&e->arena, e->kind, cases[i].sql, &sql, &word);
        assert_int_equal(fine, cases[i].want[e->kind] != NULL);
        assert_true(!fine || text_is(sql, cases[i].want[e->kind]));
    }
}

/* The schema that is built in, on each engine from nothing. */
static void the_real_schema_fits(struct engine *e) {
    struct engine fresh;
    struct engine_plan plan = {.closed = true};
    struct text why;
    engine_setup(&fresh, e->kind, &plan);
    struct db_config config = {.url = fresh.url};
    struct db *db = NULL;
    assert_int_equal(db_open(&config, &fresh.arena, &db, &why), RC_OK);
    db_close(db);
    engine_teardown(&fresh);
}

int main(void) {
    static const struct engine_case cases[] = {
        ENGINE_CASE(steps_go_forward),
        ENGINE_CASE(newer_is_refused),
        ENGINE_CASE(a_failing_step_leaves_nothing),
        ENGINE_CASE(misfits_end_the_start),
        ENGINE_CASE(many_at_once_are_safe),
        ENGINE_CASE(urls_are_checked),
        ENGINE_CASE(placeholders_expand),
        ENGINE_CASE(the_real_schema_fits),
    };
    struct engine_plan plan = {.migrations = first, .closed = true};
    return engines_run_plan("db/migrate", cases, COUNT(cases), &plan);
}
