/* The rows of `sango help`, in the order in which people meet them. */
#include "cli/commands.h"

#include <string.h>

const struct command commands[] = {
    {"backup", "--db sqlite:PATH --to FILE", "make a checked copy of a SQLite database, also a live one",
     cmd_backup},
    {"check", "--config FILE", "would this configuration serve? One line for each thing a start needs",
     cmd_check},
    {"check-profile", "FILE...", "every fault of a city's profile, with its place", cmd_check_profile},
    {"code", "--dir FOLDER", "the six digits that staff of a demo sign in with", cmd_code},
    {"demo", "--dir FOLDER --port PORT [--now INSTANT] [--db URL] [--mail-dir FOLDER]",
     "make a complete demo city in an empty folder, and serve it here", cmd_demo},
    {"help", "[COMMAND]", "list the commands, or explain one", cmd_help},
    {"holidays", "import --config FILE [--city CODE] FILE.csv",
     "take in the national holidays' official file", cmd_holidays},
    {"import-days", "--config FILE [--city CODE] FILE.csv", "take in holidays and closing days",
     cmd_import_days},
    {"import-usage", "--config FILE [--city CODE] FILE.csv", "take in the uses of past years",
     cmd_import_usage},
    {"migrate", "--db URL | --config FILE", "bring the database's schema to this version", cmd_migrate},
    {"quote", "PROFILE CASE", "what the rules answer to one case file: units, fee, refusals", cmd_quote},
    {"restore", "--from FILE --db sqlite:PATH", "put a checked backup where no database is", cmd_restore},
    {"serve", "--config FILE", "serve the cities of a configuration", cmd_serve},
    {"staff-add", "--config FILE [--city CODE] --role ROLE --email ADDRESS --name NAME",
     "make the first accounts of a city's staff", cmd_staff_add},
    {"verify", "--db URL", "check every invariant of a live or copied database", cmd_verify},
    {"version", "", "print version, commit and libraries", cmd_version},
};
const size_t command_count = sizeof commands / sizeof *commands;

const struct command *command_find(const char *name) {
    for (size_t i = 0; i < command_count; i++) {
        if (strcmp(commands[i].name, name) == 0) {
            return &commands[i];
        }
    }
    return NULL;
}
