/* What backup and restore share: a checked copy of a SQLite database, and the digest that lies beside it. */
#ifndef SANGO_CLI_COPY_H
#define SANGO_CLI_COPY_H

#include "base/text.h"

/* The path behind sqlite:PATH. False with *ret_why for other engines, naming their own tool. */
NODISCARD bool copy_path(struct text url, const char *pg_tool, struct text *ret_path, struct text *ret_why);
/* A fresh copy of `from` at `to`.partial in which SQLite found no fault and every invariant holds. */
NODISCARD enum rc copy_checked(struct arena *arena, struct text from, struct text to, struct text *ret_why);
/* Gives `to`.partial its name. */
NODISCARD enum rc copy_finish(struct arena *arena, struct text to, struct text *ret_why);

/* Does `fn` with the two words behind --option at argv[1] and argv[3]; prints the second, or why not. The exit status. */
int copy_do(const char *command,
            enum rc (*fn)(struct arena *arena, struct text from, struct text to, struct text *ret_why),
            char *const *argv);

/* FILE.sha256, as sha256sum writes and reads it. */
NODISCARD enum rc digest_write(struct arena *arena, struct text path, struct text of);
NODISCARD enum rc digest_check(struct arena *arena, struct text path, struct text *ret_why);

#endif
