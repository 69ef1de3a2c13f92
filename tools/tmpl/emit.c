#include "emit.h"

enum { LITERAL_MAX = 3000 }; /* C17 promises 4095 bytes of string literal */

void emit_begin(struct emitter *e, struct arena *arena, const struct tmpl_job *job) {
    *e = (struct emitter){.path = job->path};
    buf_init(&e->code, arena);
    buf_init(&e->header, arena);
    buf_init(&e->run, arena);
    buf_printf(&e->header,
               "/* Made by tools/tmpl; edit the template instead. */\n#ifndef SANGO_TMPL_%.*s_H\n",
               TEXT_F(job->name));
    buf_printf(&e->header, "#define SANGO_TMPL_%.*s_H\n\n#include \"web/html.h\"\n", TEXT_F(job->name));
    buf_printf(&e->code, "/* Made by tools/tmpl; edit the template instead. */\n#include \"%.*s.h\"\n",
               TEXT_F(job->name));
}

static void put_byte(struct buf *code, unsigned char c) {
    if (c == '\n') {
        buf_putz(code, "\\n");
    } else if (c == '"' || c == '\\' || c == '?') { /* '?': no trigraphs */
        buf_putc(code, '\\');
        buf_putc(code, (char)c);
    } else if (c < 0x20 || c == 0x7f) {
        buf_printf(code, "\\%03o", c);
    } else {
        buf_putc(code, (char)c);
    }
}

static void put_quoted(struct buf *code, struct text t) {
    buf_putc(code, '"');
    for (size_t i = 0; i < t.n; i++) {
        put_byte(code, (unsigned char)t.p[i]);
    }
    buf_putc(code, '"');
}

/* End of the piece of t that begins at `from`: never inside a UTF-8 sequence. */
static size_t piece_end(struct text t, size_t from) {
    if (t.n - from <= LITERAL_MAX) {
        return t.n;
    }
    size_t to = from + LITERAL_MAX;
    while (((unsigned char)t.p[to] & 0xc0) == 0x80) {
        to--;
    }
    return to;
}

static void flush(struct emitter *e) {
    struct text run = buf_text(&e->run);
    for (size_t from = 0; from < run.n;) {
        size_t to = piece_end(run, from);
        buf_putz(&e->code, "html_literal(out, ");
        put_quoted(&e->code, text_part(run, from, to));
        buf_printf(&e->code, ", %zu);\n", to - from);
        from = to;
    }
    e->run.n = 0;
}

void emit_literal(struct emitter *e, struct text literal) {
    buf_put(&e->run, literal);
}

static void put_line(struct emitter *e, struct buf *to, int line) {
    buf_printf(to, "#line %d ", line);
    put_quoted(to, e->path);
    buf_putc(to, '\n');
}

void emit_code(struct emitter *e, int line, const char *before, struct text code, const char *after) {
    flush(e);
    put_line(e, &e->code, line);
    buf_putz(&e->code, before);
    buf_put(&e->code, code);
    buf_putz(&e->code, after);
    buf_putc(&e->code, '\n');
}

void emit_include(struct emitter *e, struct text file) {
    buf_printf(&e->header, "#include \"%.*s\"\n", TEXT_F(file));
}

void emit_block(struct emitter *e, int line, struct text name, struct text parameters) {
    struct buf *both[] = {&e->header, &e->code};
    for (size_t i = 0; i < COUNT(both); i++) {
        put_line(e, both[i], line);
        buf_printf(both[i], "void tmpl_%.*s(struct html *out", TEXT_F(name));
        if (parameters.n > 0) {
            buf_putz(both[i], ", ");
            buf_put(both[i], parameters);
        }
        buf_putz(both[i], i == 0 ? ");\n" : ") {\nHTML_BLOCK(out)\n");
    }
}

struct tmpl_output emit_end(struct emitter *e) {
    buf_putz(&e->header, "\n#endif\n");
    return (struct tmpl_output){buf_text(&e->code), buf_text(&e->header)};
}
