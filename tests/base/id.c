#include "base/id.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void ids_survive_the_round_trip(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 16);
    static const int64_t ids[] = {1, 31, 32, INT64_MAX, INT64_C(382190221312345678)};
    for (size_t i = 0; i < COUNT(ids); i++) {
        struct text t = id_format(&arena, ids[i]);
        int64_t back = 0;
        assert_int_equal(t.n, 13);
        assert_true(id_parse(t, &back));
        assert_int_equal(back, ids[i]);
        assert_true(id_parse(text_lower(&arena, t), &back));
        assert_int_equal(back, ids[i]);
    }
    arena_release(&arena);
}

static void bad_ids_are_refused(void **state) {
    (void)state;
    static const char *const bad[] = {"",
                                      "1",
                                      "0000000000000",
                                      "8000000000000",
                                      "0000000000U01",
                                      "00000000000001",
                                      "000000000000-",
                                      "../../../../etc"};
    int64_t id = 5;
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_false(id_parse(text_of(bad[i]), &id));
    }
    assert_int_equal(id, 5);
}

static void later_is_larger(void **state) {
    (void)state;
    int64_t a = id_make(1795300000000, 0xffffffff);
    int64_t b = id_make(1795300000001, 0);
    assert_true(a < b);
    assert_int_equal(id_seconds(a), 1795300000);
    assert_true(id_make(0, 0) > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_survive_the_round_trip),
        cmocka_unit_test(bad_ids_are_refused),
        cmocka_unit_test(later_is_larger),
    };
    return cmocka_run_group_tests_name("base/id", tests, NULL, NULL);
}
