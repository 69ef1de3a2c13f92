/* Reads CSV (RFC 4180) as spreadsheets write it: comma, quotes doubled inside quotes, CR LF or LF, a byte order mark at
 * the beginning. What the fields mean is the importer's business. */
#ifndef SANGO_SERVICE_CSV_H
#define SANGO_SERVICE_CSV_H

#include "base/text.h"

enum { CSV_FIELDS_MAX = 32 };

struct csv {
    struct text rest;
    int64_t line; /* of the row just read, 1-based */
    int64_t next_line;
    bool broken; /* a quote that never ends, text behind one, or too many fields */
};
struct csv_row {
    struct text fields[CSV_FIELDS_MAX]; /* trimmed unless quoted */
    size_t count;
};

struct csv csv_begin(struct text bytes);
/* The next row that is not empty; false at the end and when it is broken. */
bool csv_next(struct csv *csv, struct arena *arena, struct csv_row *ret_row);

#endif
