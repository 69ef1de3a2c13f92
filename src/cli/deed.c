#include "cli/deed.h"

#include <stdio.h>

#include "cli/commands.h"
#include "cli/process.h"

enum { ARENA_LIMIT = 256 << 20 };

int deed_failed(const char *command, struct text why) {
    fprintf(stderr, "sango %s: %.*s\n", command, TEXT_F(why));
    return EXIT_FAILED;
}

static const struct house_city *city_of(const struct house *house, const char *code) {
    if (code != NULL) {
        return house_city_by_code(house, text_of(code));
    }
    return house_city_count(house) == 1 ? house_city_at(house, 0) : NULL;
}

static int do_inside(const struct deed *deed, struct arena *arena, const struct house *house) {
    struct call call = {.house = house,
                        .city = city_of(house, deed->city),
                        .actor = {.role = deed->role},
                        .arena = arena,
                        .now = env_now(house->env)};
    return call.city == NULL
               ? deed_failed(deed->command, TEXT("name one of the configured cities: --city CODE"))
               : deed->run(deed->ask, &call);
}

int deed_do(const struct deed *deed) {
    struct arena arena;
    struct config config;
    struct process *process = NULL;
    struct text why = TEXT("");
    arena_init(&arena, ARENA_LIMIT);
    int status = EXIT_FAILED;
    if (config_read(&arena, text_of(deed->config), &config, &why) != RC_OK ||
        process_open(&arena, &(struct process_plan){.config = &config}, &process, &why) != RC_OK) {
        status = deed_failed(deed->command, why);
    } else {
        status = do_inside(deed, &arena, process_house(process));
        process_close(process);
    }
    arena_release(&arena);
    return status;
}
