/* Idempotency keys on both engines: twenty at once with one key have one effect and get one answer, byte for byte. */
#include "fixture.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#include "query/people.h"
#include "service/registration.h"
#include "service/write.h"
#include "store/session.h"

enum { THREADS = 20, ROUNDS = 5 };

static void render(void *ctx, struct arena *arena, const void *outcome, struct idem_answer *ret_answer) {
    (void)ctx;
    const struct registration_outcome *out = outcome;
    *ret_answer =
        (struct idem_answer){.status = out->verdict.allowed ? 201 : 409,
                             .location = text_printf(arena, "/me/registration/%lld", (long long)out->id.n),
                             .content_type = TEXT("application/json"),
                             .body = text_printf(arena, "{\"id\":%lld,\"version\":%lld,\"nul\":\"a%cb\"}",
                                                 (long long)out->id.n, (long long)out->version, 0)};
}

static struct registration_form form_right(void) {
    struct day born = DAY_NONE;
    struct day mother = DAY_NONE;
    assert_true(day_parse(TEXT("2026-10-15"), &born) && day_parse(TEXT("1994-05-01"), &mother));
    struct registration_form form = {.mother_name = TEXT("枚方 まり"),
                                     .mother_kana = TEXT("ヒラカタ マリ"),
                                     .mother_birth_date = mother,
                                     .postal_code = TEXT("573-0027"),
                                     .address = TEXT("枚方市大垣内町2-1-20"),
                                     .phone = TEXT("072-841-1221"),
                                     .child_count = 1,
                                     .household_class = TEXT("taxed"),
                                     .consents = {TEXT("share"), TEXT("tax"), TEXT("same-room")},
                                     .consent_count = 3,
                                     .note = TEXT("")};
    form.children[0] = (struct registration_child){.birth_date = born, .due_date = DAY_NONE};
    return form;
}

struct attempt {
    struct fixture *fx;
    struct caller caller;
    struct registration_form form;
    struct text key;
    struct text request_hash;
    struct arena arena;
    struct idem idem;
    struct registration_outcome out;
    enum rc rc;
};

/* "Busy" is an answer that the machine's load decides; whoever gets it asks again. */
static void *attempt_run(void *arg) {
    struct attempt *attempt = arg;
    struct call call = {.house = &attempt->fx->house,
                        .city = attempt->fx->city,
                        .actor = attempt->caller,
                        .arena = &attempt->arena,
                        .now = env_now(&attempt->fx->env),
                        .idem = &attempt->idem};
    do {
        attempt->idem =
            (struct idem){.key = attempt->key, .request_hash = attempt->request_hash, .render = render};
        attempt->rc = registration_submit(&call, &attempt->form, &attempt->out);
    } while (attempt->rc == RC_FAULT && (call.fault == DB_BUSY || call.fault == DB_RACE));
    return NULL;
}

static void attempt_init(struct attempt *attempt, struct fixture *fx, struct account_id who, const char *key,
                         const char *hash) {
    *attempt = (struct attempt){.fx = fx,
                                .caller = fixture_as(fx, ROLE_RESIDENT, who),
                                .form = form_right(),
                                .key = text_of(key),
                                .request_hash = text_of(hash)};
    arena_init(&attempt->arena, 8 << 20);
}

static size_t registrations_of(struct fixture *fx, struct account_id who) {
    struct query query = {
        .db = fx->house.db, .arena = &fx->arena, .city = fx->city->id, .eye = EYE_RESIDENT, .account = who};
    struct registration_row *rows;
    size_t count = 0;
    struct registration_ask ask = {.account = who};
    assert_int_equal(query_registrations(&query, &ask, &(struct query_page){0, 50}, &rows, &count), RC_OK);
    return count;
}

static void twenty_at_once(struct engine *engine) {
    struct fixture fx;
    fixture_setup(&fx, engine);
    static struct attempt attempts[THREADS];
    for (int round = 0; round < ROUNDS; round++) {
        struct account_id who = fixture_resident(&fx, &(struct fixture_person){.unapproved = true});
        pthread_t threads[THREADS];
        size_t fresh = 0;
        for (size_t i = 0; i < THREADS; i++) {
            attempt_init(&attempts[i], &fx, who, "one key", "hash");
        }
        for (size_t i = 0; i < THREADS; i++) {
            assert_int_equal(pthread_create(&threads[i], NULL, attempt_run, &attempts[i]), 0);
        }
        for (size_t i = 0; i < THREADS; i++) {
            pthread_join(threads[i], NULL);
            const struct idem *idem = &attempts[i].idem;
            assert_int_equal(attempts[i].rc, RC_OK);
            assert_false(idem->mismatch);
            fresh += !idem->replayed;
            assert_int_equal(idem->answer.status, 201);
            assert_true(text_eq(idem->answer.body, attempts[0].idem.answer.body));
            assert_true(text_eq(idem->answer.location, attempts[0].idem.answer.location));
        }
        assert_int_equal(fresh, 1);
        assert_int_equal(registrations_of(&fx, who), 1);
        for (size_t i = 0; i < THREADS; i++) {
            arena_release(&attempts[i].arena);
        }
    }
    fixture_teardown(&fx);
}

