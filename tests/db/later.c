/* Changes that nobody waits for and several questions at once: the same outcome on both engines, wherever a refusal or a
 * number of rows that is not the demanded one is found out. */
#include "db/engines.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static const struct db_migration schema[] = {
    {1, "create_place",
     "CREATE TABLE place (id @int@ NOT NULL PRIMARY KEY, room @int@ NOT NULL,\n"
     "  CONSTRAINT place_room CHECK (room >= 0)) @keyed@;\n"},
    {0, NULL, NULL}};

struct place {
    int64_t id;
    int64_t room;
};
static const struct db_column place_cols[] = {DB_COL(struct place, id, DB_INT),
                                              DB_COL(struct place, room, DB_INT)};
enum { PUT, TAKE, FORCE, GET, FROM };
static const struct db_stmt stmts[] = {
    [PUT] = {"INSERT INTO place (id, room) VALUES ($1, $2)", "ii"},
    [TAKE] = {"UPDATE place SET room = room - 1 WHERE id = $1 AND room > 0", "i"},
    [FORCE] = {"UPDATE place SET room = room - 1 WHERE id = $1", "i"},
    [GET] = {"SELECT id, room FROM place WHERE id = $1", "i", DB_COLS(place_cols)},
    [FROM] = {"SELECT id, room FROM place WHERE id >= $1 ORDER BY id", "i", DB_COLS(place_cols)},
};
static const struct db_stmt_list list = {stmts, COUNT(stmts)};
static const struct db_stmt_list *const lists[] = {&list, NULL};
static const struct engine_plan plan = {
    .lists = lists, .migrations = schema, .config = &(struct db_config){.readers = 2}};

struct work {
    int64_t id;
    int64_t room;
    int count;
    int runs;
    bool look; /* asks something at the end, so that what is due is told before the commit */
    enum db_error error;
};

static enum rc put(struct tx *tx, int64_t id, int64_t room) {
    return db_exec_later(tx, &stmts[PUT], DB_BIND(db_int(id), db_int(room)), 1);
}

static enum rc look(struct tx *tx, const struct work *w) {
    struct place place;
    return w->look ? db_one(tx, &stmts[GET], DB_BIND(db_int(w->id)), &place) : RC_OK;
}

static enum rc put_many(struct tx *tx, void *arg) {
    struct work *w = arg;
    enum rc rc = RC_OK;
    for (int i = 0; rc == RC_OK && i < w->count; i++) {
        rc = put(tx, w->id + i, w->room);
    }
    return rc;
}

static enum rc take(struct tx *tx, void *arg) {
    struct work *w = arg;
    w->runs++;
    enum rc rc = put(tx, 1000 + w->runs, 1); /* must vanish with the race */
    if (rc == RC_OK) {
        rc = db_exec_later(tx, &stmts[TAKE], DB_BIND(db_int(w->id)), 1);
    }
    return rc == RC_OK ? look(tx, w) : rc;
}

/* A constraint in the middle, and what comes after it is of no use. */
static enum rc force(struct tx *tx, void *arg) {
    struct work *w = arg;
    enum rc rc = put(tx, 2000, 1);
    if (rc == RC_OK) {
        rc = db_exec_later(tx, &stmts[FORCE], DB_BIND(db_int(w->id)), DB_ROWS_ANY);
    }
    if (rc == RC_OK) {
        rc = put(tx, 2001, 1);
    }
    return rc == RC_OK ? look(tx, w) : rc;
}

static enum rc give_up(struct tx *tx, void *arg) {
    enum rc rc = force(tx, arg);
    (void)rc;
    return RC_NONE;
}

static enum rc room_of(struct tx *tx, void *arg) {
    struct work *w = arg;
    struct place place;
    enum rc rc = db_one(tx, &stmts[GET], DB_BIND(db_int(w->id)), &place);
    w->room = rc == RC_OK ? place.room : -1;
    return rc;
}

static enum rc write_(struct engine *e, db_fn fn, struct work *w) {
    return db_write(e->db, &e->arena, fn, w, &w->error);
}

static int64_t room(struct engine *e, int64_t id) {
    struct work w = {.id = id};
    enum rc rc = db_read(e->db, &e->arena, room_of, &w, &w.error);
    assert_true(rc == RC_OK || rc == RC_NONE);
    return w.room;
}

/* More than one exchange holds. */
static void all_are_saved(struct engine *e) {
    struct work w = {.id = 1, .room = 3, .count = 200};
    for (int round = 0; round < 2; round++, w.id += w.count) { /* again with the statement prepared */
        assert_int_equal(write_(e, put_many, &w), RC_OK);
        assert_int_equal(room(e, w.id), 3);
        assert_int_equal(room(e, w.id + w.count - 1), 3);
    }
    w.id -= 1; /* the first is there already */
    assert_int_equal(write_(e, put_many, &w), RC_FAULT);
    assert_int_equal(w.error, DB_UNIQUE);
    assert_int_equal(room(e, w.id + 1), -1);
}

static void other_numbers_are_races(struct engine *e) {
    struct work w = {.id = 1, .room = 1, .count = 1};
    assert_int_equal(write_(e, put_many, &w), RC_OK);
    for (int i = 0; i < 4; i++) {
        w.look = i % 2 == 1;
        w.runs = i == 0 ? 0 : 100 * i;
        assert_int_equal(write_(e, take, &w), i == 0 ? RC_OK : RC_RACE);
        assert_int_equal(room(e, 1), 0);
        assert_int_equal(room(e, 1000 + w.runs), i == 0 ? 1 : -1);
    }
    assert_true(w.runs > 301); /* a race is run again */
}

