/* The template compiler: one page template in, one C file and its header out. Pure: no files, no global state, so
 * that tests and the fuzzer call it as the build does. The language is described in src/web/tmpl/README.md. */
#ifndef SANGO_TOOLS_TMPL_H
#define SANGO_TOOLS_TMPL_H

#include "base/text.h"

/* The first thing wrong with a template. */
struct tmpl_fault {
    int line;          /* 1.. */
    char message[240]; /* one English sentence without a full stop */
};

struct tmpl_job {
    struct text source; /* the template's bytes; must be UTF-8 */
    struct text path;   /* for #line, as the C compiler shall print it */
    struct text name;   /* of the outputs: NAME.c includes "NAME.h" */
};

struct tmpl_output {
    struct text code;
    struct text header;
};

/* False, and *fault filled, when the template is refused. Memory comes from the arena, at most about 20 times the
 * source. */
NODISCARD bool tmpl_compile(struct arena *arena, const struct tmpl_job *job, struct tmpl_output *ret_output,
                            struct tmpl_fault *fault);

/* Fills *fault and returns false, so that callers write `return tmpl_refuse(...)`. */
bool tmpl_refuse(struct tmpl_fault *fault, int line, const char *fmt, ...) PRINTF_LIKE(3, 4);

#endif
