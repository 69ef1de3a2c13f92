/* `sango version`: what exactly is running, for fault reports.
 * SQLite before 3.51.3 can corrupt a WAL database when two connections write or checkpoint at the same moment, so the
 * line about SQLite also says why this program is not exposed. */
#include "cli/commands.h"
#include "cli/revision.h"

#include <sqlite3.h>
#include <stdio.h>

int cmd_version(int argc, char **argv) {
    (void)argv;
    if (argc > 1) {
        fputs("sango version: takes no arguments\n", stderr);
        return EXIT_USAGE;
    }
    printf("sango %s (%s)\n", SANGO_VERSION, SANGO_REVISION);
    printf("SQLite %s: safe, only one connection writes and checkpoints\n", sqlite3_libversion());
    return EXIT_DONE;
}
