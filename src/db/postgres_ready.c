/* Most of what a statement costs when a connection runs it for the first time is planning it, and reading from the
 * catalogue what it is planned with. EXPLAIN of a prepared statement does both, keeps the plan (plan_cache_mode is
 * force_generic_plan), and runs nothing: no row is read, written or locked. */
#include "db/postgres_ready.h"

#include <assert.h>
#include <stdio.h>

#include "db/postgres_count.h"

enum { FLIGHT = 4, TEXT_MAX = 512, BINDS_MAX = 64 };

/* "EXPLAIN EXECUTE s25(NULL, NULL)" */
static bool plan_send(struct postgres_conn *conn, const char *name, size_t binds) {
    char sql[TEXT_MAX];
    assert(binds <= BINDS_MAX);
    size_t n = (size_t)snprintf(sql, sizeof sql, "EXPLAIN (COSTS OFF) EXECUTE %s", name);
    for (size_t i = 0; i < binds; i++) {
        n += (size_t)snprintf(sql + n, sizeof sql - n, "%sNULL", i == 0 ? "(" : ", ");
    }
    snprintf(sql + n, sizeof sql - n, "%s", binds == 0 ? "" : ")");
    postgres_conn_owe(conn, &(struct postgres_due){.rows = DB_ROWS_ANY});
    return PQsendQueryParams(conn->pg, sql, 0, NULL, NULL, NULL, NULL, 0) == 1;
}

static bool flight_end(struct postgres_conn *conn) {
    PGresult *result = NULL;
    bool done = postgres_conn_exchange(conn, &result);
    PQclear(result);
    return done;
}

static bool statement_ready(struct postgres_conn *conn, size_t index) {
    char name[POSTGRES_NAME_MAX];
    postgres_statement_name(index, name);
    return postgres_conn_prepare(conn, index) &&
           plan_send(conn, name, conn->base.db->catalog.entries[index].bind_count);
}

/* The next few; false when there are none, or the connection is lost. */
static bool flight(struct postgres_conn *conn, size_t *at) {
    const struct catalog *catalog = &conn->base.db->catalog;
    int n = 0;
    bool good = true;
    for (; good && n < FLIGHT && *at < catalog->count; ++*at) {
        if (catalog->entries[*at].stmt->usual) {
            good = statement_ready(conn, *at);
            n++;
        }
    }
    if (good && n < FLIGHT) {
        good = postgres_count_ready(conn) && plan_send(conn, "count", 4);
    }
    good = good && flight_end(conn);
    conn->lost = conn->lost || !good;
    return good && n == FLIGHT;
}

void postgres_conn_ready(struct postgres_conn *conn, bool (*go_on)(void *ctx), void *ctx) {
    size_t at = 0;
    conn->brisk = true;
    while (go_on(ctx) && flight(conn, &at)) {
    }
    conn->brisk = false;
}
