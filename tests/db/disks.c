/* What disks do to SQLite: one that is full, one that fails to sync. */
#include "db/engines.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "mark.h"
#include "db/wait.h"

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
    arena_init(&small.arena, 64 << 20);
    small.url = text_printf(&e->arena, "sqlite:%s/small.db", disk.p);
    int64_t from;
    int64_t to;
    struct text why;
    assert_int_equal(db_migrate_list(small.url, mark_schema, &e->arena, &from, &to, &why), RC_OK);
    engine_reopen(&small, &mark_plan);
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
    assert_true(atomic_load(&mark_reports[DB_FULL]) > 0);
    assert_int_equal(unlink(ballast.p), 0);
    assert_int_equal(put_id(&small, id, &error), RC_OK);
    engine_reopen(&small, &mark_plan);
    assert_true(has_id(&small, 1) && has_id(&small, id));
    db_close(small.db);
    arena_release(&small.arena);
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
    engine_reopen(e, &mark_plan);
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
    int64_t deadline = wait_now_ms() + 60000;
    while (put_id(e, 3, &error) != RC_OK && wait_now_ms() < deadline) {
        assert_int_equal(error, DB_IO);
        wait_sleep_ms(50);
    }
    assert_true(has_id(e, 3)); /* resumed by itself, on a new connection */
    engine_reopen(e, &mark_plan);
    assert_true(has_id(e, 1) && has_id(e, 3));
    assert_false(has_id(e, 2));
    db_close(e->db);
    e->db = NULL;
    assert_int_equal(sqlite3_vfs_unregister(&shim_vfs), SQLITE_OK);
}

int main(void) {
    static const struct engine_case cases[] = {ENGINE_CASE(a_full_disk_is_survived),
                                               ENGINE_CASE(a_failed_sync_acknowledges_nobody)};
    return engines_run_plan("db/disks", cases, COUNT(cases), &mark_plan);
}
