/* Every statement of the program, for db_open. */
#ifndef SANGO_CLI_STATEMENTS_H
#define SANGO_CLI_STATEMENTS_H

#include "db/db.h"

/* Ends with NULL. */
extern const struct db_stmt_list *const statements[];

#endif
