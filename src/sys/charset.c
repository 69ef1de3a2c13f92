/* CP932 by the C library's iconv. */
#include "sys/charset.h"

#include <iconv.h>

enum { GROWTH = 3 }; /* one byte of CP932 is at most three of UTF-8 */

bool charset_utf8(struct arena *arena, struct text bytes, struct text *ret_text) {
    if (text_utf8_ok(bytes)) {
        *ret_text = bytes;
        return true;
    }
    /* NOLINTNEXTLINE(performance-no-int-to-ptr): iconv's own way to say that it failed. */
    const iconv_t failed = (iconv_t)-1;
    iconv_t way = iconv_open("UTF-8", "CP932");
    if (way == failed) {
        return false;
    }
    struct text copy = text_copy(arena, bytes); /* iconv wants a writable pointer, though it only reads */
    size_t room = GROWTH * bytes.n + 1;
    char *begin = arena_take(arena, room);
    char *out = begin;
    union {
        const char *read;
        char *asked;
    } in = {.read = copy.p};
    size_t left = copy.n;
    size_t wrong = iconv(way, &in.asked, &left, &out, &room);
    iconv_close(way);
    if (wrong == (size_t)-1 || left > 0) {
        return false;
    }
    *ret_text = (struct text){begin, (size_t)(out - begin)};
    return true;
}
