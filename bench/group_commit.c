/* usage: bench_group_commit DATABASE MADE SCRIPT WRITERS
 * The limit of bookings on SQLite: the rows that bookings left in MADE, written to DATABASE, a copy from before them, by
 * bare prepared statements and nothing else: no rule, no reading, no request, no savepoint. One connection, WAL,
 * synchronous FULL, foreign keys on, room for every page, checkpoints as rare as the server's; as many bookings to a
 * commit as there are writers (128 at most). SCRIPT, in pairs of lines: a question to MADE, whose rows begin with the
 * number of the booking, rising from 1; the statement that writes such a row, its values in that order. Everything is in
 * memory before the clock starts. Prints bookings a second, and processor time and frames of the WAL a booking. */
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { GROUP_MAX = 128, KINDS_MAX = 32, LINE_MAX_BYTES = 16 * 1024, CHECKPOINT_FRAMES = 4000 };

struct row {
    int64_t booking;
    sqlite3_value **values;
};

struct kind { /* of row */
    sqlite3_stmt *write;
    int columns;
    struct row *rows;
    size_t count, room, next;
};

struct limit {
    sqlite3 *db;
    sqlite3 *made;
    sqlite3_stmt *begin, *commit;
    struct kind kinds[KINDS_MAX];
    int count;
    int64_t bookings;
    int64_t frames;
    int log; /* frames that the WAL has */
};

static void check(bool fine, sqlite3 *db, const char *what) {
    if (!fine) {
        fprintf(stderr, "bench_group_commit: %s: %s\n", what, db == NULL ? "" : sqlite3_errmsg(db));
        exit(1);
    }
}

static int64_t now_us(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static sqlite3_stmt *prepared(sqlite3 *db, const char *text) {
    sqlite3_stmt *stmt = NULL;
    check(sqlite3_prepare_v3(db, text, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL) == SQLITE_OK, db, text);
    return stmt;
}

/* ---- what is to be written ---- */

static void row_keep(struct limit *limit, struct kind *kind, sqlite3_stmt *read) {
    if (kind->count == kind->room) {
        kind->room = kind->room * 2 + 64;
        kind->rows = realloc(kind->rows, kind->room * sizeof *kind->rows);
        check(kind->rows != NULL, NULL, "memory");
    }
    struct row *row = &kind->rows[kind->count++];
    row->booking = sqlite3_column_int64(read, 0);
    row->values = calloc((size_t)kind->columns, sizeof(sqlite3_value *));
    check(row->values != NULL, NULL, "memory");
    for (int i = 0; i < kind->columns; i++) {
        row->values[i] = sqlite3_value_dup(sqlite3_column_value(read, i + 1));
    }
    limit->bookings = row->booking > limit->bookings ? row->booking : limit->bookings;
}

static void kind_read(struct limit *limit, const char *question, const char *statement) {
    check(limit->count < KINDS_MAX, NULL, "too many statements");
    struct kind *kind = &limit->kinds[limit->count++];
    kind->write = prepared(limit->db, statement);
    kind->columns = sqlite3_bind_parameter_count(kind->write);
    sqlite3_stmt *read = prepared(limit->made, question);
    check(sqlite3_column_count(read) == kind->columns + 1, NULL, question);
    int code = sqlite3_step(read);
    for (; code == SQLITE_ROW; code = sqlite3_step(read)) {
        row_keep(limit, kind, read);
    }
    check(code == SQLITE_DONE, limit->made, question);
    sqlite3_finalize(read);
}

static bool line_read(FILE *file, char *line) {
    bool found = fgets(line, LINE_MAX_BYTES, file) != NULL;
    line[found ? strcspn(line, "\n") : 0] = '\0';
    return found;
}

static void script_read(struct limit *limit, const char *path) {
    static char question[LINE_MAX_BYTES];
    static char statement[LINE_MAX_BYTES];
    FILE *file = fopen(path, "r");
    check(file != NULL, NULL, path);
    while (line_read(file, question) && line_read(file, statement)) {
        kind_read(limit, question, statement);
    }
    fclose(file);
    check(limit->bookings > 0, NULL, "no bookings");
}

/* ---- writing ---- */

static void step(const struct limit *limit, sqlite3_stmt *stmt) {
    check(sqlite3_step(stmt) == SQLITE_DONE, limit->db, sqlite3_sql(stmt));
    sqlite3_reset(stmt);
}

static void value_bind(sqlite3_stmt *stmt, int at, sqlite3_value *value) {
    int bytes = sqlite3_value_bytes(value);
    switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER:
        sqlite3_bind_int64(stmt, at, sqlite3_value_int64(value));
        break;
    case SQLITE_TEXT:
        sqlite3_bind_text(stmt, at, (const char *)sqlite3_value_text(value), bytes, SQLITE_STATIC);
        break;
    case SQLITE_BLOB:
        sqlite3_bind_blob(stmt, at, bytes == 0 ? "" : sqlite3_value_blob(value), bytes, SQLITE_STATIC);
        break;
    default:
        sqlite3_bind_null(stmt, at);
    }
}

