#include "service/csv.h"

#include "base/buf.h"

struct csv csv_begin(struct text bytes) {
    bool marked = text_starts(bytes, TEXT("\xEF\xBB\xBF"));
    return (struct csv){.rest = text_part(bytes, marked ? 3 : 0, bytes.n), .next_line = 1};
}

static char peek(const struct csv *csv) {
    return csv->rest.n == 0 ? '\n' : csv->rest.p[0];
}

static void skip(struct csv *csv, size_t n) {
    csv->rest = text_part(csv->rest, n, csv->rest.n);
}

/* Behind the opening quote; ends behind the closing one. */
static struct text quoted(struct csv *csv, struct arena *arena) {
    struct buf out;
    buf_init(&out, arena);
    for (;;) {
        size_t quote = text_index(csv->rest, '"');
        struct text piece = text_part(csv->rest, 0, quote);
        for (size_t i = 0; i < piece.n; i++) {
            csv->next_line += piece.p[i] == '\n';
        }
        buf_put(&out, piece);
        if (quote == csv->rest.n) {
            csv->broken = true;
            return buf_text(&out);
        }
        skip(csv, quote + 1);
        if (csv->rest.n == 0 || peek(csv) != '"') {
            return buf_text(&out);
        }
        buf_putc(&out, '"');
        skip(csv, 1);
    }
}

static struct text plain(struct csv *csv) {
    size_t n = 0;
    while (n < csv->rest.n && csv->rest.p[n] != ',' && csv->rest.p[n] != '\n') {
        n++;
    }
    struct text field = text_part(csv->rest, 0, n);
    skip(csv, n);
    return text_trim(field);
}

/* True when the row goes on behind this field. */
static bool field_end(struct csv *csv) {
    if (peek(csv) == '\r') {
        skip(csv, 1);
    }
    char c = peek(csv);
    if (c != ',' && c != '\n') {
        csv->broken = true;
        return false;
    }
    bool more = c == ',';
    csv->next_line += !more;
    skip(csv, 1);
    return more;
}

bool csv_next(struct csv *csv, struct arena *arena, struct csv_row *ret_row) {
    while (csv->rest.n > 0 && !csv->broken) {
        struct csv_row row = {0};
        csv->line = csv->next_line;
        bool more = true;
        while (more && !csv->broken) {
            if (row.count == CSV_FIELDS_MAX) {
                csv->broken = true;
                break;
            }
            bool quote = csv->rest.n > 0 && peek(csv) == '"';
            if (quote) {
                skip(csv, 1);
            }
            row.fields[row.count++] = quote ? quoted(csv, arena) : plain(csv);
            more = field_end(csv);
        }
        if (!csv->broken && !(row.count == 1 && row.fields[0].n == 0)) {
            *ret_row = row;
            return true;
        }
    }
    return false;
}
