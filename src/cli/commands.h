/* The table of sub-commands: `sango NAME …`. One file a command, src/cli/cmd_NAME.c, and one row in commands.c.
 * A command reads its own arguments and prints to stdout; complaints go to stderr as one sentence that says
 * what to do. It leaves all deciding to the floors below. */
#ifndef SANGO_CLI_COMMANDS_H
#define SANGO_CLI_COMMANDS_H

#include <stddef.h>

/* Exit statuses of every command. */
enum {
    EXIT_DONE = 0,
    EXIT_FAILED = 1, /* the work was understood and failed, or a check found a breach */
    EXIT_USAGE = 2,  /* wrong arguments or an unreadable input file; nothing was done */
};

struct command {
    const char *name;
    const char *synopsis; /* arguments after the name, "" for none */
    const char *what;     /* one line for `sango help` */
    /* argv[0] is the command's name. Returns an exit status. */
    int (*run)(int argc, char **argv);
};

extern const struct command commands[];
extern const size_t command_count;

/* NULL when there is no such command. */
const struct command *command_find(const char *name);

int cmd_backup(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_check_profile(int argc, char **argv);
int cmd_code(int argc, char **argv);
int cmd_demo(int argc, char **argv);
int cmd_help(int argc, char **argv);
int cmd_holidays(int argc, char **argv);
int cmd_import_days(int argc, char **argv);
int cmd_import_usage(int argc, char **argv);
int cmd_migrate(int argc, char **argv);
int cmd_quote(int argc, char **argv);
int cmd_restore(int argc, char **argv);
int cmd_serve(int argc, char **argv);
int cmd_staff_add(int argc, char **argv);
int cmd_verify(int argc, char **argv);
int cmd_version(int argc, char **argv);

#endif
