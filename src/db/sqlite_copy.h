/* A whole copy of a SQLite database at one moment, also while a server writes to it. */
#ifndef SANGO_DB_SQLITE_COPY_H
#define SANGO_DB_SQLITE_COPY_H

#include "db/db.h"

/* Copies the file `from` into the new file `to` (mode 0600, one file without a write-ahead log, durable on return) and
 * has SQLite check every page, index and foreign key of the copy. On RC_FAULT nothing is left at `to`, and *ret_why is
 * one sentence. RC_NONE: there is no file `from`. */
NODISCARD enum rc sqlite_copy(struct text from, struct text to, struct arena *arena, struct text *ret_why);

#endif
