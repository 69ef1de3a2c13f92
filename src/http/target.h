/* The request target: only the origin form, "/path?query", and only when there is one way to read it. */
#ifndef SANGO_HTTP_TARGET_H
#define SANGO_HTTP_TARGET_H

#include "http/http.h"

struct target {
    struct text path;  /* decoded */
    struct text query; /* as sent */
};

/* False: absolute or authority form, bytes outside RFC 3986, bad or doubtful escapes (%00, %2F, %5C), ill-formed
 * UTF-8, empty, "." or ".." segments. */
NODISCARD bool target_parse(struct arena *arena, struct text raw, struct target *ret_target);

/* Host header: name or address, optional port. False when ill-formed. `ret_host` is lower case without port. */
NODISCARD bool host_parse(struct arena *arena, struct text raw, struct text *ret_host);

#endif
