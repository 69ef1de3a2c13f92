#include "base/text.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { PRINTF_USUAL = 256 };

struct text text_of(const char *z) {
    return z == NULL ? TEXT("") : (struct text){z, strlen(z)};
}

bool text_eq(struct text a, struct text b) {
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool text_is(struct text a, const char *z) {
    return text_eq(a, text_of(z));
}

int text_cmp(struct text a, struct text b) {
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n == 0 ? 0 : memcmp(a.p, b.p, n);
    if (order != 0) {
        return order;
    }
    return a.n < b.n ? -1 : a.n > b.n;
}

bool text_starts(struct text t, struct text prefix) {
    return t.n >= prefix.n && text_eq(text_part(t, 0, prefix.n), prefix);
}

bool text_ends(struct text t, struct text suffix) {
    return t.n >= suffix.n && text_eq(text_part(t, t.n - suffix.n, t.n), suffix);
}

bool text_has(struct text t, struct text piece) {
    return piece.n == 0 || (t.n >= piece.n && memmem(t.p, t.n, piece.p, piece.n) != NULL);
}

size_t text_index(struct text t, char c) {
    const char *found = t.n == 0 ? NULL : memchr(t.p, c, t.n);
    return found == NULL ? t.n : (size_t)(found - t.p);
}

struct text text_part(struct text t, size_t from, size_t to) {
    to = to < t.n ? to : t.n;
    from = from < to ? from : to;
    return (struct text){t.p + from, to - from};
}

static bool is_blank(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct text text_trim(struct text t) {
    static const struct text wide = TEXT_INIT("\xe3\x80\x80");
    for (;;) {
        if (t.n > 0 && is_blank(t.p[0])) {
            t = text_part(t, 1, t.n);
        } else if (t.n > 0 && is_blank(t.p[t.n - 1])) {
            t.n--;
        } else if (text_starts(t, wide)) {
            t = text_part(t, wide.n, t.n);
        } else if (text_ends(t, wide)) {
            t.n -= wide.n;
        } else {
            return t;
        }
    }
}

bool text_next(struct text *rest, char sep, struct text *ret_piece) {
    if (rest->p == NULL) {
        return false;
    }
    size_t at = text_index(*rest, sep);
    *ret_piece = text_part(*rest, 0, at);
    *rest = at == rest->n ? (struct text){NULL, 0} : text_part(*rest, at + 1, rest->n);
    return true;
}

struct text text_copy(struct arena *arena, struct text t) {
    char *p = arena_take(arena, t.n + 1);
    if (t.n > 0) {
        memcpy(p, t.p, t.n);
    }
    return (struct text){p, t.n};
}

struct text text_cat(struct arena *arena, const struct text *pieces, size_t count) {
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        n += pieces[i].n;
    }
    char *p = arena_take(arena, n + 1);
    char *at = p;
    for (size_t i = 0; i < count; i++) {
        if (pieces[i].n > 0) {
            memcpy(at, pieces[i].p, pieces[i].n);
            at += pieces[i].n;
        }
    }
    return (struct text){p, n};
}

struct text text_join(struct arena *arena, struct text a, struct text b) {
    return TEXT_CAT(arena, a, b);
}

struct text text_printf(struct arena *arena, const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    va_list again;
    va_copy(again, args);
    char most[PRINTF_USUAL]; /* nearly every text fits, and is then formatted once */
    int n = vsnprintf(most, sizeof most, fmt, args);
    va_end(args);
    assert(n >= 0);
    char *p = arena_take(arena, (size_t)n + 1);
    if ((size_t)n < sizeof most) {
        memcpy(p, most, (size_t)n);
    } else {
        vsnprintf(p, (size_t)n + 1, fmt, again);
    }
    va_end(again);
    return (struct text){p, (size_t)n};
}

struct text text_lower(struct arena *arena, struct text t) {
    char *p = arena_take(arena, t.n + 1);
    for (size_t i = 0; i < t.n; i++) {
        char c = t.p[i];
        p[i] = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
    }
    return (struct text){p, t.n};
}

/* Length of the well-formed sequence at s, or 0. */
static size_t sequence(const unsigned char *s, size_t n) {
    if (s[0] < 0x80) {
        return s[0] != 0;
    }
    size_t len = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
    if (s[0] < 0xc2 || s[0] > 0xf4 || n < len) {
        return 0;
    }
    for (size_t i = 1; i < len; i++) {
        if ((s[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    bool overlong = (s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xf0 && s[1] < 0x90);
    bool beyond = (s[0] == 0xed && s[1] > 0x9f) || (s[0] == 0xf4 && s[1] > 0x8f);
    return overlong || beyond ? 0 : len;
}

bool text_utf8_ok(struct text t) {
    const unsigned char *s = (const unsigned char *)t.p;
    for (size_t i = 0; i < t.n;) {
        size_t len = sequence(s + i, t.n - i);
        if (len == 0) {
            return false;
        }
        i += len;
    }
    return true;
}

size_t text_chars(struct text t) {
    size_t count = 0;
    for (size_t i = 0; i < t.n; i++) {
        count += ((unsigned char)t.p[i] & 0xc0) != 0x80;
    }
    return count;
}

bool text_printable(struct text t, bool lines) {
    for (size_t i = 0; i < t.n; i++) {
        unsigned char c = (unsigned char)t.p[i];
        bool line = c == '\r' || c == '\n' || c == '\t';
        if ((c < 0x20 && !(lines && line)) || c == 0x7f) {
            return false;
        }
        if (c == 0xc2 && i + 1 < t.n && (unsigned char)t.p[i + 1] < 0xa0) {
            return false;
        }
    }
    return true;
}
