/* The shipped holidays against the law (国民の祝日に関する法律): fixed days, Mondays, equinoxes, the day between two holidays,
 * and the substitute for a Sunday. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "core/calendar.h"

static struct day date(int32_t year, int32_t month, int32_t dom) {
    return day_of((struct ymd){year, month, dom});
}

static bool law_names(struct day day) {
    struct ymd c = day_ymd(day);
    static const int32_t fixed[][2] = {{1, 1}, {2, 11}, {2, 23}, {4, 29}, {5, 3},
                                       {5, 4}, {5, 5},  {8, 11}, {11, 3}, {11, 23}};
    static const int32_t mondays[][2] = {{1, 2}, {7, 3}, {9, 3}, {10, 2}};
    for (size_t i = 0; i < COUNT(fixed); i++) {
        if (c.month == fixed[i][0] && c.day == fixed[i][1]) {
            return true;
        }
    }
    for (size_t i = 0; i < COUNT(mondays); i++) {
        if (c.month == mondays[i][0] && day_weekday(day) == 1 && (c.day + 6) / 7 == mondays[i][1]) {
            return true;
        }
    }
    /* Equinoxes as the almanac reckons them from 1980 to 2099, in ten-thousandths of a day. */
    int64_t years = c.year - 1980;
    int64_t spring = (208431 + 2422 * years - 10000 * (years / 4)) / 10000;
    int64_t autumn = (232488 + 2422 * years - 10000 * (years / 4)) / 10000;
    return (c.month == 3 && c.day == spring) || (c.month == 9 && c.day == autumn);
}

static bool holiday_by_law(struct day day) {
    if (law_names(day) || (law_names(day_add(day, -1)) && law_names(day_add(day, 1)))) {
        return true;
    }
    struct day before = day_add(day, -1);
    while (law_names(before)) {
        if (day_weekday(before) == 0) {
            return true;
        }
        before = day_add(before, -1);
    }
    return false;
}

static void test_law(void **state) {
    (void)state;
    struct calendar bare = calendar_japan;
    bare.year_end = false;
    for (struct day day = date(2024, 1, 1); day_before(day, date(2028, 1, 1)); day = day_add(day, 1)) {
        if (calendar_is_holiday(&bare, day) != holiday_by_law(day)) {
            struct ymd c = day_ymd(day);
            fail_msg("%d-%02d-%02d", c.year, c.month, c.day);
        }
    }
}

static void test_known(void **state) {
    (void)state;
    static const struct {
        int32_t ymd[3];
        bool holiday;
    } cases[] = {
        {{2024, 2, 12}, true},   {{2024, 11, 4}, true},  {{2025, 2, 24}, true}, {{2025, 5, 6}, true},
        {{2026, 5, 6}, true},    {{2026, 9, 22}, true},  {{2027, 3, 22}, true}, {{2027, 5, 6}, false},
        {{2026, 12, 28}, false}, {{2026, 12, 29}, true}, {{2027, 1, 3}, true},  {{2027, 1, 4}, false},
        {{2026, 8, 13}, false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const int32_t *c = cases[i].ymd;
        assert_int_equal(calendar_is_holiday(&calendar_japan, date(c[0], c[1], c[2])), cases[i].holiday);
    }
}

static void test_moments(void **state) {
    (void)state;
    static const struct {
        enum moment_unit unit;
        int32_t days, pick;
        int32_t from[3], at[3];
    } cases[] = {
        {MOMENT_WEEKS, 1, 3, {2026, 4, 14}, {2026, 4, 8}},
        {MOMENT_WEEKS, 0, 1, {2026, 4, 19}, {2026, 4, 13}},
        {MOMENT_WEEKS, 0, 0, {2026, 4, 13}, {2026, 4, 19}},
        {MOMENT_WEEKS, 2, 5, {2026, 1, 1}, {2025, 12, 19}},
        {MOMENT_MONTHS, 1, 20, {2026, 4, 1}, {2026, 3, 20}},
        {MOMENT_MONTHS, 1, 31, {2026, 3, 15}, {2026, 2, 28}},
        {MOMENT_MONTHS, 1, 31, {2028, 3, 31}, {2028, 2, 29}},
        {MOMENT_MONTHS, 2, 1, {2026, 1, 31}, {2025, 11, 1}},
        {MOMENT_MONTHS, 0, 1, {2026, 1, 31}, {2026, 1, 1}},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct moment moment = {
            .set = true, .unit = cases[i].unit, .days = cases[i].days, .pick = cases[i].pick, .minute = 600};
        const int32_t *from = cases[i].from;
        const int32_t *at = cases[i].at;
        struct instant got = moment_of(&moment, &calendar_japan, date(from[0], from[1], from[2]));
        if (got.s != day_at(date(at[0], at[1], at[2]), 600).s) {
            fail_msg("case %zu", i);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_law), cmocka_unit_test(test_known),
                                       cmocka_unit_test(test_moments)};
    return cmocka_run_group_tests_name("holidays", tests, NULL, NULL);
}
