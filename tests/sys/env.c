/* Keys rise strictly, whatever the clock and the other threads do. */
#include "sys/env.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>
#include <stdlib.h>

enum { KEYS = 20000, THREADS = 4 };

static void keys_rise(void **state) {
    (void)state;
    struct env_test clock = {.now_ms = 1795300000000, .seed = 7};
    struct env env = env_test(&clock);
    int64_t last = 0;
    for (int i = 0; i < KEYS; i++) {
        clock.now_ms += i % 7 == 0 ? -3 : i % 5 == 0;
        int64_t id = env_id(&env);
        assert_true(id > last);
        last = id;
    }
}

struct run {
    const struct env *env;
    int64_t keys[KEYS];
};

static void *make_keys(void *arg) {
    struct run *run = arg;
    for (int i = 0; i < KEYS; i++) {
        run->keys[i] = env_id(run->env);
    }
    return NULL;
}

static int compare(const void *a, const void *b) {
    const int64_t *left = a;
    const int64_t *right = b;
    return (*left > *right) - (*left < *right);
}

static void threads_never_share_one(void **state) {
    (void)state;
    struct env_real clock = {0};
    struct env env = env_real(&clock);
    static struct run runs[THREADS];
    static int64_t all[THREADS * KEYS];
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        runs[i].env = &env;
        assert_int_equal(pthread_create(&threads[i], NULL, make_keys, &runs[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        for (int k = 0; k < KEYS; k++) {
            all[i * KEYS + k] = runs[i].keys[k];
        }
    }
    qsort(all, COUNT(all), sizeof *all, compare);
    for (size_t i = 1; i < COUNT(all); i++) {
        assert_true(all[i - 1] < all[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_rise),
        cmocka_unit_test(threads_never_share_one),
    };
    return cmocka_run_group_tests_name("sys/env", tests, NULL, NULL);
}
