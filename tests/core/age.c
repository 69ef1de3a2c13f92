/* The end of age windows: Civil Code art. 143, correction for early birth, business days and moments. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/age.h"

static struct day day(const char *z) {
    struct day d = DAY_NONE;
    assert_true(day_parse(text_of(z), &d));
    return d;
}

static void test_last_day(void **state) {
    (void)state;
    static const struct {
        const char *birth;
        int32_t n;
        enum age_unit unit;
        enum age_bound bound;
        const char *last;
    } cases[] = {
        {"2026-01-31", 4, AGE_MONTHS, AGE_UNDER, "2026-05-30"},
        {"2026-01-31", 4, AGE_MONTHS, AGE_THROUGH, "2026-05-31"},
        {"2025-10-31", 4, AGE_MONTHS, AGE_UNDER, "2026-02-28"},
        {"2025-10-31", 4, AGE_MONTHS, AGE_THROUGH, "2026-03-01"},
        {"2025-10-28", 4, AGE_MONTHS, AGE_UNDER, "2026-02-27"},
        {"2026-03-01", 4, AGE_MONTHS, AGE_UNDER, "2026-06-30"},
        {"2026-04-01", 12, AGE_MONTHS, AGE_UNDER, "2027-03-31"},
        {"2026-04-01", 12, AGE_MONTHS, AGE_THROUGH, "2027-04-01"},
        {"2028-02-29", 12, AGE_MONTHS, AGE_UNDER, "2029-02-28"},
        {"2028-02-29", 12, AGE_MONTHS, AGE_THROUGH, "2029-03-01"},
        {"2027-02-28", 12, AGE_MONTHS, AGE_UNDER, "2028-02-27"},
        {"2026-01-15", 12, AGE_MONTHS, AGE_MONTH_END, "2027-01-31"},
        {"2026-03-01", 120, AGE_DAYS, AGE_THROUGH, "2026-06-29"},
        {"2026-03-01", 28, AGE_DAYS, AGE_UNDER, "2026-03-28"},
        {"2026-03-01", 8, AGE_WEEKS, AGE_UNDER, "2026-04-25"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct age_window window = {
            .set = true, .n = cases[i].n, .unit = cases[i].unit, .bound = cases[i].bound};
        struct child child = {.birth = day(cases[i].birth), .due = DAY_NONE};
        assert_int_equal(age_last_day(&window, &child).n, day(cases[i].last).n);
    }
}

static void test_corrected(void **state) {
    (void)state;
    struct age_window window = {
        .set = true, .n = 4, .corrected_below_days = 259, .corrected_below_weight_g = 2500};
    struct day birth = day("2026-01-10");
    struct day due = day("2026-02-01");
    const struct {
        struct child child;
        struct day base;
    } cases[] = {
        {{birth, due, 258, 0}, due},
        {{birth, due, 259, 0}, birth},
        {{birth, due, 0, 0}, due}, /* 280 − 22 days = 258 */
        {{birth, day("2026-01-31"), 0, 0}, birth},
        {{birth, DAY_NONE, 258, 0}, day("2026-02-01")},
        {{birth, due, 260, 2499}, due},
        {{birth, due, 260, 2500}, birth},
        {{DAY_NONE, due, 0, 0}, due},
        {{birth, day("2026-01-01"), 200, 0}, birth}, /* never earlier than the birth */
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(age_base(&window, &cases[i].child).n, cases[i].base.n);
    }
}

static void test_unknown(void **state) {
    (void)state;
    struct age_window window = {.set = true, .n = 4};
    struct child nothing = {.birth = DAY_NONE, .due = DAY_NONE};
    struct child senseless = {.birth = {INT32_MAX}, .due = {INT32_MIN + 1}, .gestation_days = INT32_MAX};
    assert_true(day_is_none(age_last_day(&window, &nothing)));
    assert_true(day_is_none(age_last_day(&window, &senseless)));
    window.set = false;
    struct child born = {.birth = day("2026-01-31"), .due = DAY_NONE};
    assert_true(day_is_none(age_last_day(&window, &born)));
    assert_true(age_months_complete(born.birth, 4, day("2026-05-31")));
    assert_false(age_months_complete(born.birth, 4, day("2026-05-30")));
}

static void test_business_days(void **state) {
    (void)state;
    static const struct {
        const char *from;
        int32_t n;
        const char *to;
    } cases[] = {
        {"2026-04-06", 1, "2026-04-03"}, {"2026-04-07", 1, "2026-04-06"}, {"2026-05-07", 1, "2026-05-01"},
        {"2026-05-07", 2, "2026-04-30"}, {"2027-01-04", 1, "2026-12-28"}, {"2026-04-03", -1, "2026-04-06"},
        {"2026-09-24", 1, "2026-09-18"}, {"2026-04-04", 0, "2026-04-04"}, {"2026-12-28", -1, "2027-01-04"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct day got = calendar_business_before(&calendar_japan, day(cases[i].from), cases[i].n);
        assert_int_equal(got.n, day(cases[i].to).n);
    }
}

static void test_moments(void **state) {
    (void)state;
    struct day monday = day("2026-04-06");
    const struct {
        struct moment moment;
        struct instant at;
    } cases[] = {
        {{.set = true, .days = 1, .minute = 600}, day_at(day("2026-04-05"), 600)},
        {{.set = true, .days = 1, .minute = 600, .business = true}, day_at(day("2026-04-03"), 600)},
        {{.set = true, .days = 1, .minute = 600, .shift = MOMENT_EARLIER}, day_at(day("2026-04-03"), 600)},
        {{.set = true, .days = 0, .minute = 540}, day_at(monday, 540)},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct moment *moment = &cases[i].moment;
        struct instant at = cases[i].at;
        assert_int_equal(moment_of(moment, &calendar_japan, monday).s, at.s);
        assert_false(moment_passed(moment, &calendar_japan, monday, at));
        assert_true(moment_passed(moment, &calendar_japan, monday, instant_add(at, 1)));
        struct moment from = *moment;
        from.from = true;
        assert_true(moment_passed(&from, &calendar_japan, monday, at));
        assert_false(moment_passed(&from, &calendar_japan, monday, instant_add(at, -1)));
    }
    struct moment unset = {.set = false};
    assert_false(moment_passed(&unset, &calendar_japan, monday, day_at(monday, 0)));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_last_day), cmocka_unit_test(test_corrected),
        cmocka_unit_test(test_unknown),  cmocka_unit_test(test_business_days),
        cmocka_unit_test(test_moments),
    };
    return cmocka_run_group_tests_name("age", tests, NULL, NULL);
}
