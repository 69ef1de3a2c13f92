/* Tables of civil days: round trips, article 143, eras, instants. */
#include "base/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

static struct arena arena;

static int setup(void **state) {
    (void)state;
    arena_init(&arena, 1 << 20);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct day d(const char *z) {
    struct day day;
    assert_true(day_parse(text_of(z), &day));
    return day;
}

static void every_day_survives_the_round_trip(void **state) {
    (void)state;
    for (int32_t n = d("1900-01-01").n; n <= d("2200-12-31").n; n++) {
        struct ymd c = day_ymd((struct day){n});
        assert_true(ymd_valid(c));
        assert_int_equal(day_of(c).n, n);
    }
    assert_int_equal(d("1970-01-01").n, 0);
    assert_int_equal(day_weekday(d("1970-01-01")), 4);
    assert_int_equal(day_weekday(d("2026-11-22")), 0);
    assert_int_equal(day_weekday(d("1969-12-27")), 6);
}

static void bad_days_are_refused(void **state) {
    (void)state;
    static const char *const bad[] = {"",           "2026-02-29", "2026-13-01", "2026-00-10", "2026-1-01",
                                      "2026-01-32", "1899-12-31", "2201-01-01", "2026/01/01", "2026-01-01 ",
                                      "-026-01-01", "2026--1-01", "２０２６"};
    struct day day = {7};
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_false(day_parse(text_of(bad[i]), &day));
    }
    assert_int_equal(day.n, 7);
}

static void months_end_as_article_143_says(void **state) {
    (void)state;
    static const struct {
        const char *from;
        int32_t months;
        const char *to;
    } cases[] = {
        {"2026-01-31", 1, "2026-02-28"},  {"2024-01-31", 1, "2024-02-29"},  {"2026-01-31", 4, "2026-05-31"},
        {"2024-02-29", 12, "2025-02-28"}, {"2026-04-01", 12, "2027-04-01"}, {"2026-03-15", -1, "2026-02-15"},
        {"2026-01-15", -1, "2025-12-15"}, {"2026-10-31", 4, "2027-02-28"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct text to = day_format(&arena, day_add_months(d(cases[i].from), cases[i].months));
        assert_string_equal(to.p, cases[i].to);
    }
}

static void fiscal_years_and_eras(void **state) {
    (void)state;
    assert_int_equal(day_fiscal_year(d("2026-03-31")), 2025);
    assert_int_equal(day_fiscal_year(d("2026-04-01")), 2026);
    static const struct {
        int32_t year;
        const char *era;
    } years[] = {{2018, "H30"}, {2019, "R1"}, {2020, "R2"}, {2025, "R7"}, {1989, "H1"}, {1988, "S63"}};
    for (size_t i = 0; i < COUNT(years); i++) {
        assert_string_equal(fiscal_year_era(&arena, years[i].year).p, years[i].era);
    }
    assert_string_equal(day_era(&arena, d("2025-01-01")).p, "令和7年1月1日(水)");
    assert_string_equal(day_era(&arena, d("2019-05-01")).p, "令和元年5月1日(水)");
    assert_string_equal(day_era(&arena, d("2019-04-30")).p, "平成31年4月30日(火)");
    assert_string_equal(day_short(&arena, d("2026-11-20")).p, "11月20日(金)");
}

static void instants(void **state) {
    (void)state;
    struct instant t;
    assert_true(instant_parse(TEXT("2026-11-20T17:00:00+09:00"), &t));
    assert_string_equal(instant_format(&arena, t).p, "2026-11-20T17:00:00+09:00");
    assert_string_equal(instant_short(&arena, t).p, "11月20日(金)17:00");
    assert_int_equal(instant_minute(t), 17 * 60);
    struct instant z;
    assert_true(instant_parse(TEXT("2026-11-20T08:00:00.25Z"), &z));
    assert_int_equal(z.s, t.s);
    assert_int_equal(day_at(instant_day(t), 17 * 60).s, t.s);
    assert_string_equal(instant_format(&arena, (struct instant){-1}).p, "1970-01-01T08:59:59+09:00");
    static const char *const bad[] = {
        "2026-11-20",           "2026-11-20T17:00:00",       "2026-11-20T24:00:00Z",
        "2026-11-20T17:60:00Z", "2026-11-20T17:00:00+0900",  "2026-11-20T17:00:00.Z",
        "2026-11-20 17:00:00Z", "2026-11-20T17:00:00+09:00x"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_false(instant_parse(text_of(bad[i]), &t));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_survives_the_round_trip),
        cmocka_unit_test(bad_days_are_refused),
        cmocka_unit_test(months_end_as_article_143_says),
        cmocka_unit_test(fiscal_years_and_eras),
        cmocka_unit_test(instants),
    };
    return cmocka_run_group_tests_name("base/date", tests, setup, teardown);
}
