/* `sango check-profile FILE…`: is this a profile that the server would take? Prints every fault as
 * `FILE: /json/pointer: sentence`, for the person who writes the rules down. Reads files only. */
#include "cli/commands.h"

#include <stdio.h>

#include "profile/profile.h"
#include "sys/file.h"

enum { FILE_SIZE_MAX = 1024 * 1024, ARENA_LIMIT = 64 * 1024 * 1024 };

static void fault_print(const char *path, const struct profile_fault *fault) {
    bool whole = fault->pointer.n == 0;
    struct text pointer = whole ? TEXT("/") : fault->pointer;
    printf("%s: %.*s: %.*s\n", path, TEXT_F(pointer), TEXT_F(fault->sentence));
}

static bool file_check(struct arena *arena, const char *path) {
    struct text json;
    if (file_read(arena, text_of(path), FILE_SIZE_MAX, &json) != RC_OK) {
        printf("%s: /: the file cannot be read, or is larger than 1 MiB\n", path);
        return false;
    }
    struct profile profile;
    struct profile_faults faults;
    if (profile_load(arena, json, &profile, &faults)) {
        printf("%s: ok (%.*s, versions: %d)\n", path, TEXT_F(profile.city.name),
               (int)profile.programmes.count);
        return true;
    }
    for (int32_t i = 0; i < faults.count; i++) {
        fault_print(path, &faults.rows[i]);
    }
    return false;
}

int cmd_check_profile(int argc, char **argv) {
    if (argc < 2) {
        fputs("sango check-profile: name the files: sango check-profile FILE...\n", stderr);
        return EXIT_USAGE;
    }
    int status = EXIT_DONE;
    for (int i = 1; i < argc; i++) {
        struct arena arena;
        arena_init(&arena, ARENA_LIMIT);
        status = file_check(&arena, argv[i]) ? status : EXIT_FAILED;
        arena_release(&arena);
    }
    return status;
}
