#include "db/postgres_conn.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "db/wait.h"

/* Notices could hold data and would go to stderr. */
static void drop_notice(void *ctx, const char *message) {
    (void)ctx;
    (void)message;
}

PGconn *postgres_connect(const char *uri, char *ret_code, size_t size) {
    /* Later words win: what the URI says goes over the first ones, never over the last. */
    static const char *const words[] = {"connect_timeout",  "target_session_attrs",
                                        "tcp_user_timeout", "keepalives_idle",
                                        "application_name", "dbname",
                                        "client_encoding",  NULL};
    const char *const values[] = {"2", "read-write", "3000", "5", "sango", uri, "UTF8", NULL};
    PGconn *pg = PQconnectdbParams(words, values, 1);
    PQsetNoticeProcessor(pg, drop_notice, NULL);
    if (PQstatus(pg) == CONNECTION_OK) {
        return pg;
    }
    struct text message =
        text_of(PQerrorMessage(pg)); /* host, port and reason; libpq leaves out the password */
    while (message.n > 0 && message.p[message.n - 1] == '\n') {
        message.n--;
    }
    snprintf(ret_code, size, "%.*s", TEXT_F(message));
    PQfinish(pg);
    return NULL;
}

/* ---- errors ---- */

static bool state_in(const char *state, const char *const *states) {
    for (; *states != NULL; states++) {
        if (strncmp(state, *states, strlen(*states)) == 0) {
            return true;
        }
    }
    return false;
}

enum db_error postgres_error_of(const PGresult *result) {
    static const struct {
        enum db_error error;
        const char *states[9]; /* whole codes or classes, then NULL */
    } classes[] = {
        {DB_UNIQUE, {"23505", "23P01", NULL}},
        {DB_CHECK, {"23514", "23502", "22001", "22021", NULL}},
        {DB_FOREIGN_KEY, {"23503", "23001", NULL}},
        {DB_RACE, {"40001", "40P01", NULL}},
        {DB_FULL, {"53100", NULL}},
        {DB_BUSY, {"55P03", "57014", "53", NULL}},
        {DB_IO, {"08", "57P", "25006", "25P03", "26000", "58", "XX001", "XX002", NULL}},
    };
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    if (state == NULL) {
        return DB_IO; /* libpq itself: the connection */
    }
    for (size_t i = 0; i < COUNT(classes); i++) {
        if (state_in(state, classes[i].states)) {
            return classes[i].error;
        }
    }
    return DB_OTHER;
}

static void tx_lost(struct tx *tx) {
    tx->error = DB_IO;
    db_report(tx->conn->db, DB_IO, "connection lost");
}

void postgres_tx_fault(struct tx *tx, const PGresult *result) {
    struct postgres_conn *conn = (struct postgres_conn *)tx->conn;
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *name = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
    char code[32];
    if (name == NULL) {
        name = PQresultErrorField(result, PG_DIAG_COLUMN_NAME); /* NOT NULL */
    }
    tx->error = postgres_error_of(result);
    tx->constraint = name == NULL ? (struct text){NULL, 0} : text_copy(tx->arena, text_of(name));
    if (tx->error == DB_IO) {
        conn->lost = true; /* gone, a standby now, or a foreign pooler: never to be used again */
    }
    snprintf(code, sizeof code, "SQLSTATE %s", state == NULL ? "none" : state);
    db_report(conn->base.db, tx->error, code);
}

/* ---- the wire ---- */

/* How long to sleep at most: until the deadline, or until the answer is late. */
static int nap_ms(const struct postgres_conn *conn, int64_t left) {
    return (int)(conn->late != NULL && left > POSTGRES_LATE_MS ? POSTGRES_LATE_MS : left);
}

/* Nothing came within the nap. */
static void say_late(struct postgres_conn *conn) {
    void (*late)(struct postgres_conn *) = conn->late;
    conn->late = NULL;
    if (late != NULL) {
        late(conn);
    }
}

