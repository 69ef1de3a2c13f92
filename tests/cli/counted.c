/* Commits are counted by city (db/db.h, versions): a statement that changes what anybody is shown names its city in its
 * first parameter, so that no city's pages outlive a change of theirs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

#include "cli/statements.h"
#include "service/house.h"

static bool has(const char *sql, const char *words) {
    return text_has(text_of(sql), text_of(words));
}

static bool is_word(char c) {
    return c == '_' || (c >= 'a' && c <= 'z');
}

/* The table after "INSERT INTO ", "UPDATE " or "DELETE FROM "; empty when the statement only reads. */
static struct text changed_table(const char *sql) {
    static const struct text verbs[] = {TEXT_INIT("INSERT INTO "), TEXT_INIT("UPDATE "),
                                        TEXT_INIT("DELETE FROM ")};
    for (size_t i = 0; i < COUNT(verbs); i++) {
        if (text_starts(text_of(sql), verbs[i])) {
            struct text table = {sql + verbs[i].n, 0};
            while (is_word(table.p[table.n])) {
                table.n++;
            }
            return table;
        }
    }
    return TEXT("");
}

static bool is_unshown(struct text table) {
    size_t i = 0;
    while (house_unshown_tables[i] != NULL && !text_is(table, house_unshown_tables[i])) {
        i++;
    }
    return house_unshown_tables[i] != NULL;
}

static bool names_city(const char *sql, struct text table) {
    return has(sql, "city = $1") || has(sql, "(city, ") ||
           (text_is(table, "city") && (has(sql, "WHERE id = $1") || has(sql, "city (id, ")));
}

static void changes_name_their_city(void **state) {
    (void)state;
    size_t counted = 0;
    size_t bad = 0;
    for (size_t l = 0; statements[l] != NULL; l++) {
        for (size_t i = 0; i < statements[l]->count; i++) {
            const struct db_stmt *stmt = &statements[l]->stmts[i];
            struct text table = changed_table(stmt->sql);
            bool writes =
                has(stmt->sql, "INSERT INTO ") || has(stmt->sql, "DELETE FROM ") || has(stmt->sql, "UPDATE ");
            if (writes && table.n == 0) {
                print_error("begins with no change: %s\n", stmt->sql);
                bad++;
            } else if (writes && !is_unshown(table)) {
                bool named = stmt->binds != NULL && stmt->binds[0] == 'i' && names_city(stmt->sql, table);
                if (!named) {
                    print_error("names no city: %s\n", stmt->sql);
                }
                bad += !named;
                counted++;
            }
        }
    }
    assert_true(counted > 40);
    assert_int_equal(bad, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(changes_name_their_city)};
    return cmocka_run_group_tests_name("cli/counted", tests, NULL, NULL);
}
