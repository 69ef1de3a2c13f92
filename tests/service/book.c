/* The life of a booking, on both engines: to the last unit, refusals with their figures, answers, cancellations,
 * changes, use, lapse, and who may see and touch what. */
#include "service/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static struct book_outcome request(struct fixture *fx, struct account_id resident, struct book_ask ask) {
    struct call call = fixture_call(fx, fixture_as(fx, ROLE_RESIDENT, resident));
    struct book_outcome outcome;
    assert_int_equal(book_request(&call, &ask, &outcome), RC_OK);
    return outcome;
}

static void must_refuse(struct fixture *fx, struct account_id resident, struct book_ask ask,
                        const char *code) {
    struct book_outcome outcome = request(fx, resident, ask);
    assert_false(outcome.verdict.allowed);
    assert_string_equal(refusal_code(outcome.verdict.refused.code).p, code);
}

static enum rc step(struct fixture *fx, struct caller who, struct booking_id id, enum booking_event event,
                    struct book_outcome *ret_outcome) {
    struct call call = fixture_call(fx, who);
    struct book_step ask = {.id = id, .event = event, .reason = TEXT("満床のため"), .report = TEXT("")};
    return book_step(&call, &ask, ret_outcome);
}

static struct book_outcome must_step(struct fixture *fx, struct caller who, struct booking_id id,
                                     enum booking_event event, enum booking_state state) {
    struct book_outcome outcome;
    assert_int_equal(step(fx, who, id, event, &outcome), RC_OK);
    assert_true(outcome.verdict.allowed);
    assert_int_equal(outcome.state, state);
    return outcome;
}

static struct account_id hana_of(struct fixture *fx) {
    return fixture_resident(fx, &(struct fixture_person){.units = 7});
}

static void to_the_last_unit(struct engine *e) {
    struct fixture fx;
    fixture_setup(&fx, e);
    struct account_id hana = hana_of(&fx);
    struct book_outcome first = request(&fx, hana, fixture_ask(&fx, 0, 3, 3));
    assert_true(first.verdict.allowed);
    assert_int_equal(first.state, BOOKING_REQUESTED);
    assert_int_equal(first.units, 3);
    assert_int_equal(first.fee.n, 9300);
    assert_int_equal(first.answer_by.s, env_now(&fx.env).s + 24 * 3600);
    struct book_outcome second = request(&fx, hana, fixture_ask(&fx, 1, 8, 3));
    assert_int_equal(second.state, BOOKING_CONFIRMED);
    assert_true(instant_is_none(second.answer_by));
    struct book_outcome seventh = request(&fx, hana, fixture_ask(&fx, 1, 12, 0));
    assert_true(seventh.verdict.allowed);
    assert_int_equal(seventh.fee.n, 1200);
    struct book_outcome eighth = request(&fx, hana, fixture_ask(&fx, 1, 14, 0));
    assert_false(eighth.verdict.allowed);
    assert_int_equal(eighth.verdict.refused.code, REFUSAL_QUOTA);
    assert_int_equal(refused_figure(&eighth.verdict.refused, "left")->n, 0);
    assert_int_equal(refused_figure(&eighth.verdict.refused, "needed")->n, 1);
    assert_int_equal(refused_figure(&eighth.verdict.refused, "granted")->n, 7);
    assert_false(eighth.wait_possible);
    assert_int_equal(fixture_slot(&fx, 0, "stay", 3).taken, 1);
    assert_int_equal(fixture_slot(&fx, 0, "stay", 5).taken, 1);
    assert_int_equal(fixture_slot(&fx, 0, "stay", 6).taken, 0);
    fixture_teardown(&fx);
}

static void refusals(struct engine *e) {
    struct fixture fx;
    fixture_setup(&fx, e);
    struct account_id hana = hana_of(&fx);
    struct account_id new = fixture_resident(&fx, &(struct fixture_person){.unapproved = true});
    struct book_ask five = fixture_ask(&fx, 1, 5, 1);
    (void)fixture_book(&fx, hana, &five);
    must_refuse(&fx, hana, fixture_ask(&fx, 0, 5, 1), "overlap");
    must_refuse(&fx, new, fixture_ask(&fx, 0, 5, 1), "not-approved");
    must_refuse(&fx, hana, fixture_ask(&fx, 0, FIXTURE_DAYS + 5, 1), "closed");
    must_refuse(&fx, hana, fixture_ask(&fx, 0, 200, 1), "age");
    must_refuse(&fx, hana, fixture_ask(&fx, 0, -1, 1), "deadline");
    struct book_ask unknown = fixture_ask(&fx, 0, 8, 1);
    unknown.care = TEXT("spa");
    must_refuse(&fx, hana, unknown, "unknown-care");
    fixture_teardown(&fx);
}

