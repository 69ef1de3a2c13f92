/* Does the head lie in libmicrohttpd's buffer as one sound message would? libmicrohttpd 0.9 accepts bare CR and LF,
 * folded lines, NUL and stray spaces, and forgets that it did; but it parses in place, so the pointers it hands out
 * still tell. Version 1.0 refuses these by itself. */
#ifndef SANGO_HTTP_WIRE_H
#define SANGO_HTTP_WIRE_H

#include "http/http.h"

struct wire {
    const char *method;
    const char *target; /* where the target began before it was parsed */
    size_t target_n;    /* up to its first NUL */
    const char *version;
    const struct http_field *headers; /* untrimmed, in the order received */
    size_t count;
};

/* True when every piece follows the one before at exactly the distance its separators take. Reads only bytes that
 * belong to the head. */
NODISCARD bool wire_sound(const struct wire *wire);

#endif
