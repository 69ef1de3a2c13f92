/* `sango serve --config F`: the server in production. Never migrates by itself: two versions may stand on one database
 * while an operator changes over. */
#include "cli/commands.h"

#include <stdio.h>
#include <string.h>

#include "cli/process.h"

enum { ARENA_LIMIT = 512 << 20 };

static int complain(struct text why) {
    fprintf(stderr, "sango serve: %.*s\n", TEXT_F(why));
    return EXIT_FAILED;
}

static int serve(struct arena *arena, const char *path) {
    struct config config;
    struct text why = TEXT("");
    if (config_read(arena, text_of(path), &config, &why) != RC_OK) {
        return complain(why);
    }
    struct process *process;
    struct process_plan plan = {.config = &config};
    if (process_open(arena, &plan, &process, &why) != RC_OK) {
        return complain(why);
    }
    int status = process_listen(process, &why) == RC_OK ? process_serve(process) : complain(why);
    process_close(process);
    return status;
}

int cmd_serve(int argc, char **argv) {
    if (argc != 3 || strcmp(argv[1], "--config") != 0) {
        fputs("sango serve: name the configuration: sango serve --config /etc/sango/sango.conf\n", stderr);
        return EXIT_USAGE;
    }
    process_signals();
    struct arena arena;
    arena_init(&arena, ARENA_LIMIT);
    int status = serve(&arena, argv[2]);
    arena_release(&arena);
    return status;
}
