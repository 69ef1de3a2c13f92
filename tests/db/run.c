/* The door as its users see it: values, rows, errors, transactions, on both engines. */
#include "db/engines.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <time.h>

static const struct db_migration schema[] = {
    {1, "create_all",
     "CREATE TABLE thing (id @int@ NOT NULL PRIMARY KEY, flag @bool@ CHECK (flag IN (0, 1)), name @text@,\n"
     "  day @day@, at @time@, bytes @blob@) @strict@;\n"
     "CREATE TABLE place (id @int@ NOT NULL PRIMARY KEY, capacity @int@ NOT NULL, taken @int@ NOT NULL,\n"
     "  CONSTRAINT place_room CHECK (taken <= capacity)) @strict@;\n"
     "CREATE TABLE part (id @int@ NOT NULL PRIMARY KEY, thing @int@ NOT NULL REFERENCES thing (id),\n"
     "  mark @text@ NOT NULL, CONSTRAINT part_mark UNIQUE (mark)) @strict@;\n"
     "CREATE TABLE change_count (city @int@ NOT NULL, part @int@ NOT NULL, n @int@ NOT NULL,\n"
     "  whole @int@ NOT NULL, PRIMARY KEY (city, part)) @strict@;\n"},
    {0, NULL, NULL}};

struct thing {
    int64_t id;
    bool flag;
    struct text name;
    struct day day;
    struct instant at;
    struct text bytes;
};
static const struct db_column thing_cols[] = {
    DB_COL(struct thing, id, DB_INT),    DB_COL(struct thing, flag, DB_BOOL),
    DB_COL(struct thing, name, DB_TEXT), DB_COL(struct thing, day, DB_DAY),
    DB_COL(struct thing, at, DB_TIME),   DB_COL(struct thing, bytes, DB_BLOB)};
struct number {
    int64_t n;
};
static const struct db_column number_cols[] = {DB_COL(struct number, n, DB_INT)};

enum {
    PUT,
    GET,
    LIST,
    PLACE_PUT,
    PLACE_TAKE,
    PART_PUT,
    PLACE_LOCK,
    PLACE_SET,
    QUOTED,
    PUT_QUIETLY,
    PUT_RETURNING,
    THING_SEEN
};
static const struct db_stmt stmts[] = {
    [PUT] = {"INSERT INTO thing (bytes, at, day, name, flag, id) VALUES ($6, $5, $4, $3, $2, $1)", "ibtdsx"},
    [GET] = {"SELECT id, flag, name, day, at, bytes FROM thing WHERE id = $1", "i", DB_COLS(thing_cols)},
    [LIST] = {"SELECT id, flag, name, day, at, bytes FROM thing ORDER BY id", "", DB_COLS(thing_cols)},
    [PLACE_PUT] = {"INSERT INTO place (id, capacity, taken) VALUES ($1, $2, 0)", "ii"},
    [PLACE_TAKE] = {"UPDATE place SET taken = taken + 1 WHERE id = $1 AND taken < capacity", "i"},
    [PART_PUT] = {"INSERT INTO part (id, thing, mark) VALUES ($1, $2, $3)", "iit"},
    [PLACE_LOCK] = {"SELECT taken FROM place WHERE id = $1", "i", DB_COLS(number_cols), .lock = true},
    [PLACE_SET] = {"UPDATE place SET taken = $2 WHERE id = $1", "ii"},
    [QUOTED] = {"SELECT count(*) FROM thing WHERE name = '$1 it''s' -- $9 here\n AND id = $1", "i",
                DB_COLS(number_cols)},
    [PUT_QUIETLY] = {"INSERT INTO thing (id) VALUES ($1) ON CONFLICT DO NOTHING", "i"},
    [PUT_RETURNING] = {"INSERT INTO thing (id) VALUES ($1) RETURNING id", "i", DB_COLS(number_cols)},
    [THING_SEEN] = {"UPDATE thing SET flag = $2 WHERE id = $1", "ib", .unseen = true},
};
static const struct db_stmt_list list = {stmts, COUNT(stmts)};
static const struct db_stmt_list *const lists[] = {&list, NULL};

