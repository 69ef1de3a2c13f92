/* What the world does to databases: killed processes, a full disk, a disk that lies, a server that goes away. */
#include "db/engines.h"

#include <errno.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "cluster.h"
#include "db/wait.h"

static const struct db_migration schema[] = {
    {1, "create_mark", "CREATE TABLE mark (id @int@ NOT NULL PRIMARY KEY, bytes @blob@) @strict@;\n"},
    {0, NULL, NULL}};

struct number {
    int64_t n;
};
static const struct db_column number_cols[] = {DB_COL(struct number, n, DB_INT)};
enum { PUT, HAS, COUNT_ALL };
static const struct db_stmt stmts[] = {
    [PUT] = {"INSERT INTO mark (id, bytes) VALUES ($1, $2)", "ix"},
    [HAS] = {"SELECT id FROM mark WHERE id = $1", "i", DB_COLS(number_cols)},
    [COUNT_ALL] = {"SELECT count(*) FROM mark", "", DB_COLS(number_cols)},
};
static const struct db_stmt_list list = {stmts, COUNT(stmts)};
static const struct db_stmt_list *const lists[] = {&list, NULL};

static _Atomic int reports[DB_ERROR__MAX];

static void on_report(void *ctx, enum db_error error, const char *code) {
    (void)ctx;
    assert_non_null(code);
    atomic_fetch_add(&reports[error], 1);
}

static const struct engine_plan plan = {.lists = lists,
                                        .migrations = schema,
                                        .closed = true,
                                        .config = &(struct db_config){.readers = 4, .report = on_report}};

struct mark {
    int64_t id;
    struct text bytes;
    int64_t count;
};
static enum rc put(struct tx *tx, void *arg) {
    struct mark *mark = arg;
    return db_exec(tx, &stmts[PUT], DB_BIND(db_int(mark->id), db_blob(mark->bytes)), NULL);
}
static enum rc has(struct tx *tx, void *arg) {
    struct mark *mark = arg;
    struct number n;
    return db_one(tx, &stmts[HAS], DB_BIND(db_int(mark->id)), &n);
}
static enum rc count_all(struct tx *tx, void *arg) {
    struct mark *mark = arg;
    struct number n;
    enum rc rc = db_one(tx, &stmts[COUNT_ALL], DB_NO_BIND, &n);
    mark->count = rc == RC_OK ? n.n : -1;
    return rc;
}

static enum rc put_id(struct engine *e, int64_t id, enum db_error *ret_error) {
    struct mark mark = {.id = id, .bytes = TEXT("b")};
    return db_write(e->db, &e->arena, put, &mark, ret_error);
}
static bool has_id(struct engine *e, int64_t id) {
    struct mark mark = {.id = id};
    enum db_error error;
    return db_read(e->db, &e->arena, has, &mark, &error) == RC_OK;
}

/* ---- kill -9 ---- */

enum { KILL_ROUNDS = 20 };

/* Commits one row after the other and says each number aloud only once it is acknowledged. */
static void commit_on(struct engine *e, int pipe_end, int64_t from) {
    engine_reopen(e, &plan);
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
        engine_reopen(e, &plan);
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
        engine_reopen(e, &plan);
        char byte = 'x';
        ssize_t sent = write(ends[1], &byte, 1);
        (void)sent;
        pause();
    }
    char byte;
    assert_int_equal(read(ends[0], &byte, 1), 1);
    struct db_config config = {.url = e->url, .lists = lists, .migrations = schema};
    struct db *db = NULL;
    struct text why = TEXT("");
    assert_int_equal(db_open(&config, &e->arena, &db, &why), RC_RACE);
    assert_true(text_has(why, TEXT("使用中")));
    config.read_only = true; /* looking is allowed */
    assert_int_equal(db_open(&config, &e->arena, &db, &why), RC_OK);
    enum db_error error;
    struct mark mark = {.id = 1};
    assert_int_equal(db_read(db, &e->arena, count_all, &mark, &error), RC_OK);
    assert_int_equal(db_write(db, &e->arena, put, &mark, &error), RC_FAULT);
    db_close(db);
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, NULL, 0), child);
    close(ends[0]);
    close(ends[1]);
    engine_reopen(e, &plan); /* the lock went with the process */
    assert_int_equal(put_id(e, 1, &error), RC_OK);
}

