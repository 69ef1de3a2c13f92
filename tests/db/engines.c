#include "engines.h"

#include <assert.h>
#include <libpq-fe.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "cluster.h"
#include "falter.h"

/* One test program, one thread of tests: what was made once is kept here until engines_release(). */
static struct {
    struct cluster cluster;
    char admin[256]; /* URI of a superuser */
    char folder[64];
    char template_name[64]; /* PostgreSQL: a migrated database */
    char template_file[96]; /* SQLite: a migrated file */
    const struct db_migration *template_of[2];
    unsigned made;
} kept;

static const char *const kind_names[] = {[DB_SQLITE] = "sqlite", [DB_POSTGRESQL] = "postgresql"};

static const char *folder(void) {
    if (kept.folder[0] == '\0') {
        snprintf(kept.folder, sizeof kept.folder, "/tmp/sango-test-XXXXXX");
        char *made = mkdtemp(kept.folder);
        assert(made != NULL);
    }
    return kept.folder;
}

static const char *admin(void) {
    if (kept.admin[0] == '\0') {
        const char *given = getenv("SANGO_TEST_PG");
        if (given != NULL) {
            snprintf(kept.admin, sizeof kept.admin, "%s", given);
        } else {
            bool made = cluster_make(&kept.cluster);
            assert(made && "PostgreSQL is not installed");
            snprintf(kept.admin, sizeof kept.admin, "postgresql:///postgres?host=%s&user=postgres",
                     kept.cluster.dir);
        }
    }
    return kept.admin;
}

static void admin_exec(const char *sql) {
    PGconn *pg = PQconnectdb(admin());
    PGresult *result = PQexec(pg, sql);
    if (PQresultStatus(result) != PGRES_COMMAND_OK) {
        fprintf(stderr, "%s: %s\n", sql, PQerrorMessage(pg));
        abort();
    }
    PQclear(result);
    PQfinish(pg);
}

/* The admin's URI with another database's name. */
static struct text uri_of(struct arena *arena, const char *name) {
    const char *from = strstr(admin(), "://");
    assert(from != NULL);
    const char *path = strchr(from + 3, '/');
    const char *query = strchr(from + 3, '?');
    if (path == NULL || (query != NULL && query < path)) {
        path = query == NULL ? from + strlen(from) : query;
    }
    return text_printf(arena, "%.*s/%s%s", (int)(path - admin()), admin(), name, query == NULL ? "" : query);
}

static void migrate(struct text url, const struct db_migration *migrations, struct arena *arena) {
    int64_t from;
    int64_t to;
    struct text why;
    enum rc rc = db_migrate_list(url, migrations, arena, &from, &to, &why);
    if (rc != RC_OK) {
        fprintf(stderr, "%.*s: %.*s\n", TEXT_F(url), TEXT_F(why));
        abort();
    }
}

static const struct db_migration *migrations_of(const struct engine_plan *plan) {
    return plan->migrations == NULL ? db_migrations : plan->migrations;
}

static struct text sqlite_make(struct engine *engine, const struct engine_plan *plan) {
    struct text path = text_printf(&engine->arena, "%.*s/sango.db", TEXT_F(engine->folder));
    snprintf(kept.template_file, sizeof kept.template_file, "%s/template.db", folder());
    if (kept.template_of[DB_SQLITE] != migrations_of(plan)) {
        unlink(kept.template_file);
        migrate(text_printf(&engine->arena, "sqlite:%s", kept.template_file), migrations_of(plan),
                &engine->arena);
        kept.template_of[DB_SQLITE] = migrations_of(plan);
    }
    const char *argv[] = {"cp", kept.template_file, path.p,
                          NULL}; /* all of it: migration ends with a checkpoint */
    int status = cluster_run(argv);
    assert(status == 0);
    return text_printf(&engine->arena, "sqlite:%s", path.p);
}

static struct text postgres_make(struct engine *engine, const struct engine_plan *plan) {
    struct arena *arena = &engine->arena;
    unsigned number = kept.made++;
    if (kept.template_of[DB_POSTGRESQL] != migrations_of(plan)) {
        if (kept.template_name[0] != '\0') {
            admin_exec(text_printf(arena, "DROP DATABASE %s WITH (FORCE)", kept.template_name).p);
        }
        snprintf(kept.template_name, sizeof kept.template_name, "sango_%d_%u_template", (int)getpid(),
                 number);
        admin_exec(text_printf(arena, "CREATE DATABASE %s", kept.template_name).p);
        migrate(uri_of(arena, kept.template_name), migrations_of(plan), arena);
        kept.template_of[DB_POSTGRESQL] = migrations_of(plan);
    }
    struct text name = text_printf(arena, "sango_%d_%u", (int)getpid(), number);
    admin_exec(text_printf(arena, "CREATE DATABASE %s TEMPLATE %s", name.p, kept.template_name).p);
    return uri_of(arena, name.p);
}

