/* The pool of connections to PostgreSQL: those that live serve everybody, whatever becomes of further ones. */
#include "db/engines.h"

#include <libpq-fe.h>
#include <pthread.h>
#include <stdatomic.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

enum { CALLERS = 16, CALLS = 2 };

static const struct db_migration schema[] = {
    {1, "create_call", "CREATE TABLE call (id @int@ NOT NULL PRIMARY KEY) @strict@;\n"}, {0, NULL, NULL}};

struct number {
    int64_t n;
};
static const struct db_column number_cols[] = {DB_COL(struct number, n, DB_INT)};
enum { PUT, SLEEP, COUNT_ALL, PATIENCE };
static const struct db_stmt stmts[] = {
    [PUT] = {"INSERT INTO call (id) VALUES ($1)", "i"},
    [SLEEP] = {"SELECT count(pg_sleep(0.06)) FROM generate_series(1, $1)", "i", DB_COLS(number_cols)},
    [COUNT_ALL] = {"SELECT count(*) FROM call", "", DB_COLS(number_cols)},
    [PATIENCE] =
        {"SELECT CAST(EXTRACT(EPOCH FROM CAST(current_setting('statement_timeout') AS interval)) AS bigint)",
         "", DB_COLS(number_cols)},
};
static const struct db_stmt_list list = {stmts, COUNT(stmts)};
static const struct db_stmt_list *const lists[] = {&list, NULL};

static _Atomic int reports;

static void on_report(void *ctx, enum db_error error, const char *code) {
    (void)ctx;
    (void)code;
    atomic_fetch_add(&reports, error == DB_IO);
}

static const struct engine_plan plan = {.lists = lists,
                                        .migrations = schema,
                                        .closed = true,
                                        .config = &(struct db_config){.readers = 8, .report = on_report}};

struct caller {
    struct engine *engine;
    int64_t id;
    int served;
    enum db_error error;
    pthread_t thread;
};

static enum rc call_slowly(struct tx *tx, void *arg) {
    struct caller *caller = arg;
    struct number n;
    enum rc rc = db_exec(tx, &stmts[PUT], DB_BIND(db_int(caller->id)), NULL);
    return rc == RC_OK ? db_one(tx, &stmts[SLEEP], DB_BIND(db_int(1)), &n) : rc;
}

static void *calls(void *arg) {
    struct caller *caller = arg;
    struct arena arena;
    arena_init(&arena, 1 << 20);
    for (int i = 0; i < CALLS; i++, caller->id++) {
        enum db_error error = DB_FINE;
        enum rc rc = db_write(caller->engine->db, &arena, call_slowly, caller, &error);
        caller->served += rc == RC_OK;
        caller->error = rc == RC_OK ? caller->error : error;
        arena_clear(&arena);
    }
    arena_release(&arena);
    return NULL;
}

static void run(PGconn *pg, const char *sql) {
    PGresult *result = PQexec(pg, sql);
    assert_int_equal(PQresultStatus(result), PGRES_COMMAND_OK);
    PQclear(result);
}

/* Each waits for all before her, much longer than anybody waits for a server that is silent. */
static void one_connection_serves_all(struct engine *e) {
    if (e->kind == DB_SQLITE) {
        return;
    }
    PGconn *pg = PQconnectdb(e->url.p);
    run(pg, "DROP ROLE IF EXISTS sango_lonely");
    run(pg, "CREATE ROLE sango_lonely LOGIN CONNECTION LIMIT 1");
    run(pg, "GRANT ALL ON ALL TABLES IN SCHEMA public TO sango_lonely");
    struct engine lonely = *e;
    lonely.url = text_printf(&e->arena, "%.*s%suser=sango_lonely", TEXT_F(e->url),
                             text_has(e->url, TEXT("?")) ? "&" : "?");
    engine_reopen(&lonely, &plan);
    struct caller callers[CALLERS];
    for (int i = 0; i < CALLERS; i++) {
        callers[i] = (struct caller){.engine = &lonely, .id = 1 + i * CALLS};
        assert_int_equal(pthread_create(&callers[i].thread, NULL, calls, &callers[i]), 0);
    }
    for (int i = 0; i < CALLERS; i++) {
        pthread_join(callers[i].thread, NULL);
    }
    for (int i = 0; i < CALLERS; i++) {
        assert_int_equal(callers[i].error, DB_FINE);
        assert_int_equal(callers[i].served, CALLS);
    }
    assert_true(atomic_load(&reports) > 0); /* others were tried for, and could not be had */
    db_close(lonely.db);
    e->db = NULL;
    run(pg, "DROP OWNED BY sango_lonely");
    run(pg, "DROP ROLE sango_lonely");
    PQfinish(pg);
}

/* ---- how long a statement may take ---- */

static enum rc ask_patience(struct tx *tx, void *arg) {
    return db_one(tx, &stmts[PATIENCE], DB_NO_BIND, arg);
}

static int64_t patience_s(struct engine *e, bool patient) {
    struct db_config config = {
        .url = e->url, .lists = lists, .migrations = schema, .read_only = true, .patient = patient};
    struct db *db = NULL;
    struct text why;
    struct number seconds = {0};
    enum db_error error;
    assert_int_equal(db_open(&config, &e->arena, &db, &why), RC_OK);
    assert_int_equal(db_read(db, &e->arena, ask_patience, &seconds, &error), RC_OK);
    db_close(db);
    return seconds.n;
}

static void whole_questions_have_time(struct engine *e) {
    if (e->kind == DB_SQLITE) {
        return;
    }
    assert_int_equal(patience_s(e, false), 5);
    assert_int_equal(patience_s(e, true), 3600);
}

int main(void) {
    static const struct engine_case cases[] = {ENGINE_CASE(one_connection_serves_all),
                                               ENGINE_CASE(whole_questions_have_time)};
    return engines_run_plan("db/pool", cases, COUNT(cases), &plan);
}