struct work {
    int64_t id;
    struct thing thing;
    struct thing *all;
    size_t count;
    int64_t changed;
    int runs;
    enum db_error error;
    struct text constraint;
};

static enum rc put(struct tx *tx, void *arg) {
    struct work *w = arg;
    struct thing *t = &w->thing;
    return db_exec(tx, &stmts[PUT],
                   DB_BIND(db_int(t->id), db_bool(t->flag), db_text(t->name), db_day(t->day), db_time(t->at),
                           db_blob(t->bytes)),
                   &w->changed);
}

static enum rc get(struct tx *tx, void *arg) {
    struct work *w = arg;
    return db_one(tx, &stmts[GET], DB_BIND(db_int(w->id)), &w->thing);
}

static enum rc list_all(struct tx *tx, void *arg) {
    struct work *w = arg;
    return db_all(tx, &stmts[LIST], DB_NO_BIND, (struct db_rows){sizeof(struct thing), 3}, &w->all,
                  &w->count);
}

static enum rc write_(struct engine *e, db_fn fn, struct work *w) {
    return db_write(e->db, &e->arena, fn, w, &w->error);
}

static enum rc read_(struct engine *e, db_fn fn, struct work *w) {
    return db_read(e->db, &e->arena, fn, w, &w->error);
}

static void assert_text(struct text a, struct text b) {
    assert_int_equal(a.n, b.n);
    assert_true(text_eq(a, b));
}

static void values_come_back(struct engine *e) {
    static const struct thing things[] = {
        {INT64_MAX,
         true,
         TEXT_INIT("神\xef\xa8\x99 髙﨑 👶"),
         {20000},
         {INT64_C(5000000000)},
         TEXT_INIT("\0\1\377\0")},
        {INT64_MIN + 1, false, TEXT_INIT(""), {-20000}, {-1}, TEXT_INIT("")},
        {-1, true, TEXT_INIT("a'b\"c\\d\n%@?$1"), {0}, {0}, TEXT_INIT("\\x00")},
    };
    for (size_t i = 0; i < COUNT(things); i++) {
        struct work w = {.id = things[i].id, .thing = things[i]};
        assert_int_equal(write_(e, put, &w), RC_OK);
        assert_int_equal(w.changed, 1);
        w.thing = (struct thing){0};
        assert_int_equal(read_(e, get, &w), RC_OK);
        assert_true(w.thing.id == things[i].id);
        assert_int_equal(w.thing.flag, things[i].flag);
        assert_text(w.thing.name, things[i].name);
        assert_non_null(w.thing.name.p);
        assert_true(day_eq(w.thing.day, things[i].day));
        assert_true(w.thing.at.s == things[i].at.s);
        assert_text(w.thing.bytes, things[i].bytes);
        assert_non_null(w.thing.bytes.p);
    }
}

static enum rc put_nulls(struct tx *tx, void *arg) {
    (void)arg;
    return db_exec(tx, &stmts[PUT_QUIETLY], DB_BIND(db_int(5)), NULL);
}

static void nulls_come_back(struct engine *e) {
    struct work w = {.id = 5, .thing = {5, false, {NULL, 0}, DAY_NONE, INSTANT_NONE, {NULL, 0}}};
    assert_int_equal(write_(e, put, &w), RC_OK);
    for (int round = 0; round < 2; round++) {
        w.thing = (struct thing){0, true, TEXT("x"), {1}, {1}, TEXT("x")};
        assert_int_equal(read_(e, get, &w), RC_OK);
        assert_null(w.thing.name.p);
        assert_null(w.thing.bytes.p);
        assert_true(day_is_none(w.thing.day) && instant_is_none(w.thing.at) && !w.thing.flag);
        assert_int_equal(write_(e, put_nulls, &w), RC_OK); /* clashes quietly */
    }
    w.id = 6;
    w.thing.id = 77;
    assert_int_equal(read_(e, get, &w), RC_NONE);
    assert_int_equal(w.thing.id, 77);
    assert_int_equal(w.error, DB_FINE);
}

