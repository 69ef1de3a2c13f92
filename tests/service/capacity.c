/* Places on both engines: capacity by days and weekdays, blocks for births, what is then promised beyond capacity, and
 * places that go to the waiting list as soon as they are there. */
#include "service/fixture.h"
#include "service/capacity.h"
#include "service/wait.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static struct capacity_outcome set(struct fixture *fx, struct caller who, struct capacity_ask ask,
                                   enum rc wanted) {
    struct call call = fixture_call(fx, who);
    struct capacity_outcome outcome = {0};
    assert_int_equal(capacity_set(&call, &ask, &outcome), wanted);
    return outcome;
}

static struct capacity_ask days(const struct fixture *fx, int facility, int32_t from, int32_t to,
                                int64_t capacity) {
    return (struct capacity_ask){.facility = fx->facilities[facility],
                                 .care = TEXT("stay"),
                                 .from = fixture_day(fx, from),
                                 .to = fixture_day(fx, to),
                                 .capacity = capacity};
}

static void by_days_and_weekdays(struct engine *e) {
    struct fixture fx;
    fixture_setup(&fx, e);
    struct caller staff = fixture_staff(&fx, 0);
    struct capacity_outcome outcome = set(&fx, staff, days(&fx, 0, 70, 76, 4), RC_OK);
    assert_true(outcome.verdict.allowed);
    assert_int_equal(outcome.days_changed, 7);
    struct capacity_ask sundays = days(&fx, 0, 70, 83, 1);
    sundays.weekdays = 1;
    outcome = set(&fx, staff, sundays, RC_OK);
    assert_int_equal(outcome.days_changed, 2);
    int64_t ones = 0;
    for (int32_t i = 70; i <= 76; i++) {
        bool sunday = day_weekday(fixture_day(&fx, i)) == 0;
        assert_int_equal(fixture_slot(&fx, 0, "stay", i).capacity, sunday ? 1 : 4);
        ones += sunday;
    }
    assert_int_equal(ones, 1);
    fixture_teardown(&fx);
}

static void only_where_they_belong(struct engine *e) {
    struct fixture fx;
    fixture_setup(&fx, e);
    (void)set(&fx, fixture_staff(&fx, 1), days(&fx, 0, 5, 5, 9), RC_NONE);
    (void)set(&fx,
              fixture_as(&fx, ROLE_RESIDENT, fixture_resident(&fx, &(struct fixture_person){.units = 7})),
              days(&fx, 0, 5, 5, 9), RC_NONE);
    struct capacity_outcome outcome = set(&fx, fixture_staff(&fx, 0), days(&fx, 0, 6, 5, 9), RC_OK);
    assert_int_equal(outcome.verdict.refused.code, REFUSAL_DATES);
    outcome = set(&fx, fixture_staff(&fx, 0), days(&fx, 0, 1, 1000, 9), RC_OK);
    assert_int_equal(outcome.verdict.refused.code, REFUSAL_DATES);
    struct capacity_ask visit = days(&fx, 0, 5, 5, 9);
    visit.care = TEXT("visit");
    outcome = set(&fx, fixture_staff(&fx, 0), visit, RC_OK);
    assert_int_equal(outcome.verdict.refused.code, REFUSAL_CARE_NOT_OFFERED);
    fixture_teardown(&fx);
}

static void a_birth_on_the_ward(struct engine *e) {
    struct fixture fx;
    fixture_setup(&fx, e);
    struct account_id residents[2];
    struct booking_id bookings[2];
    for (int i = 0; i < 2; i++) {
        residents[i] = fixture_resident(&fx, &(struct fixture_person){.units = 7});
        struct book_ask ask = fixture_ask(&fx, 1, 5, 2);
        bookings[i] = fixture_book(&fx, residents[i], &ask).id;
    }
    struct call call = fixture_call(&fx, fixture_staff(&fx, 1));
    struct block_ask block = {.care = TEXT("stay"),
                              .from = fixture_day(&fx, 5),
                              .to = fixture_day(&fx, 5),
                              .beds = 1,
                              .reason = TEXT("お産のため")};
    struct capacity_outcome outcome;
    assert_int_equal(capacity_block(&call, &block, &outcome), RC_OK);
    assert_true(outcome.verdict.allowed);
    assert_int_equal(outcome.shortfall_count, 2);
    assert_int_equal(outcome.shortfalls[0].n, bookings[0].n);
    assert_int_equal(fixture_slot(&fx, 1, "stay", 5).shortfall, 1);
    assert_int_equal(fixture_slot(&fx, 1, "stay", 6).shortfall, 0);
    /* Settled by people: one of the two cancels, and no place became open by it. */
    struct call hers = fixture_call(&fx, fixture_as(&fx, ROLE_RESIDENT, residents[1]));
    struct book_outcome cancelled;
    struct book_step step = {.id = bookings[1], .event = BOOKING_EV_CANCEL, .reason = TEXT("")};
    assert_int_equal(book_step(&hers, &step, &cancelled), RC_OK);
    struct slot slot = fixture_slot(&fx, 1, "stay", 5);
    assert_int_equal(slot.shortfall, 0);
    assert_int_equal(slot_open(&slot), 0);
    int64_t id = outcome.block;
    struct call other = fixture_call(&fx, fixture_staff(&fx, 0));
    assert_int_equal(capacity_unblock(&other, id, &outcome), RC_NONE);
    assert_int_equal(capacity_unblock(&call, id, &outcome), RC_OK);
    slot = fixture_slot(&fx, 1, "stay", 5);
    assert_int_equal(slot_open(&slot), 1);
    assert_int_equal(capacity_unblock(&call, id, &outcome), RC_NONE);
    fixture_teardown(&fx);
}

