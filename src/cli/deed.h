/* A command that does one thing in one city and ends: the configuration is read, the database opened, the city found,
 * and everything closed again. On SQLite the server must be stopped: one process writes. */
#ifndef SANGO_CLI_DEED_H
#define SANGO_CLI_DEED_H

#include "service/call.h"

struct deed {
    const char *command;                            /* for what is said on stderr */
    const char *config;                             /* a file */
    const char *city;                               /* its code; NULL: the only one */
    enum role role;                                 /* in which it is done */
    int (*run)(const void *ask, struct call *call); /* an exit status */
    const void *ask;
};
/* The exit status. */
int deed_do(const struct deed *deed);
/* Says why not; the exit status. */
int deed_failed(const char *command, struct text why);

#endif
