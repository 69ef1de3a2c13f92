#include "catalogue.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { ENTRIES_MAX = 2000, KEY_MAX = 60, PLACES_MAX = 12 };

struct entry {
    struct text key;
    struct buf value;
    int line;
};

struct reader {
    struct arena *arena;
    struct entry *entries;
    size_t count;
    int line;
    struct catalogue_fault *fault;
};

static bool PRINTF_LIKE(3, 4) refuse(struct catalogue_fault *fault, int line, const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    fault->line = line;
    vsnprintf(fault->message, sizeof(fault->message), fmt, args);
    va_end(args);
    return false;
}

static bool is_small(char c) {
    return c >= 'a' && c <= 'z';
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* Keys: words of a-z, 0-9 joined by single '.', '-' or '_', the first beginning with a letter. */
static bool key_ok(struct text key) {
    if (key.n == 0 || key.n > KEY_MAX || !is_small(key.p[0])) {
        return false;
    }
    for (size_t i = 1; i < key.n; i++) {
        char c = key.p[i];
        bool joint = c == '.' || c == '-' || c == '_';
        bool after = key.p[i - 1] == '.' || key.p[i - 1] == '-' || key.p[i - 1] == '_';
        if (!is_small(c) && !is_digit(c) && (!joint || after || i + 1 == key.n)) {
            return false;
        }
    }
    return true;
}

/* '.', '-' and '_' all become '_' in the enum, so keys that differ only there are duplicates too. */
static char enum_char(char c) {
    return c == '.' || c == '-' ? '_' : is_small(c) ? (char)(c - ('a' - 'A')) : c;
}

static bool same_enum(struct text a, struct text b) {
    bool same = a.n == b.n;
    for (size_t i = 0; same && i < a.n; i++) {
        same = enum_char(a.p[i]) == enum_char(b.p[i]);
    }
    return same;
}

static bool begin_entry(struct reader *r, struct text line) {
    size_t equals = text_index(line, '=');
    struct text key = text_trim(text_part(line, 0, equals));
    if (equals == line.n || !key_ok(key)) {
        return refuse(r->fault, r->line, "expected 'key = text'; keys are like refusal.quota");
    }
    for (size_t i = 0; i < r->count; i++) {
        if (same_enum(r->entries[i].key, key)) {
            return refuse(r->fault, r->line, "the key %.*s is taken by line %d", TEXT_F(key),
                          r->entries[i].line);
        }
    }
    if (r->count == ENTRIES_MAX) {
        return refuse(r->fault, r->line, "more than %d texts", ENTRIES_MAX);
    }
    struct entry *entry = &r->entries[r->count++];
    *entry = (struct entry){.key = key, .line = r->line};
    buf_init(&entry->value, r->arena);
    buf_put(&entry->value, text_trim(text_part(line, equals + 1, line.n)));
    return true;
}

/* "  | text" goes on with a new line (a new paragraph of a mail). */
static bool continue_entry(struct reader *r, struct text line) {
    if (r->count == 0) {
        return refuse(r->fault, r->line, "'|' continues nothing");
    }
    struct buf *value = &r->entries[r->count - 1].value;
    if (value->n > 0 || r->entries[r->count - 1].line != r->line - 1) {
        buf_putc(value, '\n');
    }
    buf_put(value, text_trim(text_part(line, 1, line.n)));
    return true;
}

static bool take_line(struct reader *r, struct text line) {
    line = text_trim(line);
    if (line.n == 0 || line.p[0] == '#') {
        return true;
    }
    return line.p[0] == '|' ? continue_entry(r, line) : begin_entry(r, line);
}

/* Every '{' begins a place {name} of a-z, 0-9, '_'. */
static bool places_ok(const struct entry *entry, struct catalogue_fault *fault) {
    struct text t = {entry->value.p, entry->value.n};
    int places = 0;
    for (size_t i = 0; i < t.n; i++) {
        if (t.p[i] == '}') {
            return refuse(fault, entry->line, "%.*s: '}' without '{'", TEXT_F(entry->key));
        }
        if (t.p[i] != '{') {
            continue;
        }
        size_t from = ++i;
        while (i < t.n && (is_small(t.p[i]) || is_digit(t.p[i]) || t.p[i] == '_')) {
            i++;
        }
        if (i == from || i == t.n || t.p[i] != '}' || ++places > PLACES_MAX) {
            return refuse(fault, entry->line, "%.*s: a place is {name}, at most %d of them",
                          TEXT_F(entry->key), PLACES_MAX);
        }
    }
    return t.n > 0 || refuse(fault, entry->line, "%.*s has no text", TEXT_F(entry->key));
}

static void put_string(struct buf *code, struct text t) {
    buf_putc(code, '"');
    for (size_t i = 0; i < t.n; i++) {
        char c = t.p[i];
        if (c == '\n') {
            buf_putz(code, "\\n");
        } else {
            if (c == '"' || c == '\\' || c == '?') {
                buf_putc(code, '\\');
            }
            buf_putc(code, c);
        }
    }
    buf_putc(code, '"');
}

static void put_enum(struct buf *out, struct text key) {
    buf_putz(out, "W_");
    for (size_t i = 0; i < key.n; i++) {
        buf_putc(out, enum_char(key.p[i]));
    }
}

static int by_key(const void *a, const void *b) {
    return text_cmp(((const struct entry *)a)->key, ((const struct entry *)b)->key);
}

/* In the order of the keys, for word_find(). */
static struct catalogue_output write_out(struct reader *r) {
    qsort(r->entries, r->count, sizeof *r->entries, by_key);
    struct buf header;
    struct buf code;
    buf_init(&header, r->arena);
    buf_init(&code, r->arena);
    buf_putz(&header,
             "/* Made by tools/words; edit src/words/ja.words instead. */\n#ifndef SANGO_WORDS_KEYS_H\n"
             "#define SANGO_WORDS_KEYS_H\n\nenum word {\n");
    buf_putz(&code,
             "/* Made by tools/words; edit src/words/ja.words instead. */\n#include \"words/table.h\"\n\n"
             "const struct word_row word_rows[] = {\n");
    for (size_t i = 0; i < r->count; i++) {
        struct entry *entry = &r->entries[i];
        buf_putz(&header, "    ");
        put_enum(&header, entry->key);
        buf_putz(&header, ",\n");
        buf_putz(&code, "    {TEXT_INIT(");
        put_string(&code, entry->key);
        buf_putz(&code, "), TEXT_INIT(");
        put_string(&code, buf_text(&entry->value));
        buf_putz(&code, ")},\n");
    }
    buf_putz(&header, "    W__MAX\n};\n\n#endif\n");
    buf_putz(&code, "};\n");
    return (struct catalogue_output){buf_text(&code), buf_text(&header)};
}

bool catalogue_compile(struct arena *arena, struct text source, struct catalogue_output *ret_output,
                       struct catalogue_fault *fault) {
    struct reader r = {
        .arena = arena, .entries = arena_array(arena, struct entry, ENTRIES_MAX), .fault = fault};
    if (!text_utf8_ok(source) || !text_printable(source, true)) {
        return refuse(fault, 1, "not well-formed UTF-8, or control characters in it");
    }
    struct text line;
    while (text_next(&source, '\n', &line)) {
        r.line++;
        if (!take_line(&r, line)) {
            return false;
        }
    }
    for (size_t i = 0; i < r.count; i++) {
        if (!places_ok(&r.entries[i], fault)) {
            return false;
        }
    }
    if (r.count == 0) {
        return refuse(fault, 1, "no texts");
    }
    *ret_output = write_out(&r);
    return true;
}
