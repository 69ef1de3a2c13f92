/* Changing a booking, on both engines: the old place stands until the new one is certain, also inside a full house and
 * at the edge of the quota; and what becomes of the two when one of them ends. */
#include "service/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static struct book_outcome change(struct fixture *fx, struct account_id resident, struct booking_id old,
                                  struct book_ask ask) {
    struct call call = fixture_call(fx, fixture_as(fx, ROLE_RESIDENT, resident));
    struct book_outcome outcome;
    ask.change_of = old;
    assert_int_equal(book_request(&call, &ask, &outcome), RC_OK);
    return outcome;
}

static struct book_outcome must_step(struct fixture *fx, struct caller who, struct booking_id id,
                                     enum booking_event event, enum booking_state state) {
    struct call call = fixture_call(fx, who);
    struct book_step ask = {.id = id, .event = event, .reason = TEXT("満床のため"), .report = TEXT("")};
    struct book_outcome outcome;
    assert_int_equal(book_step(&call, &ask, &outcome), RC_OK);
    assert_true(outcome.verdict.allowed);
    assert_int_equal(outcome.state, state);
    return outcome;
}

static enum booking_state state_of(struct fixture *fx, struct booking_id id) {
    struct call call = fixture_call(fx, fixture_as(fx, ROLE_CITY_ADMIN, fx->admin));
    struct book_outcome outcome;
    assert_int_equal(book_cancel_quote(&call, id, &outcome), RC_OK);
    return outcome.state;
}

static void must_taken(struct fixture *fx, int facility, int32_t first, const int64_t *taken, size_t count) {
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(fixture_slot(fx, facility, "stay", first + (int32_t)i).taken, taken[i]);
    }
}
#define MUST_TAKEN(fx, facility, first, ...)                                                                 \
    must_taken(fx, facility, first, (const int64_t[]){__VA_ARGS__},                                          \
               sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t))

static struct booking_id booked(struct fixture *fx, struct account_id resident, int facility, int32_t first,
                                int32_t nights) {
    struct book_ask ask = fixture_ask(fx, facility, first, nights);
    return fixture_book(fx, resident, &ask).id;
}

/* One bed, hers: moving by one night needs only the night that is new. */
static void in_a_full_house(struct engine *e) {
    struct fixture fx;
    fixture_setup(&fx, e);
    fixture_capacity(&fx, 1, "stay", 0, FIXTURE_DAYS, 1);
    struct account_id hana = fixture_resident(&fx, &(struct fixture_person){.units = 3});
    struct booking_id old = booked(&fx, hana, 1, 5, 3);
    struct book_outcome fresh = change(&fx, hana, old, fixture_ask(&fx, 1, 6, 3));
    assert_true(fresh.verdict.allowed);
    assert_int_equal(fresh.state, BOOKING_CONFIRMED);
    assert_int_equal(state_of(&fx, old), BOOKING_CANCELLED);
    MUST_TAKEN(&fx, 1, 5, 0, 1, 1, 1, 0);
    fresh = change(&fx, hana, fresh.id, fixture_ask(&fx, 1, 7, 1)); /* a part of it */
    assert_int_equal(fresh.state, BOOKING_CONFIRMED);
    MUST_TAKEN(&fx, 1, 5, 0, 0, 1, 0, 0);
    fresh = change(&fx, hana, fresh.id, fixture_ask(&fx, 1, 6, 3)); /* around it */
    assert_int_equal(fresh.state, BOOKING_CONFIRMED);
    MUST_TAKEN(&fx, 1, 5, 0, 1, 1, 1, 0);
    (void)booked(&fx, fixture_resident(&fx, &(struct fixture_person){0}), 1, 9, 1);
    fresh = change(&fx, hana, fresh.id, fixture_ask(&fx, 1, 7, 3));
    assert_int_equal(fresh.verdict.refused.code, REFUSAL_FULL);
    fixture_teardown(&fx);
}

