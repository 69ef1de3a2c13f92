/* What a person who started a demo wants to know: where it is, and as whom to sign in. */
#ifndef SANGO_CLI_DEMO_PRINT_H
#define SANGO_CLI_DEMO_PRINT_H

#include "cli/demo_folder.h"

/* To stdout, at once. */
void demo_print(struct arena *arena, const struct demo_folder *folder, struct text url);

#endif
