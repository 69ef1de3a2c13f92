/* Connections to PostgreSQL are made and made ready before anybody asks, and again after the server dropped them. */
#include "db/engines.h"

#include <libpq-fe.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>
#include <cmocka.h>

enum { READY = 3 };

struct number {
    int64_t n;
};
static const struct db_column number_cols[] = {DB_COL(struct number, n, DB_INT)};
enum { SELDOM, USUAL, PUT, PLANNED };
static const struct db_stmt stmts[] = {
    [SELDOM] = {"SELECT count(*) FROM city WHERE id <> $1", "i", DB_COLS(number_cols)},
    [USUAL] = {"SELECT count(*) FROM city WHERE id = $1", "i", DB_COLS(number_cols), .usual = true},
    [PUT] = {"INSERT INTO job (name, holder, until) VALUES ($1, $1, $2)", "ts", .usual = true,
             .unseen = true},
    [PLANNED] = {"SELECT CAST(COALESCE(sum(generic_plans), 0) AS BIGINT) FROM pg_prepared_statements"
                 " WHERE statement = $1",
                 "t", DB_COLS(number_cols)},
};
static const struct db_stmt_list list = {stmts, COUNT(stmts)};
static const struct db_stmt_list *const lists[] = {&list, NULL};
static const char *const watched[] = {"booking", NULL};
static const struct db_config server = {.readers = READY, .watched = watched};
static const struct engine_plan plan = {.lists = lists, .closed = true, .config = &server};

static int64_t ask(PGconn *pg, const char *sql) {
    int64_t n = -1;
    PGresult *result = PQexec(pg, sql);
    assert_int_equal(PQresultStatus(result), PGRES_TUPLES_OK);
    assert_true(num_parse(text_of(PQgetvalue(result, 0, 0)), &n));
    PQclear(result);
    return n;
}

/* Those whose last question was the last of what makes ready. Never ends when they do not come. */
static void await_ready(PGconn *pg, int count) {
    static const char sql[] = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                              " AND state = 'idle' AND query LIKE 'EXPLAIN % EXECUTE count(%'";
    while (ask(pg, sql) < count) {
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
    }
}

static void made_before_anybody_asks(struct engine *e) {
    if (e->kind == DB_SQLITE) {
        return;
    }
    engine_reopen(e, &plan);
    PGconn *pg = PQconnectdb(e->url.p);
    await_ready(pg, READY);
    assert_int_equal(ask(pg, "SELECT count(*) FROM job"), 0); /* nothing was run */
    PQfinish(pg);
}

static enum rc count_all(struct tx *tx, void *arg) {
    return db_one(tx, &stmts[USUAL], DB_BIND(db_int(1)), arg);
}

/* Whoever finds that a connection has died is served by another; the keeper replaces them. */
static void made_again(struct engine *e) {
    struct number n = {-1};
    enum db_error error = DB_FINE;
    if (e->kind == DB_SQLITE) {
        return;
    }
    engine_reopen(e, &plan);
    PGconn *pg = PQconnectdb(e->url.p);
    await_ready(pg, READY);
    assert_true(ask(pg, "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                        " WHERE datname = current_database() AND pid <> pg_backend_pid()") >= READY);
    while (db_read(e->db, &e->arena, count_all, &n, &error) != RC_OK) {
        assert_int_equal(error, DB_IO);
    }
    assert_int_equal(n.n, 0);
    await_ready(pg, READY - 1); /* the other one has been asked since */
    PQfinish(pg);
}

struct plans {
    size_t at; /* of stmts */
    int64_t n;
};

static enum rc count_plans(struct tx *tx, void *arg) {
    struct plans *plans = arg;
    struct number n = {-1};
    enum rc rc = db_one(tx, &stmts[PLANNED], DB_BIND(db_text(text_of(stmts[plans->at].sql))), &n);
    plans->n = n.n;
    return rc;
}

/* The usual ones have their plan, the others are planned when they are needed. */
static void usual_ones_are_planned(struct engine *e) {
    static const int64_t expected[] = {[SELDOM] = 0, [USUAL] = 1, [PUT] = 1};
    if (e->kind == DB_SQLITE) {
        return;
    }
    engine_reopen(e, &plan);
    PGconn *pg = PQconnectdb(e->url.p);
    await_ready(pg, READY);
    for (size_t i = 0; i < COUNT(expected); i++) {
        struct plans plans = {.at = i};
        enum db_error error = DB_FINE;
        assert_int_equal(db_read(e->db, &e->arena, count_plans, &plans, &error), RC_OK);
        assert_int_equal(plans.n, expected[i]);
    }
    PQfinish(pg);
}

int main(void) {
    static const struct engine_case cases[] = {ENGINE_CASE(made_before_anybody_asks), ENGINE_CASE(made_again),
                                               ENGINE_CASE(usual_ones_are_planned)};
    return engines_run_plan("db/ready", cases, COUNT(cases), &plan);
}
