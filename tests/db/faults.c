/* What the world does to databases: killed processes, a second server, locks, a server that goes away. */
#include "db/engines.h"

#include <errno.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "cluster.h"
#include "mark.h"
#include "db/wait.h"

/* ---- kill -9 ---- */

enum { KILL_ROUNDS = 20, TRIES = 50, PATIENCE_MS = 400 };

/* Commits one row after the other and says each number aloud only once it is acknowledged. */
static void commit_on(struct engine *e, int pipe_end, int64_t from) {
    engine_reopen(e, &mark_plan);
    for (int64_t id = from;; id++) {
        enum db_error error;
        if (put_id(e, id, &error) != RC_OK || write(pipe_end, &id, sizeof id) != sizeof id) {
            _exit(1);
        }
    }
}

static void what_was_acknowledged_is_there(struct engine *e) {
    int64_t last = 0;
    for (int round = 0; round < KILL_ROUNDS; round++) {
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        pid_t child = fork();
        if (child == 0) {
            close(ends[0]);
            commit_on(e, ends[1], last + 2); /* last + 1 may be there though nobody was told */
        }
        close(ends[1]);
        int64_t id = 0;
        int64_t first = 0;
        for (int told = 0; told < 10 + round * 7 && read(ends[0], &id, sizeof id) == sizeof id; told++) {
            first = first == 0 ? id : first;
        }
        kill(child, SIGKILL);
        int status = 0;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status));
        while (read(ends[0], &id, sizeof id) == sizeof id) {
        }
        close(ends[0]);
        assert_true(first > 0 && id > first);
        engine_reopen(e, &mark_plan);
        for (int64_t each = first; each <= id; each++) {
            assert_true(has_id(e, each));
        }
        assert_false(has_id(e, id + 2));
        db_close(e->db);
        e->db = NULL;
        last = id;
    }
}

/* ---- one server a file ---- */

static void a_second_server_is_refused(struct engine *e) {
    if (e->kind == DB_POSTGRESQL) {
        return; /* many nodes are welcome */
    }
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        engine_reopen(e, &mark_plan);
        char byte = 'x';
        ssize_t sent = write(ends[1], &byte, 1);
        (void)sent;
        pause();
    }
    char byte;
    assert_int_equal(read(ends[0], &byte, 1), 1);
    struct db_config config = {.url = e->url, .lists = mark_lists, .migrations = mark_schema};
    struct db *db = NULL;
    struct text why = TEXT("");
    assert_int_equal(db_open(&config, &e->arena, &db, &why), RC_RACE);
    assert_true(text_has(why, TEXT("使用中")));
    config.read_only = true; /* looking is allowed */
    assert_int_equal(db_open(&config, &e->arena, &db, &why), RC_OK);
    enum db_error error;
    int64_t count = -1;
    assert_int_equal(count_marks(db, &e->arena, &count, &error), RC_OK);
    assert_int_equal(count, 0);
    struct engine looking = *e;
    looking.db = db;
    assert_int_equal(put_id(&looking, 1, &error), RC_FAULT);
    db_close(db);
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, NULL, 0), child);
    close(ends[0]);
    close(ends[1]);
    engine_reopen(e, &mark_plan); /* the lock went with the process */
    assert_int_equal(put_id(e, 1, &error), RC_OK);
}

/* ---- a foreign process holds the file ---- */

