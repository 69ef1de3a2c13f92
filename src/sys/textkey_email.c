/* Addresses of mailboxes (contract in sys/textkey.h). As wide as the addresses that Japanese carriers gave out, as narrow
 * as a header and an SMTP command need. Case is dropped on both sides: telephones begin what is typed with a capital, and
 * no provider is known that keeps Hanako@ and hanako@ apart. */
#include "sys/textkey.h"

#include <string.h>
#include <utf8proc.h>

#include "base/buf.h"

enum { ADDRESS_MAX = 254, LOCAL_MAX = 64, LABEL_MAX = 63 };

static bool is_alnum(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* atext of RFC 5322 and dots anywhere but in front. */
static bool local_ok(struct text local) {
    if (local.n == 0 || local.n > LOCAL_MAX || local.p[0] == '.') {
        return false;
    }
    for (size_t i = 0; i < local.n; i++) {
        char c = local.p[i];
        if (!is_alnum(c) && (c == '\0' || strchr(".!#$%&'*+-/=?^_`{|}~", c) == NULL)) {
            return false;
        }
    }
    return true;
}

static bool label_ok(struct text label) {
    if (label.n == 0 || label.n > LABEL_MAX || label.p[0] == '-' || label.p[label.n - 1] == '-') {
        return false;
    }
    for (size_t i = 0; i < label.n; i++) {
        if (!is_alnum(label.p[i]) && label.p[i] != '-') {
            return false;
        }
    }
    return true;
}

/* At least two labels, the last one not a number (so no IP address). */
static bool domain_ok(struct text domain) {
    struct text rest = domain;
    struct text label = TEXT("");
    size_t labels = 0;
    while (text_next(&rest, '.', &label)) {
        if (!label_ok(label)) {
            return false;
        }
        labels++;
    }
    return labels >= 2 && !(label.p[0] >= '0' && label.p[0] <= '9');
}

/* NFKC in ASCII; false when something has no ASCII form. */
static bool narrow(struct arena *arena, struct text t, struct text *ret_ascii) {
    const utf8proc_option_t options = UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_STABLE;
    const utf8proc_uint8_t *bytes = (const utf8proc_uint8_t *)t.p;
    utf8proc_int32_t points[ADDRESS_MAX + 1];
    utf8proc_ssize_t n = utf8proc_decompose(bytes, (utf8proc_ssize_t)t.n, points, ADDRESS_MAX, options);
    if (n <= 0 || n > ADDRESS_MAX) {
        return false;
    }
    char *p = arena_take(arena, (size_t)n + 1);
    for (utf8proc_ssize_t i = 0; i < n; i++) {
        utf8proc_int32_t c = points[i] == 0x3002 ? '.' : points[i]; /* the full stop of Japanese keyboards */
        if (c <= 0x20 || c >= 0x7f) {
            return false;
        }
        p[i] = (char)c;
    }
    *ret_ascii = (struct text){p, (size_t)n};
    return true;
}

bool textkey_email(struct arena *arena, struct text t, struct text *ret_email) {
    struct text ascii = TEXT("");
    t = text_trim(t);
    if (t.n == 0 || t.n > (size_t)ADDRESS_MAX * 4 || !text_utf8_ok(t) || !narrow(arena, t, &ascii)) {
        return false;
    }
    size_t at = text_index(ascii, '@');
    struct text local = text_part(ascii, 0, at);
    struct text domain = text_part(ascii, at + 1, ascii.n);
    if (at == ascii.n || !local_ok(local) || !domain_ok(domain)) {
        return false;
    }
    *ret_email = text_lower(arena, ascii);
    return true;
}