/* ---- a full disk ---- */

static void fill(const char *path) {
    static const char zeros[4096];
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    while (write(fd, zeros, sizeof zeros) > 0) {
    }
    close(fd);
}

static void a_full_disk_is_survived(struct engine *e) {
    if (e->kind == DB_POSTGRESQL) {
        return;
    }
    if (geteuid() != 0) {
        skip();
    }
    struct text disk = text_printf(&e->arena, "%s/disk", e->folder.p);
    assert_int_equal(mkdir(disk.p, 0700), 0);
    if (mount("tmpfs", disk.p, "tmpfs", 0, "size=4m") != 0) {
        skip();
    }
    struct engine small = *e;
    small.url = text_printf(&e->arena, "sqlite:%s/small.db", disk.p);
    int64_t from;
    int64_t to;
    struct text why;
    assert_int_equal(db_migrate_list(small.url, schema, &e->arena, &from, &to, &why), RC_OK);
    engine_reopen(&small, &plan);
    enum db_error error = DB_FINE;
    assert_int_equal(put_id(&small, 1, &error), RC_OK);
    struct text ballast = text_join(&e->arena, disk, TEXT("/ballast"));
    fill(ballast.p);
    int64_t id = 2;
    while (id < 1000 && put_id(&small, id, &error) == RC_OK) { /* until the WAL wants a new page */
        id++;
    }
    assert_true(id < 1000);
    assert_int_equal(error, DB_FULL);
    for (int i = 0; i < 5; i++) { /* stays so, and reading goes on */
        assert_int_equal(put_id(&small, id, &error), RC_FAULT);
        assert_int_equal(error, DB_FULL);
        assert_true(has_id(&small, id - 1));
        assert_false(has_id(&small, id));
    }
    assert_true(atomic_load(&reports[DB_FULL]) > 0);
    assert_int_equal(unlink(ballast.p), 0);
    assert_int_equal(put_id(&small, id, &error), RC_OK);
    engine_reopen(&small, &plan);
    assert_true(has_id(&small, 1) && has_id(&small, id));
    db_close(small.db);
    assert_int_equal(umount(disk.p), 0);
}

/* ---- a disk that fails to sync: a VFS of SQLite between the engine and the file ---- */

static _Atomic bool sync_fails;
static int (*real_sync)(sqlite3_file *, int);
static struct {
    const sqlite3_io_methods *real;
    sqlite3_io_methods shim;
} shims[4]; /* SQLite has other methods for the WAL than for the database */
static sqlite3_vfs *real_vfs;
static sqlite3_vfs shim_vfs;

static int shim_sync(sqlite3_file *file, int flags) {
    return atomic_load(&sync_fails) ? SQLITE_IOERR_FSYNC : real_sync(file, flags);
}

/* Files are opened by the test's thread and later by the writer's, never by both at once. */
static int shim_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out) {
    (void)vfs;
    int code = real_vfs->xOpen(real_vfs, name, file, flags, out);
    if (code != SQLITE_OK || file->pMethods == NULL) {
        return code;
    }
    for (size_t i = 0; i < COUNT(shims); i++) {
        if (shims[i].real == NULL) {
            shims[i].real = file->pMethods;
            shims[i].shim = *file->pMethods;
            shims[i].shim.xSync = shim_sync;
            real_sync = file->pMethods->xSync;
        }
        if (shims[i].real == file->pMethods) {
            file->pMethods = &shims[i].shim;
            break;
        }
    }
    return code;
}

