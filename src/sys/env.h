/* Every source of surprise behind one door: clock, randomness. The same production code runs under a test clock.
 * Mail and files are reached through notify/ and sys/file.h with an env in hand. */
#ifndef SANGO_SYS_ENV_H
#define SANGO_SYS_ENV_H

#include "base/date.h"

struct env {
    /* Milliseconds since the epoch. May be shifted (demo) or fixed (tests). */
    int64_t (*now_ms)(void *ctx);
    /* Fills `bytes` with unpredictable bytes; never fails. */
    void (*random)(void *ctx, void *bytes, size_t n);
    void *ctx;
    _Atomic int64_t *last_id; /* keys of one process rise strictly; NULL: they need not */
};

/* The machine's clock and getrandom(2). `shift_ms` is added to the clock (0 in production). */
struct env_real {
    int64_t shift_ms;
    _Atomic int64_t last_id;
};
struct env env_real(struct env_real *ctx);

/* A clock that stands until it is moved, and a seeded generator (not for secrets). Thread-safe. */
struct env_test {
    _Atomic int64_t now_ms;
    _Atomic uint64_t seed;
    _Atomic int64_t last_id;
};
struct env env_test(struct env_test *ctx);

struct instant env_now(const struct env *env);
/* A new row key (base/id.h), larger than every one this process made before: who came first stays first, also within
 * one millisecond and when the clock is set back. */
int64_t env_id(const struct env *env);
/* A random number below `bound` (> 0), unbiased. */
uint64_t env_below(const struct env *env, uint64_t bound);

#endif
