/* A new program in this process, on the same socket: how an installation without a service manager's socket is upgraded
 * with nobody refused (docs/adr/0172). The new one is asked first whether it would start. */
#ifndef SANGO_CLI_RENEW_H
#define SANGO_CLI_RENEW_H

#include "base/text.h"

enum { RENEW_ARGUMENTS = 5 };

struct renew {
    const char
        *program; /* where this program's file was found at the start; a newer one may lie there by now */
    char *check[RENEW_ARGUMENTS]; /* command lines as exec wants them: not const, NULL at the end */
    char *serve[RENEW_ARGUMENTS];
};

/* Remembers where the program's file lies. False: nobody can tell, it cannot be renewed. */
NODISCARD bool renew_init(struct renew *renew, struct arena *arena, const char *config);
/* `PROGRAM check --config FILE` with its lines on our standard error: would the new one start? */
NODISCARD bool renew_would_start(const struct renew *renew);
/* Becomes the new program, which finds `listener` as descriptor 3 (http/listen.h). Returns only when that failed. */
void renew_now(const struct renew *renew, int listener);

#endif
