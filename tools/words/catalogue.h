/* The word catalogue compiler: lines "key = text with {name} places" in, an enum and a table in C out.
 * Pure, so that tests call it as the build does. The format is described in src/words/README.md. */
#ifndef SANGO_TOOLS_WORDS_CATALOGUE_H
#define SANGO_TOOLS_WORDS_CATALOGUE_H

#include "base/buf.h"

struct catalogue_fault {
    int line;
    char message[160];
};

struct catalogue_output {
    struct text code;
    struct text header;
};

/* False, and *fault filled, for a duplicate or malformed key, a bad place, or an empty text. */
NODISCARD bool catalogue_compile(struct arena *arena, struct text source, struct catalogue_output *ret_output,
                                 struct catalogue_fault *fault);

#endif
