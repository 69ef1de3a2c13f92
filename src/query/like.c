#include "query/like.h"

#include "base/buf.h"

struct text like_of(struct arena *arena, struct text key) {
    if (key.n == 0) {
        return TEXT("");
    }
    struct buf buf;
    buf_init(&buf, arena);
    buf_putc(&buf, '%');
    for (size_t i = 0; i < key.n; i++) {
        if (key.p[i] == '%' || key.p[i] == '_' || key.p[i] == '!') {
            buf_putc(&buf, '!');
        }
        buf_putc(&buf, key.p[i]);
    }
    buf_putc(&buf, '%');
    return buf_text(&buf);
}
