/* Many writers at once: nothing oversold, nobody harmed by a neighbour's failure, a bounded queue. */
#include "db/engines.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

enum { THREADS = 64, ROUNDS = 20, CAPACITY = 300 };

static const struct db_migration schema[] = {
    {1, "create_place",
     "CREATE TABLE place (id @int@ NOT NULL PRIMARY KEY, capacity @int@ NOT NULL, taken @int@ NOT NULL) @strict@;\n"
     "CREATE TABLE taker (id @int@ NOT NULL PRIMARY KEY, place @int@ NOT NULL) @strict@;\n"
     "INSERT INTO place (id, capacity, taken) VALUES (1, 300, 0), (2, 300, 0);\n"},
    {0, NULL, NULL}};

struct place {
    int64_t capacity;
    int64_t taken;
};
static const struct db_column place_cols[] = {DB_COL(struct place, capacity, DB_INT),
                                              DB_COL(struct place, taken, DB_INT)};
struct number {
    int64_t n;
};
static const struct db_column number_cols[] = {DB_COL(struct number, n, DB_INT)};

enum { TAKE, LOCK, LOOK, SET, PUT, COUNT_ALL };
static const struct db_stmt stmts[] = {
    [TAKE] = {"UPDATE place SET taken = taken + 1 WHERE id = $1 AND taken < capacity", "i"},
    [LOCK] = {"SELECT capacity, taken FROM place WHERE id = $1", "i", DB_COLS(place_cols), .lock = true},
    [LOOK] = {"SELECT capacity, taken FROM place WHERE id = $1", "i", DB_COLS(place_cols)},
    [SET] = {"UPDATE place SET taken = $2 WHERE id = $1", "ii"},
    [PUT] = {"INSERT INTO taker (id, place) VALUES ($1, $2)", "ii"},
    [COUNT_ALL] = {"SELECT count(*) FROM taker WHERE place = $1", "i", DB_COLS(number_cols)},
};
static const struct db_stmt_list list = {stmts, COUNT(stmts)};
static const struct db_stmt_list *const lists[] = {&list, NULL};
static const struct engine_plan plan = {
    .lists = lists, .migrations = schema, .config = &(struct db_config){.readers = 16}};

struct gate;

struct worker {
    struct engine *engine;
    int number;
    int64_t id;
    bool spoil;     /* this write fails after its work was done */
    int spoil_each; /* every so many writes; 0: none */
    db_fn fn;
    int won;
    int refused;
    int spoiled;
    int other;
    struct gate *gate;
    pthread_t thread;
};

/* Counter guarded by the statement itself. */
static enum rc take_guarded(struct tx *tx, void *arg) {
    struct worker *w = arg;
    int64_t changed = 0;
    enum rc rc = db_exec(tx, &stmts[TAKE], DB_BIND(db_int(1)), &changed);
    if (rc != RC_OK || changed == 0) {
        return rc == RC_OK ? RC_NONE : rc;
    }
    rc = db_exec(tx, &stmts[PUT], DB_BIND(db_int(w->id), db_int(1)), NULL);
    if (rc == RC_OK && w->spoil) { /* a duplicate key: this write alone must vanish */
        return db_exec(tx, &stmts[PUT], DB_BIND(db_int(w->id), db_int(1)), NULL);
    }
    return rc;
}

/* Read, decide, write: guarded by the row lock. */
static enum rc take_locked(struct tx *tx, void *arg) {
    struct worker *w = arg;
    struct place place;
    enum rc rc = db_one(tx, &stmts[LOCK], DB_BIND(db_int(2)), &place);
    if (rc == RC_OK && place.taken == place.capacity) {
        return RC_NONE;
    }
    if (rc == RC_OK) {
        rc = db_exec(tx, &stmts[SET], DB_BIND(db_int(2), db_int(place.taken + 1)), NULL);
    }
    if (rc == RC_OK) {
        rc = db_exec(tx, &stmts[PUT], DB_BIND(db_int(w->id), db_int(2)), NULL);
    }
    return rc;
}

