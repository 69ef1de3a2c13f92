/* What a late change costs, on both engines, under rules that make late cancellations dear; and questions that are asked
 * but not kept. */
#include "query/bookings.h"
#include "service/fixture.h"
#include "service/wait.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

enum { PAST_FREE = 3 * 86400 + 8 * 3600 + 1 }; /* past 17:00 on the day before a use four days ahead */

static struct call as(struct fixture *fx, struct account_id resident) {
    return fixture_call(fx, fixture_as(fx, ROLE_RESIDENT, resident));
}

static struct book_outcome change(struct fixture *fx, struct caller who, struct booking_id old,
                                  struct book_ask ask) {
    struct call call = fixture_call(fx, who);
    struct book_outcome outcome;
    ask.change_of = old;
    assert_int_equal(book_request(&call, &ask, &outcome), RC_OK);
    return outcome;
}

static void must_cost(struct book_outcome outcome, enum booking_state state, int64_t fee, int64_t units) {
    assert_true(outcome.verdict.allowed);
    assert_int_equal(outcome.state, state);
    assert_int_equal(outcome.cancel_fee.n, fee);
    assert_int_equal(outcome.units_charged, units);
}

static void must_step(struct fixture *fx, struct caller who, struct booking_id id, enum booking_event event) {
    struct call call = fixture_call(fx, who);
    struct book_step ask = {.id = id, .event = event, .reason = TEXT("満床のため"), .report = TEXT("")};
    struct book_outcome outcome;
    assert_int_equal(book_step(&call, &ask, &outcome), RC_OK);
    assert_true(outcome.verdict.allowed);
}

static struct booking_row row_of(struct fixture *fx, struct account_id resident, struct booking_id id) {
    struct query query = {.db = fx->engine->db,
                          .arena = &fx->arena,
                          .city = fx->city->id,
                          .eye = EYE_RESIDENT,
                          .account = resident,
                          .now = env_now(&fx->env)};
    struct booking_detail *detail = arena_new(&fx->arena, struct booking_detail);
    assert_int_equal(query_booking(&query, id, detail), RC_OK);
    return detail->booking;
}

/* A stay of two nights four days ahead, two units and 6,200 yen. */
static struct account_id with_booking(struct fixture *fx, struct engine *e, int64_t units,
                                      struct booking_id *ret_old) {
    fixture_setup_with(fx, e, fixture_strict(&e->arena));
    struct account_id hana = fixture_resident(fx, &(struct fixture_person){.units = units});
    struct book_ask ask = fixture_ask(fx, 1, 4, 2);
    *ret_old = fixture_book(fx, hana, &ask).id;
    return hana;
}

static void charged_at_once(struct engine *e) {
    struct fixture fx;
    struct booking_id old;
    struct account_id hana = with_booking(&fx, e, 4, &old);
    fixture_later(&fx, PAST_FREE);
    struct book_ask ask = fixture_ask(&fx, 1, 10, 2);
    ask.change_of = old;
    struct call call = as(&fx, hana);
    struct book_quote *quote = arena_new(&fx.arena, struct book_quote);
    assert_int_equal(book_quote(&call, &ask, quote), RC_OK);
    assert_true(quote->quote.allowed);
    assert_int_equal(quote->quote.total.n, 6200); /* of the new use alone */
    assert_int_equal(quote->quote.change_cost.fee.n, 6200);
    assert_int_equal(quote->quote.change_cost.units_charged, 2);
    assert_int_equal(quote->quote.pools[0].left_before, 2);
    struct caller her = fixture_as(&fx, ROLE_RESIDENT, hana);
    struct book_outcome three = change(&fx, her, old, fixture_ask(&fx, 1, 10, 3));
    assert_int_equal(three.verdict.refused.code, REFUSAL_QUOTA);
    struct book_outcome fresh = change(&fx, her, old, fixture_ask(&fx, 1, 10, 2));
    must_cost(fresh, BOOKING_CONFIRMED, 6200, 2);
    assert_int_equal(row_of(&fx, hana, old).cancel_fee.n, 6200);
    assert_int_equal(row_of(&fx, hana, fresh.id).fee.n, 6200);
    fixture_verify(&fx);
    struct book_ask more = fixture_ask(&fx, 1, 20, 1);
    assert_int_equal(book_request(&call, &more, &three), RC_OK);
    assert_int_equal(three.verdict.refused.code, REFUSAL_QUOTA);
    fixture_teardown(&fx);
}

/* Facility 0 answers: charged when it accepts, not when it declines. */
static void charged_when_certain(struct engine *e) {
    struct fixture fx;
    struct booking_id old;
    struct account_id hana = with_booking(&fx, e, 4, &old);
    struct caller her = fixture_as(&fx, ROLE_RESIDENT, hana);
    fixture_later(&fx, PAST_FREE);
    struct book_outcome fresh = change(&fx, her, old, fixture_ask(&fx, 0, 10, 2));
    must_cost(fresh, BOOKING_REQUESTED, 6200, 2);
    fixture_verify(&fx);
    must_step(&fx, fixture_staff(&fx, 0), fresh.id, BOOKING_EV_DECLINE);
    assert_int_equal(row_of(&fx, hana, old).cancel_fee.n, 0);
    fixture_verify(&fx);
    fresh = change(&fx, her, old, fixture_ask(&fx, 0, 10, 2));
    must_step(&fx, fixture_staff(&fx, 0), fresh.id, BOOKING_EV_ACCEPT);
    assert_int_equal(row_of(&fx, hana, old).cancel_fee.n, 6200);
    fixture_teardown(&fx);
}

