/* The program's door: finds the command named by the first argument and runs it. Nothing else happens here. */
#include "cli/commands.h"

#include <stdio.h>
#include <string.h>

static const char *plain_name(const char *word) {
    if (strcmp(word, "-h") == 0 || strcmp(word, "--help") == 0) {
        return "help";
    }
    return strcmp(word, "--version") == 0 ? "version" : word;
}

int main(int argc, char **argv) {
    if (argc < 2) {
        fputs("sango: name a command; `sango help` lists them\n", stderr);
        return EXIT_USAGE;
    }
    const struct command *command = command_find(plain_name(argv[1]));
    if (command == NULL) {
        fprintf(stderr, "sango: there is no command '%s'; `sango help` lists them\n", argv[1]);
        return EXIT_USAGE;
    }
    int status = command->run(argc - 1, argv + 1);
    /* A full disk behind stdout must not look like success. */
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fputs("sango: the output could not be written\n", stderr);
        return status == EXIT_DONE ? EXIT_FAILED : status;
    }
    return status;
}
