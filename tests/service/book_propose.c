/* What a facility proposes, on both engines: the resident answers, never the facility itself; the old booking stands
 * until she accepts, silence declines, and what becomes of a proposal when the old booking ends. */
#include "service/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static enum rc propose(struct fixture *fx, int staff, struct booking_id old, struct book_ask ask,
                       struct book_outcome *outcome) {
    struct call call = fixture_call(fx, fixture_staff(fx, staff));
    ask.change_of = old;
    return book_request(&call, &ask, outcome);
}

static struct booking_id must_propose(struct fixture *fx, int staff, struct booking_id old,
                                      struct book_ask ask) {
    struct book_outcome outcome;
    assert_int_equal(propose(fx, staff, old, ask, &outcome), RC_OK);
    assert_true(outcome.verdict.allowed);
    assert_int_equal(outcome.state, BOOKING_REQUESTED);
    assert_true(outcome.proposed);
    assert_false(instant_is_none(outcome.answer_by));
    return outcome.id;
}

static struct book_outcome step(struct fixture *fx, struct caller who, struct booking_id id,
                                enum booking_event event) {
    struct call call = fixture_call(fx, who);
    struct book_step ask = {.id = id, .event = event, .reason = TEXT(""), .report = TEXT("")};
    struct book_outcome outcome;
    assert_int_equal(book_step(&call, &ask, &outcome), RC_OK);
    return outcome;
}

static void must_step(struct fixture *fx, struct caller who, struct booking_id id, enum booking_event event,
                      enum booking_state state) {
    struct book_outcome outcome = step(fx, who, id, event);
    assert_true(outcome.verdict.allowed);
    assert_int_equal(outcome.state, state);
    assert_int_equal(outcome.cancel_fee.n + outcome.units_charged, 0);
}

static enum booking_state state_of(struct fixture *fx, struct booking_id id) {
    struct call call = fixture_call(fx, fixture_as(fx, ROLE_CITY_ADMIN, fx->admin));
    struct book_outcome outcome;
    assert_int_equal(book_cancel_quote(&call, id, &outcome), RC_OK);
    return outcome.state;
}

static int64_t taken(struct fixture *fx, int32_t day) {
    return fixture_slot(fx, 1, "stay", day).taken;
}

/* A confirmed stay of two nights at facility 1, which accepts at once. */
static struct account_id with_booking(struct fixture *fx, struct engine *e, struct booking_id *ret_old) {
    fixture_setup(fx, e);
    struct account_id hana = fixture_resident(fx, &(struct fixture_person){.units = 3});
    struct book_ask ask = fixture_ask(fx, 1, 5, 2);
    *ret_old = fixture_book(fx, hana, &ask).id;
    return hana;
}

static void accepted(struct engine *e) {
    struct fixture fx;
    struct booking_id old;
    struct account_id hana = with_booking(&fx, e, &old);
    struct caller her = fixture_as(&fx, ROLE_RESIDENT, hana);
    struct booking_id fresh = must_propose(&fx, 1, old, fixture_ask(&fx, 1, 6, 2));
    assert_int_equal(state_of(&fx, old), BOOKING_CONFIRMED);
    assert_int_equal(taken(&fx, 5) + taken(&fx, 6) + taken(&fx, 7), 3);
    fixture_verify(&fx);
    assert_false(step(&fx, fixture_staff(&fx, 1), fresh, BOOKING_EV_ACCEPT).verdict.allowed);
    assert_false(step(&fx, fixture_staff(&fx, 1), fresh, BOOKING_EV_DECLINE).verdict.allowed);
    assert_false(step(&fx, fixture_clock(), fresh, BOOKING_EV_LAPSE_ACCEPT).verdict.allowed);
    must_step(&fx, her, fresh, BOOKING_EV_ACCEPT, BOOKING_CONFIRMED);
    assert_int_equal(state_of(&fx, old), BOOKING_CANCELLED);
    assert_int_equal(taken(&fx, 5), 0);
    assert_int_equal(taken(&fx, 6) + taken(&fx, 7), 2);
    must_step(&fx, her, fresh, BOOKING_EV_CANCEL, BOOKING_CANCELLED); /* a booking like any other */
    fixture_teardown(&fx);
}

static void declined_and_withdrawn(struct engine *e) {
    struct fixture fx;
    struct booking_id old;
    struct account_id hana = with_booking(&fx, e, &old);
    struct booking_id fresh = must_propose(&fx, 1, old, fixture_ask(&fx, 1, 10, 3));
    struct book_outcome twice;
    assert_int_equal(propose(&fx, 1, old, fixture_ask(&fx, 1, 20, 2), &twice), RC_OK);
    assert_int_equal(twice.verdict.refused.code, REFUSAL_STATE);
    must_step(&fx, fixture_as(&fx, ROLE_RESIDENT, hana), fresh, BOOKING_EV_DECLINE, BOOKING_DECLINED);
    fresh = must_propose(&fx, 1, old, fixture_ask(&fx, 1, 10, 2));
    must_step(&fx, fixture_as(&fx, ROLE_COORDINATOR, fx.coordinator), fresh, BOOKING_EV_DECLINE,
              BOOKING_DECLINED);
    fresh = must_propose(&fx, 1, old, fixture_ask(&fx, 1, 10, 2));
    must_step(&fx, fixture_staff(&fx, 1), fresh, BOOKING_EV_CANCEL, BOOKING_CANCELLED);
    assert_int_equal(state_of(&fx, old), BOOKING_CONFIRMED);
    assert_int_equal(taken(&fx, 5) + taken(&fx, 6), 2);
    assert_int_equal(taken(&fx, 10) + taken(&fx, 11), 0);
    fixture_teardown(&fx);
}

