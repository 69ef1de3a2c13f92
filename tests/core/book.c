/* When an event of a booking may happen, and until when a request is answered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/book.h"

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

static void test_times(void **state) {
    (void)state;
    static const struct {
        enum booking_state from;
        enum booking_event event;
        enum actor actor;
        const char *now;
        bool ok;
        const char *figure; /* that says when */
    } cases[] = {
        {BOOKING_REQUESTED, BOOKING_EV_ACCEPT, ACTOR_FACILITY, "2026-04-02T11:59:59+09:00", true, NULL},
        {BOOKING_REQUESTED, BOOKING_EV_ACCEPT, ACTOR_FACILITY, "2026-04-02T12:00:00+09:00", false, "until"},
        {BOOKING_REQUESTED, BOOKING_EV_ACCEPT, ACTOR_RESIDENT, "2026-04-02T11:00:00+09:00", false, NULL},
        {BOOKING_REQUESTED, BOOKING_EV_LAPSE, ACTOR_CLOCK, "2026-04-02T11:59:59+09:00", false, "from"},
        {BOOKING_REQUESTED, BOOKING_EV_LAPSE, ACTOR_CLOCK, "2026-04-02T12:00:00+09:00", true, NULL},
        {BOOKING_CONFIRMED, BOOKING_EV_CANCEL, ACTOR_RESIDENT, "2026-04-10T09:59:59+09:00", true, NULL},
        {BOOKING_CONFIRMED, BOOKING_EV_CANCEL, ACTOR_RESIDENT, "2026-04-10T10:00:00+09:00", false, "until"},
        {BOOKING_CONFIRMED, BOOKING_EV_CANCEL, ACTOR_CITY, "2026-04-10T10:00:00+09:00", true, NULL},
        {BOOKING_CONFIRMED, BOOKING_EV_CHECK_IN, ACTOR_FACILITY, "2026-04-09T23:59:59+09:00", false, "from"},
        {BOOKING_CONFIRMED, BOOKING_EV_CHECK_IN, ACTOR_FACILITY, "2026-04-10T00:00:00+09:00", true, NULL},
        {BOOKING_CONFIRMED, BOOKING_EV_NO_SHOW, ACTOR_FACILITY, "2026-04-10T23:59:59+09:00", false, "from"},
        {BOOKING_CONFIRMED, BOOKING_EV_NO_SHOW, ACTOR_FACILITY, "2026-04-11T00:00:00+09:00", true, NULL},
        {BOOKING_IN_USE, BOOKING_EV_COMPLETE, ACTOR_FACILITY, "2026-04-10T12:00:00+09:00", true, NULL},
        {BOOKING_IN_USE, BOOKING_EV_CANCEL, ACTOR_CITY, "2026-04-10T12:00:00+09:00", false, NULL},
        {BOOKING_CANCELLED, BOOKING_EV_CHECK_IN, ACTOR_FACILITY, "2026-04-10T12:00:00+09:00", false, NULL},
    };
    static struct programme programme = {.care_count = 1};
    programme.cares[0] = (struct care){.code = TEXT("stay"), .start_minute = 600, .end_minute = 600};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct booked booked = {.state = cases[i].from,
                                .care = TEXT("stay"),
                                .start = day("2026-04-10"),
                                .end = day("2026-04-12"),
                                .answer_by = at("2026-04-02T12:00:00+09:00")};
        enum booking_state next = BOOKING_NEW;
        struct refused refused = refused_of(REFUSAL_NONE);
        bool ok = booking_move(&programme, &booked, cases[i].event, cases[i].actor, at(cases[i].now), &next,
                               &refused);
        assert_int_equal(ok, cases[i].ok);
        assert_int_equal(next, ok ? booking_next[cases[i].from][cases[i].event] : BOOKING_NEW);
        assert_int_equal(refused.code, ok ? REFUSAL_NONE : REFUSAL_STATE);
        if (cases[i].figure != NULL) {
            assert_non_null(refused_figure(&refused, cases[i].figure));
        }
    }
}

static void test_answer_by(void **state) {
    (void)state;
    static const struct {
        struct acceptance acceptance;
        const char *now;
        const char *by;
    } cases[] = {
        {{.mode = ACCEPT_BY_FACILITY, .hours = 24}, "2026-04-01T20:00:00+09:00", "2026-04-02T20:00:00+09:00"},
        {{.mode = ACCEPT_BY_FACILITY, .by = ANSWER_AT_CLOCK, .days = 1, .minute = 720},
         "2026-04-01T20:00:00+09:00",
         "2026-04-02T12:00:00+09:00"},
        {{.mode = ACCEPT_BY_FACILITY, .by = ANSWER_AT_CLOCK, .days = 1, .minute = 720, .business = true},
         "2026-04-03T20:00:00+09:00",
         "2026-04-06T12:00:00+09:00"},
        {{.mode = ACCEPT_BY_FACILITY, .hours = 24, .limit_hours = 1},
         "2026-04-09T20:00:00+09:00",
         "2026-04-10T09:00:00+09:00"},
        {{.mode = ACCEPT_BY_FACILITY, .hours = 24, .limit_hours = 1},
         "2026-04-10T09:30:00+09:00",
         "2026-04-10T09:30:00+09:00"},
    };
    struct instant starts = at("2026-04-10T10:00:00+09:00");
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct instant by =
            booking_answer_by(&cases[i].acceptance, &calendar_japan, at(cases[i].now), starts);
        assert_int_equal(by.s, at(cases[i].by).s);
    }
    struct acceptance at_once = {.mode = ACCEPT_AT_ONCE};
    assert_true(instant_is_none(
        booking_answer_by(&at_once, &calendar_japan, at("2026-04-01T20:00:00+09:00"), starts)));
}

static void test_refusals(void **state) {
    (void)state;
    for (int i = 0; i < REFUSAL__MAX; i++) {
        assert_true(refusal_code((enum refusal)i).n > 0);
        for (int k = 0; k < i; k++) {
            assert_false(text_eq(refusal_code((enum refusal)i), refusal_code((enum refusal)k)));
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_answer_by),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests_name("book", tests, NULL, NULL);
}
