/* From the cells an engine reads to the row structs of the caller. The engine hands over raw cells; here they are
 * checked, copied into the arena and stored where the columns say. */
#ifndef SANGO_DB_ROW_H
#define SANGO_DB_ROW_H

#include "db/db.h"

enum { ROW_COLUMNS_MAX = 64 };

struct cell {
    bool null;
    int64_t i;     /* DB_INT, DB_BOOL, DB_TIME */
    struct text t; /* DB_TEXT, DB_DAY, DB_BLOB: in the engine's memory */
};

struct sink {
    const struct db_stmt *stmt;
    struct arena *arena;
    bool one;        /* the first row, straight into `rows` */
    size_t row_size; /* of the array otherwise */
    size_t max;
    char *rows;
    size_t count;
    size_t capacity;
};

/* RC_NONE: stored, no more rows are wanted. RC_FAULT: a value does not fit its column, or more rows than `max`. */
NODISCARD enum rc sink_row(struct sink *sink, const struct cell *cells);

/* What a value is on the wire: DB_DAY becomes ISO text, DB_BOOL and DB_TIME become whole numbers. */
struct cell value_cell(const struct db_value *value, struct arena *arena);
bool kind_is_int(enum db_kind kind);
bool value_eq(const struct db_value *a, const struct db_value *b);

#endif
