/* `sango migrate --db URL | --config F`: brings the schema to this binary's version, each step in one transaction. */
#include "cli/commands.h"

#include <stdio.h>
#include <string.h>

#include "db/db.h"
#include "sys/config.h"

enum { ARENA_LIMIT = 64 << 20 };

static int migrate(struct arena *arena, struct text url) {
    int64_t from = 0;
    int64_t to = 0;
    struct text why = TEXT("");
    if (db_migrate(url, arena, &from, &to, &why) != RC_OK) {
        fprintf(stderr, "sango migrate: %.*s\n", TEXT_F(why));
        return EXIT_FAILED;
    }
    printf("schema %lld -> %lld\n", (long long)from, (long long)to);
    return EXIT_DONE;
}

int cmd_migrate(int argc, char **argv) {
    bool db = argc == 3 && strcmp(argv[1], "--db") == 0;
    if (!db && (argc != 3 || strcmp(argv[1], "--config") != 0)) {
        fputs("sango migrate: name the database: sango migrate --db URL, or --config FILE\n", stderr);
        return EXIT_USAGE;
    }
    struct arena arena;
    arena_init(&arena, ARENA_LIMIT);
    struct config config = {.database = text_of(argv[2])};
    struct text why = TEXT("");
    int status = EXIT_FAILED;
    if (!db && config_read(&arena, text_of(argv[2]), &config, &why) != RC_OK) {
        fprintf(stderr, "sango migrate: %.*s\n", TEXT_F(why));
    } else {
        status = migrate(&arena, config.database);
    }
    arena_release(&arena);
    return status;
}