/* False: nothing came before the deadline, or the connection broke. */
static bool wire_wait(struct postgres_conn *conn, int64_t deadline) {
    for (;;) {
        int unsent = PQflush(conn->pg);
        if (unsent < 0) {
            return false;
        }
        if (unsent == 0 && !PQisBusy(conn->pg)) {
            return true;
        }
        int64_t left = deadline - wait_now_ms();
        struct pollfd fd = {.fd = PQsocket(conn->pg),
                            .events = (short)(unsent > 0 ? POLLIN | POLLOUT : POLLIN)};
        if (left <= 0 || fd.fd < 0) {
            return false;
        }
        int ready = poll(&fd, 1, nap_ms(conn, left));
        if (ready < 0 && errno != EINTR) {
            return false;
        }
        if (ready == 0) {
            say_late(conn);
        }
        if (ready > 0 && (fd.revents & ~POLLOUT) != 0 && PQconsumeInput(conn->pg) == 0) {
            return false;
        }
    }
}

static bool result_failed(const PGresult *result) {
    ExecStatusType status = PQresultStatus(result);
    return status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK;
}

/* Keeps the first failure, else the latest answer. */
static void keep(PGresult **kept, PGresult *result) {
    if (*kept != NULL && result_failed(*kept)) {
        PQclear(result);
        return;
    }
    PQclear(*kept);
    *kept = result;
}

/* The answer to the command number `at` of those that are due. */
static void due_take(struct postgres_conn *conn, int at, PGresult *result) {
    bool failed = result_failed(result);
    conn->changed = failed ? 0 : postgres_rows_changed(result);
    if (at >= conn->due_count) {
        return;
    }
    const struct postgres_due *due = &conn->due[at];
    if (due->prepares > 0) {
        conn->prepared[due->prepares - 1] = failed ? POSTGRES_UNKNOWN : POSTGRES_PREPARED;
    } else if (!failed && due->sink != NULL) {
        conn->misfit = !postgres_rows_sink(result, due->sink) || conn->misfit;
    } else if (!failed && due->rows != DB_ROWS_ANY) {
        conn->unmet = conn->unmet || conn->changed != due->rows;
    }
}

static int64_t statement_ms(const struct postgres_conn *conn) {
    return conn->base.db->patient ? POSTGRES_PATIENT_MS : POSTGRES_STATEMENT_MS;
}

static bool wire_read(struct postgres_conn *conn, PGresult **ret_result) {
    int64_t deadline = wait_now_ms() + POSTGRES_ALIVE_MS;
    PGresult *kept = NULL;
    int nulls = 0;
    int at = 0;
    if (!conn->opening && conn->owed == 0 &&
        !conn->brisk) { /* within a transaction: a statement may take its time */
        deadline = wait_now_ms() + statement_ms(conn) + 1000;
    }
    for (int syncs = conn->owed + 1; syncs > 0;) {
        PGresult *result = wire_wait(conn, deadline) ? PQgetResult(conn->pg) : NULL;
        bool broken = PQstatus(conn->pg) != CONNECTION_OK;
        nulls = result == NULL ? nulls + 1 : 0;
        if (broken || nulls > 1) {
            conn->silent = !broken;
            PQclear(result);
            PQclear(kept);
            return false;
        }
        if (result == NULL) {
            continue;
        }
        deadline = wait_now_ms() + statement_ms(conn) + 1000;
        if (PQresultStatus(result) == PGRES_PIPELINE_SYNC) {
            PQclear(result);
            syncs--;
            if (syncs > 0) { /* those were the old transaction's answers */
                PQclear(kept);
                kept = NULL;
            }
            continue;
        }
        if (syncs == 1) {
            due_take(conn, at++, result);
        }
        keep(&kept, result);
    }
    *ret_result = kept;
    return kept != NULL;
}

bool postgres_conn_exchange(struct postgres_conn *conn, PGresult **ret_result) {
    conn->misfit = false;
    bool done = !conn->lost && PQpipelineSync(conn->pg) == 1 && wire_read(conn, ret_result);
    conn->owed = 0;
    conn->due_count = 0;
    conn->opening = false;
    conn->lost = !done;
    return done;
}

void postgres_conn_owe(struct postgres_conn *conn, const struct postgres_due *due) {
    assert(conn->due_count < POSTGRES_DUE_MAX);
    conn->due[conn->due_count++] = *due;
}

static bool send_sql(struct postgres_conn *conn, const char *sql) {
    return PQsendQueryParams(conn->pg, sql, 0, NULL, NULL, NULL, NULL, 1) == 1;
}

/* BEGIN goes out with the first statement; the flush request makes its answer an early sign of life. */
bool postgres_conn_begin(struct postgres_conn *conn) {
    if (conn->begin == NULL) {
        return true;
    }
    bool sent = send_sql(conn, conn->begin) && PQsendFlushRequest(conn->pg) == 1;
    conn->begin = NULL;
    conn->opening = true;
    conn->unmet = false;
    postgres_conn_owe(conn, &(struct postgres_due){.rows = DB_ROWS_ANY});
    return sent;
}

