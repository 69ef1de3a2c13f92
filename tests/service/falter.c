/* A database that fails at any statement: nothing falls over, nothing is half done, and asked again it succeeds. What
 * the clock does by itself, and cancelling a booking whose change is undecided, or the change. Requests of people:
 * tests/web/unready.h. */
#include "db/falter.h"
#include "service/fixture.h"
#include "service/wait.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

enum { STATEMENTS_MAX = 300 };

static struct account_id person(struct fixture *fx) {
    return fixture_resident(fx, &(struct fixture_person){.units = 7});
}

static struct wait_outcome wish(struct fixture *fx, int32_t day) {
    struct call call = fixture_call(fx, fixture_as(fx, ROLE_RESIDENT, person(fx)));
    struct wait_ask ask = {.facilities = {fx->facilities[1]},
                           .facility_count = 1,
                           .care = TEXT("day"),
                           .from = fixture_day(fx, day),
                           .to = fixture_day(fx, day),
                           .mode = WAIT_ASK};
    struct wait_outcome outcome;
    assert_int_equal(wait_add(&call, &ask, &outcome), RC_OK);
    assert_true(outcome.verdict.allowed);
    return outcome;
}

/* Requests that lapse to either side, an offered place that two more wait for, and a wish whose day is over. */
static void leave_overdue(struct fixture *fx) {
    struct book_ask ask = fixture_ask(fx, 0, 20, 0);
    (void)fixture_book(fx, person(fx), &ask);
    ask = fixture_ask(fx, 2, 21, 0);
    (void)fixture_book(fx, person(fx), &ask);
    fixture_capacity(fx, 1, "day", 12, 1, 1);
    (void)wish(fx, 12);
    (void)wish(fx, 12);
    (void)wish(fx, 12);
    fixture_capacity(fx, 1, "day", 3, 1, 0);
    (void)wish(fx, 3);
}

static const struct db_stmt *round_failing(struct fixture *fx, const struct falter_plan *plan) {
    struct call call = fixture_call(fx, fixture_clock());
    int64_t moved = 0;
    falter_begin(plan);
    enum rc lapsed = book_lapse_due(&call, &moved);
    enum rc ticked = wait_tick(&call, &moved);
    const struct db_stmt *failed = falter_end();
    assert_true(failed != NULL || (lapsed == RC_OK && ticked == RC_OK));
    return failed;
}

static void rounds(struct engine *e, bool lasting) {
    struct fixture fx;
    struct falter_plan plan = {.at = 1, .lasting = lasting};
    fixture_setup(&fx, e);
    leave_overdue(&fx);
    fixture_later(&fx, 5 * 24 * 3600);
    while (round_failing(&fx, &plan) != NULL) {
        plan.at++;
        assert_true(plan.at < STATEMENTS_MAX);
    }
    assert_true(plan.at > (lasting ? 20 : 5)); /* after one failure all others are moved */
    fixture_teardown(&fx);
}

static void the_clock_goes_on_after_one(struct engine *e) {
    rounds(e, false);
}

static void the_clock_waits_for_better_times(struct engine *e) {
    rounds(e, true);
}

static void given_up(struct engine *e, bool whole) {
    struct fixture fx;
    struct falter_plan plan = {.at = 1};
    fixture_setup(&fx, e);
    struct account_id hana = person(&fx);
    struct book_ask ask = fixture_ask(&fx, 1, 10, 0);
    struct booking_id old = fixture_book(&fx, hana, &ask).id;
    ask = fixture_ask(&fx, 0, 14, 0);
    ask.change_of = old;
    struct booking_id change = fixture_book(&fx, hana, &ask).id;
    struct book_step step = {.id = whole ? old : change, .event = BOOKING_EV_CANCEL, .reason = TEXT("")};
    for (;; plan.at++) {
        struct call call = fixture_call(&fx, fixture_as(&fx, ROLE_RESIDENT, hana));
        struct book_outcome outcome;
        falter_begin(&plan);
        enum rc rc = book_step(&call, &step, &outcome);
        if (falter_end() == NULL) {
            assert_int_equal(rc, RC_OK);
            assert_true(outcome.verdict.allowed);
            break;
        }
        assert_int_equal(rc, RC_FAULT);
        assert_true(call_unavailable(&call) && plan.at < STATEMENTS_MAX);
        fixture_verify(&fx);
    }
    assert_true(plan.at > 5);
    fixture_teardown(&fx);
}

static void a_change_is_given_up_with_its_booking(struct engine *e) {
    given_up(e, true);
}

static void a_change_is_given_up_alone(struct engine *e) {
    given_up(e, false);
}

int main(void) {
    static const struct engine_case cases[] = {
        ENGINE_CASE(the_clock_goes_on_after_one), ENGINE_CASE(the_clock_waits_for_better_times),
        ENGINE_CASE(a_change_is_given_up_with_its_booking), ENGINE_CASE(a_change_is_given_up_alone)};
    return engines_run("service/falter", cases, COUNT(cases), fixture_lists());
}