static void full(struct engine *e) {
    struct fixture fx;
    fixture_setup(&fx, e);
    for (int i = 0; i < 2; i++) {
        struct book_ask ask = fixture_ask(&fx, 1, 4, 2);
        (void)fixture_book(&fx, hana_of(&fx), &ask);
    }
    struct account_id third = hana_of(&fx);
    struct book_outcome outcome = request(&fx, third, fixture_ask(&fx, 1, 5, 2));
    assert_int_equal(outcome.verdict.refused.code, REFUSAL_FULL);
    assert_true(outcome.wait_possible);
    assert_int_equal(outcome.wished.facility.n, fx.facilities[1].n);
    assert_true(day_eq(outcome.wished.end, fixture_day(&fx, 7)));
    struct call call = fixture_call(&fx, fixture_as(&fx, ROLE_RESIDENT, third));
    struct book_ask ask = fixture_ask(&fx, 1, 5, 2);
    struct book_quote *quote = arena_new(&fx.arena, struct book_quote);
    assert_int_equal(book_quote(&call, &ask, quote), RC_OK);
    assert_false(quote->quote.allowed);
    assert_int_equal(quote->quote.refusals[0].code, REFUSAL_FULL);
    assert_int_equal(quote->quote.total.n, 6200);
    ask = fixture_ask(&fx, 1, 6, 2);
    assert_int_equal(book_quote(&call, &ask, quote), RC_OK);
    assert_true(quote->quote.allowed);
    fixture_teardown(&fx);
}

static void answered(struct engine *e) {
    struct fixture fx;
    fixture_setup(&fx, e);
    struct account_id hana = fixture_resident(&fx, &(struct fixture_person){.units = 2});
    struct book_ask ask = fixture_ask(&fx, 0, 4, 2);
    struct book_outcome first = fixture_book(&fx, hana, &ask);
    must_refuse(&fx, hana, fixture_ask(&fx, 0, 10, 1), "quota");
    (void)must_step(&fx, fixture_staff(&fx, 0), first.id, BOOKING_EV_DECLINE, BOOKING_DECLINED);
    assert_int_equal(fixture_slot(&fx, 0, "stay", 4).taken, 0);
    struct book_outcome second = fixture_book(&fx, hana, &ask);
    (void)must_step(&fx, fixture_staff(&fx, 0), second.id, BOOKING_EV_ACCEPT, BOOKING_CONFIRMED);
    assert_int_equal(fixture_slot(&fx, 0, "stay", 4).taken, 1);
    struct book_outcome again;
    assert_int_equal(step(&fx, fixture_staff(&fx, 0), second.id, BOOKING_EV_ACCEPT, &again), RC_OK);
    assert_int_equal(again.verdict.refused.code, REFUSAL_STATE);
    fixture_teardown(&fx);
}

static void stale_version(struct engine *e) {
    struct fixture fx;
    fixture_setup(&fx, e);
    struct book_ask ask = fixture_ask(&fx, 0, 4, 2);
    struct book_outcome booked = fixture_book(&fx, hana_of(&fx), &ask);
    struct call call = fixture_call(&fx, fixture_staff(&fx, 0));
    struct book_step accept = {.id = booked.id, .event = BOOKING_EV_ACCEPT, .version = booked.version + 1};
    struct book_outcome outcome;
    assert_int_equal(book_step(&call, &accept, &outcome), RC_RACE);
    accept.version = booked.version;
    assert_int_equal(book_step(&call, &accept, &outcome), RC_OK);
    assert_int_equal(outcome.version, booked.version + 1);
    fixture_teardown(&fx);
}

static void lapses(struct engine *e) {
    struct fixture fx;
    fixture_setup(&fx, e);
    struct book_ask ask = fixture_ask(&fx, 0, 4, 2);
    struct book_outcome declines = fixture_book(&fx, hana_of(&fx), &ask);
    ask = fixture_ask(&fx, 2, 4, 2);
    struct book_outcome accepts = fixture_book(&fx, hana_of(&fx), &ask);
    assert_int_equal(accepts.answer_by.s, env_now(&fx.env).s + 4 * 3600);
    struct call call = fixture_call(&fx, fixture_clock());
    int64_t settled = -1;
    assert_int_equal(book_lapse_due(&call, &settled), RC_OK);
    assert_int_equal(settled, 0);
    fixture_later(&fx, 24 * 3600);
    struct book_outcome late;
    assert_int_equal(step(&fx, fixture_staff(&fx, 0), declines.id, BOOKING_EV_ACCEPT, &late), RC_OK);
    assert_int_equal(late.verdict.refused.code, REFUSAL_STATE);
    call = fixture_call(&fx, fixture_clock());
    assert_int_equal(book_lapse_due(&call, &settled), RC_OK);
    assert_int_equal(settled, 2);
    assert_int_equal(fixture_slot(&fx, 0, "stay", 4).taken, 0);
    assert_int_equal(fixture_slot(&fx, 2, "stay", 4).taken, 1);
    assert_int_equal(book_lapse_due(&call, &settled), RC_OK);
    assert_int_equal(settled, 0);
    fixture_teardown(&fx);
}