static void another_request_is_a_mismatch(struct engine *engine) {
    struct fixture fx;
    fixture_setup(&fx, engine);
    struct account_id who = fixture_resident(&fx, &(struct fixture_person){.unapproved = true});
    struct account_id other = fixture_resident(&fx, &(struct fixture_person){.unapproved = true});
    struct attempt one;
    struct attempt two;
    struct attempt three;
    attempt_init(&one, &fx, who, "k", "hash one");
    attempt_init(&two, &fx, who, "k", "hash two");
    attempt_init(&three, &fx, other, "k", "hash three"); /* keys belong to their actor */
    attempt_run(&one);
    attempt_run(&two);
    attempt_run(&three);
    assert_false(one.idem.mismatch);
    assert_true(two.idem.mismatch);
    assert_false(two.idem.replayed);
    assert_false(three.idem.mismatch);
    assert_int_equal(registrations_of(&fx, who), 1);
    assert_int_equal(registrations_of(&fx, other), 1);
    struct attempt refused;
    attempt_init(&refused, &fx, who, "k2", "hash one"); /* refusals are answers too */
    attempt_run(&refused);
    assert_int_equal(refused.idem.answer.status, 409);
    struct attempt again;
    attempt_init(&again, &fx, who, "k2", "hash one");
    attempt_run(&again);
    assert_true(again.idem.replayed);
    assert_true(text_eq(again.idem.answer.body, refused.idem.answer.body));
    arena_release(&one.arena);
    arena_release(&two.arena);
    arena_release(&three.arena);
    arena_release(&refused.arena);
    arena_release(&again.arena);
    fixture_teardown(&fx);
}

/* What did nothing left no key behind: the same key may be used for a second try. */
static void nothing_done_is_not_kept(struct engine *engine) {
    struct fixture fx;
    fixture_setup(&fx, engine);
    struct account_id who = fixture_resident(&fx, &(struct fixture_person){.unapproved = true});
    struct attempt made;
    attempt_init(&made, &fx, who, "k", "hash");
    attempt_run(&made);
    struct call call = fixture_call(&fx, fixture_as(&fx, ROLE_RESIDENT, who));
    struct idem idem = {.key = TEXT("w"), .request_hash = TEXT("h"), .render = render};
    call.idem = &idem;
    struct registration_outcome out;
    assert_int_equal(registration_withdraw(&call, (struct registration_id){99}, &out), RC_NONE);
    assert_int_equal(registration_withdraw(&call, made.out.id, &out), RC_OK);
    assert_false(idem.replayed);
    assert_int_equal(registration_withdraw(&call, made.out.id, &out), RC_OK);
    assert_true(idem.replayed);
    arena_release(&made.arena);
    fixture_teardown(&fx);
}

/* What the second of them would be refused by a constraint, and what she would not find any more. */
struct odd {
    struct account_id account;
    bool seen; /* the effect of another key is looked for before anything is done */
};

static enum rc odd_run(struct tx *tx, struct call *call, const void *ask, void *outcome) {
    const struct odd *odd = ask;
    struct session_row row;
    struct session_insert made = {
        call->city->id, TEXT("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"),
        odd->account,   TEXT("bearer"),
        call->now,      instant_add(call->now, 60)};
    *(struct registration_outcome *)outcome = (struct registration_outcome){.verdict.allowed = true};
    enum rc rc = odd->seen ? session_load(tx, made.city, made.token_hash, &row) : RC_NONE;
    if (rc != RC_NONE) {
        return rc == RC_OK ? RC_NONE : rc;
    }
    return session_insert(tx, &made);
}

static void what_the_first_did_refuses_nobody(struct engine *engine) {
    struct fixture fx;
    fixture_setup(&fx, engine);
    struct odd odd = {.account = fixture_resident(&fx, &(struct fixture_person){.unapproved = true})};
    static const struct {
        const char *key;
        bool seen;
        bool replayed;
        enum rc rc;
    } calls[] = {{"one", false, false, RC_OK},
                 {"one", false, true, RC_OK},
                 {"one", true, true, RC_OK},
                 {"two", false, false, RC_FAULT},
                 {"two", true, false, RC_NONE}};
    for (size_t i = 0; i < COUNT(calls); i++) {
        struct call call = fixture_call(&fx, fixture_as(&fx, ROLE_RESIDENT, odd.account));
        struct idem idem = {.key = text_of(calls[i].key), .request_hash = TEXT("hash"), .render = render};
        struct registration_outcome out;
        struct call_work work = {odd_run, &odd, &out, sizeof out};
        call.idem = &idem;
        odd.seen = calls[i].seen;
        assert_int_equal(call_write(&call, &work), calls[i].rc);
        assert_int_equal(idem.replayed, calls[i].replayed);
        assert_true(calls[i].rc != RC_FAULT || call.fault == DB_UNIQUE);
    }
    fixture_teardown(&fx);
}

int main(void) {
    static const struct engine_case cases[] = {
        ENGINE_CASE(twenty_at_once), ENGINE_CASE(another_request_is_a_mismatch),
        ENGINE_CASE(nothing_done_is_not_kept), ENGINE_CASE(what_the_first_did_refuses_nobody)};
    return engines_run("service/idem", cases, COUNT(cases), fixture_lists());
}
