#include "base/num.h"

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

size_t num_write(int64_t n, char ret_chars[NUM_CHARS]) {
    char digits[NUM_CHARS];
    size_t count = 0;
    size_t at = 0;
    uint64_t rest = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    do {
        digits[count++] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (n < 0) {
        ret_chars[at++] = '-';
    }
    while (count > 0) {
        ret_chars[at++] = digits[--count];
    }
    return at;
}

struct text num_grouped(struct arena *arena, int64_t n) {
    char digits[NUM_CHARS];
    size_t count = num_write(n, digits);
    char *out = arena_take(arena, count + count / 3 + 1);
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        bool after_digit = i > 0 && digits[i - 1] != '-';
        if (after_digit && (count - i) % 3 == 0) {
            out[at++] = ',';
        }
        out[at++] = digits[i];
    }
    return (struct text){out, at};
}
