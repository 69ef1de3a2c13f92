/* `sango import-usage` and `sango import-days`: history of uses and closing days from CSV files, for one city. Nothing is
 * imported when a line is wrong. On SQLite the server must be stopped: one process writes. */
#include "cli/commands.h"

#include <stdio.h>
#include <string.h>

#include "cli/process.h"
#include "service/import.h"
#include "sys/charset.h"
#include "sys/file.h"

enum { ARENA_LIMIT = 256 << 20, CSV_BYTES_MAX = 8 << 20 };

typedef enum rc (*import_fn)(struct call *call, struct text csv, int64_t *ret_rows,
                             struct import_fault *ret_fault);

struct import_ask {
    const char *command;
    const char *config;
    const char *file;
    const char *city; /* NULL: the only one */
    import_fn run;
};

static int complain(const struct import_ask *ask, struct text why) {
    fprintf(stderr, "sango %s: %.*s\n", ask->command, TEXT_F(why));
    return EXIT_FAILED;
}

static const struct house_city *city_of(const struct house *house, const char *code) {
    if (code != NULL) {
        return house_city_by_code(house, text_of(code));
    }
    return house_city_count(house) == 1 ? house_city_at(house, 0) : NULL;
}

static int import_into(const struct import_ask *ask, struct arena *arena, const struct house *house) {
    const struct house_city *city = city_of(house, ask->city);
    struct text csv = {0};
    if (city == NULL) {
        return complain(ask, TEXT("name one of the configured cities: --city CODE"));
    }
    if (file_read(arena, text_of(ask->file), CSV_BYTES_MAX, &csv) != RC_OK) {
        return complain(ask, text_printf(arena, "%s cannot be read", ask->file));
    }
    if (!charset_utf8(arena, csv, &csv)) {
        return complain(ask, text_printf(arena, "%s is neither UTF-8 nor CP932 (Shift_JIS)", ask->file));
    }
    struct call call = {.house = house,
                        .city = city,
                        .actor = {.role = ROLE_CLOCK},
                        .arena = arena,
                        .now = env_now(house->env)};
    struct import_fault fault = {0};
    int64_t rows = 0;
    if (ask->run(&call, csv, &rows, &fault) != RC_OK) {
        return complain(ask, TEXT("the database cannot be written; nothing was imported"));
    }
    if (fault.code != NULL) {
        return complain(ask, text_printf(arena, "%s, line %lld: %s is wrong; nothing was imported", ask->file,
                                         (long long)fault.line, fault.code));
    }
    printf("%lld rows imported for %.*s\n", (long long)rows, TEXT_F(city->code));
    return EXIT_DONE;
}

static int import_run(const struct import_ask *ask) {
    struct arena arena;
    struct config config;
    struct process *process = NULL;
    struct text why = TEXT("");
    arena_init(&arena, ARENA_LIMIT);
    int status = EXIT_FAILED;
    if (config_read(&arena, text_of(ask->config), &config, &why) != RC_OK ||
        process_open(&arena, &(struct process_plan){.config = &config}, &process, &why) != RC_OK) {
        status = complain(ask, why);
    } else {
        status = import_into(ask, &arena, process_house(process));
        process_close(process);
    }
    arena_release(&arena);
    return status;
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
    return import_run(&ask);
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
