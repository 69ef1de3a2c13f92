/* Who fits, who is first, how long an offer holds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/wait.h"

static struct instant at(const char *z) {
    struct instant t = INSTANT_NONE;
    assert_true(instant_parse(text_of(z), &t));
    return t;
}

static struct day day(const char *z) {
    struct day d = DAY_NONE;
    assert_true(day_parse(text_of(z), &d));
    return d;
}

static void test_fits(void **state) {
    (void)state;
    static const struct {
        enum care_kind kind;
        const char *from, *to;
        int32_t nights, notice;
        const char *first, *last; /* free slots */
        const char *start, *end;  /* NULL: does not fit */
    } cases[] = {
        {CARE_STAY, "2026-04-10", "2026-04-15", 2, 0, "2026-04-11", "2026-04-12", "2026-04-11", "2026-04-13"},
        {CARE_STAY, "2026-04-10", "2026-04-15", 2, 0, "2026-04-11", "2026-04-11", NULL, NULL},
        {CARE_STAY, "2026-04-10", "2026-04-12", 2, 0, "2026-04-11", "2026-04-30", NULL, NULL},
        {CARE_STAY, "2026-04-10", "2026-04-13", 2, 0, "2026-04-01", "2026-04-30", "2026-04-10", "2026-04-12"},
        {CARE_STAY, "2026-04-10", "2026-04-13", 0, 0, "2026-04-01", "2026-04-30", NULL, NULL},
        {CARE_DAY, "2026-04-10", "2026-04-10", 0, 0, "2026-04-10", "2026-04-10", "2026-04-10", "2026-04-10"},
        {CARE_DAY, "2026-04-11", "2026-04-12", 0, 0, "2026-04-10", "2026-04-10", NULL, NULL},
        /* asked on 9 April at 12:00: 22 hours to the 10th at 10:00 */
        {CARE_DAY, "2026-04-10", "2026-04-11", 0, 22, "2026-04-10", "2026-04-12", "2026-04-10", "2026-04-10"},
        {CARE_DAY, "2026-04-10", "2026-04-11", 0, 23, "2026-04-10", "2026-04-12", "2026-04-11", "2026-04-11"},
        {CARE_DAY, "2026-04-10", "2026-04-10", 0, 23, "2026-04-10", "2026-04-12", NULL, NULL},
        {CARE_DAY, "2026-04-01", "2026-04-10", 0, INT32_MAX, "2026-04-10", "2026-04-12", NULL, NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct wish wish = {cases[i].kind, day(cases[i].from), day(cases[i].to), cases[i].nights,
                            cases[i].notice};
        struct free_run run = {day(cases[i].first), day(cases[i].last)};
        struct day start = DAY_NONE;
        struct day end = DAY_NONE;
        bool fits = wait_fits(&wish, &run, 600, at("2026-04-09T12:00:00+09:00"), &start, &end);
        assert_int_equal(fits, cases[i].start != NULL);
        if (fits) {
            assert_int_equal(start.n, day(cases[i].start).n);
            assert_int_equal(end.n, day(cases[i].end).n);
        }
    }
}

static void test_pick(void **state) {
    (void)state;
    const struct candidate candidates[] = {
        {.id = 5, .joined = {100}, .need_score = 10, .units_used = 3, .days_left = 60},
        {.id = 4, .joined = {90}, .need_score = 10, .units_used = 0, .days_left = 60},
        {.id = 3, .joined = {90}, .need_score = 5, .units_used = 0, .days_left = 3},
        {.id = 2, .joined = {120}, .need_score = 90, .units_used = 5, .days_left = -1},
    };
    struct wait_rules rules = {.order = WAIT_FIRST_COME};
    assert_int_equal(wait_pick(&rules, candidates, 4, 0), 2); /* same moment: the smaller id */
    assert_int_equal(wait_pick(&rules, candidates, 0, 0), -1);
    rules = (struct wait_rules){.order = WAIT_NEED, .need_weight_score = 1};
    assert_int_equal(wait_pick(&rules, candidates, 4, 0), 3);
    rules.need_weight_unused = 85;
    assert_int_equal(wait_pick(&rules, candidates, 4, 0), 1);
    rules.need_weight_urgent = 10;
    assert_int_equal(wait_pick(&rules, candidates, 4, 0), 2);
}

/* The same seed draws the same; over seeds everyone is drawn about equally often. */
static void test_draw(void **state) {
    (void)state;
    struct wait_rules rules = {.order = WAIT_DRAW};
    struct candidate candidates[4];
    int drawn[4] = {0};
    for (int i = 0; i < 4; i++) {
        candidates[i] = (struct candidate){.id = 1000 + i, .joined = {i}};
    }
    for (uint64_t seed = 0; seed < 4000; seed++) {
        int32_t first = wait_pick(&rules, candidates, 4, seed);
        assert_int_equal(first, wait_pick(&rules, candidates, 4, seed));
        drawn[first]++;
    }
    for (int i = 0; i < 4; i++) {
        assert_in_range(drawn[i], 850, 1150);
    }
}

static void test_offer(void **state) {
    (void)state;
    struct wait_rules rules = {.offer_hours_day = 2,
                               .offer_hours_night = 12,
                               .night_from = 21 * 60,
                               .night_to = 8 * 60,
                               .limit_hours = 2};
    static const struct {
        const char *now, *starts, *expires;
    } cases[] = {
        {"2026-04-01T12:00:00+09:00", "2026-04-10T10:00:00+09:00", "2026-04-01T14:00:00+09:00"},
        {"2026-04-01T21:00:00+09:00", "2026-04-10T10:00:00+09:00", "2026-04-02T09:00:00+09:00"},
        {"2026-04-01T07:59:00+09:00", "2026-04-10T10:00:00+09:00", "2026-04-01T19:59:00+09:00"},
        {"2026-04-01T08:00:00+09:00", "2026-04-10T10:00:00+09:00", "2026-04-01T10:00:00+09:00"},
        {"2026-04-09T23:00:00+09:00", "2026-04-10T10:00:00+09:00", "2026-04-10T08:00:00+09:00"},
        {"2026-04-10T08:00:00+09:00", "2026-04-10T10:00:00+09:00", NULL},
        {"2026-04-10T09:00:00+09:00", "2026-04-10T10:00:00+09:00", NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct instant expires = offer_expires(&rules, at(cases[i].now), at(cases[i].starts));
        if (cases[i].expires == NULL) {
            assert_true(instant_is_none(expires));
        } else {
            assert_int_equal(expires.s, at(cases[i].expires).s);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fits),
        cmocka_unit_test(test_pick),
        cmocka_unit_test(test_draw),
        cmocka_unit_test(test_offer),
    };
    return cmocka_run_group_tests_name("wait", tests, NULL, NULL);
}
