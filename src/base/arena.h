/* Memory that belongs to a lifetime (a request, a transaction, the process), not to a variable.
 * Everything taken is zeroed, 16-byte aligned and goes at once. Nobody above `db` writes free(). */
#ifndef SANGO_BASE_ARENA_H
#define SANGO_BASE_ARENA_H

#include "base/rc.h"

struct arena_block;

struct arena {
    struct arena_block *blocks;
    size_t taken; /* bytes handed out since init or clear */
    size_t limit; /* more than this is a bug: callers bound their input first */
};

void arena_init(struct arena *arena, size_t limit);
/* Never returns NULL: running past the limit or out of memory ends the process. */
void *arena_take(struct arena *arena, size_t size);
/* An array of `count` elements, overflow checked. */
void *arena_take_array(struct arena *arena, size_t count, size_t size);
/* Whatever is taken next, up to `size` bytes in all, needs no more memory from the heap. */
void arena_reserve(struct arena *arena, size_t size);
/* Gives everything back but keeps one wiped block for reuse. */
void arena_clear(struct arena *arena);
void arena_release(struct arena *arena);

#define arena_new(arena, type) ((type *)arena_take((arena), sizeof(type)))
#define arena_array(arena, type, count) ((type *)arena_take_array((arena), (count), sizeof(type)))

#endif