static void declined(struct engine *e) {
    struct fixture fx;
    fixture_setup(&fx, e);
    struct account_id hana = fixture_resident(&fx, &(struct fixture_person){.units = 4});
    struct booking_id old = booked(&fx, hana, 0, 5, 3);
    (void)must_step(&fx, fixture_staff(&fx, 0), old, BOOKING_EV_ACCEPT, BOOKING_CONFIRMED);
    struct book_outcome over = change(&fx, hana, old, fixture_ask(&fx, 0, 6, 5));
    assert_int_equal(over.verdict.refused.code, REFUSAL_QUOTA);
    struct book_outcome fresh = change(&fx, hana, old, fixture_ask(&fx, 0, 6, 4));
    assert_int_equal(fresh.state, BOOKING_REQUESTED);
    MUST_TAKEN(&fx, 0, 5, 1, 1, 1, 1, 1, 0);
    fixture_verify(&fx);
    struct book_outcome twice = change(&fx, hana, old, fixture_ask(&fx, 0, 12, 1));
    assert_int_equal(twice.verdict.refused.code, REFUSAL_STATE);
    twice = change(&fx, hana, fresh.id, fixture_ask(&fx, 0, 12, 1));
    assert_int_equal(twice.verdict.refused.code, REFUSAL_STATE);
    (void)must_step(&fx, fixture_staff(&fx, 0), fresh.id, BOOKING_EV_DECLINE, BOOKING_DECLINED);
    assert_int_equal(state_of(&fx, old), BOOKING_CONFIRMED);
    MUST_TAKEN(&fx, 0, 5, 1, 1, 1, 0, 0);
    fixture_teardown(&fx);
}

static void accepted(struct engine *e) {
    struct fixture fx;
    fixture_setup(&fx, e);
    struct account_id hana = fixture_resident(&fx, &(struct fixture_person){.units = 4});
    struct booking_id old = booked(&fx, hana, 0, 5, 3);
    (void)must_step(&fx, fixture_staff(&fx, 0), old, BOOKING_EV_ACCEPT, BOOKING_CONFIRMED);
    struct book_outcome fresh = change(&fx, hana, old, fixture_ask(&fx, 0, 7, 2));
    (void)must_step(&fx, fixture_staff(&fx, 0), fresh.id, BOOKING_EV_ACCEPT, BOOKING_CONFIRMED);
    assert_int_equal(state_of(&fx, old), BOOKING_CANCELLED);
    MUST_TAKEN(&fx, 0, 5, 0, 0, 1, 1, 0);
    fixture_verify(&fx);
    (void)booked(&fx, hana, 1, 20, 2); /* the two units that came back */
    fixture_teardown(&fx);
}

static void lapsed_to_accept(struct engine *e) {
    struct fixture fx;
    fixture_setup(&fx, e);
    struct account_id hana = fixture_resident(&fx, &(struct fixture_person){.units = 3});
    struct booking_id old = booked(&fx, hana, 1, 5, 3);
    struct book_outcome fresh = change(&fx, hana, old, fixture_ask(&fx, 2, 5, 3));
    assert_int_equal(fresh.state, BOOKING_REQUESTED);
    MUST_TAKEN(&fx, 1, 5, 1, 1, 1);
    MUST_TAKEN(&fx, 2, 5, 1, 1, 1);
    fixture_later(&fx, 4 * 3600);
    struct call call = fixture_call(&fx, fixture_clock());
    int64_t settled = 0;
    assert_int_equal(book_lapse_due(&call, &settled), RC_OK);
    assert_int_equal(settled, 1);
    assert_int_equal(state_of(&fx, fresh.id), BOOKING_CONFIRMED);
    assert_int_equal(state_of(&fx, old), BOOKING_CANCELLED);
    MUST_TAKEN(&fx, 1, 5, 0, 0, 0);
    fixture_teardown(&fx);
}