static void a_foreign_lock_is_busy(struct engine *e) {
    if (e->kind == DB_POSTGRESQL) {
        return;
    }
    engine_reopen(e, &mark_plan);
    sqlite3 *other = NULL;
    enum db_error error = DB_FINE;
    assert_int_equal(sqlite3_open(e->url.p + 7, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(put_id(e, 1, &error), RC_FAULT);
    assert_int_equal(error, DB_BUSY);
    assert_int_equal(db_ping_writable(e->db, &e->arena, &error), RC_FAULT);
    assert_int_equal(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(other), SQLITE_OK);
    assert_int_equal(db_ping_writable(e->db, &e->arena, &error), RC_OK);
    assert_int_equal(put_id(e, 1, &error), RC_OK);
}

/* ---- PostgreSQL goes away ---- */

/* The house promises an answer within a second. How long it took is told, not judged: that is the machine's load; a wait
 * without end is ended by the test's time limit. */
static void tell(const char *what, int64_t began) {
    print_message("# %s: %lld ms\n", what, (long long)(wait_now_ms() - began));
}

static void the_server_may_go_and_come(struct engine *e) {
    struct cluster cluster;
    if (e->kind == DB_SQLITE || !cluster_make(&cluster)) {
        return;
    }
    struct engine own = *e;
    own.url = text_printf(&e->arena, "postgresql:///postgres?host=%s&user=postgres", cluster.dir);
    int64_t from;
    int64_t to;
    struct text why;
    assert_int_equal(db_migrate_list(own.url, mark_schema, &e->arena, &from, &to, &why), RC_OK);
    engine_reopen(&own, &mark_plan);
    enum db_error error;
    assert_int_equal(put_id(&own, 1, &error), RC_OK);
    for (int round = 0; round < 2; round++) {
        cluster_stop(&cluster, "immediate");
        for (int i = 0; i < 4; i++) {
            int64_t began = wait_now_ms();
            assert_int_equal(put_id(&own, 100, &error), RC_FAULT);
            assert_int_equal(error, DB_IO);
            assert_false(has_id(&own, 1));
            tell("a write and a read without a server", began);
        }
        cluster_start(&cluster);
        int64_t deadline = wait_now_ms() + 60000;
        while (put_id(&own, 2 + round, &error) != RC_OK && wait_now_ms() < deadline) {
            wait_sleep_ms(20);
        }
        assert_true(has_id(&own, 1) && has_id(&own, 2 + round));
        assert_false(has_id(&own, 100));
    }
    db_close(own.db);
    cluster_remove(&cluster);
}

/* ---- PostgreSQL: a lock held for long, connections ended by the administrator ---- */

static PGconn *admin_of(struct engine *e, const char *sql) {
    PGconn *pg = PQconnectdb(e->url.p);
    PGresult *result = PQexec(pg, sql);
    assert_true(PQresultStatus(result) == PGRES_COMMAND_OK || PQresultStatus(result) == PGRES_TUPLES_OK);
    PQclear(result);
    return pg;
}

/* Nobody who asks notices, unless she waited in vain because the server was kept from running: then she asks again. */
static void put_unnoticed(struct engine *e, int64_t id) {
    enum db_error error = DB_FINE;
    int64_t began = wait_now_ms();
    enum rc rc = put_id(e, id, &error);
    for (int tries = 0; tries < TRIES && rc != RC_OK && wait_now_ms() - began > PATIENCE_MS; tries++) {
        began = wait_now_ms();
        rc = put_id(e, id, &error);
    }
    assert_true(rc == RC_OK || (error == DB_UNIQUE && has_id(e, id))); /* it may have been done unheard */
}

static void a_held_lock_is_busy_soon(struct engine *e) {
    if (e->kind == DB_SQLITE) {
        return;
    }
    enum db_error error = DB_FINE;
    engine_reopen(e, &mark_plan);
    assert_int_equal(put_id(e, 1, &error), RC_OK);
    PGconn *other = admin_of(e, "BEGIN; LOCK TABLE mark IN ACCESS EXCLUSIVE MODE");
    int64_t began = wait_now_ms();
    for (int tries = 0; tries < TRIES && error != DB_BUSY; tries++) {
        assert_int_equal(put_id(e, 2, &error), RC_FAULT);
        assert_true(error == DB_BUSY ||
                    error == DB_IO); /* a server that may not run looks like one that is gone */
    }
    assert_int_equal(error, DB_BUSY);
    assert_false(has_id(e, 1));
    tell("a write and a read behind a lock", began);
    PQfinish(other);
    put_unnoticed(e, 2);
}

static void ended_connections_are_replaced(struct engine *e) {
    if (e->kind == DB_SQLITE) {
        return;
    }
    engine_reopen(e, &mark_plan);
    for (int64_t id = 1; id <= 5; id++) { /* nobody notices: the transaction is begun again on a new one */
        put_unnoticed(e, id);
        PQfinish(admin_of(e, "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity "
                             "WHERE datname = current_database() AND pid <> pg_backend_pid()"));
    }
    int64_t began = wait_now_ms();
    bool there = has_id(e, 5);
    for (int tries = 0; tries < TRIES && !there && wait_now_ms() - began > PATIENCE_MS; tries++) {
        began = wait_now_ms();
        there = has_id(e, 5);
    }
    assert_true(there);
}

int main(void) {
    static const struct engine_case cases[] = {
        ENGINE_CASE(what_was_acknowledged_is_there), ENGINE_CASE(a_second_server_is_refused),
        ENGINE_CASE(a_foreign_lock_is_busy),         ENGINE_CASE(the_server_may_go_and_come),
        ENGINE_CASE(a_held_lock_is_busy_soon),       ENGINE_CASE(ended_connections_are_replaced),
    };
    return engines_run_plan("db/faults", cases, COUNT(cases), &mark_plan);
}
