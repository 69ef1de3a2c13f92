#include "http/target.h"

#include <string.h>

/* Characters a target may hold as they are: unreserved, sub-delims, ":@/?" and the start of an escape. Brackets and
 * the like are sent bare by some browsers in queries. */
static bool target_char(char c, bool query) {
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) {
        return true;
    }
    return c != '\0' &&
           (strchr("-._~!$&'()*+,;=:@/%", c) != NULL || (query && strchr("?[]|^`{}", c) != NULL));
}

static bool chars_ok(struct text t, bool query) {
    for (size_t i = 0; i < t.n; i++) {
        if (!target_char(t.p[i], query)) {
            return false;
        }
    }
    return true;
}

/* %2F and %5C would be a second way to write a separator. */
static bool has_hidden_separator(struct text raw) {
    for (size_t i = 0; i + 2 < raw.n; i++) {
        if (raw.p[i] == '%' && ((raw.p[i + 1] == '2' && (raw.p[i + 2] | 0x20) == 'f') ||
                                (raw.p[i + 1] == '5' && (raw.p[i + 2] | 0x20) == 'c'))) {
            return true;
        }
    }
    return false;
}

/* No empty, "." or ".." segment; a single trailing slash is left to the routes. */
static bool segments_ok(struct text path) {
    struct text rest = text_part(path, 1, path.n);
    struct text segment;
    while (text_next(&rest, '/', &segment)) {
        bool last = rest.p == NULL;
        if ((segment.n == 0 && !last) || text_is(segment, ".") || text_is(segment, "..")) {
            return false;
        }
    }
    return true;
}

bool target_parse(struct arena *arena, struct text raw, struct target *ret_target) {
    size_t mark = text_index(raw, '?');
    struct text path = text_part(raw, 0, mark);
    struct text query = mark < raw.n ? text_part(raw, mark + 1, raw.n) : TEXT("");
    if (path.n == 0 || path.p[0] != '/' || !chars_ok(path, false) || !chars_ok(query, true) ||
        has_hidden_separator(path)) {
        return false;
    }
    struct text decoded;
    struct text probe;
    if (!http_unescape(arena, path, false, &decoded) || !text_printable(decoded, false) ||
        !segments_ok(decoded) || !http_unescape(arena, query, true, &probe)) {
        return false;
    }
    *ret_target = (struct target){decoded, query};
    return true;
}

static bool port_ok(struct text t) {
    for (size_t i = 0; i < t.n; i++) {
        if (t.p[i] < '0' || t.p[i] > '9') {
            return false;
        }
    }
    return t.n >= 1 && t.n <= 5;
}

static bool name_ok(struct text t, const char *also) {
    for (size_t i = 0; i < t.n; i++) {
        char c = t.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
        if (!plain && (c == '\0' || strchr(also, c) == NULL)) {
            return false;
        }
    }
    return t.n > 0 && t.n <= 255;
}

bool host_parse(struct arena *arena, struct text raw, struct text *ret_host) {
    struct text host = text_lower(arena, raw);
    if (host.n > 0 && host.p[0] == '[') {
        size_t end = text_index(host, ']');
        struct text after = text_part(host, end + 1, host.n);
        if (end == host.n || !name_ok(text_part(host, 1, end), ":") ||
            (after.n > 0 && (after.p[0] != ':' || !port_ok(text_part(after, 1, after.n))))) {
            return false;
        }
        *ret_host = text_part(host, 0, end + 1);
        return true;
    }
    size_t colon = text_index(host, ':');
    if (!name_ok(text_part(host, 0, colon), "") ||
        (colon < host.n && !port_ok(text_part(host, colon + 1, host.n)))) {
        return false;
    }
    *ret_host = text_part(host, 0, colon);
    return true;
}