static void lists_are_bounded(struct engine *e) {
    struct work w = {0};
    assert_int_equal(read_(e, list_all, &w), RC_OK);
    assert_int_equal(w.count, 0);
    for (int64_t id = 1; id <= 4; id++) {
        assert_int_equal(read_(e, list_all, &w), RC_OK);
        assert_int_equal(w.count, id - 1);
        w.thing = (struct thing){id, true, TEXT("n"), {id > 0 ? 1 : 0}, {1}, TEXT("b")};
        assert_int_equal(write_(e, put, &w), RC_OK);
    }
    assert_int_equal(w.all[2].id, 3);
    assert_int_equal(read_(e, list_all, &w), RC_FAULT);
    assert_int_equal(w.error, DB_OTHER);
}

static enum rc quoted(struct tx *tx, void *arg) {
    struct work *w = arg;
    struct number n;
    enum rc rc = db_one(tx, &stmts[QUOTED], DB_BIND(db_int(3)), &n);
    if (rc == RC_OK) {
        w->count = (size_t)n.n;
    }
    return rc;
}

static void quoted_dollars_stay(struct engine *e) {
    struct work w = {.thing = {3, true, TEXT("$1 it's"), {1}, {1}, TEXT("b")}};
    assert_int_equal(write_(e, put, &w), RC_OK);
    assert_int_equal(read_(e, quoted, &w), RC_OK);
    assert_int_equal(w.count, 1);
}

static enum rc put_returning(struct tx *tx, void *arg) {
    struct work *w = arg;
    struct number n;
    enum rc rc = db_one(tx, &stmts[PUT_RETURNING], DB_BIND(db_int(w->id)), &n);
    w->count = rc == RC_OK ? (size_t)n.n : 0;
    return rc;
}

static void returning_saves(struct engine *e) {
    struct work w = {.id = 9};
    assert_int_equal(write_(e, put_returning, &w), RC_OK);
    assert_int_equal(w.count, 9);
    assert_int_equal(read_(e, get, &w), RC_OK);
}

/* ---- errors ---- */

static enum rc note(struct tx *tx, struct work *w, enum rc rc) {
    w->constraint = tx->constraint;
    return rc;
}

