/* Lines by class: who goes first, that nobody waits for ever, how many workers a class may hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <semaphore.h>
#include <string.h>
#include <unistd.h>

#include "http/queue.h"

enum { JOBS = 200 };

static struct arena arena;
static struct queue queue;
static struct http_job jobs[JOBS];
static char order[JOBS + 1];
static _Atomic unsigned ran;
static _Atomic unsigned dropped;
static sem_t begun;
static sem_t hold;
static bool rests; /* whoever runs gives its place away meanwhile */

static void run(struct http_job *job, unsigned worker) {
    (void)worker;
    sem_post(&begun);
    if (rests) {
        queue_rest(true);
    }
    while (sem_wait(&hold) != 0) {
    }
    if (rests) {
        queue_rest(false);
    }
    order[ran++] = (char)('0' + job->class);
}

static void drop(struct http_job *job) {
    (void)job;
    dropped++;
}

static void begin(const struct http_class *classes, size_t count, unsigned workers) {
    arena_init(&arena, 1 << 20);
    memset(jobs, 0, sizeof jobs);
    memset(order, 0, sizeof order);
    ran = 0;
    dropped = 0;
    sem_init(&begun, 0, 0);
    sem_init(&hold, 0, 0);
    assert_int_equal(queue_init(&queue, &arena, classes, count, (struct queue_size){workers, 4},
                                (struct queue_hooks){run, drop}),
                     RC_OK);
}

static bool add(unsigned i, unsigned class) {
    jobs[i].class = class;
    if (!queue_reserve(&queue, &jobs[i])) {
        queue_turn_away(&queue, &jobs[i]);
        return false;
    }
    queue_put(&queue, &jobs[i]);
    return true;
}

static void wait_begun(void) {
    while (sem_wait(&begun) != 0) {
    }
}

static void end(unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        sem_post(&hold);
    }
    queue_release(&queue);
    arena_release(&arena);
}

static const struct http_class three[] = {
    {"health", 100, 0, 60000, 60000}, {"booking", 100, 0, 60000, 60000}, {"export", 5, 0, 60000, 60000}};

static void test_urgent_first(void **state) {
    (void)state;
    begin(three, 3, 1);
    assert_true(add(0, 2));
    wait_begun();
    assert_true(add(1, 2) && add(2, 1) && add(3, 0) && add(4, 2) && add(5, 0));
    end(6);
    assert_string_equal(order, "200122");
}

static void test_nobody_starves(void **state) {
    (void)state;
    begin(three, 3, 1);
    assert_true(add(0, 0));
    wait_begun();
    assert_true(add(1, 2));
    for (unsigned i = 2; i < 60; i++) {
        assert_true(add(i, 0));
    }
    end(60);
    const char *late = strchr(order, '2');
    assert_non_null(late);
    assert_int_equal(late - order, 1 + QUEUE_PATIENCE);
}

static void test_length(void **state) {
    (void)state;
    begin(three, 3, 1);
    assert_true(add(0, 0));
    wait_begun();
    for (unsigned i = 1; i <= 5; i++) {
        assert_true(add(i, 2));
    }
    assert_false(add(6, 2));
    assert_true(add(7, 1));
    struct http_class_counts rows[HTTP_CLASSES_MAX];
    queue_counts(&queue, true, rows);
    assert_int_equal(rows[2].waiting, 5);
    assert_int_equal(rows[2].full, 1);
    assert_int_equal(rows[0].running, 1);
    assert_int_equal(queue_waiting(&queue), 6);
    end(7);
    assert_int_equal(ran, 7);
}

/* Two of three workers may do log-ins; the third does what else there is, and log-ins wait without a worker. */
static void test_share_of_workers(void **state) {
    (void)state;
    static const struct http_class classes[] = {{"login", 100, 2, 60000, 60000},
                                                {"browse", 100, 0, 60000, 60000}};
    begin(classes, 2, 3);
    for (unsigned i = 0; i < 4; i++) {
        assert_true(add(i, 0));
    }
    wait_begun();
    wait_begun();
    assert_true(add(4, 1));
    wait_begun(); /* the fifth began although log-ins came before it */
    struct http_class_counts rows[HTTP_CLASSES_MAX];
    queue_counts(&queue, false, rows);
    assert_int_equal(rows[0].running, 2);
    assert_int_equal(rows[0].waiting, 2);
    assert_int_equal(rows[1].running, 1);
    end(5);
    assert_int_equal(ran, 5);
}

static void test_age(void **state) {
    (void)state;
    static const struct http_class classes[] = {{"quick", 100, 0, 1, 60000},
                                                {"patient", 100, 0, 60000, 60000}};
    begin(classes, 2, 1);
    assert_true(add(0, 1));
    wait_begun();
    assert_true(add(1, 0) && add(2, 1));
    while (dropped == 0) {
        queue_sweep(&queue);
    }
    assert_int_equal(queue_waiting(&queue), 1);
    struct http_class_counts rows[HTTP_CLASSES_MAX];
    queue_counts(&queue, true, rows);
    assert_int_equal(rows[0].old, 1);
    assert_true(rows[0].waited_max_ms > 1);
    queue_counts(&queue, false, rows);
    assert_int_equal(rows[0].waited_max_ms, 0);
    end(2);
    assert_string_equal(order, "11");
}

/* One may be at work and four may rest: five begin, and the sixth has to wait. */
static void test_who_rests_gives_its_place(void **state) {
    (void)state;
    rests = true;
    begin(three, 3, 1);
    for (unsigned i = 0; i < 6; i++) {
        assert_true(add(i, 0));
    }
    for (unsigned i = 0; i < 5; i++) {
        wait_begun();
    }
    struct http_class_counts rows[HTTP_CLASSES_MAX];
    queue_counts(&queue, true, rows);
    assert_int_equal(rows[0].running, 1);
    assert_int_equal(rows[0].waiting, 1);
    end(6);
    rests = false;
    assert_int_equal(ran, 6);
    queue_rest(true); /* nothing: this thread is no worker */
}

/* While the first in line has waited for long nobody more is let in; when it has gone somebody is. */
static void test_late(void **state) {
    (void)state;
    static const struct http_class classes[] = {{"late", 100, 0, 60000, 1}};
    begin(classes, 1, 1);
    assert_true(add(0, 0));
    wait_begun();
    assert_true(add(1, 0));
    unsigned let_in = 2;
    while (let_in < JOBS - 1 && add(let_in, 0)) {
        let_in++;
        usleep(1000);
    }
    assert_true(let_in < JOBS - 1 && let_in > LANE_SHORT);
    struct http_class_counts rows[HTTP_CLASSES_MAX];
    queue_counts(&queue, false, rows);
    assert_int_equal(rows[0].full, 1);
    for (unsigned i = 0; i < let_in; i++) {
        sem_post(&hold);
    }
    while (ran < let_in) {
        usleep(1000);
    }
    assert_true(add(let_in, 0));
    end(1);
    assert_int_equal(ran, let_in + 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_urgent_first), cmocka_unit_test(test_nobody_starves),
        cmocka_unit_test(test_length),       cmocka_unit_test(test_share_of_workers),
        cmocka_unit_test(test_age),          cmocka_unit_test(test_who_rests_gives_its_place),
        cmocka_unit_test(test_late),
    };
    return cmocka_run_group_tests_name("http/queue", tests, NULL, NULL);
}
