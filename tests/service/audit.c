/* What a look at personal data leaves behind, on both engines: a row each time, or nothing is shown; and how the record is
 * read, however long it is. */
#include "world.h"

#include <setjmp.h>
#include <semaphore.h>
#include <stdarg.h>
#include <cmocka.h>
#include <libpq-fe.h>
#include <string.h>

#include "query/people.h"
#include "query/statements.h"
#include "service/audit.h"

static const struct audit_view board = {.what = "booking.list", .object = "booking", .count = 3};

static void each_look_is_a_row(struct engine *engine) {
    struct world w;
    world_setup(&w, engine);
    struct caller staff = world_person(&w, ROLE_COORDINATOR, "one@example.jp");
    for (int64_t looks = 1; looks <= 3; looks++) {
        int64_t before = world_audits(&w, board.what);
        struct call call = world_call(&w, staff);
        assert_int_equal(audit_viewed(&call, &board, 1), RC_OK);
        assert_int_equal(world_audits(&w, board.what) - before, 1);
    }
    world_release(&w);
}

static void what_leaves_no_row_is_not_shown(struct engine *engine) {
    struct world w;
    world_setup(&w, engine);
    struct caller staff = world_person(&w, ROLE_COORDINATOR, "one@example.jp");
    struct audit_view view = board;
    view.object = "\xff"; /* which no database takes for text */
    struct call call = world_call(&w, staff);
    assert_int_equal(audit_viewed(&call, &view, 1), RC_FAULT);
    assert_int_equal(world_audits(&w, board.what), 0);
    world_release(&w);
}

enum { AT = 1767225600 };

/* ---- many at the same moment ---- */

enum { CROWD = 53, BAD = 31 };

struct onlooker {
    struct arena arena;
    sem_t *done;
    bool recorded;
};

static void told(void *ctx, bool recorded) {
    struct onlooker *who = ctx;
    who->recorded = recorded;
    sem_post(who->done);
}

/* Two looks each; one has one that no database takes. */
static void ask(struct world *w, struct caller staff, size_t i, struct onlooker *who) {
    struct audit_view views[] = {board, {"booking.view", "booking", (int64_t)i + 1, staff.account, 0}};
    struct call call = world_call(w, staff);
    arena_init(&who->arena, 1 << 20);
    call.arena = &who->arena;
    views[1].object = i == BAD ? "\xff" : views[1].object;
    audit_looks_ask(audit_looks_make(&call, views, 2), told, who);
}

static void a_crowd_leaves_a_row_each(struct engine *engine) {
    static struct onlooker crowd[CROWD];
    struct world w;
    sem_t done;
    world_setup(&w, engine);
    struct caller staff = world_person(&w, ROLE_COORDINATOR, "one@example.jp");
    sem_init(&done, 0, 0);
    for (size_t i = 0; i < CROWD; i++) {
        crowd[i] = (struct onlooker){.done = &done};
        ask(&w, staff, i, &crowd[i]);
    }
    for (size_t i = 0; i < CROWD; i++) {
        assert_int_equal(sem_wait(&done), 0);
    }
    for (size_t i = 0; i < CROWD; i++) {
        assert_int_equal(crowd[i].recorded, i != BAD);
        arena_release(&crowd[i].arena);
    }
    sem_destroy(&done);
    assert_int_equal(world_audits(&w, board.what), CROWD - 1);
    struct query query = {
        .db = w.house.db, .arena = &engine->arena, .city = {1}, .eye = EYE_CITY, .now = {AT}};
    struct audit_ask asked = {.action = TEXT("booking.view"), .from = DAY_NONE, .to = DAY_NONE};
    struct query_page page = {.limit = 200};
    struct audit_found found;
    bool seen[CROWD + 1] = {false};
    assert_int_equal(query_audit(&query, &asked, &page, &found), RC_OK);
    assert_int_equal(found.count, CROWD - 1);
    for (size_t i = 0; i < found.count; i++) {
        int64_t n = found.rows[i].object_id;
        assert_true(n >= 1 && n <= CROWD && n != BAD + 1 && !seen[n]);
        assert_true(found.rows[i].subject.n == staff.account.n && found.rows[i].actor.n == staff.account.n);
        seen[n] = true;
    }
    world_release(&w);
}

/* ---- reading ---- */

enum { LONG = 105000, OLDEST = 3 }; /* more than is searched for one page */

static void record_fill(struct world *w, struct account_id actor) {
    struct world_fill fill = {"rules.publish", actor, {AT}, 1, OLDEST};
    world_audit_fill(w, &fill);
    fill = (struct world_fill){"booking.accept", actor, {AT}, OLDEST + 1, LONG};
    world_audit_fill(w, &fill);
}

static struct query eye(struct world *w) {
    return (struct query){
        .db = w->house.db, .arena = &w->engine->arena, .city = {1}, .eye = EYE_CITY, .now = {AT}};
}

