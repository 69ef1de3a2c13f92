/* Percent-encoding (RFC 3986) of paths, queries and forms. */
#include "http/http.h"

static int hex_value(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The byte written as %XX at t.p[at], or -1. */
static int escaped_byte(struct text t, size_t at) {
    if (t.n - at < 3) {
        return -1;
    }
    int high = hex_value(t.p[at + 1]);
    int low = hex_value(t.p[at + 2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

bool http_unescape(struct arena *arena, struct text t, bool plus, struct text *ret_text) {
    char *p = arena_take(arena, t.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < t.n; i++) {
        char c = t.p[i];
        if (c == '%') {
            int byte = escaped_byte(t, i);
            if (byte < 0) {
                return false;
            }
            p[n++] = (char)byte;
            i += 2;
        } else {
            p[n++] = c == '+' && plus ? ' ' : c;
        }
    }
    struct text text = {p, n};
    if (!text_utf8_ok(text)) {
        return false;
    }
    *ret_text = text;
    return true;
}

static bool unreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

struct text http_escape(struct arena *arena, struct text t) {
    static const char digits[] = "0123456789ABCDEF";
    char *p = arena_take_array(arena, t.n + 1, 3);
    size_t n = 0;
    for (size_t i = 0; i < t.n; i++) {
        if (unreserved(t.p[i])) {
            p[n++] = t.p[i];
        } else {
            unsigned char c = (unsigned char)t.p[i];
            p[n++] = '%';
            p[n++] = digits[c >> 4];
            p[n++] = digits[c & 15];
        }
    }
    return (struct text){p, n};
}
