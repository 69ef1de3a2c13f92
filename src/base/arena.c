/* A chain of blocks, newest first. Blocks double up to 16 KiB, so that many who wait at once hold little that they do not
 * use, and what they give back fits others; larger wishes than the next get a block of their own.
 * What stays after a clear is the largest block that is not too large to keep, so that the next request like the last
 * one finds its memory ready. */
#include "base/arena.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGN = 16, BLOCK_MIN = 2 * 1024, BLOCK_MAX = 16 * 1024 };

struct arena_block {
    struct arena_block *next;
    size_t size;
    size_t used;
    size_t pad;
    unsigned char bytes[];
};

void arena_init(struct arena *arena, size_t limit) {
    *arena = (struct arena){.limit = limit};
}

static struct arena_block *block_new(size_t size) {
    struct arena_block *block = calloc(1, sizeof *block + size);
    if (block == NULL) {
        abort();
    }
    block->size = size;
    return block;
}

static size_t next_size(const struct arena *arena) {
    size_t size = arena->blocks == NULL ? BLOCK_MIN : arena->blocks->size * 2;
    return size > BLOCK_MAX ? BLOCK_MAX : size;
}

/* A block with room for `size` bytes. What is larger than the next block would be gets one of just its size, behind the
 * newest, so that the next small wish neither finds a full block nor doubles a large one. */
static struct arena_block *block_add(struct arena *arena, size_t size) {
    size_t next = next_size(arena);
    struct arena_block *block = block_new(size > next ? size : next);
    if (size > next && arena->blocks != NULL) {
        block->next = arena->blocks->next;
        arena->blocks->next = block;
    } else {
        block->next = arena->blocks;
        arena->blocks = block;
    }
    return block;
}

void *arena_take(struct arena *arena, size_t size) {
    assert(size <= arena->limit);
    size = (size + ALIGN - 1) / ALIGN * ALIGN;
    struct arena_block *block = arena->blocks;
    if (block == NULL || block->size - block->used < size) {
        block = block_add(arena, size);
    }
    void *bytes = block->bytes + block->used;
    block->used += size;
    arena->taken += size;
    assert(arena->taken <= arena->limit);
    return bytes;
}

void arena_reserve(struct arena *arena, size_t size) {
    struct arena_block *block = arena->blocks;
    if (block != NULL && block->size - block->used >= size) {
        return;
    }
    size_t next = next_size(arena);
    block = block_new(size > next ? size : next);
    block->next = arena->blocks;
    arena->blocks = block;
}

void *arena_take_array(struct arena *arena, size_t count, size_t size) {
    size_t bytes = 0;
    bool overflow = __builtin_mul_overflow(count, size, &bytes);
    assert(!overflow);
    return arena_take(arena, bytes);
}

static bool better(const struct arena_block *block, const struct arena_block *kept) {
    return block->size <= BLOCK_MAX && (kept == NULL || block->size > kept->size);
}

void arena_clear(struct arena *arena) {
    struct arena_block *kept = NULL;
    for (struct arena_block *block = arena->blocks; block != NULL;) {
        struct arena_block *next = block->next;
        if (better(block, kept)) {
            free(kept);
            kept = block;
        } else {
            free(block);
        }
        block = next;
    }
    if (kept != NULL) {
        memset(kept->bytes, 0, kept->used);
        kept->used = 0;
        kept->next = NULL;
    }
    arena->blocks = kept;
    arena->taken = 0;
}

void arena_release(struct arena *arena) {
    struct arena_block *block = arena->blocks;
    while (block != NULL) {
        struct arena_block *next = block->next;
        free(block);
        block = next;
    }
    arena->blocks = NULL;
    arena->taken = 0;
}