static void cancelled(struct engine *e) {
    struct fixture fx;
    fixture_setup_with(&fx, e, fixture_strict(&e->arena));
    struct account_id hana = fixture_resident(&fx, &(struct fixture_person){.units = 4});
    struct caller her = fixture_as(&fx, ROLE_RESIDENT, hana);
    struct book_ask ask = fixture_ask(&fx, 1, 4, 2);
    struct book_outcome early = fixture_book(&fx, hana, &ask);
    struct book_outcome gone = must_step(&fx, her, early.id, BOOKING_EV_CANCEL, BOOKING_CANCELLED);
    assert_int_equal(gone.cancel_fee.n, 0);
    assert_int_equal(gone.units_charged, 0);
    struct book_outcome late = fixture_book(&fx, hana, &ask);
    fixture_later(&fx, 3 * 86400 + 8 * 3600 + 1); /* past 17:00 on the day before */
    struct call call = fixture_call(&fx, her);
    struct book_outcome price;
    assert_int_equal(book_cancel_quote(&call, late.id, &price), RC_OK);
    assert_int_equal(price.cancel_fee.n, 6200);
    assert_int_equal(price.units_charged, 2);
    gone = must_step(&fx, her, late.id, BOOKING_EV_CANCEL, BOOKING_CANCELLED);
    assert_int_equal(gone.cancel_fee.n, 6200);
    assert_int_equal(gone.units_charged, 2);
    assert_int_equal(fixture_slot(&fx, 1, "stay", 4).taken, 0);
    must_refuse(&fx, hana, fixture_ask(&fx, 1, 10, 3), "quota");
    struct book_ask next = fixture_ask(&fx, 1, 10, 2);
    struct book_outcome kept = fixture_book(&fx, hana, &next);
    fixture_later(&fx, 6 * 86400);
    gone = must_step(&fx, fixture_staff(&fx, 1), kept.id, BOOKING_EV_CANCEL, BOOKING_CANCELLED);
    assert_int_equal(gone.cancel_fee.n + gone.units_charged,
                     0); /* the facility's own doing costs her nothing */
    fixture_teardown(&fx);
}

static void used(struct engine *e) {
    struct fixture fx;
    fixture_setup(&fx, e);
    struct account_id hana = fixture_resident(&fx, &(struct fixture_person){.units = 3});
    struct book_ask ask = fixture_ask(&fx, 1, 1, 2);
    struct book_outcome stay = fixture_book(&fx, hana, &ask);
    ask = fixture_ask(&fx, 1, 6, 0);
    struct book_outcome day = fixture_book(&fx, hana, &ask);
    struct book_outcome early;
    struct caller staff = fixture_staff(&fx, 1);
    assert_int_equal(step(&fx, staff, stay.id, BOOKING_EV_CHECK_IN, &early), RC_OK);
    assert_false(early.verdict.allowed);
    fixture_later(&fx, 86400);
    (void)must_step(&fx, staff, stay.id, BOOKING_EV_CHECK_IN, BOOKING_IN_USE);
    fixture_verify(&fx);
    fixture_later(&fx, 2 * 86400);
    (void)must_step(&fx, staff, stay.id, BOOKING_EV_COMPLETE, BOOKING_COMPLETED);
    fixture_later(&fx, 4 * 86400);
    struct book_outcome missed = must_step(&fx, staff, day.id, BOOKING_EV_NO_SHOW, BOOKING_NO_SHOW);
    assert_int_equal(missed.units_charged, 1);
    must_refuse(&fx, hana, fixture_ask(&fx, 1, 12, 0), "quota");
    fixture_teardown(&fx);
}

