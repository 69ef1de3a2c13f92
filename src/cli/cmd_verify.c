/* `sango verify --db URL`: checks every invariant on a live or a copied database, reading only, and prints one line for
 * each. What is promised and how it is checked: docs/invariants.md. */
#include "cli/commands.h"

#include <stdio.h>
#include <string.h>

#include "cli/verify_run.h"

enum { ARENA_LIMIT = 64 << 20 };

static void print_line(const struct verify_line *line) {
    if (line->breaches == 0) {
        printf("%-3s  ok      %s\n", line->id, line->says);
    } else {
        printf("%-3s  BROKEN  %s %lld times, first: %.*s\n", line->id, line->says, (long long)line->breaches,
               TEXT_F(line->first));
    }
}

static int verify(struct arena *arena, struct text url) {
    struct verify_report *report = arena_new(arena, struct verify_report);
    struct instant moment;
    struct text why = TEXT("");
    if (verify_run(arena, url, report, &moment, &why) != RC_OK) {
        fprintf(stderr, "sango verify: %.*s\n", TEXT_F(why));
        return EXIT_FAILED;
    }
    for (size_t i = 0; i < report->count; i++) {
        print_line(&report->lines[i]);
    }
    printf("As of %.*s, when the clock's jobs were last at work.\n", TEXT_F(instant_format(arena, moment)));
    return report->breaches == 0 ? EXIT_DONE : EXIT_FAILED;
}

int cmd_verify(int argc, char **argv) {
    if (argc != 3 || strcmp(argv[1], "--db") != 0) {
        fputs("sango verify: name the database: sango verify --db URL\n", stderr);
        return EXIT_USAGE;
    }
    struct arena arena;
    arena_init(&arena, ARENA_LIMIT);
    int status = verify(&arena, text_of(argv[2]));
    arena_release(&arena);
    return status;
}
