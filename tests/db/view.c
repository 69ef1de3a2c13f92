/* db_view_begin(): one state for all reads of a thread, on the engine where every transaction costs a round trip. */
#include "db/engines.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "mark.h"
#include "db/wait.h"

/* Whoever else writes meanwhile. */
static void *put_next(void *arg) {
    struct engine other = *(struct engine *)arg;
    enum db_error error = DB_FINE;
    int64_t count = 0;
    arena_init(&other.arena, 1 << 20);
    enum rc rc;
    do {
        rc = count_marks(other.db, &other.arena, &count, &error);
        rc = rc == RC_OK ? put_id(&other, count + 1, &error) : rc;
    } while (is_busy(rc, error));
    arena_release(&other.arena);
    return rc == RC_OK ? arg : NULL;
}

static void somebody_writes(struct engine *e) {
    pthread_t thread;
    void *done = NULL;
    assert_int_equal(pthread_create(&thread, NULL, put_next, e), 0);
    assert_int_equal(pthread_join(thread, &done), 0);
    assert_non_null(done);
}

static int64_t count_now(struct engine *e) {
    int64_t count = -1;
    enum db_error error = DB_FINE;
    assert_int_equal(count_marks(e->db, &e->arena, &count, &error), RC_OK);
    return count;
}

static void reads_see_one_state(struct engine *e) {
    engine_reopen(e, &mark_plan);
    somebody_writes(e);
    db_view_begin(e->db);
    somebody_writes(e); /* a view begins with its first read */
    assert_int_equal(count_now(e), 2);
    somebody_writes(e);
    assert_int_equal(count_now(e), e->kind == DB_POSTGRESQL ? 2 : 3);
    assert_int_equal(has_id(e, 3), e->kind == DB_SQLITE);
    db_view_end(e->db);
    assert_int_equal(count_now(e), 3);
}

static void a_write_ends_it(struct engine *e) {
    enum db_error error = DB_FINE;
    engine_reopen(e, &mark_plan);
    db_view_begin(e->db);
    assert_int_equal(count_now(e), 0);
    somebody_writes(e);
    assert_int_equal(put_id(e, 2, &error), RC_OK);
    assert_int_equal(count_now(e), 2);
    somebody_writes(e);
    assert_int_equal(put_id(e, 2, &error), RC_FAULT); /* the same when it fails */
    assert_int_equal(error, DB_UNIQUE);
    assert_int_equal(count_now(e), 3);
    db_view_end(e->db);
}

static enum rc fault(struct tx *tx, void *arg) {
    (void)tx;
    (void)arg;
    return RC_FAULT;
}

static void a_failed_read_ends_it(struct engine *e) {
    enum db_error error = DB_FINE;
    engine_reopen(e, &mark_plan);
    db_view_begin(e->db);
    assert_int_equal(count_now(e), 0);
    somebody_writes(e);
    assert_int_equal(db_read(e->db, &e->arena, fault, NULL, &error), RC_FAULT);
    assert_int_equal(count_now(e), 1);
    db_view_end(e->db);
}

/* The connection that counts takes a moment, and another whenever it was kept from running for long. */
static void wait_for_version(struct engine *e, struct db_version *ret_version) {
    while (!db_version(e->db, 1, ret_version)) {
        wait_sleep_ms(1);
    }
}

/* What is kept under a version must hold everything that the version holds. */
static void asking_for_a_version_ends_it(struct engine *e) {
    static const char *const watched[] = {"mark", NULL};
    struct db_config config = {.readers = 4, .watched = watched};
    struct engine_plan plan = mark_plan;
    plan.config = &config;
    engine_reopen(e, &plan);
    struct db_version version;
    wait_for_version(e, &version);
    db_view_begin(e->db);
    assert_int_equal(count_now(e), 0);
    somebody_writes(e);
    wait_for_version(e, &version);
    assert_int_equal(count_now(e), 1);
    db_view_end(e->db);
}

/* Views hold as many connections as there are threads that read, and give them back. */
static void *look(void *arg) {
    struct engine *e = arg;
    struct arena arena;
    enum db_error error = DB_FINE;
    enum rc rc = RC_OK;
    arena_init(&arena, 1 << 20);
    for (int i = 0; i < 50 && rc == RC_OK; i++) {
        int64_t first = 0;
        int64_t second = 0;
        db_view_begin(e->db);
        rc = count_marks(e->db, &arena, &first, &error);
        rc = rc == RC_OK ? count_marks(e->db, &arena, &second, &error) : rc;
        rc = rc == RC_OK && e->kind == DB_POSTGRESQL && first != second ? RC_NONE : rc;
        db_view_end(e->db);
        rc = is_busy(rc, error) ? RC_OK : rc;
    }
    arena_release(&arena);
    return rc == RC_OK ? arg : NULL;
}

static void views_side_by_side(struct engine *e) {
    enum { THREADS = 4, WRITES = 20 };
    pthread_t threads[THREADS];
    engine_reopen(e, &mark_plan);
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, look, e), 0);
    }
    for (int i = 0; i < WRITES; i++) {
        somebody_writes(e);
    }
    for (int i = 0; i < THREADS; i++) {
        void *good = NULL;
        assert_int_equal(pthread_join(threads[i], &good), 0);
        assert_non_null(good);
    }
    assert_int_equal(count_now(e), WRITES);
}

int main(void) {
    static const struct engine_case cases[] = {
        ENGINE_CASE(reads_see_one_state),   ENGINE_CASE(a_write_ends_it),
        ENGINE_CASE(a_failed_read_ends_it), ENGINE_CASE(asking_for_a_version_ends_it),
        ENGINE_CASE(views_side_by_side),
    };
    return engines_run_plan("db/view", cases, COUNT(cases), &mark_plan);
}
