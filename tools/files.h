/* Whole files in and out, for the programs that run while building. */
#ifndef SANGO_TOOLS_FILES_H
#define SANGO_TOOLS_FILES_H

#include "base/text.h"

/* At most 1 MiB. */
NODISCARD bool file_read(struct arena *arena, const char *path, struct text *ret_text);
NODISCARD bool file_write(const char *path, struct text t);

#endif
