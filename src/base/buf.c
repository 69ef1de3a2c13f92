#include "base/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void buf_init(struct buf *buf, struct arena *arena) {
    *buf = (struct buf){.arena = arena};
}

/* Room for `more` bytes and a NUL. */
static char *room(struct buf *buf, size_t more) {
    size_t need = buf->n + more + 1;
    assert(need > more);
    if (need > buf->cap) {
        size_t cap = buf->cap < 256 ? 512 : buf->cap * 2;
        cap = cap < need ? need : cap;
        char *p = arena_take(buf->arena, cap);
        if (buf->n > 0) {
            memcpy(p, buf->p, buf->n);
        }
        buf->p = p;
        buf->cap = cap;
    }
    return buf->p + buf->n;
}

void buf_reserve(struct buf *buf, size_t more) {
    (void)room(buf, more);
}

void buf_putz(struct buf *buf, const char *z) {
    buf_put(buf, text_of(z));
}

void buf_printf(struct buf *buf, const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    va_list again;
    va_copy(again, args);
    size_t free = buf->cap - buf->n;
    int n = vsnprintf(free > 0 ? buf->p + buf->n : NULL, free, fmt, args);
    va_end(args);
    assert(n >= 0);
    if ((size_t)n >= free) {
        vsnprintf(room(buf, (size_t)n), (size_t)n + 1, fmt, again);
    }
    va_end(again);
    buf->n += (size_t)n;
}

struct text buf_text(struct buf *buf) {
    *room(buf, 0) = '\0';
    return (struct text){buf->p, buf->n};
}
