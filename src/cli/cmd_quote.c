/* `sango quote PROFILE CASE`: what the rules answer to one case, without a database. Reads two files, asks core,
 * prints the answer of POST /quotes. */
#include "cli/commands.h"

#include <stdio.h>

#include "profile/answer.h"
#include "sys/file.h"

enum { FILE_SIZE_MAX = 1024 * 1024, ARENA_LIMIT = 64 * 1024 * 1024 };

/* One sentence on stderr. */
static int refuse(const char *path, const char *why) {
    fprintf(stderr, "sango quote: %s: %s\n", path, why);
    return EXIT_USAGE;
}

static int refuse_fault(const char *path, const struct profile_faults *faults) {
    const struct profile_fault *fault = &faults->rows[0];
    fprintf(stderr, "sango quote: %s: %.*s %.*s\n", path, TEXT_F(fault->pointer), TEXT_F(fault->sentence));
    return EXIT_USAGE;
}

/* A profile by its file, or in a source tree by the city's name: cities/NAME.json. */
static enum rc read_profile(struct arena *arena, struct text given, struct text *ret_text) {
    enum rc rc = file_read(arena, given, FILE_SIZE_MAX, ret_text);
    bool name = text_index(given, '/') == given.n && text_index(given, '.') == given.n;
    return rc != RC_OK && name ? file_read(arena, text_printf(arena, "cities/%.*s.json", TEXT_F(given)),
                                           FILE_SIZE_MAX, ret_text)
                               : rc;
}

static int quote_files(struct arena *arena, char **argv) {
    static const char why[] = "cannot be read, or is larger than 1 MiB; name a JSON file";
    struct text texts[2];
    if (read_profile(arena, text_of(argv[1]), &texts[0]) != RC_OK) {
        return refuse(argv[1], why);
    }
    if (file_read(arena, text_of(argv[2]), FILE_SIZE_MAX, &texts[1]) != RC_OK) {
        return refuse(argv[2], why);
    }
    struct profile profile;
    struct quote_case c;
    struct profile_faults faults;
    if (!profile_load(arena, texts[0], &profile, &faults)) {
        return refuse_fault(argv[1], &faults);
    }
    if (!case_load(arena, texts[1], &profile, &c, &faults)) {
        return refuse_fault(argv[2], &faults);
    }
    struct case_answer answer;
    case_answer(&profile, &c, &answer);
    struct text json = case_answer_json(arena, &c, &answer);
    fwrite(json.p, 1, json.n, stdout);
    putchar('\n');
    return EXIT_DONE;
}

int cmd_quote(int argc, char **argv) {
    if (argc != 3) {
        fputs("sango quote: name two files: sango quote PROFILE CASE\n", stderr);
        return EXIT_USAGE;
    }
    struct arena arena;
    arena_init(&arena, ARENA_LIMIT);
    int status = quote_files(&arena, argv);
    arena_release(&arena);
    return status;
}