/* She gives the use up: the undecided change goes with it. */
static void old_cancelled(struct engine *e) {
    struct fixture fx;
    fixture_setup(&fx, e);
    struct account_id hana = fixture_resident(&fx, &(struct fixture_person){.units = 3});
    struct booking_id old = booked(&fx, hana, 1, 5, 3);
    struct book_outcome fresh = change(&fx, hana, old, fixture_ask(&fx, 0, 6, 3));
    (void)must_step(&fx, fixture_as(&fx, ROLE_RESIDENT, hana), old, BOOKING_EV_CANCEL, BOOKING_CANCELLED);
    assert_int_equal(state_of(&fx, fresh.id), BOOKING_CANCELLED);
    MUST_TAKEN(&fx, 0, 6, 0, 0, 0);
    MUST_TAKEN(&fx, 1, 5, 0, 0, 0);
    fixture_teardown(&fx);
}

/* The facility takes the old place away: what she asked for goes on as a booking of its own, sharing nights or not. */
static void old_declined(struct engine *e) {
    struct fixture fx;
    fixture_setup(&fx, e);
    fixture_capacity(&fx, 0, "stay", 0, FIXTURE_DAYS, 1);
    struct account_id hana = fixture_resident(&fx, &(struct fixture_person){.units = 3});
    struct booking_id old = booked(&fx, hana, 0, 5, 3);
    struct book_outcome fresh = change(&fx, hana, old, fixture_ask(&fx, 0, 6, 3));
    assert_int_equal(fresh.state, BOOKING_REQUESTED);
    (void)must_step(&fx, fixture_staff(&fx, 0), old, BOOKING_EV_DECLINE, BOOKING_DECLINED);
    MUST_TAKEN(&fx, 0, 5, 0, 1, 1, 1);
    fixture_verify(&fx);
    (void)must_step(&fx, fixture_staff(&fx, 0), fresh.id, BOOKING_EV_ACCEPT, BOOKING_CONFIRMED);
    fixture_teardown(&fx);
}

static void change_withdrawn(struct engine *e) {
    struct fixture fx;
    fixture_setup(&fx, e);
    struct account_id hana = fixture_resident(&fx, &(struct fixture_person){.units = 3});
    struct booking_id old = booked(&fx, hana, 1, 5, 3);
    struct book_outcome fresh = change(&fx, hana, old, fixture_ask(&fx, 0, 6, 2));
    (void)must_step(&fx, fixture_as(&fx, ROLE_RESIDENT, hana), fresh.id, BOOKING_EV_CANCEL,
                    BOOKING_CANCELLED);
    assert_int_equal(state_of(&fx, old), BOOKING_CONFIRMED);
    MUST_TAKEN(&fx, 1, 5, 1, 1, 1);
    fixture_teardown(&fx);
}

static void by_the_city(struct engine *e) {
    struct fixture fx;
    fixture_setup(&fx, e);
    struct account_id hana = fixture_resident(&fx, &(struct fixture_person){.units = 3});
    struct booking_id old = booked(&fx, hana, 1, 5, 3);
    struct call call = fixture_call(&fx, fixture_as(&fx, ROLE_COORDINATOR, fx.coordinator));
    struct book_ask ask = fixture_ask(&fx, 1, 10, 2);
    ask.change_of = old;
    struct book_outcome outcome;
    ask.resident = fixture_resident(&fx, &(struct fixture_person){0});
    assert_int_equal(book_request(&call, &ask, &outcome), RC_NONE); /* not that resident's booking */
    ask.resident = hana;
    assert_int_equal(book_request(&call, &ask, &outcome), RC_OK);
    assert_int_equal(outcome.state, BOOKING_CONFIRMED);
    fixture_teardown(&fx);
}

int main(void) {
    static const struct engine_case cases[] = {
        ENGINE_CASE(in_a_full_house),  ENGINE_CASE(declined),      ENGINE_CASE(accepted),
        ENGINE_CASE(lapsed_to_accept), ENGINE_CASE(old_cancelled), ENGINE_CASE(old_declined),
        ENGINE_CASE(change_withdrawn), ENGINE_CASE(by_the_city),
    };
    return engines_run("service/book_change", cases, COUNT(cases), fixture_lists());
}
