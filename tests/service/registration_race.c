/* Approvals at the same moment, and beside whatever else is being changed. */
#include "fixture.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "query/people.h"
#include "service/registration.h"
#include "service/write.h"
#include "store/city.h"

static struct registration_id submitted(struct fixture *fx) {
    struct account_id mari = fixture_resident(fx, &(struct fixture_person){.unapproved = true});
    struct registration_form form = {
        .mother_name = TEXT("髙橋 まり"),
        .mother_kana = TEXT("タカハシ マリ"),
        .mother_birth_date = day_of((struct ymd){1994, 5, 1}),
        .postal_code = TEXT("5730027"),
        .address = TEXT("大阪府枚方市大垣内町2-1-20"),
        .phone = TEXT("0728411221"),
        .children = {{.birth_date = day_of((struct ymd){2026, 10, 15}), .due_date = DAY_NONE}},
        .child_count = 1,
        .household_class = TEXT("taxed"),
        .consents = {TEXT("share"), TEXT("tax"), TEXT("same-room")},
        .consent_count = 3};
    struct call call = fixture_call(fx, fixture_as(fx, ROLE_RESIDENT, mari));
    struct registration_outcome outcome = {0};
    assert_int_equal(registration_submit(&call, &form, &outcome), RC_OK);
    assert_true(outcome.verdict.allowed);
    return outcome.id;
}

static int64_t number_of(struct fixture *fx, struct registration_id id) {
    struct query query = {.db = fx->house.db,
                          .arena = &fx->arena,
                          .city = fx->city->id,
                          .eye = EYE_CITY,
                          .account = fx->coordinator};
    struct registration_detail detail = {0};
    assert_int_equal(query_registration(&query, id, &detail), RC_OK);
    return detail.grant.number;
}

enum { APPROVALS = 8 };
struct approval {
    struct fixture *fx;
    struct registration_id id;
    struct arena arena;
    struct registration_outcome out;
    bool patient; /* "busy" is an answer that the machine's load decides: asks again */
    enum rc rc;
};

static void *approve(void *arg) {
    struct approval *approval = arg;
    struct call call = {.house = &approval->fx->house,
                        .city = approval->fx->city,
                        .actor = {.role = ROLE_COORDINATOR, .account = approval->fx->coordinator},
                        .arena = &approval->arena,
                        .now = env_now(&approval->fx->env)};
    struct registration_decision decision = {
        .id = approval->id, .valid_from = DAY_NONE, .valid_to = DAY_NONE};
    do {
        approval->rc = registration_approve(&call, &decision, &approval->out);
    } while (approval->patient && approval->rc == RC_FAULT &&
             (call.fault == DB_BUSY || call.fault == DB_RACE));
    return NULL;
}

/* Numbers of notices are counted without a gap and without two of one, however many approve at once. */
static void numbers_without_gaps(struct engine *engine) {
    static struct approval approvals[APPROVALS];
    struct fixture fx;
    fixture_setup(&fx, engine);
    pthread_t threads[APPROVALS];
    for (size_t i = 0; i < APPROVALS; i++) {
        approvals[i] = (struct approval){.fx = &fx, .id = submitted(&fx), .patient = true};
        arena_init(&approvals[i].arena, 4 << 20);
    }
    for (size_t i = 0; i < APPROVALS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, approve, &approvals[i]), 0);
    }
    int64_t seen = 0;
    for (size_t i = 0; i < APPROVALS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(approvals[i].rc, RC_OK);
        assert_true(approvals[i].out.verdict.allowed);
        seen |= INT64_C(1) << number_of(&fx, approvals[i].id);
        arena_release(&approvals[i].arena);
    }
    assert_int_equal(seen, ((INT64_C(1) << APPROVALS) - 1) << 1);
    fixture_teardown(&fx);
}

static enum rc approve_meanwhile(struct tx *tx, void *arg) {
    struct approval *approval = arg;
    struct call call =
        fixture_call(approval->fx, fixture_as(approval->fx, ROLE_COORDINATOR, approval->fx->coordinator));
    struct audit_entry entry = {.action = "test", .object = "city"};
    int64_t revision = 0;
    pthread_t thread;
    enum rc rc = audit_add(tx, &call, &entry);
    if (rc == RC_OK) {
        rc = city_rules_revision(tx, call.city->id, &revision); /* what was sent later is there by now */
    }
    assert_int_equal(pthread_create(&thread, NULL, approve, approval), 0);
    pthread_join(thread, NULL);
    return rc;
}

/* A change that has left its audit row and is not yet committed, as bookings do all day, keeps no approval waiting. */
static void numbered_beside_other_changes(struct engine *engine) {
    struct fixture fx;
    fixture_setup(&fx, engine);
    struct approval approval = {.fx = &fx, .id = submitted(&fx), .rc = RC_FAULT};
    arena_init(&approval.arena, 4 << 20);
    if (engine->kind == DB_POSTGRESQL) { /* where there is more than one writer */
        enum db_error error = DB_FINE;
        assert_int_equal(db_write(engine->db, &fx.arena, approve_meanwhile, &approval, &error), RC_OK);
        assert_int_equal(approval.rc, RC_OK);
        assert_true(approval.out.verdict.allowed);
    }
    arena_release(&approval.arena);
    fixture_teardown(&fx);
}

int main(void) {
    static const struct engine_case cases[] = {ENGINE_CASE(numbers_without_gaps),
                                               ENGINE_CASE(numbered_beside_other_changes)};
    return engines_run("service/registration_race", cases, COUNT(cases), fixture_lists());
}