static void lowering_cancels_nothing(struct engine *e) {
    struct fixture fx;
    fixture_setup(&fx, e);
    struct account_id hana = fixture_resident(&fx, &(struct fixture_person){.units = 7});
    struct book_ask ask = fixture_ask(&fx, 1, 5, 1);
    struct booking_id booking = fixture_book(&fx, hana, &ask).id;
    struct capacity_outcome outcome = set(&fx, fixture_staff(&fx, 1), days(&fx, 1, 5, 6, 0), RC_OK);
    assert_int_equal(outcome.shortfall_count, 1);
    assert_int_equal(outcome.shortfalls[0].n, booking.n);
    struct slot slot = fixture_slot(&fx, 1, "stay", 5);
    assert_int_equal(slot.taken, 1);
    assert_int_equal(slot.shortfall, 1);
    outcome = set(&fx, fixture_staff(&fx, 1), days(&fx, 1, 5, 6, 1), RC_OK);
    assert_int_equal(outcome.shortfall_count, 0);
    fixture_teardown(&fx);
}

static void a_place_more_goes_to_whoever_waits(struct engine *e) {
    struct fixture fx;
    fixture_setup(&fx, e);
    (void)set(&fx, fixture_staff(&fx, 1), days(&fx, 1, 5, 6, 0), RC_OK);
    struct account_id hana = fixture_resident(&fx, &(struct fixture_person){.units = 7});
    struct call call = fixture_call(&fx, fixture_as(&fx, ROLE_RESIDENT, hana));
    struct wait_ask wish = {.facilities = {fx.facilities[1]},
                            .facility_count = 1,
                            .care = TEXT("stay"),
                            .from = fixture_day(&fx, 5),
                            .to = fixture_day(&fx, 7),
                            .nights = 2,
                            .mode = WAIT_ASK};
    struct wait_outcome joined;
    assert_int_equal(wait_add(&call, &wish, &joined), RC_OK);
    assert_int_equal(joined.state, WAIT_WAITING);
    (void)set(&fx, fixture_staff(&fx, 1), days(&fx, 1, 5, 5, 1), RC_OK);
    assert_int_equal(fixture_slot(&fx, 1, "stay", 5).held, 0);
    (void)set(&fx, fixture_staff(&fx, 1), days(&fx, 1, 6, 6, 1), RC_OK);
    assert_int_equal(fixture_slot(&fx, 1, "stay", 5).held, 1);
    assert_int_equal(fixture_slot(&fx, 1, "stay", 6).held, 1);
    fixture_teardown(&fx);
}

static void what_a_facility_says_of_itself(struct engine *e) {
    struct fixture fx;
    fixture_setup(&fx, e);
    struct facility_edit edit = {.facility = fx.facilities[0],
                                 .version = 1,
                                 .words.phone = TEXT("0720000000"),
                                 .words.email = TEXT("a@example.jp"),
                                 .words.introduction = TEXT("静かな部屋です。"),
                                 .words.access = TEXT(""),
                                 .words.bring = TEXT(""),
                                 .suspended = true};
    struct capacity_outcome outcome;
    struct call staff = fixture_call(&fx, fixture_staff(&fx, 0));
    assert_int_equal(facility_change(&staff, &edit, &outcome), RC_OK);
    assert_int_equal(facility_change(&staff, &edit, &outcome), RC_RACE);
    struct call other = fixture_call(&fx, fixture_staff(&fx, 1));
    edit.version = 0;
    assert_int_equal(facility_change(&other, &edit, &outcome), RC_NONE);
    /* Staff cannot suspend their own facility; the city can. */
    struct account_id hana = fixture_resident(&fx, &(struct fixture_person){.units = 7});
    struct book_ask ask = fixture_ask(&fx, 0, 5, 1);
    (void)fixture_book(&fx, hana, &ask);
    struct call admin = fixture_call(&fx, fixture_as(&fx, ROLE_CITY_ADMIN, fx.admin));
    assert_int_equal(facility_change(&admin, &edit, &outcome), RC_OK);
    struct call hers = fixture_call(&fx, fixture_as(&fx, ROLE_RESIDENT, hana));
    struct book_ask later = fixture_ask(&fx, 0, 8, 1);
    struct book_outcome refused;
    assert_int_equal(book_request(&hers, &later, &refused), RC_OK);
    assert_int_equal(refused.verdict.refused.code, REFUSAL_CLOSED);
    fixture_teardown(&fx);
}

int main(void) {
    static const struct engine_case cases[] = {
        {"by days and weekdays", by_days_and_weekdays},
        {"only where they belong", only_where_they_belong},
        {"a birth on the ward", a_birth_on_the_ward},
        {"lowering cancels nothing", lowering_cancels_nothing},
        {"a place more goes to whoever waits", a_place_more_goes_to_whoever_waits},
        {"what a facility says of itself", what_a_facility_says_of_itself},
    };
    return engines_run("service/capacity", cases, COUNT(cases), fixture_lists());
}
