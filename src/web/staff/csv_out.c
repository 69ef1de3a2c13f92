#include "web/staff/csv_out.h"

static void separate(struct csv_out *csv) {
    buf_putz(&csv->buf, csv->started ? "," : "");
    csv->started = true;
}

void csv_out_text(struct csv_out *csv, struct text field) {
    separate(csv);
    buf_putc(&csv->buf, '"');
    char first = field.n > 0 ? field.p[0] : ' ';
    if (first == '=' || first == '+' || first == '-' || first == '@' || first == '\t') {
        buf_putc(&csv->buf, '\'');
    }
    for (size_t i = 0; i < field.n; i++) {
        if (field.p[i] == '"') {
            buf_putc(&csv->buf, '"');
        }
        buf_putc(&csv->buf, field.p[i]);
    }
    buf_putc(&csv->buf, '"');
}

void csv_out_int(struct csv_out *csv, int64_t n) {
    separate(csv);
    buf_printf(&csv->buf, "%lld", (long long)n);
}

void csv_out_end(struct csv_out *csv) {
    buf_putz(&csv->buf, "\r\n");
    csv->started = false;
}

void csv_out_init(struct csv_out *csv, struct arena *arena, const enum word *heads, size_t count) {
    *csv = (struct csv_out){.started = false};
    buf_init(&csv->buf, arena);
    buf_putz(&csv->buf, "\xEF\xBB\xBF");
    for (size_t i = 0; i < count; i++) {
        csv_out_text(csv, word_text(heads[i]));
    }
    csv_out_end(csv);
}

void csv_out_send(struct exchange *x, struct csv_out *csv, const char *name, enum word title) {
    exchange_file(x, "text/csv; charset=utf-8", name, word_text(title), buf_text(&csv->buf));
}
