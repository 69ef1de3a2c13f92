/* The folder of a demo: what it holds, and the two files that make it one. accounts.json is for people and programs
 * that sign in; demo.json remembers the database and how far the demo's clock is from the machine's. */
#ifndef SANGO_CLI_DEMO_FOLDER_H
#define SANGO_CLI_DEMO_FOLDER_H

#include "cli/demo.h"

enum folder_holds {
    FOLDER_EMPTY,      /* or not there yet: it was made */
    FOLDER_UNFINISHED, /* a demo whose making was interrupted */
    FOLDER_DEMO,
    FOLDER_OTHER, /* something that is not ours to touch */
    FOLDER__MAX
};

struct demo_folder {
    struct text path; /* absolute */
    struct text database;
    int64_t shift_ms;  /* demo's clock minus the machine's */
    struct text token; /* one that the database of this demo knows */
};

/* Makes the folder where it is missing. With FOLDER_DEMO everything is filled, else the path only. RC_FAULT with
 * *ret_why: it cannot be made or read. */
NODISCARD enum rc folder_look(struct arena *arena, struct text path, struct demo_folder *ret_folder,
                              enum folder_holds *ret_holds, struct text *ret_why);
/* Removes what an interrupted making left behind. */
NODISCARD enum rc folder_wipe(struct arena *arena, const struct demo_folder *folder);
/* Marks the folder as being filled, and puts the city's profile there. */
NODISCARD enum rc folder_begin(struct arena *arena, const struct demo_folder *folder);
/* demo.json, then accounts.json, each whole or not at all; ends the mark. */
NODISCARD enum rc folder_finish(struct arena *arena, const struct demo_folder *folder,
                                const struct demo *demo);
/* demo.json alone: the clock was moved. */
NODISCARD enum rc folder_save(struct arena *arena, const struct demo_folder *folder);

struct text folder_file(struct arena *arena, const struct demo_folder *folder, const char *name);
/* The first secret for codes in accounts.json; empty when there is none. */
struct text folder_secret(struct arena *arena, const struct demo_folder *folder);

/* cities/hirakata.json, as built in. */
extern const unsigned char demo_profile[];
extern const size_t demo_profile_size;

#endif
