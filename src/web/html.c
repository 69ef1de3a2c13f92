#include "web/html.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

enum { PAGE_GUESS = 16 * 1024 };

void html_init(struct html *out, struct arena *arena) {
    buf_init(&out->buf, arena);
    buf_reserve(&out->buf, PAGE_GUESS);
}

html_t html_done(struct html *out) {
    return (html_t){buf_text(&out->buf)};
}

/* The reference for a character of special meaning, or NULL. */
static const char *reference(char c) {
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&#34;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

/* The five all lie below '@', and Japanese text above: most bytes are decided by the first comparison. */
void html_put_text(struct html *out, struct text t) {
    size_t from = 0;
    for (size_t i = 0; i < t.n; i++) {
        const char *ref = (unsigned char)t.p[i] > '>' ? NULL : reference(t.p[i]);
        if (ref != NULL) {
            buf_put(&out->buf, text_part(t, from, i));
            buf_putz(&out->buf, ref);
            from = i + 1;
        }
    }
    buf_put(&out->buf, text_part(t, from, t.n));
}

void html_put_z(struct html *out, const char *z) {
    html_put_text(out, text_of(z));
}

void html_put_uint(struct html *out, uint64_t n) {
    if (n < 10) { /* most counts are */
        buf_putc(&out->buf, (char)('0' + n));
        return;
    }
    char digits[20];
    size_t at = sizeof(digits);
    do {
        digits[--at] = (char)('0' + n % 10);
        n /= 10;
    } while (n > 0);
    buf_put(&out->buf, (struct text){digits + at, sizeof(digits) - at});
}

void html_put_int(struct html *out, int64_t n) {
    if (n < 0) {
        buf_putc(&out->buf, '-');
    }
    html_put_uint(out, n < 0 ? 0 - (uint64_t)n : (uint64_t)n);
}

void html_put_yen(struct html *out, struct yen yen) {
    buf_put(&out->buf, num_grouped(out->buf.arena, yen.n));
}

void html_put_day(struct html *out, struct day day) {
    if (!day_is_none(day)) {
        buf_put(&out->buf, day_format(out->buf.arena, day));
    }
}

void html_put_instant(struct html *out, struct instant t) {
    if (!instant_is_none(t)) {
        buf_put(&out->buf, instant_format(out->buf.arena, t));
    }
}

void html_put_id(struct html *out, int64_t id) {
    if (id != 0) {
        buf_put(&out->buf, id_format(out->buf.arena, id));
    }
}

void html_put_safe(struct html *out, html_t safe) {
    buf_put(&out->buf, safe.t);
}

/* Browsers drop tabs and line ends inside URLs and read '\' as '/', so none of them may occur. */
static bool url_bytes_ok(struct text url) {
    for (size_t i = 0; i < url.n; i++) {
        unsigned char c = (unsigned char)url.p[i];
        if (c <= ' ' || c == 0x7f || c == '\\') {
            return false;
        }
    }
    return true;
}

static bool url_ok(struct text url) {
    static const char *const schemes[] = {"http://", "https://", "mailto:", "tel:", "otpauth://totp/"};
    if (url.n == 0 || !url_bytes_ok(url)) {
        return false;
    }
    if (url.p[0] == '/') {
        return url.n == 1 || url.p[1] != '/';
    }
    if (url.p[0] == '?' || url.p[0] == '#') {
        return true;
    }
    for (size_t i = 0; i < COUNT(schemes); i++) {
        size_t n = strlen(schemes[i]);
        if (url.n > n && strncasecmp(url.p, schemes[i], n) == 0) {
            return true;
        }
    }
    return false;
}

void html_url_text(struct html *out, struct text url) {
    html_put_text(out, url_ok(url) ? url : TEXT("#"));
}

void html_url_z(struct html *out, const char *url) {
    html_url_text(out, text_of(url));
}

void html_url_base(struct html *out, struct link_base base) {
    assert(base.t.n == 0 || (url_ok(base.t) && base.t.p[0] == '/' && base.t.n > 1));
    html_put_text(out, base.t);
}

static bool is_unreserved(unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

void html_part_text(struct html *out, struct text t) {
    static const char hex[] = "0123456789ABCDEF";
    struct buf *buf = &out->buf;
    if (t.n == 0 && buf->n > 0 && buf->p[buf->n - 1] == '/') {
        buf_putc(buf, '-');
    }
    if (text_is(t, ".") || text_is(t, "..")) {
        buf_putz(buf, "%252E");
        return;
    }
    for (size_t i = 0; i < t.n; i++) {
        unsigned char c = (unsigned char)t.p[i];
        if (is_unreserved(c)) {
            buf_putc(buf, (char)c);
        } else {
            char code[3] = {'%', hex[c >> 4], hex[c & 15]};
            buf_put(buf, (struct text){code, sizeof(code)});
        }
    }
}

void html_part_z(struct html *out, const char *z) {
    html_part_text(out, text_of(z));
}