static void on_behalf(struct engine *e) {
    struct fixture fx;
    fixture_setup(&fx, e);
    struct account_id hana = hana_of(&fx);
    struct account_id other = hana_of(&fx);
    struct book_ask ask = fixture_ask(&fx, 1, 4, 2);
    const struct {
        struct caller who;
        struct account_id resident;
        enum rc rc;
    } cases[] = {
        {fixture_as(&fx, ROLE_COORDINATOR, fx.coordinator), {0}, RC_NONE},
        {fixture_as(&fx, ROLE_COORDINATOR, fx.coordinator), {12345}, RC_NONE},
        {fixture_as(&fx, ROLE_COORDINATOR, fx.coordinator), fx.staff[0], RC_NONE},
        {fixture_as(&fx, ROLE_AUDITOR, fx.auditor), hana, RC_NONE},
        {fixture_staff(&fx, 1), hana, RC_NONE},
        {fixture_as(&fx, ROLE_RESIDENT, other), hana, RC_NONE},
        {{.role = ROLE_PUBLIC}, hana, RC_NONE},
        {fixture_as(&fx, ROLE_COORDINATOR, fx.coordinator), hana, RC_OK},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct call call = fixture_call(&fx, cases[i].who);
        ask.resident = cases[i].resident;
        struct book_outcome outcome;
        struct book_quote *quote = arena_new(&fx.arena, struct book_quote);
        assert_int_equal(book_quote(&call, &ask, quote), cases[i].rc);
        assert_int_equal(book_request(&call, &ask, &outcome), cases[i].rc);
        assert_true(cases[i].rc != RC_OK || outcome.verdict.allowed);
    }
    fixture_teardown(&fx);
}

static void foreign_eyes(struct engine *e) {
    struct fixture fx;
    fixture_setup(&fx, e);
    struct account_id hana = hana_of(&fx);
    struct book_ask ask = fixture_ask(&fx, 0, 4, 2);
    struct book_outcome booked = fixture_book(&fx, hana, &ask);
    const struct caller others[] = {
        fixture_as(&fx, ROLE_RESIDENT, hana_of(&fx)),
        fixture_staff(&fx, 1),
        fixture_as(&fx, ROLE_AUDITOR, fx.auditor),
        {.role = ROLE_PUBLIC},
    };
    for (size_t i = 0; i < COUNT(others); i++) {
        struct book_outcome outcome;
        for (int event = 0; event < BOOKING_EV__MAX; event++) {
            assert_int_equal(step(&fx, others[i], booked.id, (enum booking_event)event, &outcome), RC_NONE);
        }
        struct call call = fixture_call(&fx, others[i]);
        assert_int_equal(book_cancel_quote(&call, booked.id, &outcome), RC_NONE);
    }
    struct book_ask change = fixture_ask(&fx, 0, 6, 2);
    change.change_of = booked.id;
    struct call call = fixture_call(&fx, others[0]);
    struct book_outcome outcome;
    assert_int_equal(book_request(&call, &change, &outcome), RC_NONE);
    assert_int_equal(step(&fx, fixture_as(&fx, ROLE_RESIDENT, hana), booked.id, BOOKING_EV_ACCEPT, &outcome),
                     RC_OK);
    assert_false(outcome.verdict.allowed); /* her own booking, but not hers to accept */
    fixture_teardown(&fx);
}

struct answer {
    int made;
};
static void render(void *ctx, struct arena *arena, const void *outcome, struct idem_answer *ret_answer) {
    const struct book_outcome *booked = outcome;
    ((struct answer *)ctx)->made++;
    *ret_answer = (struct idem_answer){.status = booked->verdict.allowed ? 201 : 409,
                                       .location = TEXT(""),
                                       .content_type = TEXT("application/json"),
                                       .body = id_format(arena, booked->id.n)};
}

static void same_key(struct engine *e) {
    struct fixture fx;
    fixture_setup(&fx, e);
    struct account_id hana = hana_of(&fx);
    struct book_ask ask = fixture_ask(&fx, 1, 4, 2);
    struct answer answer = {0};
    struct text first = TEXT("");
    for (int i = 0; i < 3; i++) {
        struct idem idem = {.key = TEXT("k1"), .request_hash = TEXT("h1"), .render = render, .ctx = &answer};
        struct call call = fixture_call(&fx, fixture_as(&fx, ROLE_RESIDENT, hana));
        struct book_outcome outcome;
        call.idem = &idem;
        assert_int_equal(book_request(&call, &ask, &outcome), RC_OK);
        assert_int_equal(idem.answer.status, 201);
        assert_int_equal(idem.replayed, i > 0);
        first = i == 0 ? idem.answer.body : first;
        assert_true(text_eq(first, idem.answer.body));
    }
    assert_int_equal(fixture_slot(&fx, 1, "stay", 4).taken, 1);
    fixture_teardown(&fx);
}

int main(void) {
    static const struct engine_case cases[] = {
        ENGINE_CASE(to_the_last_unit), ENGINE_CASE(refusals),      ENGINE_CASE(full),
        ENGINE_CASE(answered),         ENGINE_CASE(stale_version), ENGINE_CASE(lapses),
        ENGINE_CASE(cancelled),        ENGINE_CASE(used),          ENGINE_CASE(on_behalf),
        ENGINE_CASE(foreign_eyes),     ENGINE_CASE(same_key),
    };
    return engines_run("service/book", cases, COUNT(cases), fixture_lists());
}
