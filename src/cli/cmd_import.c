/* `sango import-usage` and `sango import-days`: history of uses and closing days from CSV files, for one city. Nothing is
 * imported when a line is wrong. */
#include "cli/commands.h"

#include <stdio.h>
#include <string.h>

#include "cli/deed.h"
#include "service/import.h"
#include "sys/charset.h"
#include "sys/file.h"

enum { CSV_BYTES_MAX = 8 << 20 };

typedef enum rc (*import_fn)(struct call *call, struct text csv, int64_t *ret_rows,
                             struct import_fault *ret_fault);

struct import_ask {
    const char *command;
    const char *config;
    const char *file;
    const char *city; /* NULL: the only one */
    import_fn run;
};

static int import_into(const void *given, struct call *call) {
    const struct import_ask *ask = given;
    struct text csv = {0};
    if (file_read(call->arena, text_of(ask->file), CSV_BYTES_MAX, &csv) != RC_OK) {
        return deed_failed(ask->command, text_printf(call->arena, "%s cannot be read", ask->file));
    }
    if (!charset_utf8(call->arena, csv, &csv)) {
        return deed_failed(ask->command,
                           text_printf(call->arena, "%s is neither UTF-8 nor CP932 (Shift_JIS)", ask->file));
    }
    struct import_fault fault = {0};
    int64_t rows = 0;
    if (ask->run(call, csv, &rows, &fault) != RC_OK) {
        return deed_failed(ask->command, TEXT("the database cannot be written; nothing was imported"));
    }
    if (fault.code != NULL) {
        return deed_failed(ask->command,
                           text_printf(call->arena, "%s, line %lld: %s is wrong; nothing was imported",
                                       ask->file, (long long)fault.line, fault.code));
    }
    printf("%lld rows imported for %.*s\n", (long long)rows, TEXT_F(call->city->code));
    return EXIT_DONE;
}

static int import_main(int argc, char **argv, import_fn run) {
    struct import_ask ask = {.command = argv[0], .run = run};
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--config") == 0 && i + 1 < argc) {
            ask.config = argv[++i];
        } else if (strcmp(argv[i], "--city") == 0 && i + 1 < argc) {
            ask.city = argv[++i];
        } else if (ask.file == NULL && argv[i][0] != '-') {
            ask.file = argv[i];
        } else {
            ask.config = NULL;
            break;
        }
    }
    if (ask.config == NULL || ask.file == NULL) {
        fprintf(stderr, "sango %s: sango %s --config FILE [--city CODE] FILE.csv\n", argv[0], argv[0]);
        return EXIT_USAGE;
    }
    return deed_do(&(struct deed){.command = argv[0],
                                  .config = ask.config,
                                  .city = ask.city,
                                  .role = ROLE_CLOCK,
                                  .run = import_into,
                                  .ask = &ask});
}

int cmd_import_usage(int argc, char **argv) {
    return import_main(argc, argv, import_usage);
}

/* `sango holidays import …`: the Cabinet Office's file, as it is published. */
int cmd_holidays(int argc, char **argv) {
    if (argc < 2 || strcmp(argv[1], "import") != 0) {
        fputs("sango holidays: sango holidays import --config FILE [--city CODE] syukujitsu.csv\n", stderr);
        return EXIT_USAGE;
    }
    return import_main(argc - 1, argv + 1, import_holidays);
}

int cmd_import_days(int argc, char **argv) {
    return import_main(argc, argv, import_closed_days);
}
