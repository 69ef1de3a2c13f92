/* `sango serve --config F`: the server in production. Never migrates by itself: two versions may stand on one database
 * while an operator changes over. */
#include "cli/commands.h"

#include <stdio.h>
#include <string.h>

#include "cli/fit.h"
#include "cli/process.h"

enum { ARENA_LIMIT = 512 << 20 };

static int complain(struct text why) {
    fprintf(stderr, "sango serve: %.*s\n", TEXT_F(why));
    return EXIT_FAILED;
}

/* At SIGHUP the program's file, as it lies there now, takes over this process and its socket. */
static int serve_on(struct arena *arena, struct process *process, const char *path) {
    struct renew renew;
    bool renewable = renew_init(&renew, arena, path);
    bool again = false;
    int listener = -1;
    int status = process_serve(process, renewable ? &renew : NULL, &again);
    if (!again) {
        process_close(process);
        return status;
    }
    process_leave(process, &listener);
    renew_now(&renew, listener);
    return EXIT_FAILED;
}

static int serve(struct arena *arena, const char *path) {
    struct config config;
    struct text why = TEXT("");
    if (config_read(arena, text_of(path), &config, &why) != RC_OK) {
        return complain(why);
    }
    struct env_real clock = {0};
    struct env env = env_real(&clock);
    if (fit_to_serve(arena, &config, text_of(path), &env, &why) != RC_OK) {
        return complain(why);
    }
    struct process *process;
    struct process_plan plan = {.config = &config, .take_over = true};
    if (process_open(arena, &plan, &process, &why) != RC_OK) {
        return complain(why);
    }
    if (process_listen(process, &why) != RC_OK) {
        int status = complain(why);
        process_close(process);
        return status;
    }
    return serve_on(arena, process, path);
}

int cmd_serve(int argc, char **argv) {
    if (argc != 3 || strcmp(argv[1], "--config") != 0) {
        fputs("sango serve: name the configuration: sango serve --config /etc/sango/sango.conf\n", stderr);
        return EXIT_USAGE;
    }
    process_signals(true);
    struct arena arena;
    arena_init(&arena, ARENA_LIMIT);
    int status = serve(&arena, argv[2]);
    arena_release(&arena);
    return status;
}
