/* How much of the disk's speed db_write() passes on: durable transactions a second of ROWS rows of 250 bytes with two
 * indexes, written raw (one connection, as many to a commit as there are threads, at most 128, in savepoints) and
 * through the door by many threads.
 * usage: db_commit FOLDER [THREADS [SECONDS [ROWS]]]. Prints one line; ratios inside a run are worth more than figures. */
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/num.h"
#include "db/db.h"
#include "db/wait.h"

enum { GROUP = 128, THREADS_MAX = 512 };

static const struct db_migration schema[] = {
    {1, "create_row",
     "CREATE TABLE entry (id @int@ NOT NULL PRIMARY KEY, a @int@ NOT NULL, b @int@ NOT NULL, t @text@) @strict@;\n"
     "CREATE INDEX entry_a ON entry (a);\nCREATE INDEX entry_b ON entry (b);\n"},
    {0, NULL, NULL}};
static const struct db_stmt stmts[] = {{"INSERT INTO entry (id, a, b, t) VALUES ($1, $2, $3, $4)", "iiit"}};
static const struct db_stmt_list list = {stmts, 1};
static const struct db_stmt_list *const lists[] = {&list, NULL};
static char filler[201];

struct run {
    struct db *db;
    int64_t rows;
    _Atomic int64_t next;
    _Atomic bool stop;
};

static void check(bool fine, const char *what) {
    if (!fine) {
        fprintf(stderr, "db_commit: %s\n", what);
        exit(1);
    }
}

static int64_t scattered(int64_t id) {
    return id * INT64_C(2654435761) % 1000003;
}

/* ---- raw ---- */

static void raw_row(sqlite3_stmt *insert, int64_t id) {
    sqlite3_bind_int64(insert, 1, id);
    sqlite3_bind_int64(insert, 2, scattered(id));
    sqlite3_bind_int64(insert, 3, scattered(id + 7));
    sqlite3_bind_text(insert, 4, filler, -1, SQLITE_STATIC);
    check(sqlite3_step(insert) == SQLITE_DONE, "raw insert");
    sqlite3_reset(insert);
}

static void step(sqlite3_stmt *stmt) {
    check(sqlite3_step(stmt) == SQLITE_DONE, "raw step");
    sqlite3_reset(stmt);
}

static int64_t raw(const char *path, int64_t group, int64_t rows, int64_t ms) {
    static const char *const texts[] = {"BEGIN IMMEDIATE", "SAVEPOINT w", "RELEASE w", "COMMIT",
                                        "INSERT INTO entry (id, a, b, t) VALUES (?1, ?2, ?3, ?4)"};
    sqlite3 *handle = NULL;
    sqlite3_stmt *stmt[COUNT(texts)];
    int64_t done = 0;
    check(sqlite3_open(path, &handle) == SQLITE_OK, "raw open");
    check(sqlite3_exec(handle, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL", NULL, NULL, NULL) ==
              SQLITE_OK,
          "raw pragma");
    for (size_t i = 0; i < COUNT(texts); i++) {
        check(sqlite3_prepare_v2(handle, texts[i], -1, &stmt[i], NULL) == SQLITE_OK, "raw prepare");
    }
    int64_t end = wait_now_ms() + ms;
    while (wait_now_ms() < end) {
        step(stmt[0]);
        for (int64_t i = 0; i < group; i++) {
            step(stmt[1]);
            for (int64_t row = 0; row < rows; row++) {
                raw_row(stmt[4], done * rows + row);
            }
            done++;
            step(stmt[2]);
        }
        step(stmt[3]);
    }
    for (size_t i = 0; i < COUNT(texts); i++) {
        sqlite3_finalize(stmt[i]);
    }
    sqlite3_close(handle);
    return done;
}

/* ---- through the door ---- */

struct rows {
    int64_t first;
    int64_t count;
};

static enum rc insert(struct tx *tx, void *arg) {
    const struct rows *rows = arg;
    enum rc rc = RC_OK;
    for (int64_t id = rows->first; rc == RC_OK && id < rows->first + rows->count; id++) {
        rc = db_exec(
            tx, &stmts[0],
            DB_BIND(db_int(id), db_int(scattered(id)), db_int(scattered(id + 7)), db_text(text_of(filler))),
            NULL);
    }
    return rc;
}

static void *client(void *arg) {
    struct run *run = arg;
    struct arena arena;
    arena_init(&arena, 1 << 20);
    while (!atomic_load(&run->stop)) {
        enum db_error error;
        struct rows rows = {atomic_fetch_add(&run->next, run->rows), run->rows};
        check(db_write(run->db, &arena, insert, &rows, &error) == RC_OK, "db_write");
        arena_clear(&arena);
    }
    arena_release(&arena);
    return NULL;
}

static int64_t door(struct text url, int threads, int64_t rows, int64_t ms, struct arena *arena) {
    struct run run = {.rows = rows};
    static pthread_t clients[THREADS_MAX];
    struct db_config config = {.url = url, .lists = lists, .migrations = schema, .readers = 1};
    struct text why = TEXT("");
    check(db_open(&config, arena, &run.db, &why) == RC_OK, why.p);
    for (int i = 0; i < threads; i++) {
        check(pthread_create(&clients[i], NULL, client, &run) == 0, "thread");
    }
    wait_sleep_ms(ms);
    atomic_store(&run.stop, true);
    for (int i = 0; i < threads; i++) {
        pthread_join(clients[i], NULL);
    }
    int64_t commits = (int64_t)db_commits(run.db);
    db_close(run.db);
    return commits;
}

static struct text fresh(const char *folder, const char *name, struct arena *arena) {
    static const char *const tails[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < COUNT(tails); i++) {
        unlink(text_printf(arena, "%s/%s%s", folder, name, tails[i]).p);
    }
    struct text url = text_printf(arena, "sqlite:%s/%s", folder, name);
    struct text why = TEXT("");
    int64_t from;
    int64_t to;
    check(db_migrate_list(url, schema, arena, &from, &to, &why) == RC_OK, why.p);
    return url;
}

int main(int argc, char **argv) {
    int64_t threads = 128;
    int64_t seconds = 3;
    int64_t rows = 1;
    bool fine = argc >= 2 && argc <= 5 && (argc < 3 || num_parse(text_of(argv[2]), &threads)) &&
                (argc < 4 || num_parse(text_of(argv[3]), &seconds)) &&
                (argc < 5 || num_parse(text_of(argv[4]), &rows));
    check(fine && threads > 0 && threads <= THREADS_MAX && seconds > 0 && seconds < 3600 && rows > 0 &&
              rows < 1000,
          "usage: db_commit FOLDER [THREADS [SECONDS [ROWS]]]");
    struct arena arena;
    arena_init(&arena, 1 << 20);
    memset(filler, 'x', sizeof filler - 1);
    struct text url = fresh(argv[1], "raw.db", &arena);
    int64_t most = raw(url.p + 7, threads < GROUP ? threads : GROUP, rows, seconds * 1000) / seconds;
    url = fresh(argv[1], "door.db", &arena);
    int64_t ours = door(url, (int)threads, rows, seconds * 1000, &arena) / seconds;
    printf("raw %lld/s, db_write %lld/s with %lld threads, ratio %lld.%02lld\n", (long long)most,
           (long long)ours, (long long)threads, (long long)(ours / most),
           (long long)(ours * 100 / most % 100));
    arena_release(&arena);
    return 0;
}
