#include "scan.h"

enum { NESTING_MAX = 64 };

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r';
}

static char byte_at(struct text t, size_t i) {
    return i < t.n ? t.p[i] : '\0';
}

static bool opens(struct text t, size_t i) {
    char next = byte_at(t, i + 1);
    return byte_at(t, i) == '{' && (next == '{' || next == '%' || next == '#');
}

/* Index after the C string or character that begins at i, or 0 when it does not end on its line. */
static size_t after_quoted(struct text t, size_t i) {
    char quote = t.p[i];
    for (i++; i < t.n && t.p[i] != '\n'; i++) {
        if (t.p[i] == '\\' && byte_at(t, i + 1) == '\n') {
            return 0;
        }
        if (t.p[i] == '\\') {
            i++;
        } else if (t.p[i] == quote) {
            return i + 1;
        }
    }
    return 0;
}

/* Index of the closing bracket of the piece whose inside begins at `from`, or t.n. */
static size_t find_close(struct text t, size_t from, char mark) {
    for (size_t i = from; i < t.n;) {
        if (t.p[i] == mark && byte_at(t, i + 1) == '}') {
            return i;
        }
        size_t after = mark != '#' && (t.p[i] == '"' || t.p[i] == '\'') ? after_quoted(t, i) : i + 1;
        if (after == 0) {
            return t.n;
        }
        i = after;
    }
    return t.n;
}

static int count_lines(struct text t, size_t from, size_t to) {
    int lines = 0;
    for (size_t i = from; i < to; i++) {
        lines += t.p[i] == '\n';
    }
    return lines;
}

/* Start of the blanks before i when they reach back to the start of the line, else i. */
static size_t indent_start(struct text t, size_t i) {
    size_t from = i;
    while (from > 0 && is_blank(t.p[from - 1])) {
        from--;
    }
    return from == 0 || t.p[from - 1] == '\n' ? from : i;
}

/* Index after the line end when only blanks stand between i and it, else i. */
static size_t line_rest(struct text t, size_t i) {
    size_t to = i;
    while (to < t.n && is_blank(t.p[to])) {
        to++;
    }
    return to == t.n ? to : t.p[to] == '\n' ? to + 1 : i;
}

/* Does a tag or comment that stands alone on its line (or lines) begin at i? */
static bool stands_alone(struct text t, size_t i) {
    if (!opens(t, i) || t.p[i + 1] == '{') {
        return false;
    }
    size_t close = find_close(t, i + 2, t.p[i + 1]);
    bool first = indent_start(t, i) != i || i == 0 || t.p[i - 1] == '\n';
    return first && close < t.n && (close + 2 == t.n || line_rest(t, close + 2) != close + 2);
}

/* Moves over one bracketed piece; false when it does not end. */
static bool take_bracketed(struct scanner *s, struct piece *piece) {
    struct text t = s->source;
    char mark = t.p[s->at + 1];
    size_t close = find_close(t, s->at + 2, mark == '{' ? '}' : mark);
    if (close >= t.n) {
        return false;
    }
    bool alone = stands_alone(t, s->at);
    piece->kind = mark == '{' ? PIECE_VALUE : PIECE_TAG;
    piece->line = s->line;
    size_t from = s->at + 2;
    while (from < close && (is_blank(t.p[from]) || t.p[from] == '\n')) {
        piece->line += t.p[from] == '\n';
        from++;
    }
    piece->text = text_trim(text_part(t, from, close));
    size_t next = alone ? line_rest(t, close + 2) : close + 2;
    s->line += count_lines(t, s->at, next);
    s->at = next;
    return true;
}

static bool take_literal(struct scanner *s, struct piece *piece, struct tmpl_fault *fault) {
    struct text t = s->source;
    size_t end = s->at;
    while (end < t.n && !opens(t, end)) {
        char next = byte_at(t, end + 1);
        if (next == '}' && (t.p[end] == '%' || t.p[end] == '}' || t.p[end] == '#')) {
            return tmpl_refuse(fault, s->line + count_lines(t, s->at, end), "'%c}' closes nothing", t.p[end]);
        }
        end++;
    }
    size_t keep = stands_alone(t, end) ? indent_start(t, end) : end;
    *piece = (struct piece){PIECE_LITERAL, s->line, text_part(t, s->at, keep < s->at ? s->at : keep)};
    s->line += count_lines(t, s->at, end);
    s->at = end;
    return true;
}

bool scan_next(struct scanner *s, struct piece *ret_piece, struct tmpl_fault *fault) {
    while (s->at < s->source.n) {
        struct piece piece;
        if (!opens(s->source, s->at)) {
            if (!take_literal(s, &piece, fault)) {
                return false;
            }
            if (piece.text.n == 0) {
                continue;
            }
        } else {
            char mark = s->source.p[s->at + 1];
            int line = s->line;
            if (!take_bracketed(s, &piece)) {
                return tmpl_refuse(fault, line, "'{%c' is not closed, or a quote inside it is not", mark);
            }
            if (mark == '#') {
                continue;
            }
            if (piece.text.n == 0) {
                return tmpl_refuse(fault, line, "nothing between '{%c' and its end", mark);
            }
        }
        *ret_piece = piece;
        return true;
    }
    *ret_piece = (struct piece){PIECE_END, s->line, TEXT("")};
    return true;
}

struct brackets {
    char open[NESTING_MAX];
    int depth;
};

/* False when c closes what is not open, or nests too deep. */
static bool brackets_take(struct brackets *b, char c) {
    if (c == '(' || c == '[' || c == '{') {
        if (b->depth == NESTING_MAX) {
            return false;
        }
        b->open[b->depth++] = c;
        return true;
    }
    char open = c == ')' ? '(' : c == ']' ? '[' : c == '}' ? '{' : '\0';
    if (open == '\0') {
        return true;
    }
    return b->depth > 0 && b->open[--b->depth] == open;
}

bool scan_code(struct text code, int line, int semicolons, struct tmpl_fault *fault) {
    struct brackets brackets = {.depth = 0};
    int seen = 0;
    if (text_has(code, TEXT("?"
                            "?"))) { /* also inside strings: C17 reads trigraphs there */
        return tmpl_refuse(fault, line, "no two '?' in a row in C code");
    }
    for (size_t i = 0; i < code.n;) {
        char c = code.p[i];
        char next = byte_at(code, i + 1);
        bool comment = c == '/' && (next == '/' || next == '*');
        if (c == '#' || c == '\\' || comment) {
            return tmpl_refuse(fault, line, "no comments, '#' or '\\' in C code (use {# #})");
        }
        if (!brackets_take(&brackets, c)) {
            return tmpl_refuse(fault, line, "'%c' does not match in the C code", c);
        }
        if (c == ';' && (brackets.depth > 0 || ++seen > semicolons)) {
            return tmpl_refuse(fault, line, "unexpected ';' in the C code");
        }
        line += c == '\n';
        i = c == '"' || c == '\'' ? after_quoted(code, i) : i + 1;
        if (i == 0) {
            return tmpl_refuse(fault, line, "a quote is not closed in the C code");
        }
    }
    if (brackets.depth > 0) {
        return tmpl_refuse(fault, line, "'%c' is not closed in the C code",
                           brackets.open[brackets.depth - 1]);
    }
    return seen == semicolons || tmpl_refuse(fault, line, "expected %d ';' in the C code", semicolons);
}