static enum rc break_unique(struct tx *tx, void *arg) {
    enum rc rc = db_exec(tx, &stmts[PART_PUT], DB_BIND(db_int(2), db_int(1), db_text(TEXT("m"))), NULL);
    return note(tx, arg, rc);
}
static enum rc break_primary(struct tx *tx, void *arg) {
    enum rc rc = db_exec(tx, &stmts[PART_PUT], DB_BIND(db_int(1), db_int(1), db_text(TEXT("n"))), NULL);
    return note(tx, arg, rc);
}
static enum rc break_check(struct tx *tx, void *arg) {
    return note(tx, arg, db_exec(tx, &stmts[PLACE_SET], DB_BIND(db_int(1), db_int(99)), NULL));
}
static enum rc break_null(struct tx *tx, void *arg) {
    enum rc rc =
        db_exec(tx, &stmts[PART_PUT], DB_BIND(db_int(3), db_int(1), db_text((struct text){NULL, 0})), NULL);
    return note(tx, arg, rc);
}
static enum rc break_key(struct tx *tx, void *arg) {
    enum rc rc = db_exec(tx, &stmts[PART_PUT], DB_BIND(db_int(3), db_int(2), db_text(TEXT("o"))), NULL);
    return note(tx, arg, rc);
}
static enum rc break_text(struct tx *tx, void *arg) {
    enum rc rc = db_exec(tx, &stmts[PART_PUT], DB_BIND(db_int(3), db_int(1), db_text(TEXT("a\0b"))), NULL);
    return note(tx, arg, rc);
}
static enum rc break_on(struct tx *tx, void *arg) { /* goes on and says fine: nothing may be saved */
    enum rc first = db_exec(tx, &stmts[PLACE_PUT], DB_BIND(db_int(50), db_int(1)), NULL);
    enum rc second = break_unique(tx, arg);
    enum rc third = db_exec(tx, &stmts[PLACE_PUT], DB_BIND(db_int(51), db_int(1)), NULL);
    assert_true(first == RC_OK && second == RC_FAULT && third == RC_FAULT);
    return RC_OK;
}
static enum rc give_up(struct tx *tx, void *arg) {
    (void)arg;
    enum rc rc = db_exec(tx, &stmts[PLACE_PUT], DB_BIND(db_int(50), db_int(1)), NULL);
    return rc == RC_OK ? RC_NONE : rc;
}
static enum rc count_place(struct tx *tx, void *arg) {
    (void)arg;
    struct number n;
    return db_one(tx, &stmts[PLACE_LOCK], DB_BIND(db_int(50)), &n);
}
static enum rc prepare_rows(struct tx *tx, void *arg) {
    struct work *w = arg;
    w->thing = (struct thing){1, true, TEXT("n"), {1}, {1}, TEXT("b")};
    enum rc rc = put(tx, w);
    if (rc == RC_OK) {
        rc = db_exec(tx, &stmts[PLACE_PUT], DB_BIND(db_int(1), db_int(10)), NULL);
    }
    if (rc == RC_OK) {
        rc = db_exec(tx, &stmts[PART_PUT], DB_BIND(db_int(1), db_int(1), db_text(TEXT("m"))), NULL);
    }
    return rc;
}

static void errors_have_classes(struct engine *e) {
    static const struct {
        db_fn fn;
        enum db_error error;
        const char *names[2]; /* by engine */
    } cases[] = {
        {break_unique, DB_UNIQUE, {"part.mark", "part_mark"}},
        {break_primary, DB_UNIQUE, {"part.id", "part_pkey"}},
        {break_check, DB_CHECK, {"place_room", "place_room"}},
        {break_null, DB_CHECK, {"part.mark", "mark"}},
        {break_key, DB_FOREIGN_KEY, {NULL, "part_thing_fkey"}},
        {break_text, DB_CHECK, {"utf8", "utf8"}},
        {break_on, DB_UNIQUE, {"part.mark", "part_mark"}},
    };
    struct work w = {0};
    assert_int_equal(write_(e, prepare_rows, &w), RC_OK);
    for (int round = 0; round < 2; round++) { /* again with the statements prepared */
        for (size_t i = 0; i < COUNT(cases); i++) {
            w.constraint = (struct text){NULL, 0};
            assert_int_equal(write_(e, cases[i].fn, &w), RC_FAULT);
            assert_int_equal(w.error, cases[i].error);
            assert_text(w.constraint, text_of(cases[i].names[e->kind]));
        }
    }
    assert_int_equal(write_(e, give_up, &w), RC_NONE);
    assert_int_equal(w.error, DB_FINE);
    assert_int_equal(write_(e, count_place, &w), RC_NONE);
}

/* ---- races ---- */

static enum rc race_twice(struct tx *tx, void *arg) {
    struct work *w = arg;
    enum rc rc = db_exec(tx, &stmts[PLACE_PUT], DB_BIND(db_int(50), db_int(1)), NULL);
    w->runs++;
    return rc == RC_OK && w->runs < 3 ? RC_RACE : rc;
}
static enum rc race_ever(struct tx *tx, void *arg) {
    (void)tx;
    struct work *w = arg;
    w->runs++;
    return RC_RACE;
}

