/* `sango help [COMMAND]`: prints the table of commands, or one row of it. */
#include "cli/commands.h"

#include <stdio.h>

int cmd_help(int argc, char **argv) {
    if (argc > 2) {
        fputs("sango help: name one command at most\n", stderr);
        return EXIT_USAGE;
    }
    if (argc == 2) {
        const struct command *command = command_find(argv[1]);
        if (command == NULL) {
            fprintf(stderr, "sango help: there is no command '%s'\n", argv[1]);
            return EXIT_USAGE;
        }
        printf("sango %s %s\n    %s\n", command->name, command->synopsis, command->what);
        return EXIT_DONE;
    }
    puts("sango: booking of postpartum care for cities, families and facilities\n\nusage: sango COMMAND …\n");
    for (size_t i = 0; i < command_count; i++) {
        printf("  %-12s %s\n", commands[i].name, commands[i].what);
    }
    return EXIT_DONE;
}