enum rc postgres_conn_command(struct tx *tx, const char *sql, const char *tag) {
    struct postgres_conn *conn = (struct postgres_conn *)tx->conn;
    PGresult *result = NULL;
    if (conn->lost || !postgres_conn_begin(conn) || !send_sql(conn, sql) ||
        !postgres_conn_exchange(conn, &result)) {
        conn->lost = true;
        tx_lost(tx);
        return RC_FAULT;
    }
    enum rc rc = RC_OK;
    if (result_failed(result)) {
        postgres_tx_fault(tx, result);
        rc = RC_FAULT;
    } else if (strcmp(PQcmdStatus(result), tag) != 0) { /* COMMIT of a dead transaction says ROLLBACK */
        tx->error = DB_OTHER;
        rc = RC_FAULT;
    }
    PQclear(result);
    return rc;
}

/* What was sent before may have failed, and a failure skips all that follows it up to the next sync. */
static bool sync_now(struct postgres_conn *conn) {
    bool sent = PQpipelineSync(conn->pg) == 1;
    conn->owed += sent;
    return sent;
}

/* Whether those statements are prepared now must be known before the connection serves another. */
static void prepares_learn(struct postgres_conn *conn) {
    bool any = false;
    for (int i = 0; i < conn->due_count; i++) {
        any = any || conn->due[i].prepares > 0;
    }
    PGresult *result = NULL;
    if (any && !postgres_conn_exchange(conn, &result)) {
        conn->lost = true;
    }
    PQclear(result);
}

void postgres_conn_end(struct postgres_conn *conn, const char *sql) {
    bool begun = conn->begin == NULL && PQtransactionStatus(conn->pg) != PQTRANS_IDLE;
    prepares_learn(conn);
    bool unread = conn->due_count > 0;
    conn->due_count = 0;
    conn->opening = false;
    conn->begin = NULL;
    if (conn->lost || !begun) {
        return;
    }
    bool ended =
        (!unread || sync_now(conn)) && send_sql(conn, sql) && sync_now(conn) && PQflush(conn->pg) >= 0;
    conn->lost = !ended;
}

/* Every statement is planned once a connection, as on SQLite: planning anew with the values in hand took longer than the
 * question itself (docs/adr/0195). */
bool postgres_conn_prepare_session(struct postgres_conn *conn) {
    static const char *const settings[] = {
        "SET search_path = public",
        "SET timezone = 'UTC'",
        "SET standard_conforming_strings = on",
        "SET default_transaction_isolation = 'read committed'",
        "SET lock_timeout = 700",
        "SET idle_in_transaction_session_timeout = 10000",
        "SET tcp_keepalives_idle = 5", /* in the middle of what was sent no timeout runs: should our machine vanish then, */
        "SET tcp_keepalives_interval = 2", /* its locks last until its silence is noticed */
        "SET tcp_keepalives_count = 3",
        "SET plan_cache_mode = force_generic_plan",
        "SET jit = off",
        ("SELECT pg_catalog.set_config('synchronous_commit', 'on', false) "
         "WHERE current_setting('synchronous_commit') = 'off'"),
    };
    _Static_assert(POSTGRES_LOCK_MS == 700, "the settings above");
    PGresult *result = NULL;
    char timeout[64];
    char join[96];
    snprintf(timeout, sizeof timeout, "SET statement_timeout = %" PRId64, statement_ms(conn));
    snprintf(join, sizeof join, "SELECT pg_catalog.pg_advisory_lock_shared(%d, %" PRId32 ")",
             POSTGRES_MEMBERS, conn->base.db->member);
    bool sent = PQsetnonblocking(conn->pg, 1) == 0 && PQenterPipelineMode(conn->pg) == 1;
    for (size_t i = 0; sent && i < COUNT(settings); i++) {
        sent = send_sql(conn, settings[i]);
    }
    sent = sent && send_sql(conn, timeout) && (conn->base.db->member == 0 || send_sql(conn, join));
    bool done = sent && postgres_conn_exchange(conn, &result) && !result_failed(result);
    conn->joined = wait_boot_ms();
    PQclear(result);
    conn->lost = !done;
    return done;
}
