/* What each statement does on SQLite, by its own account (EXPLAIN QUERY PLAN on an empty migrated database, as the
 * planner decides in production, which keeps no statistics): no statement may walk a whole table, or a whole city of a
 * table that grows with residents, bookings or days, unless a line in plans.tsv says why that is right.
 *
 *     PLANS_SHOW=1 build/tests/cli/test_cli_plans      prints every plan */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/statements.h"
#include "db/db.h"
#include "db/statement.h"

static struct arena arena;
static sqlite3 *handle;
static char folder[] = "/tmp/sango-plans-XXXXXX";

static struct text path_of(const char *name) {
    return text_printf(&arena, "%s/%s", folder, name);
}

static int set_up(void **state) {
    (void)state;
    int64_t from;
    int64_t to;
    struct text why;
    arena_init(&arena, (size_t)64 << 20);
    assert_non_null(mkdtemp(folder));
    struct text file = path_of("plans.db");
    struct text url = text_printf(&arena, "sqlite:%s", file.p);
    assert_int_equal(db_migrate(url, &arena, &from, &to, &why), RC_OK);
    assert_int_equal(sqlite3_open_v2(file.p, &handle, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    static const char *const names[] = {"plans.db", "plans.db-wal", "plans.db-shm", "plans.db.lock"};
    sqlite3_close(handle);
    for (size_t i = 0; i < COUNT(names); i++) {
        unlink(path_of(names[i]).p);
    }
    rmdir(folder);
    arena_release(&arena);
    return 0;
}

/* ---- one step of a plan ---- */

/* These do not grow with residents, bookings or days. */
static const char *const small[] = {"city",         "closed_day",     "facility",   "facility_care", "job",
                                    "installation", "schema_version", "past_usage", "rules_version"};

static bool names(struct text sql, const char *before, const char *table, struct text alias) {
    struct text used = text_printf(&arena, "%s%s %.*s ", before, table, TEXT_F(alias));
    struct text plain = text_printf(&arena, "%s%s ", before, table);
    return text_has(sql, used) || (text_is(alias, table) && text_has(sql, plain));
}

static bool is_small(struct text sql, struct text alias) {
    struct text padded = text_printf(&arena, "%.*s ", TEXT_F(sql));
    bool found = false;
    for (size_t i = 0; i < COUNT(small) && !found; i++) {
        found = names(padded, "FROM ", small[i], alias) || names(padded, "JOIN ", small[i], alias);
    }
    return found;
}

static struct text word(struct text *rest) {
    struct text piece = TEXT("");
    return text_next(rest, ' ', &piece) ? piece : TEXT("");
}

/* "SCAN b USING INDEX …", "SEARCH b USING INDEX x (city=?)": all of a table, or all of a city. */
static bool walks(struct text sql, struct text step) {
    struct text rest = step;
    struct text what = word(&rest);
    struct text alias = word(&rest);
    bool all = text_is(what, "SCAN");
    bool city =
        text_is(what, "SEARCH") && (text_ends(step, TEXT("(city=?)")) || text_has(step, TEXT("ANY(city)")));
    /* A subquery's rows have no table of their own, and no index that has a name. */
    bool made = text_has(sql, text_printf(&arena, ") AS %.*s", TEXT_F(alias))) ||
                text_has(sql, text_printf(&arena, ") %.*s ", TEXT_F(alias))) ||
                text_ends(step, TEXT("-ROW VALUES CLAUSE")) || text_ends(step, TEXT(" CONSTANT ROW")) ||
                text_ends(step, TEXT(" CONSTANT ROWS"));
    bool indexed = text_has(step, TEXT(" USING INDEX ")) || text_has(step, TEXT(" USING COVERING INDEX "));
    return (all || city) && (indexed || !made) && !is_small(sql, alias);
}

/* ---- the lines that say why ---- */

struct excuse {
    struct text sql; /* part of the statement */
    bool used;
};
static struct excuse excuses[128];
static size_t excuse_count;

static void read_excuses(void) {
    FILE *file = fopen(PLANS_TSV, "r");
    char line[1024];
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        size_t tab = strcspn(line, "\t");
        assert_true(line[0] == '#' || (line[tab] == '\t' && strlen(line + tab) > 10));
        if (line[0] != '#') {
            assert_true(excuse_count < COUNT(excuses));
            excuses[excuse_count++].sql = text_copy(&arena, (struct text){line, tab});
        }
    }
    fclose(file);
}

static bool excused(struct text sql) {
    bool found = false;
    for (size_t i = 0; i < excuse_count; i++) {
        if (text_has(sql, excuses[i].sql)) {
            excuses[i].used = true;
            found = true;
        }
    }
    return found;
}

/* ---- all statements ---- */

/* How many steps of the statement's plan walk without an excuse. */
static size_t judge(const struct db_stmt *stmt, bool show) {
    struct text sql = text_of(sql_for_sqlite(&arena, stmt->sql));
    struct text explain = text_printf(&arena, "EXPLAIN QUERY PLAN %.*s", TEXT_F(sql));
    sqlite3_stmt *plan = NULL;
    size_t bad = 0;
    assert_int_equal(sqlite3_prepare_v2(handle, explain.p, -1, &plan, NULL), SQLITE_OK);
    if (show) {
        printf("# %.*s\n", TEXT_F(sql));
    }
    while (sqlite3_step(plan) == SQLITE_ROW) {
        struct text step = text_copy(&arena, text_of((const char *)sqlite3_column_text(plan, 3)));
        bool walking = walks(sql, step);
        if (show) {
            printf("#     %s%.*s\n", walking ? "! " : "", TEXT_F(step));
        }
        if (walking && !excused(sql)) {
            print_error("%.*s\n    in %.*s\n", TEXT_F(step), TEXT_F(sql));
            bad++;
        }
    }
    sqlite3_finalize(plan);
    return bad;
}

static void no_statement_walks(void **state) {
    (void)state;
    size_t bad = 0;
    read_excuses();
    for (size_t l = 0; statements[l] != NULL; l++) {
        for (size_t i = 0; i < statements[l]->count; i++) {
            bad += judge(&statements[l]->stmts[i], getenv("PLANS_SHOW") != NULL);
        }
    }
    for (size_t i = 0; i < excuse_count; i++) {
        if (!excuses[i].used) {
            print_error("needed no more: %.*s\n", TEXT_F(excuses[i].sql));
            bad++;
        }
    }
    assert_int_equal(bad, 0);
}

/* The judge must be able to say no. */
static void a_walk_is_seen(void **state) {
    (void)state;
    static const struct db_stmt all = {.sql =
                                           "SELECT b.id FROM booking b WHERE b.city = $1 AND b.units = $2"};
    static const struct db_stmt few = {.sql = "SELECT b.id FROM booking b WHERE b.city = $1 AND b.id = $2"};
    static const struct db_stmt tiny = {.sql = "SELECT f.id FROM facility f WHERE f.city = $1"};
    assert_true(judge(&all, false) > 0);
    assert_true(judge(&few, false) == 0);
    assert_true(judge(&tiny, false) == 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_walk_is_seen),
                                       cmocka_unit_test(no_statement_walks)};
    return cmocka_run_group_tests_name("cli/plans", tests, set_up, tear_down);
}
