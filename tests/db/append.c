/* db_append(): those who add at the same moment are durable together, and who is refused is refused alone. */
#include "db/engines.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "mark.h"

enum { THREADS = 12, EACH = 40, TAKEN = 1000000 };

struct adder {
    struct engine e;
    pthread_t thread;
    int64_t first;
    int64_t missing; /* answered, and not there */
    int refused;
    bool fine;
};

/* Every tenth is taken already. */
static void *add(void *arg) {
    struct adder *adder = arg;
    arena_init(&adder->e.arena, 1 << 20);
    adder->fine = true;
    for (int64_t i = 0; i < EACH; i++) {
        enum db_error error = DB_FINE;
        int64_t id = i % 10 == 9 ? TAKEN : adder->first + i;
        enum rc rc;
        enum rc found;
        do {
            rc = append_id(&adder->e, id, &error);
        } while (is_busy(rc, error));
        bool taken = id == TAKEN && rc == RC_FAULT && error == DB_UNIQUE;
        adder->refused += taken;
        adder->fine = adder->fine && (taken || rc == RC_OK);
        do {
            found = find_id(&adder->e, id, &error);
        } while (is_busy(found, error));
        adder->missing += found != RC_OK;
    }
    arena_release(&adder->e.arena);
    return NULL;
}

static void each_is_there_when_answered(struct engine *e) {
    struct adder adders[THREADS];
    enum db_error error = DB_FINE;
    int64_t count = 0;
    engine_reopen(e, &mark_plan);
    assert_int_equal(append_id(e, TAKEN, &error), RC_OK);
    for (size_t i = 0; i < THREADS; i++) {
        adders[i] = (struct adder){.e = *e, .first = (int64_t)i * 1000 + 1};
        assert_int_equal(pthread_create(&adders[i].thread, NULL, add, &adders[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(adders[i].thread, NULL), 0);
        assert_true(adders[i].fine);
        assert_int_equal(adders[i].refused, EACH / 10);
        assert_int_equal(adders[i].missing, 0);
    }
    assert_int_equal(count_marks(e->db, &e->arena, &count, &error), RC_OK);
    assert_int_equal(count, 1 + THREADS * (EACH - EACH / 10));
}

/* What is read after it sees it, also in a view that had begun before. */
static void it_ends_a_view(struct engine *e) {
    enum db_error error = DB_FINE;
    engine_reopen(e, &mark_plan);
    db_view_begin(e->db);
    assert_false(has_id(e, 1));
    assert_int_equal(append_id(e, 1, &error), RC_OK);
    assert_true(has_id(e, 1));
    db_view_end(e->db);
}

int main(void) {
    static const struct engine_case cases[] = {ENGINE_CASE(each_is_there_when_answered),
                                               ENGINE_CASE(it_ends_a_view)};
    return engines_run_plan("db/append", cases, COUNT(cases), &mark_plan);
}