/* Facility 2 lets silence accept; a proposal of its own is declined by silence all the same. */
static void silence_declines(struct engine *e) {
    struct fixture fx;
    fixture_setup(&fx, e);
    struct account_id hana = fixture_resident(&fx, &(struct fixture_person){.units = 3});
    struct book_ask ask = fixture_ask(&fx, 2, 5, 2);
    struct booking_id old = fixture_book(&fx, hana, &ask).id;
    must_step(&fx, fixture_staff(&fx, 2), old, BOOKING_EV_ACCEPT, BOOKING_CONFIRMED);
    struct booking_id fresh = must_propose(&fx, 2, old, fixture_ask(&fx, 2, 10, 2));
    fixture_later(&fx, 4 * 3600);
    fixture_tick(&fx);
    assert_int_equal(state_of(&fx, fresh), BOOKING_REQUESTED); /* the city's day, not the facility's hours */
    fixture_later(&fx, 20 * 3600);
    fixture_tick(&fx);
    assert_int_equal(state_of(&fx, fresh), BOOKING_LAPSED);
    assert_int_equal(state_of(&fx, old), BOOKING_CONFIRMED);
    fixture_teardown(&fx);
}

/* "Not then, but two days later": the request is declined, what was proposed stands on its own. */
static void instead_of_a_request(struct engine *e) {
    struct fixture fx;
    fixture_setup(&fx, e);
    fixture_capacity(&fx, 0, "stay", 0, FIXTURE_DAYS, 1);
    struct account_id hana = fixture_resident(&fx, &(struct fixture_person){.units = 2});
    struct book_ask ask = fixture_ask(&fx, 0, 5, 2);
    struct booking_id old = fixture_book(&fx, hana, &ask).id;
    struct booking_id fresh = must_propose(&fx, 0, old, fixture_ask(&fx, 0, 6, 2));
    must_step(&fx, fixture_staff(&fx, 0), old, BOOKING_EV_DECLINE, BOOKING_DECLINED);
    fixture_verify(&fx);
    assert_false(step(&fx, fixture_staff(&fx, 0), fresh, BOOKING_EV_ACCEPT).verdict.allowed);
    must_step(&fx, fixture_as(&fx, ROLE_RESIDENT, hana), fresh, BOOKING_EV_ACCEPT, BOOKING_CONFIRMED);
    fixture_teardown(&fx);
}

static void goes_with_the_old_one(struct engine *e) {
    struct fixture fx;
    struct booking_id old;
    struct account_id hana = with_booking(&fx, e, &old);
    struct booking_id fresh = must_propose(&fx, 1, old, fixture_ask(&fx, 1, 10, 2));
    must_step(&fx, fixture_as(&fx, ROLE_RESIDENT, hana), old, BOOKING_EV_CANCEL, BOOKING_CANCELLED);
    assert_int_equal(state_of(&fx, fresh), BOOKING_CANCELLED);
    assert_int_equal(taken(&fx, 10), 0);
    fixture_teardown(&fx);
}

static void only_its_own(struct engine *e) {
    struct fixture fx;
    struct booking_id old;
    struct account_id hana = with_booking(&fx, e, &old);
    struct book_outcome outcome;
    assert_int_equal(propose(&fx, 0, old, fixture_ask(&fx, 0, 10, 2), &outcome),
                     RC_NONE); /* not its booking */
    assert_int_equal(propose(&fx, 1, old, fixture_ask(&fx, 0, 10, 2), &outcome), RC_NONE); /* not its place */
    struct book_ask named = fixture_ask(&fx, 1, 10, 2);
    named.resident = fixture_resident(&fx, &(struct fixture_person){0});
    assert_int_equal(propose(&fx, 1, old, named, &outcome), RC_NONE); /* not that person's */
    assert_int_equal(propose(&fx, 1, (struct booking_id){0}, named, &outcome), RC_NONE);
    struct booking_id fresh = must_propose(&fx, 1, old, fixture_ask(&fx, 1, 10, 2));
    struct call call = fixture_call(&fx, fixture_as(&fx, ROLE_RESIDENT, named.resident));
    struct book_step step = {.id = fresh, .event = BOOKING_EV_ACCEPT};
    assert_int_equal(book_step(&call, &step, &outcome), RC_NONE);
    (void)hana;
    fixture_teardown(&fx);
}

int main(void) {
    static const struct engine_case cases[] = {
        ENGINE_CASE(accepted),
        ENGINE_CASE(declined_and_withdrawn),
        ENGINE_CASE(silence_declines),
        ENGINE_CASE(instead_of_a_request),
        ENGINE_CASE(goes_with_the_old_one),
        ENGINE_CASE(only_its_own),
    };
    return engines_run("service/book_propose", cases, COUNT(cases), fixture_lists());
}