/* Asked for in time, answered late; and what the facility proposes late. */
static void free_of_charge(struct engine *e) {
    struct fixture fx;
    struct booking_id old;
    struct account_id hana = with_booking(&fx, e, 4, &old);
    struct caller her = fixture_as(&fx, ROLE_RESIDENT, hana);
    fixture_later(&fx, PAST_FREE - 4 * 3600);
    struct book_outcome fresh = change(&fx, her, old, fixture_ask(&fx, 0, 10, 3));
    must_cost(fresh, BOOKING_REQUESTED, 0, 0);
    fixture_later(&fx, 5 * 3600);
    must_step(&fx, fixture_staff(&fx, 0), fresh.id, BOOKING_EV_ACCEPT);
    assert_int_equal(row_of(&fx, hana, old).cancel_fee.n, 0);
    fixture_later(&fx, 6 * 86400); /* past the free hour of the new one */
    fresh = change(&fx, fixture_staff(&fx, 0), fresh.id, fixture_ask(&fx, 0, 20, 3));
    must_cost(fresh, BOOKING_REQUESTED, 0, 0);
    assert_true(fresh.proposed);
    must_step(&fx, her, fresh.id, BOOKING_EV_ACCEPT);
    fixture_teardown(&fx);
}

/* A place that frees itself late is not swapped for her at a price she has not seen. */
static void no_dear_swap(struct engine *e) {
    struct fixture fx;
    struct booking_id old;
    struct account_id hana = with_booking(&fx, e, 6, &old);
    fixture_later(&fx, PAST_FREE);
    struct call call = as(&fx, hana);
    struct wait_ask wish = {.facilities = {fx.facilities[1]},
                            .facility_count = 1,
                            .care = TEXT("stay"),
                            .from = fixture_day(&fx, 10),
                            .to = fixture_day(&fx, 12),
                            .nights = 2,
                            .mode = WAIT_AUTO,
                            .swap_for = old};
    struct wait_outcome outcome;
    assert_int_equal(wait_add(&call, &wish, &outcome), RC_OK);
    assert_true(outcome.verdict.allowed);
    assert_int_equal(outcome.state, WAIT_WAITING);
    fixture_later(&fx, 120);
    fixture_teardown(&fx); /* nobody waits beside an open place (I13) all the same */
}

static void render(void *ctx, struct arena *arena, const void *outcome, struct idem_answer *ret_answer) {
    const struct book_outcome *booked = outcome;
    (void)ctx;
    (void)arena;
    *ret_answer =
        (struct idem_answer){booked->verdict.allowed ? 201 : 422, TEXT(""), TEXT("text/plain"), TEXT("ok")};
}

static void exclusions_are_forgotten(struct engine *e) {
    struct fixture fx;
    fixture_setup(&fx, e);
    struct account_id hana = fixture_resident(&fx, &(struct fixture_person){0});
    struct idem idem = {.key = TEXT("key"), .request_hash = TEXT("one"), .render = render};
    struct call call = as(&fx, hana);
    struct text infection = TEXT("infection");
    struct text unheard = TEXT("unheard-of");
    struct book_ask ask = fixture_ask(&fx, 1, 4, 2);
    struct book_outcome outcome;
    ask.exclusions = &unheard;
    ask.exclusion_count = 1;
    assert_int_equal(book_request(&call, &ask, &outcome), RC_NONE);
    ask.exclusions = &infection;
    call.idem = &idem;
    assert_int_equal(book_request(&call, &ask, &outcome), RC_OK);
    assert_int_equal(outcome.verdict.refused.code, REFUSAL_EXCLUSION);
    assert_true(text_is(refused_figure(&outcome.verdict.refused, "exclusion")->text, "infection"));
    assert_false(outcome.wait_possible);
    assert_int_equal(idem.answer.status, 0);
    ask.exclusion_count = 0;
    idem.request_hash = TEXT("another"); /* the key was not used up */
    assert_int_equal(book_request(&call, &ask, &outcome), RC_OK);
    assert_false(idem.mismatch);
    assert_true(outcome.verdict.allowed);
    fixture_teardown(&fx);
}

int main(void) {
    static const struct engine_case cases[] = {
        ENGINE_CASE(charged_at_once), ENGINE_CASE(charged_when_certain),     ENGINE_CASE(free_of_charge),
        ENGINE_CASE(no_dear_swap),    ENGINE_CASE(exclusions_are_forgotten),
    };
    return engines_run("service/book_late", cases, COUNT(cases), fixture_lists());
}
