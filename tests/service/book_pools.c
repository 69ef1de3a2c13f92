/* Units are neither lost nor made, whatever people do: random lives of booking, changing, cancelling (also late), coming and not
 * coming, on both engines. After every step the balance that the next quote shows equals what the bookings themselves say, and
 * every booking costs what was quoted for it, for ever. Seeded: a failure repeats. */
#include "query/bookings.h"
#include "service/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

enum { LIVES = 4, STEPS = 40, GRANTED = 14, BOOKINGS_MAX = STEPS };

struct life {
    struct fixture *fx;
    struct account_id resident;
    uint64_t seed;
    int count;
    struct {
        struct booking_id id;
        int64_t units;
        struct yen fee;
        int64_t charged; /* of a cancellation or a no-show */
        int facility;
    } bookings[BOOKINGS_MAX];
};

static int below(struct life *life, int n) {
    life->seed = life->seed * 6364136223846793005u + 1442695040888963407u;
    return (int)((life->seed >> 33) % (uint64_t)n);
}

static struct booking_row row_of(struct life *life, struct booking_id id) {
    struct fixture *fx = life->fx;
    struct query query = {.db = fx->engine->db,
                          .arena = &fx->arena,
                          .city = fx->city->id,
                          .eye = EYE_RESIDENT,
                          .account = life->resident,
                          .now = env_now(&fx->env)};
    struct booking_detail *detail = arena_new(&fx->arena, struct booking_detail);
    assert_int_equal(query_booking(&query, id, detail), RC_OK);
    return detail->booking;
}

static struct call her_call(struct life *life) {
    return fixture_call(life->fx, fixture_as(life->fx, ROLE_RESIDENT, life->resident));
}

static struct book_quote quote_of(struct life *life, const struct book_ask *ask) {
    struct call call = her_call(life);
    struct book_quote *quote = arena_new(&life->fx->arena, struct book_quote);
    assert_int_equal(book_quote(&call, ask, quote), RC_OK);
    return *quote;
}

/* What a booking weighs, by its own state. */
static int64_t weight(struct life *life, int i) {
    struct booking_row row = row_of(life, life->bookings[i].id);
    assert_int_equal(row.fee.n, life->bookings[i].fee.n);
    assert_int_equal(row.units, life->bookings[i].units);
    if (text_is(row.state, "cancelled") || text_is(row.state, "no-show")) {
        return life->bookings[i].charged;
    }
    return text_is(row.state, "declined") || text_is(row.state, "lapsed") ? 0 : row.units;
}

static void conserved(struct life *life) {
    int64_t sum = 0;
    for (int i = 0; i < life->count; i++) {
        sum += weight(life, i);
    }
    struct book_ask ask = fixture_ask(life->fx, 1, 40, 0);
    struct book_quote quote = quote_of(life, &ask);
    assert_int_equal(quote.quote.pools[0].left_before, GRANTED - sum);
    assert_true(sum <= GRANTED);
}

/* Books, or changes booking `old` (none: -1). */
static void book(struct life *life, int old) {
    int facility = old >= 0 ? 1 : below(life, 2);
    struct book_ask ask = fixture_ask(life->fx, facility, 1 + below(life, 20), below(life, 4));
    ask.change_of = old >= 0 ? life->bookings[old].id : (struct booking_id){0};
    struct book_quote quote = quote_of(life, &ask);
    struct call call = her_call(life);
    struct book_outcome outcome;
    assert_int_equal(book_request(&call, &ask, &outcome), RC_OK);
    assert_int_equal(outcome.verdict.allowed, quote.quote.allowed);
    if (!outcome.verdict.allowed) {
        return;
    }
    assert_int_equal(outcome.fee.n, quote.quote.total.n);
    assert_int_equal(outcome.units, quote.quote.units);
    int i = life->count++;
    life->bookings[i].id = outcome.id;
    life->bookings[i].units = outcome.units;
    life->bookings[i].fee = outcome.fee;
    life->bookings[i].facility = facility;
    if (old >= 0) {
        assert_int_equal(outcome.units_charged, quote.quote.change_cost.units_charged);
        life->bookings[old].charged = outcome.units_charged;
    }
}

static void cancel(struct life *life, int i) {
    struct call call = her_call(life);
    struct book_outcome told;
    struct book_outcome outcome;
    assert_int_equal(book_cancel_quote(&call, life->bookings[i].id, &told), RC_OK);
    struct book_step step = {
        .id = life->bookings[i].id, .event = BOOKING_EV_CANCEL, .reason = TEXT(""), .report = TEXT("")};
    assert_int_equal(book_step(&call, &step, &outcome), RC_OK);
    assert_int_equal(told.verdict.allowed, outcome.verdict.allowed);
    if (outcome.verdict.allowed) {
        assert_int_equal(told.cancel_fee.n, outcome.cancel_fee.n);
        assert_int_equal(told.units_charged, outcome.units_charged);
        assert_int_equal(row_of(life, step.id).cancel_fee.n, outcome.cancel_fee.n);
        life->bookings[i].charged = outcome.units_charged;
    }
}

static void facility_step(struct life *life, int i) {
    static const enum booking_event events[] = {BOOKING_EV_ACCEPT, BOOKING_EV_DECLINE, BOOKING_EV_CHECK_IN,
                                                BOOKING_EV_COMPLETE, BOOKING_EV_NO_SHOW};
    struct call call = fixture_call(life->fx, fixture_staff(life->fx, life->bookings[i].facility));
    struct book_step step = {.id = life->bookings[i].id,
                             .event = events[below(life, (int)COUNT(events))],
                             .reason = TEXT("満床のため"),
                             .report = TEXT("")};
    struct book_outcome outcome;
    assert_int_equal(book_step(&call, &step, &outcome), RC_OK);
    if (outcome.verdict.allowed && step.event == BOOKING_EV_NO_SHOW) {
        life->bookings[i].charged = life->bookings[i].units; /* Hirakata's setting */
    }
}

static void step(struct life *life) {
    int what = below(life, 10);
    int i = life->count > 0 ? below(life, life->count) : -1;
    if (what < 3 || i < 0) {
        book(life, -1);
    } else if (what < 4) {
        bool certain = text_is(row_of(life, life->bookings[i].id).state, "confirmed");
        book(life, certain ? i : -1);
    } else if (what < 6) {
        cancel(life, i);
    } else if (what < 8) {
        facility_step(life, i);
    } else {
        fixture_later(life->fx, 3600 * (1 + below(life, 30)));
        fixture_tick(life->fx);
    }
}

static void conserved_always(struct engine *e) {
    struct fixture fx;
    fixture_setup_with(&fx, e, fixture_strict(&e->arena));
    for (int n = 0; n < LIVES; n++) {
        struct life life = {.fx = &fx, .seed = (uint64_t)n + 7};
        life.resident = fixture_resident(&fx, &(struct fixture_person){.units = GRANTED});
        for (int k = 0; k < STEPS; k++) {
            step(&life);
            conserved(&life);
        }
        assert_true(life.count > 3);
    }
    fixture_teardown(&fx);
}

int main(void) {
    static const struct engine_case cases[] = {ENGINE_CASE(conserved_always)};
    return engines_run("service/book_pools", cases, COUNT(cases), fixture_lists());
}
