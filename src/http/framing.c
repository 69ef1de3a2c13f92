#include "http/framing.h"

#include <string.h>
#include <strings.h>

static bool is_named(struct text name, struct text wanted) {
    return name.n == wanted.n && strncasecmp(name.p, wanted.p, wanted.n) == 0;
}

static bool token_ok(struct text t) {
    for (size_t i = 0; i < t.n; i++) {
        char c = t.p[i];
        bool alnum = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!alnum && (c == '\0' || strchr("!#$%&'*+-.^_`|~", c) == NULL)) {
            return false;
        }
    }
    return t.n > 0;
}

/* Bytes from 0x80 up are opaque (RFC 9110 section 5.5) and left to whoever uses the value. */
static bool value_ok(struct text t) {
    for (size_t i = 0; i < t.n; i++) {
        unsigned char c = (unsigned char)t.p[i];
        if ((c < 0x20 && c != '\t') || c == 0x7f) {
            return false;
        }
    }
    return true;
}

static bool length_parse(struct text t, uint64_t *ret_length) {
    uint64_t length = 0;
    if (t.n == 0 || t.n > 18) {
        return false;
    }
    for (size_t i = 0; i < t.n; i++) {
        if (t.p[i] < '0' || t.p[i] > '9') {
            return false;
        }
        length = length * 10 + (uint64_t)(t.p[i] - '0');
    }
    *ret_length = length;
    return true;
}

/* How often the headers that decide about framing occur. */
struct tally {
    unsigned lengths;
    unsigned encodings;
    unsigned hosts;
};

static bool header_check(const struct http_field *header, struct tally *tally, struct framing *framing) {
    if (!token_ok(header->name) || !value_ok(header->value)) {
        return false;
    }
    if (is_named(header->name, TEXT("content-length"))) {
        tally->lengths++;
        return length_parse(header->value, &framing->length);
    }
    if (is_named(header->name, TEXT("transfer-encoding"))) {
        tally->encodings++;
        framing->chunked = is_named(header->value, TEXT("chunked"));
        return framing->chunked;
    }
    if (is_named(header->name, TEXT("host"))) {
        tally->hosts++;
        framing->host = text_trim(header->value);
    }
    return true;
}

bool framing_check(struct text version, const struct http_field *headers, size_t count,
                   struct framing *ret_framing) {
    bool v11 = text_is(version, "HTTP/1.1");
    if (!v11 && !text_is(version, "HTTP/1.0")) {
        return false;
    }
    struct framing framing = {0};
    struct tally tally = {0};
    for (size_t i = 0; i < count; i++) {
        if (!header_check(&headers[i], &tally, &framing)) {
            return false;
        }
    }
    if (tally.lengths + tally.encodings > 1 || tally.hosts > 1 || (v11 && tally.hosts == 0) ||
        (!v11 && framing.chunked)) {
        return false;
    }
    *ret_framing = framing;
    return true;
}