static void a_failed_sync_acknowledges_nobody(struct engine *e) {
    if (e->kind == DB_POSTGRESQL) {
        return; /* the server's own matter */
    }
    real_vfs = sqlite3_vfs_find(NULL);
    shim_vfs = *real_vfs;
    shim_vfs.zName = "failing";
    shim_vfs.xOpen = shim_open;
    assert_int_equal(sqlite3_vfs_register(&shim_vfs, 1), SQLITE_OK);
    engine_reopen(e, &plan);
    enum db_error error;
    assert_int_equal(put_id(e, 1, &error), RC_OK);
    atomic_store(&sync_fails, true);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(put_id(e, 2, &error), RC_FAULT);
        assert_int_equal(error, DB_IO);
        assert_true(has_id(e, 1)); /* reading goes on */
        assert_false(has_id(e, 2));
    }
    atomic_store(&sync_fails, false);
    int64_t deadline = wait_now_ms() + 10000;
    while (put_id(e, 3, &error) != RC_OK && wait_now_ms() < deadline) {
        assert_int_equal(error, DB_IO);
        wait_sleep_ms(50);
    }
    assert_true(has_id(e, 3)); /* resumed by itself, on a new connection */
    engine_reopen(e, &plan);
    assert_true(has_id(e, 1) && has_id(e, 3));
    assert_false(has_id(e, 2));
    db_close(e->db);
    e->db = NULL;
    assert_int_equal(sqlite3_vfs_unregister(&shim_vfs), SQLITE_OK);
}

/* ---- a foreign process holds the file ---- */

static void a_foreign_lock_is_busy(struct engine *e) {
    if (e->kind == DB_POSTGRESQL) {
        return;
    }
    engine_reopen(e, &plan);
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

enum { PATIENT_MS = 2000 }; /* the house promises one second; the rest is the machine's */

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
    assert_int_equal(db_migrate_list(own.url, schema, &e->arena, &from, &to, &why), RC_OK);
    engine_reopen(&own, &plan);
    enum db_error error;
    assert_int_equal(put_id(&own, 1, &error), RC_OK);
    for (int round = 0; round < 2; round++) {
        cluster_stop(&cluster, "immediate");
        for (int i = 0; i < 4; i++) {
            int64_t began = wait_now_ms();
            assert_int_equal(put_id(&own, 100, &error), RC_FAULT);
            assert_int_equal(error, DB_IO);
            assert_false(has_id(&own, 1));
            assert_in_range(wait_now_ms() - began, 0, PATIENT_MS);
        }
        cluster_start(&cluster);
        int64_t deadline = wait_now_ms() + 5000;
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

static void a_held_lock_is_busy_soon(struct engine *e) {
    if (e->kind == DB_SQLITE) {
        return;
    }
    enum db_error error = DB_FINE;
    engine_reopen(e, &plan);
    assert_int_equal(put_id(e, 1, &error), RC_OK);
    PGconn *other = admin_of(e, "BEGIN; LOCK TABLE mark IN ACCESS EXCLUSIVE MODE");
    int64_t began = wait_now_ms();
    assert_int_equal(put_id(e, 2, &error), RC_FAULT);
    assert_int_equal(error, DB_BUSY);
    assert_false(has_id(e, 1));
    assert_in_range(wait_now_ms() - began, 0, 2 * PATIENT_MS);
    PQfinish(other);
    assert_int_equal(put_id(e, 2, &error), RC_OK);
}

static void ended_connections_are_replaced(struct engine *e) {
    if (e->kind == DB_SQLITE) {
        return;
    }
    enum db_error error = DB_FINE;
    engine_reopen(e, &plan);
    for (int64_t id = 1; id <= 5; id++) { /* nobody notices: the transaction is begun again on a new one */
        assert_int_equal(put_id(e, id, &error), RC_OK);
        PQfinish(admin_of(e, "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                             "WHERE datname = current_database() AND pid <> pg_backend_pid()"));
    }
    assert_true(has_id(e, 5));
}

int main(void) {
    static const struct engine_case cases[] = {
        ENGINE_CASE(what_was_acknowledged_is_there), ENGINE_CASE(a_second_server_is_refused),
        ENGINE_CASE(a_full_disk_is_survived),        ENGINE_CASE(a_failed_sync_acknowledges_nobody),
        ENGINE_CASE(a_foreign_lock_is_busy),         ENGINE_CASE(the_server_may_go_and_come),
        ENGINE_CASE(a_held_lock_is_busy_soon),       ENGINE_CASE(ended_connections_are_replaced),
    };
    return engines_run_plan("db/faults", cases, COUNT(cases), &plan);
}
