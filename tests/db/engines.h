/* Every test of a floor above `db` runs on both real engines, each time on a fresh migrated database.
 *
 *     static void books(struct engine *e) { … db_write(e->db, &e->arena, …) … }
 *     int main(void) {
 *         static const struct engine_case cases[] = {ENGINE_CASE(books), …};
 *         return engines_run("store/book", cases, COUNT(cases), lists);
 *     }
 *
 * SQLite lives in a temporary folder. PostgreSQL is the cluster of the environment's SANGO_TEST_PG (a libpq URI of a
 * superuser) or, without it, one of this program's own that is stopped at the end. */
#ifndef SANGO_TESTS_DB_ENGINES_H
#define SANGO_TESTS_DB_ENGINES_H

#include "db/db.h"
#include "sys/env.h"

struct engine {
    enum db_engine kind;
    struct text url;
    struct db *db;      /* open, with the lists given */
    struct arena arena; /* cleared with the engine */
    struct env env;     /* a standing clock at 2026-11-20T09:00:00+09:00 */
    struct env_test clock;
    struct text folder; /* temporary, this test's own */
};

struct engine_case {
    const char *name;
    void (*run)(struct engine *engine);
};
#define ENGINE_CASE(fn)                                                                                      \
    { #fn, fn }

/* Runs every case on every engine as a cmocka group ("books/sqlite", "books/postgresql"). Value for main(). */
int engines_run(const char *group, const struct engine_case *cases, size_t count,
                const struct db_stmt_list *const *lists);

/* The same with a schema of one's own, and with a hand on how the database is opened (url, lists and migrations are
 * filled in). `config` may be NULL. */
struct engine_plan {
    const struct db_stmt_list *const *lists;
    const struct db_migration *migrations; /* NULL: the real schema */
    const struct db_config *config;
    bool closed; /* only made and migrated: engine->db is NULL */
};
int engines_run_plan(const char *group, const struct engine_case *cases, size_t count,
                     const struct engine_plan *plan);

/* By hand: for programs that want an engine outside of engines_run(). */
void engine_setup(struct engine *engine, enum db_engine kind, const struct engine_plan *plan);
void engine_teardown(struct engine *engine);
/* Closes and opens again, as after a restart. */
void engine_reopen(struct engine *engine, const struct engine_plan *plan);
/* Removes templates and the own cluster; engines_run() does it by itself. */
void engines_release(void);

#endif
