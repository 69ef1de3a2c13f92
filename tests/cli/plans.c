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

int main(void) {
    set_up(NULL);
    for (size_t l = 0; statements[l] != NULL; l++) {
        for (size_t i = 0; i < statements[l]->count; i++) {
            const struct db_stmt *stmt = &statements[l]->stmts[i];
            sqlite3_stmt *explain = NULL;
            struct text sql = text_printf(&arena, "EXPLAIN QUERY PLAN %s", sql_for_sqlite(&arena, stmt->sql));
            if (sqlite3_prepare_v2(handle, sql.p, -1, &explain, NULL) != SQLITE_OK) {
                printf("FAULT %s %s\n", sqlite3_errmsg(handle), stmt->sql);
                continue;
            }
            printf("== %.400s\n", stmt->sql);
            while (sqlite3_step(explain) == SQLITE_ROW) {
                printf("   %s\n", (const char *)sqlite3_column_text(explain, 3));
            }
            sqlite3_finalize(explain);
        }
    }
    tear_down(NULL);
    return 0;
}
