/* usage: bench_group_commit DATABASE SCRIPT WRITERS SECONDS PARENTS PEOPLE UPDATED
 * The limit of bookings on SQLite: durable transactions a second of the statements in SCRIPT, nothing else. One
 * connection, WAL, synchronous FULL, foreign keys on, room for every page, checkpoints as rare as the server's; as many
 * transactions to a commit as there are writers (128 at most), no savepoints. SCRIPT: a statement a line that makes the tables,
 * "--", a statement a line of one transaction, in which ?1 is a number never used, ?2 one of PARENTS, ?3 one of PEOPLE, ?4 one
 * of UPDATED. Prints the rate. */
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { GROUP_MAX = 128, STATEMENTS_MAX = 64, LINE_MAX_BYTES = 64 * 1024 };

struct limit {
    sqlite3 *db;
    sqlite3_stmt *statements[STATEMENTS_MAX];
    int count;
    sqlite3_stmt *begin, *commit;
    int64_t parents;
    int64_t people;
    int64_t updated;
    int64_t done;
    uint64_t seed;
};

static void check(bool fine, const struct limit *limit, const char *what) {
    if (!fine) {
        fprintf(stderr, "bench_group_commit: %s: %s\n", what,
                limit->db == NULL ? "" : sqlite3_errmsg(limit->db));
        exit(1);
    }
}

static int64_t now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int64_t any_below(struct limit *limit, int64_t bound) {
    limit->seed = limit->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int64_t)(limit->seed >> 33) % bound;
}

static sqlite3_stmt *prepared(struct limit *limit, const char *text) {
    sqlite3_stmt *stmt = NULL;
    check(sqlite3_prepare_v3(limit->db, text, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL) == SQLITE_OK, limit,
          text);
    return stmt;
}

static void script_read(struct limit *limit, const char *path) {
    static char line[LINE_MAX_BYTES];
    FILE *file = fopen(path, "r");
    bool making = true;
    check(file != NULL, limit, path);
    check(sqlite3_exec(limit->db, "BEGIN", NULL, NULL, NULL) == SQLITE_OK, limit, "begin");
    while (fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (strcmp(line, "--") == 0) {
            making = false;
            check(sqlite3_exec(limit->db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK, limit, "commit");
        } else if (making) {
            check(sqlite3_exec(limit->db, line, NULL, NULL, NULL) == SQLITE_OK, limit, line);
        } else {
            check(limit->count < STATEMENTS_MAX, limit, "too many statements");
            limit->statements[limit->count++] = prepared(limit, line);
        }
    }
    fclose(file);
    check(limit->count > 0, limit, "no transaction");
}

static void step(const struct limit *limit, sqlite3_stmt *stmt) {
    check(sqlite3_step(stmt) == SQLITE_DONE, limit, "step");
    sqlite3_reset(stmt);
}

static void transaction(struct limit *limit) {
    const int64_t values[] = {limit->done + limit->updated, 1 + any_below(limit, limit->parents),
                              1 + any_below(limit, limit->people), 1 + any_below(limit, limit->updated)};
    limit->done++;
    for (int i = 0; i < limit->count; i++) {
        int wanted = sqlite3_bind_parameter_count(limit->statements[i]);
        for (int at = 0; at < wanted; at++) {
            sqlite3_bind_int64(limit->statements[i], at + 1, values[at]);
        }
        step(limit, limit->statements[i]);
    }
}

static double run(struct limit *limit, int64_t group, int64_t us) {
    int64_t began = now_us();
    while (now_us() < began + us) {
        step(limit, limit->begin);
        for (int64_t i = 0; i < group; i++) {
            transaction(limit);
        }
        step(limit, limit->commit);
    }
    return (double)limit->done * 1e6 / (double)(now_us() - began);
}

static void limit_open(struct limit *limit, const char *path) {
    static const char *const pragmas =
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
        "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536;"
        "PRAGMA wal_autocheckpoint = 4000";
    check(sqlite3_open(path, &limit->db) == SQLITE_OK, limit, "open");
    check(sqlite3_exec(limit->db, pragmas, NULL, NULL, NULL) == SQLITE_OK, limit, "pragmas");
}

int main(int argc, char **argv) {
    static struct limit limit = {.seed = 1};
    if (argc != 8) {
        fputs("usage: bench_group_commit DATABASE SCRIPT WRITERS SECONDS PARENTS PEOPLE UPDATED\n", stderr);
        return 2;
    }
    int64_t group = strtoll(argv[3], NULL, 10);
    double seconds = strtod(argv[4], NULL);
    limit.parents = strtoll(argv[5], NULL, 10);
    limit.people = strtoll(argv[6], NULL, 10);
    limit.updated = strtoll(argv[7], NULL, 10);
    check(group > 0 && seconds > 0 && limit.parents > 0 && limit.people > 0 && limit.updated > 0, &limit,
          "numbers must be positive");
    limit_open(&limit, argv[1]);
    script_read(&limit, argv[2]);
    limit.begin = prepared(&limit, "BEGIN IMMEDIATE");
    limit.commit = prepared(&limit, "COMMIT");
    printf("%.1f\n", run(&limit, group < GROUP_MAX ? group : GROUP_MAX, (int64_t)(seconds * 1e6)));
    return 0; /* what was opened ends with the process */
}
