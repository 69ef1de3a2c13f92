/* The SQLite file as a file: its lock against a second server, where it may lie, how it comes into being. */
#ifndef SANGO_DB_SQLITE_FILE_H
#define SANGO_DB_SQLITE_FILE_H

#include "db/db.h"

/* Takes PATH.lock for this process. RC_RACE: another process holds it. The lock goes with the descriptor. */
NODISCARD enum rc sqlite_file_lock(struct text path, struct arena *arena, int *ret_fd, struct text *ret_why);
/* Refuses network file systems (their locks do not hold) and a SQLite library that is too old. */
NODISCARD bool sqlite_file_fit(struct text path, struct arena *arena, struct text *ret_why);
/* Makes an empty file, mode 0600, with its directory entry on the disk; an existing one stays. */
NODISCARD bool sqlite_file_create(struct text path, struct arena *arena, struct text *ret_why);

#endif
