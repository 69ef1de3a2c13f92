/* The waiting list on both engines, by the test's clock: a freed place goes to the first who can use it, is held until
 * the deadline, moves on when it is declined or forgotten, and is booked at once for those who asked for that. */
#include "service/fixture.h"
#include "service/wait.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

enum { HOUR = 3600, DAY = 24 * HOUR };

static struct account_id person(struct fixture *fx) {
    return fixture_resident(fx, &(struct fixture_person){.units = 7});
}

static struct call as(struct fixture *fx, struct account_id resident) {
    return fixture_call(fx, fixture_as(fx, ROLE_RESIDENT, resident));
}

/* A wish for a day visit at facility `facility` on today + day. */
static struct wait_ask wish_day(struct fixture *fx, int facility, int32_t day, enum wait_mode mode) {
    return (struct wait_ask){.facilities = {fx->facilities[facility]},
                             .facility_count = 1,
                             .care = TEXT("day"),
                             .from = fixture_day(fx, day),
                             .to = fixture_day(fx, day),
                             .mode = mode};
}

static struct wait_ask wish_stay(struct fixture *fx, int facility, int32_t from, int32_t to, int64_t nights) {
    struct wait_ask ask = wish_day(fx, facility, from, WAIT_ASK);
    ask.care = TEXT("stay");
    ask.to = fixture_day(fx, to);
    ask.nights = nights;
    return ask;
}

static struct wait_outcome join(struct fixture *fx, struct account_id resident, struct wait_ask ask) {
    struct call call = as(fx, resident);
    struct wait_outcome outcome;
    assert_int_equal(wait_add(&call, &ask, &outcome), RC_OK);
    return outcome;
}

static struct wait_outcome must_join(struct fixture *fx, struct account_id resident, struct wait_ask ask,
                                     enum wait_state state) {
    struct wait_outcome outcome = join(fx, resident, ask);
    assert_true(outcome.verdict.allowed);
    assert_int_equal(outcome.state, state);
    return outcome;
}

static void cancel(struct fixture *fx, struct account_id resident, struct booking_id id) {
    struct call call = as(fx, resident);
    struct book_outcome outcome;
    struct book_step step = {.id = id, .event = BOOKING_EV_CANCEL, .reason = TEXT("")};
    assert_int_equal(book_step(&call, &step, &outcome), RC_OK);
    assert_true(outcome.verdict.allowed);
}

static int64_t tick(struct fixture *fx) {
    struct call call = fixture_call(fx, fixture_clock());
    int64_t moved;
    assert_int_equal(wait_tick(&call, &moved), RC_OK);
    return moved;
}

/* Full on today + day: the only place of facility 1, which accepts at once, is taken by the one returned. */
static struct account_id fill(struct fixture *fx, int32_t day, struct booking_id *ret_booking) {
    fixture_capacity(fx, 1, "day", day, 1, 1);
    struct account_id holder = person(fx);
    struct book_ask ask = fixture_ask(fx, 1, day, 0);
    *ret_booking = fixture_book(fx, holder, &ask).id;
    return holder;
}

/* The newest offer of a wish and its state, read as its owner would. */
struct offer_look {
    struct wait_id wait;
    struct offer_id id;
    struct text state;
    struct instant expires_at;
};
static const struct db_column look_cols[] = {DB_COL(struct offer_look, id, DB_INT),
                                             DB_COL(struct offer_look, state, DB_TEXT),
                                             DB_COL(struct offer_look, expires_at, DB_TIME)};
static const struct db_column state_cols[] = {DB_COL(struct offer_look, state, DB_TEXT)};
enum { LOOK_OFFER, LOOK_WAIT };
static const struct db_stmt look_stmts[] = {
    [LOOK_OFFER] = {.sql = "SELECT id, state, expires_at FROM offer WHERE wait = $1 ORDER BY id DESC LIMIT 1",
                    .binds = "i",
                    DB_COLS(look_cols)},
    [LOOK_WAIT] = {.sql = "SELECT state FROM wait WHERE id = $1", .binds = "i", DB_COLS(state_cols)},
};
static const struct db_stmt_list look_statements = {look_stmts, COUNT(look_stmts)};

static enum rc look_offer(struct tx *tx, void *arg) {
    struct offer_look *look = arg;
    return db_one(tx, &look_stmts[LOOK_OFFER], DB_BIND(db_int(look->wait.n)), look);
}
static enum rc look_wait(struct tx *tx, void *arg) {
    struct offer_look *look = arg;
    return db_one(tx, &look_stmts[LOOK_WAIT], DB_BIND(db_int(look->wait.n)), look);
}

