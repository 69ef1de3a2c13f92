/* `sango verify --db URL`: checks every invariant on a live or a copied database, reading only, and prints one line for
 * each. What is promised and how it is checked: docs/invariants.md. */
#include "cli/commands.h"

#include <stdio.h>
#include <string.h>

#include "cli/statements.h"
#include "db/db.h"
#include "service/import.h"
#include "service/verify.h"
#include "store/job.h"

enum { ARENA_LIMIT = 64 << 20, READERS = 2 };

static int fail(struct text why) {
    fprintf(stderr, "sango verify: %.*s\n", TEXT_F(why));
    return EXIT_FAILED;
}

static void print_line(const struct verify_line *line) {
    if (line->breaches == 0) {
        printf("%-3s  ok      %s\n", line->id, line->says);
    } else {
        printf("%-3s  BROKEN  %s %lld times, first: %.*s\n", line->id, line->says, (long long)line->breaches,
               TEXT_F(line->first));
    }
}

/* What must have happened by now is judged at the moment when the clock's jobs were last at work: a copy is not blamed
 * for the time since it was made, and a demo's clock is its own. *arg is left alone in an empty database. */
static enum rc moment_run(struct tx *tx, void *arg) {
    enum rc rc = job_moment(tx, TEXT("clock"), arg);
    return rc == RC_NONE ? RC_OK : rc;
}

static int verify(struct arena *arena, struct house *house) {
    struct instant now = env_now(house->env);
    enum db_error error = DB_FINE;
    struct verify_report *report = arena_new(arena, struct verify_report);
    struct text why = TEXT("");
    if (import_stored(house, arena, &why) != RC_OK) {
        return fail(why);
    }
    if (db_read(house->db, arena, moment_run, &now, &error) != RC_OK ||
        verify_all(house, arena, now, report) != RC_OK) {
        return fail(TEXT("the database could not be read to the end; check the connection and run it again"));
    }
    for (size_t i = 0; i < report->count; i++) {
        print_line(&report->lines[i]);
    }
    printf("As of %.*s, when the clock's jobs were last at work.\n", TEXT_F(instant_format(arena, now)));
    return report->breaches == 0 ? EXIT_DONE : EXIT_FAILED;
}

static int verify_url(struct arena *arena, struct text url) {
    struct env_real clock = {0};
    struct env env = env_real(&clock);
    struct house *house = arena_new(arena, struct house);
    struct db_config config = {.url = url, .lists = statements, .readers = READERS, .read_only = true};
    struct text why = TEXT("");
    house->env = &env;
    if (db_open(&config, arena, &house->db, &why) != RC_OK) {
        return fail(why);
    }
    int status = verify(arena, house);
    db_close(house->db);
    return status;
}

int cmd_verify(int argc, char **argv) {
    if (argc != 3 || strcmp(argv[1], "--db") != 0) {
        fputs("sango verify: name the database: sango verify --db URL\n", stderr);
        return EXIT_USAGE;
    }
    struct arena arena;
    arena_init(&arena, ARENA_LIMIT);
    int status = verify_url(&arena, text_of(argv[2]));
    arena_release(&arena);
    return status;
}
