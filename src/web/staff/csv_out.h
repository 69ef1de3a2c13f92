/* CSV as spreadsheets open it: UTF-8 with a byte order mark, CR LF, every field quoted, and nothing that a
 * spreadsheet would take for a formula. */
#ifndef SANGO_WEB_STAFF_CSV_OUT_H
#define SANGO_WEB_STAFF_CSV_OUT_H

#include "base/buf.h"
#include "web/exchange.h"
#include "words/words.h"

struct csv_out {
    struct buf buf;
    bool started; /* this line has a field */
};
/* With a line of heads. */
void csv_out_init(struct csv_out *csv, struct arena *arena, const enum word *heads, size_t count);
void csv_out_text(struct csv_out *csv, struct text field);
void csv_out_int(struct csv_out *csv, int64_t n);
void csv_out_end(struct csv_out *csv); /* of the line */
/* Answers with the file; the names as in exchange_file(). */
void csv_out_send(struct exchange *x, struct csv_out *csv, const char *name, enum word title);

#endif