static void races_are_run_again(struct engine *e) {
    struct work w = {0};
    uint64_t before = db_commits(e->db);
    assert_int_equal(write_(e, race_twice, &w), RC_OK);
    assert_int_equal(w.runs, 3);
    assert_int_equal(write_(e, count_place, &w), RC_OK);
    w.runs = 0;
    assert_int_equal(write_(e, race_ever, &w), RC_RACE);
    assert_int_equal(w.error, DB_RACE);
    assert_in_range(w.runs, 2, 20);
    assert_true(db_commits(e->db) >= before + 1);
}

static void ping_answers(struct engine *e) {
    enum db_error error;
    assert_int_equal(db_ping_writable(e->db, &e->arena, &error), RC_OK);
    assert_int_equal(db_ping_writable(e->db, &e->arena, &error), RC_OK);
    assert_int_equal(db_engine(e->db), e->kind);
}

static enum rc place_change(struct tx *tx, void *arg) {
    const int64_t *id = arg;
    return db_exec(tx, &stmts[PLACE_PUT], DB_BIND(db_int(*id), db_int(2)), NULL);
}

static enum rc thing_change(struct tx *tx, void *arg) {
    const int64_t *id = arg;
    return db_exec(tx, &stmts[PUT],
                   DB_BIND(db_int(*id), db_bool(true), db_text(TEXT("place")), db_day(DAY_NONE),
                           db_time(INSTANT_NONE), db_blob(TEXT(""))),
                   NULL);
}

static enum rc quiet_change(struct tx *tx, void *arg) {
    const int64_t *id = arg;
    return db_exec(tx, &stmts[THING_SEEN], DB_BIND(db_int(*id), db_bool(false)), NULL);
}

static enum rc two_places_change(struct tx *tx, void *arg) {
    const int64_t *id = arg;
    enum rc rc = place_change(tx, arg);
    return rc != RC_OK ? rc : db_exec(tx, &stmts[PLACE_PUT], DB_BIND(db_int(*id + 1), db_int(2)), NULL);
}

