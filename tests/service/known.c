/* Sessions that are remembered: nothing is read for them, and whatever ends or changes one at another server shows in
 * the next look. Two houses: `here` remembers, `there` does things. On PostgreSQL each has a connection of its own. */
#include "service/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <time.h>
#include <cmocka.h>

#include "service/account.h"
#include "service/known.h"
#include "service/notice.h"
#include "store/account.h"
#include "sys/token.h"

struct pair {
    struct fixture fx; /* there */
    struct engine other;
    struct house here;
    _Atomic int statements; /* run by `here`; by both on SQLite */
};

static enum db_error note(void *ctx, const struct db_stmt *stmt) {
    atomic_fetch_add((_Atomic int *)ctx, stmt != &db_trace_commit);
    return DB_FINE;
}

static void pair_open(struct pair *pair, struct engine *engine) {
    atomic_store(&pair->statements, 0);
    struct db_config config = {.readers = 4,
                               .watched = house_public_tables,
                               .unshown = house_unshown_tables,
                               .trace = note,
                               .trace_ctx = &pair->statements};
    struct engine_plan plan = {.lists = fixture_lists(), .config = &config};
    engine_reopen(engine, &plan);
    fixture_setup(&pair->fx, engine);
    pair->here = pair->fx.house;
    pair->here.known = known_make(&pair->fx.arena);
    if (engine->kind == DB_POSTGRESQL) {
        pair->other = *engine;
        pair->other.db = NULL;
        engine_reopen(&pair->other, &plan);
        pair->here.db = pair->other.db;
    }
}

static void pair_close(struct pair *pair) {
    known_release(pair->here.known);
    if (pair->here.db != pair->fx.house.db) {
        db_close(pair->other.db);
    }
    fixture_teardown(&pair->fx);
}