static void refusals_save_nothing(struct engine *e) {
    static const db_fn fns[] = {force, give_up};
    struct work w = {.id = 1, .room = 0, .count = 1};
    assert_int_equal(write_(e, put_many, &w), RC_OK);
    for (int i = 0; i < 4; i++) {
        w.look = i % 2 == 1;
        enum rc rc = write_(e, fns[i / 2], &w);
        assert_true(rc == RC_FAULT ? w.error == DB_CHECK : rc == RC_NONE && fns[i / 2] == give_up);
        assert_int_equal(room(e, 2000), -1);
        assert_int_equal(room(e, 2001), -1);
        assert_int_equal(room(e, 1), 0);
    }
    w.id = 2;
    assert_int_equal(write_(e, put_many, &w), RC_OK); /* the connection serves on */
}

static enum rc ask(struct tx *tx, void *arg) {
    struct work *w = arg;
    struct place *one = NULL;
    struct place *many = NULL;
    struct place *none = NULL;
    size_t counts[3] = {7, 7, 7};
    const struct db_rows shape = {sizeof(struct place), 5};
    const struct db_ask asks[] = {
        {&stmts[GET], DB_BIND(db_int(3)), shape, &one, &counts[0]},
        {&stmts[FROM], DB_BIND(db_int(w->id)), shape, &many, &counts[1]},
        {&stmts[GET], DB_BIND(db_int(99)), shape, &none, &counts[2]},
    };
    enum rc rc = db_all_of(tx, asks, COUNT(asks));
    w->count = (int)(counts[0] * 100 + counts[1] * 10 + counts[2]);
    w->room = rc == RC_OK && counts[1] > 0 ? many[counts[1] - 1].id : -1;
    return rc;
}

static void several_questions(struct engine *e) {
    struct work w = {.id = 1, .room = 3, .count = 9};
    assert_int_equal(write_(e, put_many, &w), RC_OK);
    w.id = 6;
    assert_int_equal(db_read(e->db, &e->arena, ask, &w, &w.error), RC_OK);
    assert_int_equal(w.count, 140);
    assert_int_equal(w.room, 9);
    w.id = 1; /* more rows than there is room for */
    assert_int_equal(db_read(e->db, &e->arena, ask, &w, &w.error), RC_FAULT);
    w.id = 9;
    assert_int_equal(db_read(e->db, &e->arena, ask, &w, &w.error), RC_OK);
    assert_int_equal(w.count, 110);
}

static const struct db_rows five = {sizeof(struct place), 5};

static enum rc places(struct tx *tx, int64_t from, struct place **ret, size_t *ret_count) {
    return db_all(tx, &stmts[FROM], DB_BIND(db_int(from)), five, ret, ret_count);
}

/* What was asked ahead is answered where it was sent, once, and only to the same question. */
static enum rc ahead(struct tx *tx, void *arg) {
    struct work *w = arg;
    struct place *rows = NULL;
    size_t counts[4] = {7, 7, 7, 7};
    enum rc rc = db_all_ahead(tx, &stmts[FROM], DB_BIND(db_int(1)), five);
    if (rc == RC_OK) {
        rc = db_all_ahead(tx, &stmts[FROM], DB_BIND(db_int(2)), five);
    }
    for (int i = 0; rc == RC_OK && i < 3; i++) { /* another question, then the two */
        rc = places(tx, 3 - i, &rows, &counts[i]);
    }
    if (rc == RC_OK) {
        rc = put(tx, 4, 1);
    }
    if (rc == RC_OK) {
        rc = places(tx, 1, &rows, &counts[3]);
    }
    w->count = (int)(counts[0] * 1000 + counts[1] * 100 + counts[2] * 10 + counts[3]);
    return rc;
}

static void ahead_is_taken_once(struct engine *e) {
    struct work w = {.id = 1, .room = 3, .count = 3};
    assert_int_equal(write_(e, put_many, &w), RC_OK);
    assert_int_equal(write_(e, ahead, &w), RC_OK);
    assert_int_equal(w.count, 1234);
    assert_int_equal(room(e, 4), 1);
}

/* Nothing but a wait for what was sent: it tells of the race, and of a failure behind it only the race. */
static enum rc catch_up(struct tx *tx, void *arg) {
    struct work *w = arg;
    w->runs++;
    enum rc rc = db_exec_later(tx, &stmts[TAKE], DB_BIND(db_int(w->id)), w->count);
    if (rc == RC_OK && w->look) {
        rc = put(tx, w->id, 1); /* is there */
    }
    return rc == RC_OK ? db_catch_up(tx) : rc;
}

static void catching_up_tells(struct engine *e) {
    struct work w = {.id = 1, .room = 1, .count = 1};
    assert_int_equal(write_(e, put_many, &w), RC_OK);
    assert_int_equal(write_(e, catch_up, &w), RC_OK);
    assert_int_equal(room(e, 1), 0);
    for (int i = 0; i < 2; i++, w.look = true) {
        w.runs = 0;
        assert_int_equal(write_(e, catch_up, &w), RC_RACE);
        assert_true(w.runs > 1);
    }
    assert_int_equal(room(e, 1), 0);
}

int main(void) {
    static const struct engine_case cases[] = {
        ENGINE_CASE(all_are_saved),         ENGINE_CASE(other_numbers_are_races),
        ENGINE_CASE(refusals_save_nothing), ENGINE_CASE(several_questions),
        ENGINE_CASE(ahead_is_taken_once),   ENGINE_CASE(catching_up_tells)};
    return engines_run_plan("db/later", cases, COUNT(cases), &plan);
}