/* OFFER_NEW when there is none. */
static enum offer_state offer_of(struct fixture *fx, struct wait_id wait, struct offer_look *ret_look) {
    *ret_look = (struct offer_look){.wait = wait};
    enum db_error error;
    enum rc rc = db_read(fx->house.db, &fx->arena, look_offer, ret_look, &error);
    enum offer_state state = OFFER_NEW;
    assert_true(rc == RC_NONE || (rc == RC_OK && offer_state_parse(ret_look->state, &state)));
    return state;
}
static enum wait_state wait_of(struct fixture *fx, struct wait_id wait) {
    struct offer_look look = {.wait = wait};
    enum db_error error;
    enum wait_state state;
    assert_int_equal(db_read(fx->house.db, &fx->arena, look_wait, &look, &error), RC_OK);
    assert_true(wait_state_parse(look.state, &state));
    return state;
}

static struct offer_outcome answer(struct fixture *fx, struct account_id resident, struct offer_id id,
                                   bool yes) {
    struct call call = as(fx, resident);
    struct offer_outcome outcome;
    assert_int_equal(yes ? offer_accept(&call, id, &outcome) : offer_decline(&call, id, &outcome), RC_OK);
    return outcome;
}

static void declined_goes_to_the_next(struct engine *e) {
    struct fixture fx;
    fixture_setup(&fx, e);
    struct booking_id booking;
    struct account_id holder = fill(&fx, 10, &booking);
    struct account_id a = person(&fx);
    struct account_id b = person(&fx);
    struct wait_id wait_a = must_join(&fx, a, wish_day(&fx, 1, 10, WAIT_ASK), WAIT_WAITING).id;
    fixture_later(&fx, 1);
    struct wait_id wait_b = must_join(&fx, b, wish_day(&fx, 1, 10, WAIT_ASK), WAIT_WAITING).id;
    cancel(&fx, holder, booking);
    struct offer_look offer_a;
    struct offer_look offer_b;
    assert_int_equal(offer_of(&fx, wait_a, &offer_a), OFFER_OPEN);
    assert_int_equal(offer_of(&fx, wait_b, &offer_b), OFFER_NEW);
    assert_int_equal(offer_a.expires_at.s, env_now(&fx.env).s + 2 * HOUR);
    struct slot slot = fixture_slot(&fx, 1, "day", 10);
    assert_int_equal(slot.held, 1);
    assert_int_equal(slot.taken, 0);
    struct call foreign = as(&fx, b);
    struct offer_outcome outcome;
    assert_int_equal(offer_accept(&foreign, offer_a.id, &outcome), RC_NONE);
    outcome = answer(&fx, a, offer_a.id, false);
    assert_true(outcome.verdict.allowed);
    assert_int_equal(outcome.state, OFFER_DECLINED);
    assert_int_equal(wait_of(&fx, wait_a), WAIT_WAITING);
    assert_int_equal(offer_of(&fx, wait_b, &offer_b), OFFER_OPEN);
    outcome = answer(&fx, b, offer_b.id, true);
    assert_true(outcome.verdict.allowed);
    assert_int_equal(outcome.booking_state, BOOKING_CONFIRMED);
    assert_int_equal(wait_of(&fx, wait_b), WAIT_BOOKED);
    slot = fixture_slot(&fx, 1, "day", 10);
    assert_int_equal(slot.held, 0);
    assert_int_equal(slot.taken, 1);
    outcome = answer(&fx, b, offer_b.id, true);
    assert_int_equal(outcome.verdict.refused.code, REFUSAL_STATE);
    fixture_teardown(&fx);
}

static void forgotten_goes_to_the_next_and_not_back(struct engine *e) {
    struct fixture fx;
    fixture_setup(&fx, e);
    struct booking_id booking;
    struct account_id holder = fill(&fx, 10, &booking);
    struct account_id a = person(&fx);
    struct account_id b = person(&fx);
    struct wait_id wait_a = must_join(&fx, a, wish_day(&fx, 1, 10, WAIT_ASK), WAIT_WAITING).id;
    fixture_later(&fx, 1);
    struct wait_id wait_b = must_join(&fx, b, wish_day(&fx, 1, 10, WAIT_ASK), WAIT_WAITING).id;
    cancel(&fx, holder, booking);
    struct offer_look offer_a;
    struct offer_look offer_b;
    fixture_later(&fx, 2 * HOUR - 1);
    assert_int_equal(tick(&fx), 0);
    assert_int_equal(offer_of(&fx, wait_a, &offer_a), OFFER_OPEN);
    fixture_later(&fx, 1);
    struct offer_outcome late = answer(&fx, a, offer_a.id, true);
    assert_int_equal(late.verdict.refused.code, REFUSAL_STATE);
    assert_int_equal(tick(&fx), 1);
    assert_int_equal(offer_of(&fx, wait_a, &offer_a), OFFER_EXPIRED);
    assert_int_equal(wait_of(&fx, wait_a), WAIT_WAITING);
    assert_int_equal(offer_of(&fx, wait_b, &offer_b), OFFER_OPEN);
    (void)answer(&fx, b, offer_b.id, false);
    (void)tick(&fx);
    assert_int_equal(offer_of(&fx, wait_a, &offer_a), OFFER_EXPIRED);
    assert_int_equal(fixture_slot(&fx, 1, "day", 10).held, 0);
    fixture_teardown(&fx);
}