static struct version version_now(const struct house *house, struct city_id city) {
    struct version version;
    while (!version_wait(house, city, &version)) { /* the thread that counts may still be connecting */
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
    return version;
}

/* As a request to `here` finds it, with or without what is remembered. */
static enum rc look(struct pair *pair, struct text token, bool remembering, struct session *ret_session) {
    struct call call = fixture_call(&pair->fx, (struct caller){.role = ROLE_PUBLIC});
    struct version version = version_now(&pair->here, pair->fx.city->id);
    call.house = &pair->here;
    call.version = remembering ? &version : NULL;
    return session_find(&call, token, ret_session);
}

static void assert_same(const struct session *a, const struct session *b) {
    assert_int_equal(a->actor.account.n, b->actor.account.n);
    assert_int_equal(a->actor.role, b->actor.role);
    assert_int_equal(a->actor.facility.n, b->actor.facility.n);
    assert_true(text_eq(a->name, b->name) && text_eq(a->csrf, b->csrf));
    assert_true(text_eq(a->facility_name, b->facility_name));
    assert_int_equal(a->notices_unread, b->notices_unread);
    assert_int_equal(a->expires_at.s, b->expires_at.s);
    assert_int_equal(a->rules_revision, b->rules_revision);
}

/* Is there a session? Said alike with and without memory. */
static bool is_alive(struct pair *pair, struct text token) {
    struct session remembered = {0};
    struct session read = {0};
    enum rc rc = look(pair, token, true, &remembered);
    assert_int_equal(look(pair, token, false, &read), rc);
    assert_true(rc == RC_OK || rc == RC_NONE);
    if (rc == RC_OK) {
        assert_same(&remembered, &read);
    }
    return rc == RC_OK;
}

static bool reads_nothing(struct pair *pair, struct text token) {
    struct session session;
    int before = atomic_load(&pair->statements);
    assert_int_equal(look(pair, token, true, &session), RC_OK);
    return atomic_load(&pair->statements) == before;
}

static struct text open_session(struct pair *pair, struct account_id account) {
    struct call call = fixture_call(&pair->fx, fixture_clock());
    struct session_opened opened;
    assert_int_equal(session_issue(&call, account, false, 12 * 3600L, &opened), RC_OK);
    assert_true(is_alive(pair, opened.token));
    assert_true(reads_nothing(pair, opened.token));
    return opened.token;
}

/* ---- what is done there ---- */

struct deed {
    const char *name;
    void (*run)(struct pair *pair, struct account_id account, struct text token);
    bool ends;  /* the session */
    bool quiet; /* shows nobody anything: memory stays */
};

struct change {
    struct pair *pair;
    struct account_id account;
    enum rc (*run)(struct tx *tx, const struct change *change);
};

static enum rc change_run(struct tx *tx, void *arg) {
    const struct change *change = arg;
    return change->run(tx, change);
}

static void change_there(struct pair *pair, struct account_id account,
                         enum rc (*run)(struct tx *tx, const struct change *change)) {
    struct change change = {pair, account, run};
    enum db_error error;
    assert_int_equal(db_write(pair->fx.house.db, &pair->fx.arena, change_run, &change, &error), RC_OK);
}

static struct call call_as(struct pair *pair, enum role role, struct account_id account) {
    return fixture_call(&pair->fx, fixture_as(&pair->fx, role, account));
}

static void sign_out(struct pair *pair, struct account_id account, struct text token) {
    struct call call = call_as(pair, ROLE_RESIDENT, account);
    assert_int_equal(session_close(&call, token), RC_OK);
}

static void sign_out_everywhere(struct pair *pair, struct account_id account, struct text token) {
    (void)token;
    struct call call = call_as(pair, ROLE_RESIDENT, account);
    assert_int_equal(session_close_all(&call), RC_OK);
}

static void disable(struct pair *pair, struct account_id account, struct text token) {
    (void)token;
    struct call call = call_as(pair, ROLE_CITY_ADMIN, pair->fx.admin);
    assert_int_equal(account_disable(&call, account, true), RC_OK);
}

static enum rc lock_run(struct tx *tx, const struct change *change) {
    return account_set_state(tx, change->pair->fx.city->id, change->account, TEXT("disabled"));
}

static void lock_only(struct pair *pair, struct account_id account, struct text token) {
    (void)token;
    change_there(pair, account, lock_run);
}

static void book(struct pair *pair, struct account_id account, struct text token) {
    (void)token;
    struct book_ask ask = fixture_ask(&pair->fx, 1, 2, 0);
    (void)fixture_book(&pair->fx, account, &ask); /* leaves a notice */
}

static void read_notices(struct pair *pair, struct account_id account, struct text token) {
    (void)token;
    struct call call = call_as(pair, ROLE_RESIDENT, account);
    assert_int_equal(notice_read(&call, (struct notice_id){0}), RC_OK);
}

static void another_signs_in(struct pair *pair, struct account_id account, struct text token) {
    (void)token;
    struct call call = fixture_call(&pair->fx, fixture_clock());
    struct session_opened opened;
    assert_int_equal(session_issue(&call, account, false, 3600, &opened), RC_OK);
}

static void sweep(struct pair *pair, struct account_id account, struct text token) {
    (void)account;
    (void)token;
    struct call call = fixture_call(&pair->fx, fixture_clock());
    int64_t dropped;
    assert_int_equal(session_sweep(&call, &dropped), RC_OK);
}

static void deeds_there_show_here(struct engine *e) {
    static const struct deed deeds[] = {
        {"another signs in", another_signs_in, false, true},
        {"sweep", sweep, false, true},
        {"book", book, false, false},
        {"read notices", read_notices, false, false},
        {"sign out", sign_out, true, false},
        {"sign out everywhere", sign_out_everywhere, true, false},
        {"lock only", lock_only, true, false},
    };
    struct pair *pair = arena_new(&e->arena, struct pair);
    pair_open(pair, e);
    for (size_t i = 0; i < COUNT(deeds); i++) {
        struct account_id hana = fixture_resident(&pair->fx, &(struct fixture_person){.units = 7});
        struct text token = open_session(pair, hana);
        deeds[i].run(pair, hana, token);
        if (deeds[i].quiet != (deeds[i].ends ? false : reads_nothing(pair, token))) {
            fail_msg("%s: memory %s", deeds[i].name, deeds[i].quiet ? "was lost" : "stayed");
        }
        if (is_alive(pair, token) == deeds[i].ends) {
            fail_msg("%s: %s", deeds[i].name, deeds[i].ends ? "still signed in" : "signed out");
        }
    }
    pair_close(pair);
}

static void staff_are_disabled_at_once(struct engine *e) {
    struct pair *pair = arena_new(&e->arena, struct pair);
    pair_open(pair, e);
    struct text token = open_session(pair, pair->fx.staff[1]);
    disable(pair, pair->fx.staff[1], token);
    assert_false(is_alive(pair, token));
    pair_close(pair);
}

/* The clock decides as it does without memory: seen once a minute, idle for an hour, over at the end. */
static void the_clock_is_asked_each_time(struct engine *e) {
    struct pair *pair = arena_new(&e->arena, struct pair);
    pair_open(pair, e);
    struct text busy = open_session(pair, pair->fx.staff[0]);
    struct text idle = open_session(pair, pair->fx.staff[1]);
    fixture_later(&pair->fx, 59);
    assert_true(reads_nothing(pair, busy));
    fixture_later(&pair->fx, 1);
    assert_false(reads_nothing(pair, busy));
    assert_true(reads_nothing(pair, busy));
    for (int minute = 1; minute < 60; minute += 3) {
        assert_true(is_alive(pair, busy));
        fixture_later(&pair->fx, 180);
    }
    assert_true(is_alive(pair, busy));
    assert_false(is_alive(pair, idle));
    for (int hour = 0; hour < 12; hour++) {
        fixture_later(&pair->fx, 1800);
        (void)is_alive(pair, busy);
        fixture_later(&pair->fx, 1799);
        (void)is_alive(pair, busy);
    }
    assert_false(is_alive(pair, busy));
    pair_close(pair);
}

/* More sessions than there is room for: some are read again, all are right. */
static void memory_is_bounded(struct engine *e) {
    enum { MANY = 300 };
    struct pair *pair = arena_new(&e->arena, struct pair);
    pair_open(pair, e);
    struct known_key key = {pair->fx.city->id, TEXT("")};
    struct session session = {.actor = {.account = {1}}, .name = TEXT("a"), .csrf = TEXT("c")};
    struct instant until = {1000};
    int found = 0;
    for (int64_t i = 0; i < 40 * MANY; i++) {
        session.actor.account.n = i + 1;
        key.token_hash = token_hash(&pair->fx.arena, text_printf(&pair->fx.arena, "%lld", (long long)i));
        known_keep(pair->here.known, &key, 1, until, &session);
    }
    for (int64_t i = 0; i < 40 * MANY; i++) {
        struct session got;
        key.token_hash = token_hash(&pair->fx.arena, text_printf(&pair->fx.arena, "%lld", (long long)i));
        if (known_find(pair->here.known, &key, &(uint64_t){1}, (struct instant){999}, &pair->fx.arena,
                       &got)) {
            assert_int_equal(got.actor.account.n, i + 1);
            assert_false(known_find(pair->here.known, &key, &(uint64_t){2}, (struct instant){999},
                                    &pair->fx.arena, &got));
            assert_false(known_find(pair->here.known, &key, &(uint64_t){1}, (struct instant){1000},
                                    &pair->fx.arena, &got));
            found++;
        }
    }
    assert_in_range(found, 100, 4096);
    pair_close(pair);
}

int main(void) {
    static const struct engine_case cases[] = {
        ENGINE_CASE(deeds_there_show_here), ENGINE_CASE(staff_are_disabled_at_once),
        ENGINE_CASE(the_clock_is_asked_each_time), ENGINE_CASE(memory_is_bounded)};
    return engines_run("service/known", cases, COUNT(cases), fixture_lists());
}