static struct audit_found found_after(struct world *w, const struct audit_ask *ask, int64_t after,
                                      int64_t limit) {
    struct query query = eye(w);
    struct audit_found found;
    assert_int_equal(query_audit(&query, ask, &(struct query_page){after, limit}, &found), RC_OK);
    return found;
}

static void what_is_rare_is_found_on_a_later_page(struct engine *engine) {
    struct world w;
    world_setup(&w, engine);
    struct caller staff = world_person(&w, ROLE_COORDINATOR, "one@example.jp");
    record_fill(&w, staff.account);
    struct day day = instant_day((struct instant){AT});
    const struct audit_ask asks[] = {
        {.action = TEXT("rules."), .from = DAY_NONE, .to = DAY_NONE},
        {.action = TEXT("rules."), .actor = staff.account, .from = DAY_NONE, .to = DAY_NONE},
        {.action = TEXT("rules."), .from = day_add(day, -900), .to = day},
    };
    for (size_t i = 0; i < COUNT(asks); i++) {
        struct audit_found found = found_after(&w, &asks[i], 0, 50);
        assert_int_equal(found.count, 0);
        assert_in_range(found.next, OLDEST + 1, LONG);
        found = found_after(&w, &asks[i], found.next, 50);
        assert_int_equal(found.count, OLDEST);
        assert_int_equal(found.rows[0].id, OLDEST);
        assert_int_equal(found.next, 0);
    }
    world_release(&w);
}

static void pages_follow_one_another(struct engine *engine) {
    struct world w;
    world_setup(&w, engine);
    struct caller staff = world_person(&w, ROLE_COORDINATOR, "one@example.jp");
    record_fill(&w, staff.account);
    const struct audit_ask asks[] = {
        {.from = DAY_NONE, .to = DAY_NONE},
        {.action = TEXT("b"), .from = DAY_NONE, .to = DAY_NONE},
        {.actor = staff.account, .from = DAY_NONE, .to = DAY_NONE},
        {.actor = staff.account, .action = TEXT("b"), .from = DAY_NONE, .to = DAY_NONE}};
    for (size_t i = 0; i < COUNT(asks); i++) {
        int64_t last = asks[i].action.n > 0 ? OLDEST + 1 : 1;
        int64_t expected = 20500; /* over the edges of two windows */
        for (int64_t after = expected + 1; after != 0;) {
            struct audit_found found = found_after(&w, &asks[i], after, 150);
            for (size_t k = 0; k < found.count; k++) {
                assert_int_equal(found.rows[k].id, expected--);
            }
            after = found.next;
        }
        assert_int_equal(expected, last - 1);
    }
    world_release(&w);
}

/* PostgreSQL's plan of a statement that is planned once for all values (docs/adr/0195). */
static void plan_check(PGconn *pg, const struct db_stmt *stmt) {
    char text[2048];
    size_t n = (size_t)snprintf(text, sizeof text, "EXPLAIN EXECUTE q (");
    for (const char *bind = stmt->binds; *bind != '\0'; bind++) {
        n += (size_t)snprintf(text + n, sizeof text - n, "%s'1'", bind == stmt->binds ? "" : ", ");
    }
    snprintf(text + n, sizeof text - n, ")");
    PQclear(PQprepare(pg, "q", stmt->sql, 0, NULL));
    PGresult *result = PQexec(pg, text);
    assert_int_equal(PQresultStatus(result), PGRES_TUPLES_OK);
    for (int row = 0; row < PQntuples(result); row++) {
        const char *line = PQgetvalue(result, row, 0);
        if (strstr(line, "Sort") != NULL || strstr(line, "Seq Scan on audit") != NULL ||
            strstr(line, "Bitmap") != NULL) {
            fail_msg("%s\n%s", stmt->sql, line);
        }
    }
    PQclear(result);
    PQclear(PQexec(pg, "DEALLOCATE q"));
}

static void the_record_is_never_read_whole(struct engine *engine) {
    struct world w;
    if (engine->kind != DB_POSTGRESQL) {
        return; /* tests/cli/plans.c */
    }
    world_setup(&w, engine);
    struct caller staff = world_person(&w, ROLE_COORDINATOR, "one@example.jp");
    record_fill(&w, staff.account);
    PGconn *pg = PQconnectdb(engine->url.p);
    PQclear(PQexec(pg, "ANALYZE audit"));
    PQclear(PQexec(pg, "SET plan_cache_mode = force_generic_plan"));
    for (size_t i = 0; i < query_audit_sql.count; i++) {
        plan_check(pg, &query_audit_sql.stmts[i]);
    }
    PQfinish(pg);
    world_release(&w);
}

int main(void) {
    static const struct engine_case cases[] = {
        ENGINE_CASE(each_look_is_a_row),        ENGINE_CASE(what_leaves_no_row_is_not_shown),
        ENGINE_CASE(a_crowd_leaves_a_row_each), ENGINE_CASE(what_is_rare_is_found_on_a_later_page),
        ENGINE_CASE(pages_follow_one_another),  ENGINE_CASE(the_record_is_never_read_whole)};
    return engines_run("service/audit", cases, COUNT(cases), world_lists());
}