static void postgres_drop(struct engine *engine) {
    const char *from = strstr(engine->url.p, "sango_");
    size_t n = strcspn(from, "?");
    admin_exec(text_printf(&engine->arena, "DROP DATABASE %.*s WITH (FORCE)", (int)n, from).p);
}

void engine_reopen(struct engine *engine, const struct engine_plan *plan) {
    db_close(engine->db);
    engine->db = NULL;
    struct db_config config = {.readers = 8};
    if (plan->config != NULL) {
        config = *plan->config;
    }
    config.url = engine->url;
    config.lists = plan->lists;
    config.migrations = migrations_of(plan);
    if (config.trace == NULL) {
        config.trace = falter_trace;
        config.trace_ctx = &engine->kind;
    }
    struct text why = TEXT("");
    enum rc rc = db_open(&config, &engine->arena, &engine->db, &why);
    if (rc != RC_OK) {
        fprintf(stderr, "db_open: %.*s\n", TEXT_F(why));
        abort();
    }
}

void engine_setup(struct engine *engine, enum db_engine kind, const struct engine_plan *plan) {
    *engine = (struct engine){.kind = kind};
    arena_init(&engine->arena, 256 << 20);
    engine->clock.now_ms = INT64_C(1795132800000);
    engine->clock.seed = 1;
    engine->env = env_test(&engine->clock);
    engine->folder = text_printf(&engine->arena, "%s/XXXXXX", folder());
    char *made = mkdtemp((char *)(uintptr_t)engine->folder.p);
    assert(made != NULL);
    engine->url = kind == DB_SQLITE ? sqlite_make(engine, plan) : postgres_make(engine, plan);
    if (!plan->closed) {
        engine_reopen(engine, plan);
    }
}

void engine_teardown(struct engine *engine) {
    db_close(engine->db);
    engine->db = NULL;
    if (engine->kind == DB_POSTGRESQL) {
        postgres_drop(engine);
    }
    const char *argv[] = {"rm", "-rf", engine->folder.p, NULL};
    cluster_run(argv);
    arena_release(&engine->arena);
}

void engines_release(void) {
    struct arena arena;
    arena_init(&arena, 1 << 16);
    if (kept.template_name[0] != '\0' && !kept.cluster.made) {
        admin_exec(text_printf(&arena, "DROP DATABASE %s WITH (FORCE)", kept.template_name).p);
    }
    cluster_remove(&kept.cluster);
    if (kept.folder[0] != '\0') {
        const char *argv[] = {"rm", "-rf", kept.folder, NULL};
        cluster_run(argv);
    }
    memset(&kept, 0, sizeof kept);
    arena_release(&arena);
}

/* ---- cmocka ---- */

struct run {
    const struct engine_case *test;
    const struct engine_plan *plan;
    enum db_engine kind;
    struct engine engine;
};

static int run_setup(void **state) {
    struct run *run = *state;
    engine_setup(&run->engine, run->kind, run->plan);
    return 0;
}

static int run_teardown(void **state) {
    struct run *run = *state;
    engine_teardown(&run->engine);
    return 0;
}

static void run_case(void **state) {
    struct run *run = *state;
    run->test->run(&run->engine);
}

static int release_all(void **state) {
    (void)state;
    engines_release();
    return 0;
}

int engines_run_plan(const char *group, const struct engine_case *cases, size_t count,
                     const struct engine_plan *plan) {
    struct arena arena;
    arena_init(&arena, 16 << 20);
    struct CMUnitTest *tests = arena_array(&arena, struct CMUnitTest, count * 2);
    struct run *runs = arena_array(&arena, struct run, count * 2);
    for (size_t i = 0; i < count * 2; i++) {
        runs[i] =
            (struct run){.test = &cases[i / 2], .plan = plan, .kind = i % 2 == 0 ? DB_SQLITE : DB_POSTGRESQL};
        tests[i] = (struct CMUnitTest){
            .name = text_printf(&arena, "%s/%s", runs[i].test->name, kind_names[runs[i].kind]).p,
            .test_func = run_case,
            .setup_func = run_setup,
            .teardown_func = run_teardown,
            .initial_state = &runs[i]};
    }
    int failed = _cmocka_run_group_tests(group, tests, count * 2, NULL, release_all);
    arena_release(&arena);
    return failed;
}

int engines_run(const char *group, const struct engine_case *cases, size_t count,
                const struct db_stmt_list *const *lists) {
    struct engine_plan plan = {.lists = lists};
    return engines_run_plan(group, cases, count, &plan);
}
