#include "sys/env.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "base/id.h"

static int64_t real_now(void *ctx) {
    const struct env_real *real = ctx;
    struct timespec t;
    int failed = clock_gettime(CLOCK_REALTIME, &t);
    assert(failed == 0);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000 + real->shift_ms;
}

static void real_random(void *ctx, void *bytes, size_t n) {
    (void)ctx;
    unsigned char *at = bytes;
    while (n > 0) {
        ssize_t got = getrandom(at, n, 0);
        if (got > 0) {
            at += got;
            n -= (size_t)got;
        }
    }
}

struct env env_real(struct env_real *ctx) {
    return (struct env){real_now, real_random, ctx, &ctx->last_id};
}

static int64_t test_now(void *ctx) {
    struct env_test *test = ctx;
    return atomic_load(&test->now_ms);
}

/* splitmix64 */
static uint64_t test_step(struct env_test *test) {
    uint64_t z = atomic_fetch_add(&test->seed, UINT64_C(0x9e3779b97f4a7c15)) + UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static void test_random(void *ctx, void *bytes, size_t n) {
    unsigned char *at = bytes;
    while (n > 0) {
        uint64_t word = test_step(ctx);
        size_t part = n < sizeof word ? n : sizeof word;
        memcpy(at, &word, part);
        at += part;
        n -= part;
    }
}

struct env env_test(struct env_test *ctx) {
    return (struct env){test_now, test_random, ctx, &ctx->last_id};
}

struct instant env_now(const struct env *env) {
    return (struct instant){env->now_ms(env->ctx) / 1000};
}

int64_t env_id(const struct env *env) {
    uint32_t random;
    env->random(env->ctx, &random, sizeof random);
    int64_t id = id_make(env->now_ms(env->ctx), random);
    if (env->last_id == NULL) {
        return id;
    }
    int64_t last = atomic_load(env->last_id);
    int64_t next;
    do {
        next = id > last ? id : last + 1;
    } while (!atomic_compare_exchange_weak(env->last_id, &last, next));
    return next;
}

uint64_t env_below(const struct env *env, uint64_t bound) {
    assert(bound > 0);
    uint64_t limit = UINT64_MAX - UINT64_MAX % bound;
    uint64_t n;
    do {
        env->random(env->ctx, &n, sizeof n);
    } while (n >= limit);
    return n % bound;
}
