#include "http/wire.h"

#include <string.h>

/* Each CRLF has become two NULs; each ':' one. */
static bool header_sound(const struct http_field *header, const char *expected) {
    if (header->name.p != expected || header->value.p <= header->name.p + header->name.n) {
        return false;
    }
    for (const char *p = header->name.p + header->name.n + 1; p < header->value.p; p++) {
        if (*p != ' ' && *p != '\t') {
            return false;
        }
    }
    const char *end = header->value.p + header->value.n;
    return end[0] == '\0' && end[1] == '\0';
}

bool wire_sound(const struct wire *wire) {
    if (wire->target == NULL || wire->method + strlen(wire->method) + 1 != wire->target ||
        wire->target + wire->target_n + 1 != wire->version) {
        return false;
    }
    const char *expected = wire->version + strlen(wire->version) + 2;
    for (size_t i = 0; i < wire->count; i++) {
        if (!header_sound(&wire->headers[i], expected)) {
            return false;
        }
        expected = wire->headers[i].value.p + wire->headers[i].value.n + 2;
    }
    /* The empty line; a nameless header, which the library drops, would stand here. The library keeps records of the
     * headers behind them in the same block, so both bytes can be read. */
    return wire->count == 0 || (expected[0] == '\0' && expected[1] == '\0');
}