static void the_place_itself(struct engine *e) {
    struct fixture fx;
    fixture_setup(&fx, e);
    struct booking_id booking;
    struct account_id holder = fill(&fx, 10, &booking);
    struct account_id a = person(&fx);
    struct wait_id wait = must_join(&fx, a, wish_day(&fx, 1, 10, WAIT_AUTO), WAIT_WAITING).id;
    cancel(&fx, holder, booking);
    assert_int_equal(wait_of(&fx, wait), WAIT_BOOKED);
    assert_int_equal(fixture_slot(&fx, 1, "day", 10).taken, 1);
    /* A place that is free already is hers at once. */
    (void)must_join(&fx, holder, wish_day(&fx, 1, 12, WAIT_AUTO), WAIT_BOOKED);
    fixture_teardown(&fx);
}

static void a_swap_gives_up_the_old_place(struct engine *e) {
    struct fixture fx;
    fixture_setup(&fx, e);
    struct booking_id booking;
    struct account_id holder = fill(&fx, 10, &booking);
    struct account_id a = person(&fx);
    struct book_ask ask = fixture_ask(&fx, 1, 14, 0);
    struct booking_id old = fixture_book(&fx, a, &ask).id;
    struct wait_ask wish = wish_day(&fx, 1, 10, WAIT_AUTO);
    wish.swap_for = old;
    struct wait_id wait = must_join(&fx, a, wish, WAIT_WAITING).id;
    assert_int_equal(fixture_slot(&fx, 1, "day", 14).taken, 1);
    cancel(&fx, holder, booking);
    assert_int_equal(wait_of(&fx, wait), WAIT_BOOKED);
    assert_int_equal(fixture_slot(&fx, 1, "day", 10).taken, 1);
    assert_int_equal(fixture_slot(&fx, 1, "day", 14).taken, 0);
    fixture_teardown(&fx);
}

static void those_who_cannot_use_it_are_passed_over(struct engine *e) {
    struct fixture fx;
    fixture_setup(&fx, e);
    struct booking_id booking;
    struct account_id holder = fill(&fx, 10, &booking);
    struct account_id busy = person(&fx);
    struct account_id spent = fixture_resident(&fx, &(struct fixture_person){.units = 1});
    struct account_id hurried = person(&fx);
    struct account_id free = person(&fx);
    struct wait_id waits[4];
    waits[0] = must_join(&fx, busy, wish_day(&fx, 1, 10, WAIT_ASK), WAIT_WAITING).id;
    fixture_later(&fx, 1);
    waits[1] = must_join(&fx, spent, wish_day(&fx, 1, 10, WAIT_ASK), WAIT_WAITING).id;
    fixture_later(&fx, 1);
    struct wait_ask early = wish_day(&fx, 1, 10, WAIT_ASK);
    early.notice_hours = 11 * 24;
    waits[2] = must_join(&fx, hurried, early, WAIT_WAITING).id;
    fixture_later(&fx, 1);
    waits[3] = must_join(&fx, free, wish_day(&fx, 1, 10, WAIT_ASK), WAIT_WAITING).id;
    struct book_ask same_day = fixture_ask(&fx, 2, 10, 0);
    (void)fixture_book(&fx, busy, &same_day);
    struct book_ask last_unit = fixture_ask(&fx, 2, 12, 0);
    (void)fixture_book(&fx, spent, &last_unit);
    cancel(&fx, holder, booking);
    struct offer_look look;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(offer_of(&fx, waits[i], &look), OFFER_NEW);
    }
    assert_int_equal(offer_of(&fx, waits[3], &look), OFFER_OPEN);
    fixture_teardown(&fx);
}

static void nights_around_the_freed_one_count(struct engine *e) {
    struct fixture fx;
    fixture_setup(&fx, e);
    fixture_capacity(&fx, 1, "stay", 10, 5, 1);
    struct account_id holder = person(&fx);
    struct book_ask ask = fixture_ask(&fx, 1, 12, 1);
    struct booking_id booking = fixture_book(&fx, holder, &ask).id;
    struct account_id a = person(&fx);
    struct wait_id wait = must_join(&fx, a, wish_stay(&fx, 1, 11, 15, 3), WAIT_WAITING).id;
    cancel(&fx, holder, booking);
    struct offer_look look;
    assert_int_equal(offer_of(&fx, wait, &look), OFFER_OPEN);
    assert_int_equal(fixture_slot(&fx, 1, "stay", 11).held, 1);
    assert_int_equal(fixture_slot(&fx, 1, "stay", 13).held, 1);
    assert_int_equal(fixture_slot(&fx, 1, "stay", 14).held, 0);
    fixture_teardown(&fx);
}

