/* `sango code --dir D`: the code that staff of a demo sign in with right now, by the demo's clock; stands in for the
 * telephone that a real member of staff has. */
#include "cli/commands.h"

#include <stdio.h>
#include <string.h>

#include "cli/demo_folder.h"
#include "sys/totp.h"

enum { ARENA_LIMIT = 16 << 20 };

static int print_code(struct arena *arena, const char *dir) {
    struct demo_folder folder;
    enum folder_holds holds;
    struct text why;
    if (folder_look(arena, text_of(dir), &folder, &holds, &why) != RC_OK || holds != FOLDER_DEMO) {
        fprintf(stderr, "sango code: %s にデモがありません。sango demo と同じ --dir を書いてください。\n",
                dir);
        return EXIT_FAILED;
    }
    struct env_real real = {.shift_ms = folder.shift_ms};
    struct env env = env_real(&real);
    struct text code = totp_code(arena, folder_secret(arena, &folder), env_now(&env));
    if (code.n == 0) {
        fputs("sango code: accounts.json を読めません。デモを作り直してください。\n", stderr);
        return EXIT_FAILED;
    }
    printf("%.*s\n", TEXT_F(code));
    return EXIT_DONE;
}

int cmd_code(int argc, char **argv) {
    if (argc != 3 || strcmp(argv[1], "--dir") != 0) {
        fputs("sango code: name the folder of a demo: sango code --dir ./demo\n", stderr);
        return EXIT_USAGE;
    }
    struct arena arena;
    arena_init(&arena, ARENA_LIMIT);
    int status = print_code(&arena, argv[2]);
    arena_release(&arena);
    return status;
}
