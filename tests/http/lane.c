/* The line of one class, with a clock of our own: who is let in, by how fast the line moved and how long its first has
 * waited. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "http/lane.h"

enum { JOBS = 4000, NOON_MS = 1000000 };

static struct http_job jobs[JOBS];
static struct lane lane;
static unsigned come;
static int64_t now_ms;

static void begin(struct http_class limits) {
    memset(jobs, 0, sizeof jobs);
    lane = (struct lane){.limits = limits};
    come = 0;
    now_ms = NOON_MS;
}

/* As the queue does it: a place is counted before the job is there. */
static bool add(void) {
    if (!lane_is_open(&lane, now_ms)) {
        return false;
    }
    struct http_job *job = &jobs[come++ % JOBS];
    job->queued_ms = now_ms;
    lane.waiting++;
    lane_put(&lane, job);
    return true;
}

static unsigned add_all(unsigned most) {
    unsigned n = 0;
    while (n < most && add()) {
        n++;
    }
    return n;
}

/* `n` are taken, one each `each_ms`; as many come as have gone, so that the line stays as long as it is. */
static void serve(unsigned n, int64_t each_ms) {
    for (unsigned i = 0; i < n; i++) {
        now_ms += each_ms;
        (void)lane_take(&lane, now_ms);
        (void)add();
    }
}

static void test_in_order(void **state) {
    (void)state;
    begin((struct http_class){"any", JOBS, 0, 60000, 60000});
    assert_int_equal(add_all(3), 3);
    for (unsigned i = 0; i < 3; i++) {
        assert_ptr_equal(lane_take(&lane, now_ms + (int64_t)i), &jobs[i]);
    }
    assert_int_equal(lane.waiting, 0);
    assert_null(lane.first);
    assert_null(lane.last);
    assert_int_equal(lane.waited_max_ms, 2);
}

static void test_number(void **state) {
    (void)state;
    begin((struct http_class){"any", 100, 0, 60000, 60000});
    assert_int_equal(add_all(200), 100);
}

/* As many may wait as are served in the time that people bear: hundreds of slow ones, thousands of quick ones. */
static void test_as_many_as_are_served_in_time(void **state) {
    (void)state;
    static const struct {
        unsigned burst;   /* one each millisecond, so many times … */
        unsigned each_ms; /* … or one in so many */
        unsigned let_in;
    } cases[] = {{0, 1, 2000}, {0, 10, 200}, {0, 50, 40}, {3, 1, JOBS - 1}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        begin((struct http_class){"any", JOBS - 1, 0, 60000, 2000});
        (void)add_all(LANE_SHORT + 1);
        for (unsigned n = 0; n < 400; n++) {
            serve(1, cases[i].each_ms);
            serve(cases[i].burst, 0);
        }
        (void)add_all(JOBS);
        assert_in_range(lane.waiting, cases[i].let_in - cases[i].let_in / 50, cases[i].let_in + 1);
    }
}

/* Before anything was measured everybody is let in, up to the number. */
static void test_unknown_pace(void **state) {
    (void)state;
    begin((struct http_class){"any", 3000, 0, 60000, 2000});
    assert_int_equal(add_all(JOBS), 3000);
}

/* A line that stands is closed when its first has waited too long, and opens when it has gone on. */
static void test_standing(void **state) {
    (void)state;
    begin((struct http_class){"any", JOBS, 0, 60000, 2000});
    assert_int_equal(add_all(100), 100);
    now_ms += 2000;
    assert_true(add());
    now_ms += 1;
    assert_false(add());
    assert_int_equal(lane_wait_ms(&lane, now_ms), 2001);
    while (lane.waiting >= LANE_SHORT) {
        (void)lane_take(&lane, now_ms);
    }
    assert_true(add());
}

/* However slowly, while fewer than a few wait nobody is turned away. */
static void test_short_line(void **state) {
    (void)state;
    begin((struct http_class){"any", JOBS, 0, 60000, 1});
    for (unsigned i = 0; i < LANE_SHORT; i++) {
        assert_true(add());
        now_ms += 1000;
    }
    assert_false(add());
}

/* What was slow is forgotten when it is quick again. */
static void test_pace_is_forgotten(void **state) {
    (void)state;
    begin((struct http_class){"any", JOBS, 0, 60000, 2000});
    (void)add_all(LANE_SHORT + 1);
    serve(100, 100);
    assert_in_range(lane.waiting, LANE_SHORT, 21);
    (void)add_all(JOBS);
    assert_in_range(lane.waiting, 19, 21);
    serve(300, 1);
    (void)add_all(JOBS);
    assert_true(lane.waiting > 1000);
}

static void test_age(void **state) {
    (void)state;
    struct http_job *dropped = NULL;
    begin((struct http_class){"any", JOBS, 0, 100, 60000});
    assert_int_equal(add_all(2), 2);
    now_ms += 50;
    assert_int_equal(add_all(1), 1);
    lane_age(&lane, now_ms + 50, &dropped);
    assert_null(dropped);
    lane_age(&lane, now_ms + 51, &dropped);
    assert_ptr_equal(dropped, &jobs[1]);
    assert_ptr_equal(dropped->next, &jobs[0]);
    assert_null(jobs[0].next);
    assert_int_equal(lane.old, 2);
    assert_int_equal(lane.waiting, 1);
    assert_int_equal(lane.pace_n, 0); /* who left unserved says nothing about the pace */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_in_order),
        cmocka_unit_test(test_number),
        cmocka_unit_test(test_as_many_as_are_served_in_time),
        cmocka_unit_test(test_unknown_pace),
        cmocka_unit_test(test_standing),
        cmocka_unit_test(test_short_line),
        cmocka_unit_test(test_pace_is_forgotten),
        cmocka_unit_test(test_age),
    };
    return cmocka_run_group_tests_name("http/lane", tests, NULL, NULL);
}
