/* The record of looks, which each look at it changes: whoever looks, at the same moment as others or alone, finds her own look
 * in what she is shown, and whatever was on record before she asked; each leaves a row. */
#include "web/desk.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <semaphore.h>
#include <string.h>

#include "query/people.h"
#include "query/statements.h"
#include "web/web.h"

enum { ONLOOKERS = 6, EACH = 7 }; /* fewer looks than a page has rows */

static const char path[] = "/city/audit";

struct onlooker {
    struct desk desk; /* with an arena of her own */
    struct asker asker;
    pthread_t thread;
    _Atomic size_t *answered; /* of all */
    size_t missing;           /* looks that had to be there and were not */
    size_t slow;              /* made by a worker */
};

static _Atomic bool broken;

static enum db_error break_reading(void *ctx, const struct db_stmt *stmt) {
    (void)ctx;
    return atomic_load(&broken) && stmt == &query_audit_sql.stmts[0] ? DB_IO : DB_FINE;
}

/* On a database that counts what is committed. */
static void open_desk(struct desk *desk, struct engine *e) {
    static const struct db_config config = {.readers = 8,
                                            .watched = house_public_tables,
                                            .unshown = house_unshown_tables,
                                            .trace = break_reading};
    engine_reopen(e, &(struct engine_plan){.lists = fixture_lists(), .config = &config});
    desk_setup(desk, e);
}

static size_t looks_on(struct text page) {
    static const struct text cell = TEXT_INIT("<td>audit.list</td>");
    size_t n = 0;
    for (const char *at = memmem(page.p, page.n, cell.p, cell.n); at != NULL; n++) {
        at += cell.n;
        at = memmem(at, (size_t)(page.p + page.n - at), cell.p, cell.n);
    }
    return n;
}

static void *look(void *arg) {
    struct onlooker *who = arg;
    for (size_t i = 0; i < EACH; i++) {
        struct answer page;
        size_t before = atomic_load(who->answered);
        if (!desk_quick(&who->desk, &who->asker, path, &page)) {
            who->slow++;
            page = desk_get(&who->desk, &who->asker, path);
        }
        who->missing += page.status != 200 || looks_on(page.body) < before + 1 ? 1 : 0;
        atomic_fetch_add(who->answered, 1);
    }
    return NULL;
}

static size_t looks_recorded(struct desk *desk) {
    struct query query = {.db = desk->fx.house.db,
                          .arena = &desk->arena,
                          .city = desk->fx.city->id,
                          .eye = EYE_CITY,
                          .now = env_now(&desk->fx.env)};
    struct audit_ask ask = {.action = TEXT("audit.list"), .from = DAY_NONE, .to = DAY_NONE};
    struct query_page page = {.limit = 200};
    struct audit_found found;
    assert_int_equal(query_audit(&query, &ask, &page, &found), RC_OK);
    return found.count;
}

static void each_sees_her_own_look(struct engine *e) {
    static struct onlooker crowd[ONLOOKERS];
    struct desk desk;
    open_desk(&desk, e);
    struct asker people[] = {desk_sign_in(&desk, desk.fx.admin, true),
                             desk_sign_in(&desk, desk.fx.auditor, true)};
    _Atomic size_t answered = 0;
    for (size_t i = 0; i < COUNT(people); i++) {
        struct answer first = desk_get(&desk, &people[i], path);
        assert_int_equal(looks_on(first.body), i + 1);
        answered++;
    }
    for (size_t i = 0; i < ONLOOKERS; i++) {
        crowd[i] = (struct onlooker){.desk = desk, .asker = people[i % 2], .answered = &answered};
        arena_init(&crowd[i].desk.arena, 64 << 20);
    }
    for (size_t i = 0; i < ONLOOKERS; i++) {
        assert_int_equal(pthread_create(&crowd[i].thread, NULL, look, &crowd[i]), 0);
    }
    size_t slow = 0;
    for (size_t i = 0; i < ONLOOKERS; i++) {
        assert_int_equal(pthread_join(crowd[i].thread, NULL), 0);
        assert_int_equal(crowd[i].missing, 0);
        slow += crowd[i].slow;
        arena_release(&crowd[i].desk.arena);
    }
    assert_true(slow < ONLOOKERS * EACH);
    assert_int_equal(looks_recorded(&desk), answered);
    desk_teardown(&desk);
}

/* What somebody searches for is hers alone, and sees itself as well. */
static void a_search_sees_itself(struct engine *e) {
    struct desk desk;
    struct answer page;
    open_desk(&desk, e);
    struct asker admin = desk_sign_in(&desk, desk.fx.admin, true);
    for (size_t i = 1; i <= 3; i++) {
        assert_false(desk_quick(&desk, &admin, "/city/audit?action=audit.", &page));
        page = desk_get(&desk, &admin, "/city/audit?action=audit.");
        assert_int_equal(looks_on(page.body), i);
    }
    desk_teardown(&desk);
}

/* ---- when it cannot be made ---- */

static void a_round_that_fails_is_a_workers(struct engine *e) {
    struct desk desk;
    struct answer page;
    open_desk(&desk, e);
    struct asker admin = desk_sign_in(&desk, desk.fx.admin, true);
    assert_int_equal(desk_get(&desk, &admin, path).status, 200);
    atomic_store(&broken, true);
    assert_false(desk_quick(&desk, &admin, path, &page));
    assert_int_equal(desk_get(&desk, &admin, path).status, 503);
    atomic_store(&broken, false);
    assert_true(desk_quick(&desk, &admin, path, &page));
    assert_int_equal(looks_on(page.body), 4); /* each is on record, also of what could not be shown */
    desk_teardown(&desk);
}

struct stranger {
    struct round_wait wait;
    sem_t told;
    bool made;
};

static void told(struct round_wait *wait, const struct page_piece *piece) {
    struct stranger *who = (struct stranger *)wait;
    who->made = piece != NULL;
    sem_post(&who->told);
}

/* Whose session ended while she waited. */
static void nothing_is_made_for_a_stranger(struct engine *e) {
    struct desk desk;
    open_desk(&desk, e);
    struct http_request request = {.method = HTTP_GET,
                                   .path = TEXT("/city/audit"),
                                   .host = TEXT("sango.example.jp"),
                                   .authority = TEXT("sango.example.jp"),
                                   .peer = TEXT("192.0.2.7"),
                                   .arena = &desk.arena};
    struct stranger who = {.wait = {.key = TEXT("hers"), .request = &request, .told = told}, .made = true};
    sem_init(&who.told, 0, 0);
    rounds_join(desk.web->rounds, &who.wait);
    assert_int_equal(sem_wait(&who.told), 0);
    assert_false(who.made);
    sem_destroy(&who.told);
    desk_teardown(&desk);
}

int main(void) {
    static const struct engine_case cases[] = {
        ENGINE_CASE(each_sees_her_own_look), ENGINE_CASE(a_search_sees_itself),
        ENGINE_CASE(a_round_that_fails_is_a_workers), ENGINE_CASE(nothing_is_made_for_a_stranger)};
    return engines_run("web/round", cases, COUNT(cases), fixture_lists());
}
