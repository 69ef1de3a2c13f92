/* Bytes that grow inside an arena: pages, JSON, messages. */
#ifndef SANGO_BASE_BUF_H
#define SANGO_BASE_BUF_H

#include "base/text.h"

struct buf {
    struct arena *arena;
    char *p;
    size_t n;
    size_t cap;
};

void buf_init(struct buf *buf, struct arena *arena);
/* Room for `more` bytes ahead of time. */
void buf_reserve(struct buf *buf, size_t more);
void buf_put(struct buf *buf, struct text t);
void buf_putz(struct buf *buf, const char *z);
void buf_putc(struct buf *buf, char c);
void buf_printf(struct buf *buf, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* What was written so far; followed by a NUL and valid until the next put. */
struct text buf_text(struct buf *buf);

#endif