/* The thread that counts may still be connecting. */
static struct db_version versions(struct engine *e, int64_t scope) {
    struct db_version version;
    while (!db_version(e->db, scope, &version)) {
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
    return version;
}

static uint64_t version(struct engine *e, int64_t scope) {
    return versions(e, scope).common;
}

static const char *const watched[] = {"place", NULL};

static void watched_tables_are_counted(struct engine *e) {
    struct db_config config = {.readers = 1, .watched = watched};
    struct engine_plan plan = {.lists = lists, .migrations = schema, .config = &config};
    engine_reopen(e, &plan);
    int64_t id = 4711;
    int64_t both = 4712;
    enum db_error error;
    uint64_t before = version(e, id);
    uint64_t other = version(e, 4713);
    assert_int_equal(db_write(e->db, &e->arena, thing_change, &id, &error), RC_OK);
    assert_true(version(e, id) == before); /* the word is in a value only */
    assert_int_equal(db_write(e->db, &e->arena, place_change, &id, &error), RC_OK);
    uint64_t after = version(e, id);
    assert_true(after > before);
    assert_true(version(e, 4713) == other); /* another city's pages stand */
    assert_int_equal(db_write(e->db, &e->arena, place_change, &id, &error), RC_FAULT);
    assert_true(version(e, id) == after);
    assert_int_equal(db_write(e->db, &e->arena, two_places_change, &both, &error), RC_OK);
    assert_true(version(e, id) > after); /* of several scopes: all */
}

/* Whatever is changed counts, but for the tables named and the statements that say so. */
static void all_that_is_shown_is_counted(struct engine *e) {
    static const char *const unshown[] = {"place", NULL};
    struct db_config config = {.readers = 1, .watched = watched, .unshown = unshown};
    struct engine_plan plan = {.lists = lists, .migrations = schema, .config = &config};
    engine_reopen(e, &plan);
    int64_t id = 4721;
    enum db_error error;
    struct db_version before = versions(e, id);
    uint64_t other = versions(e, 4722).whole;
    assert_int_equal(db_write(e->db, &e->arena, thing_change, &id, &error), RC_OK);
    struct db_version after = versions(e, id);
    assert_true(after.whole > before.whole && after.common == before.common);
    assert_true(versions(e, 4722).whole == other);
    assert_int_equal(db_write(e->db, &e->arena, place_change, &id, &error), RC_OK);
    assert_true(versions(e, id).whole == after.whole && versions(e, id).common > before.common);
    assert_int_equal(db_write(e->db, &e->arena, quiet_change, &id, &error), RC_OK);
    assert_true(versions(e, id).whole == after.whole);
    assert_int_equal(db_write(e->db, &e->arena, thing_change, &id, &error), RC_FAULT);
    assert_true(versions(e, id).whole == after.whole);
}

/* ---- of two servers on one database ---- */

static void others_commits_are_counted(struct engine *e) {
    if (e->kind == DB_SQLITE) {
        return; /* one process alone writes */
    }
    struct db_config config = {.readers = 2, .watched = watched};
    struct engine_plan plan = {.lists = lists, .migrations = schema, .config = &config};
    engine_reopen(e, &plan);
    struct engine second = *e;
    second.db = NULL;
    engine_reopen(&second, &plan);
    uint64_t before = version(&second, 7);
    enum db_error error;
    for (int64_t id = 7; id < 1007; id += 100) {
        uint64_t seen = version(&second, id);
        assert_int_equal(db_write(e->db, &e->arena, place_change, &id, &error), RC_OK);
        assert_true(version(&second, id) == seen + 1); /* at once, not soon */
    }
    assert_true(version(&second, 7) == before + 1);
    db_close(second.db);
}

/* Who writes alone knows the version without asking, from one read on, until somebody else can have written. */
static void who_is_alone_knows_by_itself(struct engine *e) {
    struct db_config config = {.readers = 2, .watched = watched};
    struct engine_plan plan = {.lists = lists, .migrations = schema, .config = &config};
    enum db_error error;
    engine_reopen(e, &plan);
    for (int64_t id = 7; id < 10; id++) {
        struct db_version before;
        struct db_version after;
        while (!db_version_near(e->db, id, &before)) {
            (void)version(e, id);
        }
        int64_t own = id + 100;
        assert_int_equal(db_write(e->db, &e->arena, place_change, &own, &error), RC_OK);
        struct engine second = *e;
        second.db = NULL;
        if (e->kind == DB_POSTGRESQL) {
            engine_reopen(&second, &plan);
        }
        struct db *other = e->kind == DB_POSTGRESQL ? second.db : e->db;
        assert_int_equal(db_write(other, &e->arena, place_change, &id, &error), RC_OK);
        assert_true(!db_version_near(e->db, id, &after) || after.common > before.common);
        assert_true(version(e, id) > before.common);
        db_close(second.db);
    }
}

int main(void) {
    static const struct engine_case cases[] = {
        ENGINE_CASE(values_come_back),
        ENGINE_CASE(nulls_come_back),
        ENGINE_CASE(lists_are_bounded),
        ENGINE_CASE(quoted_dollars_stay),
        ENGINE_CASE(returning_saves),
        ENGINE_CASE(errors_have_classes),
        ENGINE_CASE(races_are_run_again),
        ENGINE_CASE(ping_answers),
        ENGINE_CASE(watched_tables_are_counted),
        ENGINE_CASE(all_that_is_shown_is_counted),
        ENGINE_CASE(others_commits_are_counted),
        ENGINE_CASE(who_is_alone_knows_by_itself),
    };
    struct engine_plan plan = {.lists = lists, .migrations = schema};
    return engines_run_plan("db/run", cases, COUNT(cases), &plan);
}
