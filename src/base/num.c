#include "base/num.h"

#include <inttypes.h>
#include <stdio.h>

bool num_add(int64_t a, int64_t b, int64_t *ret) {
    int64_t sum;
    if (__builtin_add_overflow(a, b, &sum)) {
        return false;
    }
    *ret = sum;
    return true;
}

bool num_sub(int64_t a, int64_t b, int64_t *ret) {
    int64_t difference;
    if (__builtin_sub_overflow(a, b, &difference)) {
        return false;
    }
    *ret = difference;
    return true;
}

bool num_mul(int64_t a, int64_t b, int64_t *ret) {
    int64_t product;
    if (__builtin_mul_overflow(a, b, &product)) {
        return false;
    }
    *ret = product;
    return true;
}

bool num_parse(struct text t, int64_t *ret_n) {
    bool negative = t.n > 0 && t.p[0] == '-';
    size_t i = negative;
    if (t.n == i || t.n - i > 18) {
        return false;
    }
    int64_t n = 0;
    for (; i < t.n; i++) {
        if (t.p[i] < '0' || t.p[i] > '9') {
            return false;
        }
        n = n * 10 + (t.p[i] - '0');
    }
    *ret_n = negative ? -n : n;
    return true;
}

struct text num_grouped(struct arena *arena, int64_t n) {
    char digits[24];
    int len = snprintf(digits, sizeof digits, "%" PRId64, n);
    char *out = arena_take(arena, (size_t)len * 2 + 1);
    size_t at = 0;
    for (int i = 0; i < len; i++) {
        int left = len - i;
        bool after_digit = i > 0 && digits[i - 1] != '-';
        if (after_digit && left % 3 == 0) {
            out[at++] = ',';
        }
        out[at++] = digits[i];
    }
    return (struct text){out, at};
}
