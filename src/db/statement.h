/* The statements of the whole programme, numbered once when a database is opened. Engines keep their prepared
 * forms in arrays indexed by that number. */
#ifndef SANGO_DB_STATEMENT_H
#define SANGO_DB_STATEMENT_H

#include "db/db.h"

struct catalog_entry {
    const struct db_stmt *stmt;
    const char *sql;     /* as the engine wants it */
    size_t bind_count;   /* letters in `binds` */
    size_t dollar_count; /* the highest $N in the text */
    bool touches;        /* changes rows and names a watched table */
    bool shows;          /* changes rows of a table that is not db_config.unshown */
};

struct catalog {
    struct catalog_entry *entries;
    size_t count;
    uint32_t *slots; /* index + 1 by hash of the statement's address; 0 is empty */
    size_t slot_mask;
};

/* config->lists may be NULL. A statement named twice is kept once. */
void catalog_init(struct catalog *catalog, struct arena *arena, const struct db_config *config,
                  enum db_engine kind);
/* Ends the process for a statement that no list names: it was never checked against the schema. */
size_t catalog_find(const struct catalog *catalog, const struct db_stmt *stmt);

/* "$1" of both engines' common text as SQLite's "?1"; quoted strings, names and comments stay. */
const char *sql_for_sqlite(struct arena *arena, const char *sql);
/* The highest N of the text's $N. */
size_t sql_dollars(const char *sql);
/* Asserts that the values are of the kinds the statement declares. */
void values_check(const struct db_stmt *stmt, const struct db_value *values, size_t count);

#endif