static void booking_write(struct limit *limit, int64_t number) {
    for (int i = 0; i < limit->count; i++) {
        struct kind *kind = &limit->kinds[i];
        for (; kind->next < kind->count && kind->rows[kind->next].booking == number; kind->next++) {
            for (int at = 0; at < kind->columns; at++) {
                value_bind(kind->write, at + 1, kind->rows[kind->next].values[at]);
            }
            step(limit, kind->write);
            check(sqlite3_changes(limit->db) == 1, NULL, sqlite3_sql(kind->write));
        }
    }
}

static int on_commit(void *ctx, sqlite3 *db, const char *name, int log) {
    (void)db;
    (void)name;
    struct limit *limit = ctx;
    limit->frames += log >= limit->log ? log - limit->log : log;
    limit->log = log;
    return SQLITE_OK;
}

static void bookings_write(struct limit *limit, int64_t group) {
    int copied_log = 0;
    for (int64_t number = 1; number <= limit->bookings;) {
        step(limit, limit->begin);
        for (int64_t i = 0; i < group && number <= limit->bookings; i++) {
            booking_write(limit, number++);
        }
        step(limit, limit->commit);
        copied_log = limit->log < copied_log ? 0 : copied_log;
        if (limit->log - copied_log >= CHECKPOINT_FRAMES) {
            sqlite3_wal_checkpoint_v2(limit->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
            copied_log = limit->log;
        }
    }
}

static void limit_open(struct limit *limit, const char *path, const char *made) {
    static const char *const pragmas =
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
        "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -262144;"
        "PRAGMA wal_autocheckpoint = 0";
    check(sqlite3_open(path, &limit->db) == SQLITE_OK, limit->db, "open");
    check(sqlite3_exec(limit->db, pragmas, NULL, NULL, NULL) == SQLITE_OK, limit->db, "pragmas");
    check(sqlite3_open_v2(made, &limit->made, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK, limit->made, "open");
}

int main(int argc, char **argv) {
    static struct limit limit;
    if (argc != 5) {
        fputs("usage: bench_group_commit DATABASE MADE SCRIPT WRITERS\n", stderr);
        return 2;
    }
    int64_t group = strtoll(argv[4], NULL, 10);
    check(group > 0, NULL, "WRITERS must be positive");
    limit_open(&limit, argv[1], argv[2]);
    script_read(&limit, argv[3]);
    sqlite3_close(limit.made);
    limit.begin = prepared(limit.db, "BEGIN IMMEDIATE");
    limit.commit = prepared(limit.db, "COMMIT");
    sqlite3_wal_hook(limit.db, on_commit, &limit);
    int64_t began = now_us(CLOCK_MONOTONIC);
    int64_t used = now_us(CLOCK_PROCESS_CPUTIME_ID);
    bookings_write(&limit, group < GROUP_MAX ? group : GROUP_MAX);
    used = now_us(CLOCK_PROCESS_CPUTIME_ID) - used;
    double each = (double)limit.bookings;
    printf("%.1f %.1f %.1f\n", each * 1e6 / (double)(now_us(CLOCK_MONOTONIC) - began), (double)used / each,
           (double)limit.frames / each);
    return 0; /* what was opened ends with the process */
}
