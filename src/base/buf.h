/* Bytes that grow inside an arena: pages, JSON, messages. */
#ifndef SANGO_BASE_BUF_H
#define SANGO_BASE_BUF_H

#include <string.h>

#include "base/text.h"

struct buf {
    struct arena *arena;
    char *p;
    size_t n;
    size_t cap;
};

void buf_init(struct buf *buf, struct arena *arena);
/* Room for `more` bytes ahead of time, and a NUL. */
void buf_reserve(struct buf *buf, size_t more);
/* Pages are thousands of pieces, so the usual way of a piece is short. */
static inline void buf_put(struct buf *buf, struct text t) {
    if (buf->cap - buf->n <= t.n) {
        buf_reserve(buf, t.n);
    }
    if (t.n > 0) {
        memcpy(buf->p + buf->n, t.p, t.n);
        buf->n += t.n;
    }
}
void buf_putz(struct buf *buf, const char *z);
static inline void buf_putc(struct buf *buf, char c) {
    if (buf->cap - buf->n <= 1) {
        buf_reserve(buf, 1);
    }
    buf->p[buf->n++] = c;
}
void buf_printf(struct buf *buf, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* What was written so far; followed by a NUL and valid until the next put. */
struct text buf_text(struct buf *buf);

#endif
