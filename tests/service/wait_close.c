/* Wishes that end because their person booked the days herself, on both engines. */
#include "query/bookings.h"
#include "service/fixture.h"
#include "service/wait.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static struct wait_ask wish_stay(struct fixture *fx, int facility, int32_t from, int32_t to, int64_t nights) {
    return (struct wait_ask){.facilities = {fx->facilities[facility]},
                             .facility_count = 1,
                             .care = TEXT("stay"),
                             .from = fixture_day(fx, from),
                             .to = fixture_day(fx, to),
                             .nights = nights,
                             .mode = WAIT_ASK};
}

static struct wait_id must_join(struct fixture *fx, struct account_id who, struct wait_ask ask,
                                enum wait_state state) {
    struct call call = fixture_call(fx, fixture_as(fx, ROLE_RESIDENT, who));
    struct wait_outcome outcome;
    assert_int_equal(wait_add(&call, &ask, &outcome), RC_OK);
    assert_true(outcome.verdict.allowed);
    assert_int_equal(outcome.state, state);
    return outcome.id;
}

static void must_be(struct fixture *fx, struct account_id who, struct wait_id id, const char *state,
                    const char *why) {
    struct query query = {.db = fx->engine->db,
                          .arena = &fx->arena,
                          .city = fx->city->id,
                          .eye = EYE_RESIDENT,
                          .account = who,
                          .now = env_now(&fx->env)};
    struct query_page page = {.limit = 50};
    struct wait_row *rows = NULL;
    size_t count = 0;
    assert_int_equal(query_waits(&query, TEXT(""), &page, &rows, &count), RC_OK);
    for (size_t i = 0; i < count; i++) {
        if (rows[i].id.n == id.n) {
            assert_true(text_is(rows[i].state, state));
            assert_true(text_is(rows[i].closed_why, why));
            return;
        }
    }
    fail_msg("no such wish");
}

/* Facility 1 is full on the nights 10 to 15. */
static struct account_id hana_waits(struct fixture *fx, struct engine *e) {
    fixture_setup(fx, e);
    fixture_capacity(fx, 1, "stay", 10, 6, 1);
    struct account_id holder = fixture_resident(fx, &(struct fixture_person){0});
    struct book_ask ask = fixture_ask(fx, 1, 10, 6);
    (void)fixture_book(fx, holder, &ask);
    return fixture_resident(fx, &(struct fixture_person){.units = 20});
}

static void closes_without_a_day_left(struct engine *e) {
    struct fixture fx;
    struct account_id hana = hana_waits(&fx, e);
    struct wait_id narrow = must_join(&fx, hana, wish_stay(&fx, 1, 10, 13, 2), WAIT_WAITING);
    struct wait_id wide = must_join(&fx, hana, wish_stay(&fx, 1, 10, 14, 2), WAIT_WAITING);
    struct book_ask asked = fixture_ask(&fx, 0, 11, 1);
    struct booking_id request = fixture_book(&fx, hana, &asked).id;
    must_be(&fx, hana, narrow, "waiting", ""); /* not certain yet */
    struct call staff = fixture_call(&fx, fixture_staff(&fx, 0));
    struct book_step accept = {.id = request, .event = BOOKING_EV_ACCEPT};
    struct book_outcome outcome;
    assert_int_equal(book_step(&staff, &accept, &outcome), RC_OK);
    must_be(&fx, hana, narrow, "closed", "booked-elsewhere");
    must_be(&fx, hana, wide, "waiting", ""); /* the nights 12 and 13 are left */
    fixture_capacity(&fx, 2, "stay", 12, 1, 0);
    struct book_ask rest = fixture_ask(&fx, 0, 13, 1);
    request = fixture_book(&fx, hana, &rest).id;
    accept.id = request;
    assert_int_equal(book_step(&staff, &accept, &outcome), RC_OK);
    must_be(&fx, hana, wide, "closed", "booked-elsewhere");
    fixture_teardown(&fx);
}

/* An offer for a day that she booked elsewhere goes to the next; the wish that an accepted offer came from does not
 * count as booked elsewhere. */
static void offers_move_on(struct engine *e) {
    struct fixture fx;
    fixture_setup(&fx, e);
    fixture_capacity(&fx, 1, "stay", 10, 2, 1);
    struct account_id hana = fixture_resident(&fx, &(struct fixture_person){.units = 20});
    struct account_id next = fixture_resident(&fx, &(struct fixture_person){0});
    struct wait_id first = must_join(&fx, hana, wish_stay(&fx, 1, 10, 12, 2), WAIT_OFFERED);
    fixture_later(&fx, 1);
    struct wait_id second = must_join(&fx, next, wish_stay(&fx, 1, 10, 12, 2), WAIT_WAITING);
    struct call call = fixture_call(&fx, fixture_as(&fx, ROLE_RESIDENT, hana));
    struct wait_ask elsewhere = wish_stay(&fx, 2, 10, 12, 2);
    struct wait_outcome other;
    assert_int_equal(wait_add(&call, &elsewhere, &other), RC_OK);
    assert_int_equal(other.state, WAIT_OFFERED);
    struct offer_outcome accepted;
    assert_int_equal(offer_accept(&call, other.offer, &accepted), RC_OK);
    assert_true(accepted.verdict.allowed);
    must_be(&fx, hana, other.id, "booked", "");
    must_be(&fx, hana, first, "offered", ""); /* facility 2 has not answered yet */
    struct call staff = fixture_call(&fx, fixture_staff(&fx, 2));
    struct book_step accept = {.id = accepted.booking, .event = BOOKING_EV_ACCEPT};
    struct book_outcome outcome;
    assert_int_equal(book_step(&staff, &accept, &outcome), RC_OK);
    assert_true(outcome.verdict.allowed);
    must_be(&fx, hana, first, "closed", "booked-elsewhere");
    must_be(&fx, next, second, "offered", "");
    fixture_teardown(&fx);
}

/* The booking to be swapped is not "elsewhere"; once she changed it herself, there is nothing left to swap. */
static void swaps(struct engine *e) {
    struct fixture fx;
    struct account_id hana = hana_waits(&fx, e);
    struct book_ask ask = fixture_ask(&fx, 2, 10, 2);
    struct booking_id old = fixture_book(&fx, hana, &ask).id;
    struct wait_ask wish = wish_stay(&fx, 1, 10, 12, 2);
    wish.swap_for = old;
    struct wait_id wait = must_join(&fx, hana, wish, WAIT_WAITING);
    struct call staff = fixture_call(&fx, fixture_staff(&fx, 2));
    struct book_step accept = {.id = old, .event = BOOKING_EV_ACCEPT};
    struct book_outcome outcome;
    assert_int_equal(book_step(&staff, &accept, &outcome), RC_OK);
    must_be(&fx, hana, wait, "waiting", "");
    struct call call = fixture_call(&fx, fixture_as(&fx, ROLE_RESIDENT, hana));
    struct book_ask change = fixture_ask(&fx, 1, 20, 2);
    change.change_of = old;
    assert_int_equal(book_request(&call, &change, &outcome), RC_OK);
    assert_int_equal(outcome.state, BOOKING_CONFIRMED);
    must_be(&fx, hana, wait, "closed", "booked-elsewhere");
    fixture_teardown(&fx);
}

int main(void) {
    static const struct engine_case cases[] = {
        ENGINE_CASE(closes_without_a_day_left),
        ENGINE_CASE(offers_move_on),
        ENGINE_CASE(swaps),
    };
    return engines_run("service/wait_close", cases, COUNT(cases), fixture_lists());
}