static void leaving_gives_back_what_was_held(struct engine *e) {
    struct fixture fx;
    fixture_setup(&fx, e);
    struct booking_id booking;
    struct account_id holder = fill(&fx, 10, &booking);
    struct account_id a = person(&fx);
    struct account_id b = person(&fx);
    struct wait_id wait_a = must_join(&fx, a, wish_day(&fx, 1, 10, WAIT_ASK), WAIT_WAITING).id;
    fixture_later(&fx, 1);
    struct wait_id wait_b = must_join(&fx, b, wish_day(&fx, 1, 10, WAIT_ASK), WAIT_WAITING).id;
    cancel(&fx, holder, booking);
    struct call call = as(&fx, a);
    struct wait_outcome outcome;
    assert_int_equal(wait_close(&call, wait_a, &outcome), RC_OK);
    assert_true(outcome.verdict.allowed);
    assert_int_equal(wait_of(&fx, wait_a), WAIT_CLOSED);
    struct offer_look look;
    assert_int_equal(offer_of(&fx, wait_b, &look), OFFER_OPEN);
    assert_int_equal(wait_close(&call, wait_a, &outcome), RC_OK);
    assert_int_equal(outcome.verdict.refused.code, REFUSAL_STATE);
    assert_int_equal(wait_close(&call, wait_b, &outcome), RC_NONE);
    fixture_teardown(&fx);
}

static void wishes_that_make_no_sense(struct engine *e) {
    struct fixture fx;
    fixture_setup(&fx, e);
    struct account_id a = person(&fx);
    struct wait_ask past = wish_day(&fx, 1, -2, WAIT_ASK);
    struct wait_ask backwards = wish_stay(&fx, 1, 12, 10, 1);
    struct wait_ask narrow = wish_stay(&fx, 1, 12, 13, 3);
    struct wait_ask nights_for_a_day = wish_day(&fx, 1, 10, WAIT_ASK);
    nights_for_a_day.nights = 1;
    struct wait_ask nowhere = wish_day(&fx, 1, 10, WAIT_ASK);
    nowhere.facility_count = 0;
    const struct wait_ask asks[] = {past, backwards, narrow, nights_for_a_day, nowhere};
    for (size_t i = 0; i < COUNT(asks); i++) {
        assert_int_equal(join(&fx, a, asks[i]).verdict.refused.code, REFUSAL_DATES);
    }
    struct account_id none = fixture_resident(&fx, &(struct fixture_person){.unapproved = true});
    assert_int_equal(join(&fx, none, wish_day(&fx, 1, 10, WAIT_ASK)).verdict.refused.code,
                     REFUSAL_NOT_APPROVED);
    fixture_teardown(&fx);
}

static void past_wishes_close(struct engine *e) {
    struct fixture fx;
    fixture_setup(&fx, e);
    struct booking_id booking;
    (void)fill(&fx, 10, &booking);
    struct wait_id wait = must_join(&fx, person(&fx), wish_day(&fx, 1, 10, WAIT_ASK), WAIT_WAITING).id;
    fixture_later(&fx, 11 * DAY);
    assert_int_equal(tick(&fx), 1);
    assert_int_equal(wait_of(&fx, wait), WAIT_CLOSED);
    assert_int_equal(tick(&fx), 0);
    fixture_teardown(&fx);
}

int main(void) {
    static const struct engine_case cases[] = {
        {"declined goes to the next", declined_goes_to_the_next},
        {"forgotten goes to the next and not back", forgotten_goes_to_the_next_and_not_back},
        {"the place itself", the_place_itself},
        {"a swap gives up the old place", a_swap_gives_up_the_old_place},
        {"those who cannot use it are passed over", those_who_cannot_use_it_are_passed_over},
        {"nights around the freed one count", nights_around_the_freed_one_count},
        {"leaving gives back what was held", leaving_gives_back_what_was_held},
        {"wishes that make no sense", wishes_that_make_no_sense},
        {"past wishes close", past_wishes_close},
    };
    static const struct db_stmt_list *lists[64];
    size_t n = 0;
    for (const struct db_stmt_list *const *list = fixture_lists(); *list != NULL; list++) {
        lists[n++] = *list;
    }
    lists[n] = &look_statements;
    return engines_run("service/wait", cases, COUNT(cases), lists);
}
