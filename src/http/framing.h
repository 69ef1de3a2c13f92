/* The framing guard: where a message ends must be clear to everybody on the way (RFC 9112 sections 5 and 6), so
 * whatever two readers could read in two ways is refused. Judges a parsed head; knows no sockets. */
#ifndef SANGO_HTTP_FRAMING_H
#define SANGO_HTTP_FRAMING_H

#include "http/http.h"

struct framing {
    bool chunked;
    uint64_t length;  /* of the body, when not chunked */
    struct text host; /* value of the Host header, trimmed; empty in HTTP/1.0 without one */
};

/* False: two Content-Length, one that is not 1..18 plain digits, Content-Length with Transfer-Encoding,
 * Transfer-Encoding other than exactly "chunked" (or at all in HTTP/1.0), two Host, none in HTTP/1.1, a header name
 * that is no token, control characters in a value, a version other than 1.0 and 1.1. */
NODISCARD bool framing_check(struct text version, const struct http_field *headers, size_t count,
                             struct framing *ret_framing);

#endif
