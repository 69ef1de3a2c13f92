/* Files and folders: whole, bounded, durable. Paths are UTF-8 without NUL, shorter than 4096 bytes. */
#ifndef SANGO_SYS_FILE_H
#define SANGO_SYS_FILE_H

#include <sys/types.h>

#include "base/text.h"

/* The whole file. RC_NONE: there is none. RC_FAULT: it cannot be read, is no regular file, or is larger than `max`. */
NODISCARD enum rc file_read(struct arena *arena, struct text path, size_t max, struct text *ret_bytes);
/* Old or new, never between, and durable on return: temporary file, fsync, rename, fsync of the folder. */
NODISCARD enum rc file_write(struct text path, struct text bytes, mode_t mode);
/* A folder and its parents; one that is there is fine. */
NODISCARD enum rc file_make_dir(struct text path, mode_t mode);
/* Names in a folder, sorted by bytes, without "." and "..". RC_NONE: no such folder. At most 100,000 names. */
NODISCARD enum rc file_list(struct arena *arena, struct text path, struct text **ret_names,
                            size_t *ret_count);
/* Gives a file its final name, durable on return; what has that name already is replaced. */
NODISCARD enum rc file_rename(struct text from, struct text to);
/* SHA-256 of the whole file in lower-case hex. RC_NONE: there is none. */
NODISCARD enum rc file_digest(struct arena *arena, struct text path, struct text *ret_hex);
/* RC_NONE: there was none. */
NODISCARD enum rc file_remove(struct text path);
/* Permission bits (07777). RC_NONE: no such file. */
NODISCARD enum rc file_mode(struct text path, mode_t *ret_mode);

#endif