/* "Busy" is an answer that the machine's load decides; whoever gets it asks again. */
static enum rc write_until_heard(struct worker *w, struct arena *arena, enum db_error *ret_error) {
    enum rc rc;
    do {
        rc = db_write(w->engine->db, arena, w->fn, w, ret_error);
    } while (rc == RC_FAULT && *ret_error == DB_BUSY);
    return rc;
}

static void *work(void *arg) {
    struct worker *w = arg;
    struct arena arena;
    arena_init(&arena, 1 << 20);
    for (int i = 0; i < ROUNDS; i++) {
        enum db_error error;
        w->id = w->number * 1000 + i + 1;
        w->spoil = w->spoil_each > 0 && (w->number * ROUNDS + i) % w->spoil_each == 0;
        enum rc rc = write_until_heard(w, &arena, &error);
        w->won += rc == RC_OK;
        w->refused += rc == RC_NONE;
        w->spoiled += rc == RC_FAULT && error == DB_UNIQUE && w->spoil;
        w->other += rc == RC_RACE || (rc == RC_FAULT && !(error == DB_UNIQUE && w->spoil));
        arena_clear(&arena);
    }
    arena_release(&arena);
    return NULL;
}

struct sum {
    int64_t place;
    int64_t taken;
    int64_t takers;
};
static enum rc sum_up(struct tx *tx, void *arg) {
    struct sum *sum = arg;
    struct place place;
    struct number number;
    enum rc rc = db_one(tx, &stmts[COUNT_ALL], DB_BIND(db_int(sum->place)), &number);
    if (rc == RC_OK) {
        rc = db_one(tx, &stmts[LOOK], DB_BIND(db_int(sum->place)), &place);
    }
    if (rc == RC_OK) {
        *sum = (struct sum){sum->place, place.taken, number.n};
    }
    return rc;
}

static void contend(struct engine *e, db_fn fn, int64_t place, int spoil_each) {
    static struct worker workers[THREADS];
    int won = 0;
    int spoiled = 0;
    int other = 0;
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){.engine = e, .number = i + 1, .fn = fn, .spoil_each = spoil_each};
        assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(workers[i].thread, NULL);
        won += workers[i].won;
        spoiled += workers[i].spoiled;
        other += workers[i].other;
    }
    assert_int_equal(other, 0); /* not before all threads are gone: a failure leaves the function */
    assert_int_equal(won, CAPACITY);
    assert_true(spoil_each == 3 ? spoiled >= 10 : true);
    struct sum sum = {.place = place};
    enum db_error error;
    assert_int_equal(db_read(e->db, &e->arena, sum_up, &sum, &error), RC_OK);
    assert_int_equal(sum.takers, CAPACITY);
    assert_int_equal(sum.taken, CAPACITY);
}

static void guarded_counters_hold(struct engine *e) {
    contend(e, take_guarded, 1, 3);
}

/* Rare enough that a group usually runs without savepoints when it happens, and has to begin again. */
static void rare_failures_harm_nobody(struct engine *e) {
    contend(e, take_guarded, 1, 41);
}

static void locked_rows_hold(struct engine *e) {
    contend(e, take_locked, 2, 0);
}

/* ---- readers beside a writer ---- */

static _Atomic bool stop;

static void *read_on(void *arg) {
    struct worker *w = arg;
    struct arena arena;
    arena_init(&arena, 1 << 20);
    do {
        struct sum sum = {.place = 1};
        enum db_error error;
        enum rc rc = db_read(w->engine->db, &arena, sum_up, &sum, &error);
        bool heard = rc != RC_FAULT || error != DB_BUSY;
        w->other += heard && (rc != RC_OK || sum.taken != sum.takers); /* one snapshot: both or neither */
        w->won++;
        arena_clear(&arena);
    } while (!atomic_load(&stop));
    arena_release(&arena);
    return NULL;
}

