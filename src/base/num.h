/* Whole numbers: checked arithmetic and strict reading. No floating point anywhere in the house. */
#ifndef SANGO_BASE_NUM_H
#define SANGO_BASE_NUM_H

#include "base/text.h"

struct yen {
    int64_t n;
};

/* False, and *ret untouched, when the result does not fit. */
NODISCARD bool num_add(int64_t a, int64_t b, int64_t *ret);
NODISCARD bool num_sub(int64_t a, int64_t b, int64_t *ret);
NODISCARD bool num_mul(int64_t a, int64_t b, int64_t *ret);

/* The whole text is an optional '-' and 1..18 decimal digits. */
NODISCARD bool num_parse(struct text t, int64_t *ret_n);

/* Decimal digits, without a NUL; how many. */
enum { NUM_CHARS = 20 };
size_t num_write(int64_t n, char ret_chars[NUM_CHARS]);
/* "3,100" */
struct text num_grouped(struct arena *arena, int64_t n);

#endif