static void reads_see_one_state(struct engine *e) {
    struct worker readers[4];
    atomic_store(&stop, false);
    for (int i = 0; i < 4; i++) {
        readers[i] = (struct worker){.engine = e, .number = i};
        assert_int_equal(pthread_create(&readers[i].thread, NULL, read_on, &readers[i]), 0);
    }
    contend(e, take_guarded, 1, 3);
    atomic_store(&stop, true);
    for (int i = 0; i < 4; i++) {
        pthread_join(readers[i].thread, NULL);
        assert_int_equal(readers[i].other, 0);
        assert_true(readers[i].won > 0);
    }
}

/* ---- the queue ---- */

struct gate {
    sem_t entered;
    sem_t leave;
    sem_t refused;
};

static enum rc wait_inside(struct tx *tx, void *arg) {
    (void)tx;
    struct gate *gate = arg;
    sem_post(&gate->entered);
    sem_wait(&gate->leave);
    return RC_OK;
}

static void *hold_writer(void *arg) {
    struct worker *w = arg;
    struct arena arena;
    enum db_error error;
    arena_init(&arena, 1 << 20);
    enum rc rc = db_write(w->engine->db, &arena, wait_inside, w->gate, &error);
    w->won = rc == RC_OK;
    arena_release(&arena);
    return NULL;
}

static void *write_once(void *arg) {
    struct worker *w = arg;
    struct arena arena;
    enum db_error error;
    arena_init(&arena, 1 << 20);
    enum rc rc = db_write(w->engine->db, &arena, take_locked, w, &error);
    w->won = rc == RC_OK;
    w->refused = rc == RC_FAULT && error == DB_BUSY;
    arena_release(&arena);
    if (w->refused == 1) {
        sem_post(&w->gate->refused);
    }
    return NULL;
}

/* SQLite: two may wait behind the one that runs, the others are told at once. PostgreSQL: the one connection is in
 * use, all others are told within a second. */
static void waiting_is_bounded(struct engine *e) {
    struct db_config narrow = {.readers = 1, .queue_max = 2};
    struct engine_plan narrow_plan = {.lists = lists, .migrations = schema, .config = &narrow};
    engine_reopen(e, &narrow_plan);
    struct gate gate;
    struct worker holder = {.engine = e, .gate = &gate};
    struct worker workers[6];
    int refused = e->kind == DB_SQLITE ? 4 : 6;
    sem_init(&gate.entered, 0, 0);
    sem_init(&gate.leave, 0, 0);
    sem_init(&gate.refused, 0, 0);
    assert_int_equal(pthread_create(&holder.thread, NULL, hold_writer, &holder), 0);
    sem_wait(&gate.entered);
    for (int i = 0; i < 6; i++) {
        workers[i] = (struct worker){.engine = e, .id = 100 + i, .gate = &gate};
        assert_int_equal(pthread_create(&workers[i].thread, NULL, write_once, &workers[i]), 0);
    }
    for (int i = 0; i < refused; i++) {
        sem_wait(&gate.refused);
    }
    sem_post(&gate.leave);
    int won = 0;
    for (int i = 0; i < 6; i++) {
        pthread_join(workers[i].thread, NULL);
        won += workers[i].won;
    }
    pthread_join(holder.thread, NULL);
    assert_int_equal(holder.won, 1);
    assert_int_equal(won, 6 - refused);
}

int main(void) {
    static const struct engine_case cases[] = {
        ENGINE_CASE(guarded_counters_hold), ENGINE_CASE(rare_failures_harm_nobody),
        ENGINE_CASE(locked_rows_hold), ENGINE_CASE(reads_see_one_state), ENGINE_CASE(waiting_is_bounded)};
    return engines_run_plan("db/threads", cases, COUNT(cases), &plan);
}
