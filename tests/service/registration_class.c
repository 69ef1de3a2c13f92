/* The household class of a grant on both engines: with the day on which it was found, stale in the next tax year, found
 * again; and what was used before the house kept count. */
#include "query/people.h"
#include "service/fixture.h"
#include "service/registration.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static const char profile[] =
    "{\"code\":\"hirakata\",\"name\":\"試し市\",\"versions\":[{\"valid_from\":\"2025-04-01\",\"name\":\"a\","
    "\"classes\":[{\"code\":\"taxed\",\"name\":\"課税\"},{\"code\":\"exempt\",\"name\":\"非課税\"}],"
    "\"class_default\":\"taxed\",\"class_month\":6,"
    "\"pools\":[{\"code\":\"main\",\"name\":\"日数\",\"units\":{\"taxed\":7,\"exempt\":10}}],\"cares\":["
    "{\"code\":\"stay\",\"name\":\"宿泊\",\"kind\":\"stay\",\"start\":\"10:00\",\"end\":\"16:00\",\"charge\":\"days\","
    "\"pools\":[\"main\"],\"prices\":{\"taxed\":5000,\"exempt\":600}},"
    "{\"code\":\"day\",\"name\":\"日帰り\",\"kind\":\"day\",\"start\":\"10:00\",\"end\":\"16:00\",\"charge\":\"use\","
    "\"prices\":{\"kind\":\"nth\",\"list\":[0,1000],\"each\":2000}}],"
    "\"reductions\":[{\"code\":\"five\",\"name\":\"5回\",\"classes\":[\"taxed\"],\"amounts\":{\"stay\":2500},\"max\":5},"
    "{\"code\":\"ticket\",\"name\":\"券\",\"percent\":100,\"cares\":[\"day\"],\"budget\":3000}]}]}";

struct town {
    struct fixture fx;
    struct account_id mari;
    struct registration_id id;
};

static struct call call_of(struct town *town, enum role role, struct account_id who) {
    return fixture_call(&town->fx, fixture_as(&town->fx, role, who));
}
static struct call as_city(struct town *town) {
    return call_of(town, ROLE_COORDINATOR, town->fx.coordinator);
}

static struct registration_decision decision_of(struct town *town, const char *class) {
    return (struct registration_decision){.id = town->id,
                                          .household_class = text_of(class),
                                          .valid_from = DAY_NONE,
                                          .valid_to = DAY_NONE,
                                          .class_proven = DAY_NONE};
}

static void submit(struct town *town, struct engine *engine) {
    fixture_setup_with(&town->fx, engine, text_of(profile));
    town->mari = fixture_resident(&town->fx, &(struct fixture_person){.unapproved = true});
    struct registration_form form = {
        .mother_name = TEXT("高橋 まり"),
        .mother_kana = TEXT("タカハシ マリ"),
        .mother_birth_date = day_of((struct ymd){1995, 4, 1}),
        .postal_code = TEXT("5730000"),
        .address = TEXT("市内1-1"),
        .phone = TEXT("09012345678"),
        .children = {{.birth_date = day_of((struct ymd){2026, 10, 20}), .due_date = DAY_NONE}},
        .child_count = 1,
        .household_class = TEXT("exempt")};
    struct call her = call_of(town, ROLE_RESIDENT, town->mari);
    struct registration_outcome out;
    assert_int_equal(registration_submit(&her, &form, &out), RC_OK);
    assert_true(out.verdict.allowed);
    town->id = out.id;
}

static struct registration_outcome approve(struct town *town, const struct registration_decision *decision) {
    struct call city = as_city(town);
    struct registration_outcome out;
    assert_int_equal(registration_approve(&city, decision, &out), RC_OK);
    return out;
}

static const struct quote *quote_of(struct town *town, int nights) {
    struct call her = call_of(town, ROLE_RESIDENT, town->mari);
    struct book_ask ask = fixture_ask(&town->fx, 1, 5, nights);
    struct book_quote *quote = arena_new(&town->fx.arena, struct book_quote);
    assert_int_equal(book_quote(&her, &ask, quote), RC_OK);
    assert_true(quote->quote.allowed);
    return &quote->quote;
}

static void found_again_each_year(struct engine *e) {
    struct town town;
    submit(&town, e);
    struct registration_decision decision = decision_of(&town, "exempt");
    decision.class_proven = day_add(town.fx.today, 1);
    assert_int_equal(approve(&town, &decision).fault_count, 1); /* still to come */
    decision.class_proven = day_of((struct ymd){2026, 5, 31});
    assert_true(approve(&town, &decision).verdict.allowed);
    const struct quote *quote = quote_of(&town, 1); /* found for the tax year before June */
    assert_int_equal(quote->total.n, 5000);
    assert_true(quote->class_stale);
    assert_int_equal(quote->class_year, 2026);
    struct book_ask ask = fixture_ask(&town.fx, 1, 10, 1);
    struct book_outcome booked = fixture_book(&town.fx, town.mari, &ask);
    assert_int_equal(booked.fee.n, 5000);

    struct call city = as_city(&town);
    struct registration_outcome out;
    decision = decision_of(&town, "rich");
    assert_int_equal(registration_class(&city, &decision, &out), RC_OK);
    assert_true(out.fault_count == 1 && text_is(out.faults[0].at, "/household_class"));
    decision = decision_of(&town, "exempt");
    decision.version = 77;
    assert_int_equal(registration_class(&city, &decision, &out), RC_RACE);
    decision.version = 0;
    struct call hers = call_of(&town, ROLE_RESIDENT, town.mari);
    assert_int_equal(registration_class(&hers, &decision, &out), RC_NONE);
    assert_int_equal(registration_class(&city, &decision, &out), RC_OK);
    assert_true(out.verdict.allowed);
    quote = quote_of(&town, 1);
    assert_false(quote->class_stale);
    assert_int_equal(quote->total.n, 1200);
    fixture_teardown(&town.fx);
}

static void units_follow_the_class(struct engine *e) {
    struct town town;
    submit(&town, e);
    struct call city = as_city(&town);
    struct registration_outcome out;
    struct registration_decision decision = decision_of(&town, "exempt");
    assert_int_equal(registration_class(&city, &decision, &out), RC_OK);
    assert_int_equal(out.verdict.refused.code, REFUSAL_STATE); /* nothing was approved */
    assert_true(approve(&town, &decision).verdict.allowed);
    assert_int_equal(quote_of(&town, 1)->pools[0].left_before, 10);
    decision = decision_of(&town, "taxed");
    assert_int_equal(registration_class(&city, &decision, &out), RC_OK);
    assert_int_equal(quote_of(&town, 1)->pools[0].left_before, 7);
    struct book_ask ask = fixture_ask(&town.fx, 1, 10, 4);
    (void)fixture_book(&town.fx, town.mari, &ask);
    decision = decision_of(&town, "exempt");
    assert_int_equal(registration_class(&city, &decision, &out), RC_OK);
    assert_int_equal(quote_of(&town, 1)->pools[0].left_before, 5);
    fixture_teardown(&town.fx);
}

static void before_put(struct registration_decision *decision, enum before_what what, const char *code,
                       int64_t units) {
    size_t i = decision->before_count++;
    decision->before[i].what = what;
    decision->before[i].code = text_of(code);
    decision->before[i].units = units;
}

static void what_was_used_before(struct engine *e) {
    struct town town;
    submit(&town, e);
    struct registration_decision decision = decision_of(&town, "taxed");
    before_put(&decision, BEFORE_POOL, "main", 8);
    assert_int_equal(approve(&town, &decision).verdict.refused.code, REFUSAL_QUOTA); /* more than there is */
    decision = decision_of(&town, "taxed");
    before_put(&decision, BEFORE_REDUCTION, "none-such", 1);
    assert_int_equal(approve(&town, &decision).verdict.refused.code, REFUSAL_QUOTA);
    decision = decision_of(&town, "taxed");
    before_put(&decision, BEFORE_CARE, "none-such", 1);
    assert_int_equal(approve(&town, &decision).verdict.refused.code, REFUSAL_UNKNOWN_CARE);
    decision = decision_of(&town, "taxed");
    before_put(&decision, BEFORE_POOL, "main", 3);
    before_put(&decision, BEFORE_REDUCTION, "five", 4);
    before_put(&decision, BEFORE_CARE, "day", 2);
    before_put(&decision, BEFORE_YEN, "ticket", 500);
    assert_true(approve(&town, &decision).verdict.allowed);
    const struct quote *stay = quote_of(&town, 1);
    assert_int_equal(stay->pools[0].left_before, 4);
    assert_int_equal(stay->total.n, 7500);            /* one reduction is left */
    assert_int_equal(quote_of(&town, 0)->total.n, 0); /* 2,000, all of it by the ticket */
    struct book_ask ask = fixture_ask(&town.fx, 1, 6, 0);
    assert_int_equal(fixture_book(&town.fx, town.mari, &ask).fee.n, 0);
    assert_int_equal(quote_of(&town, 0)->total.n, 1500); /* 500 are left on it */
    ask = fixture_ask(&town.fx, 1, 10, 1);
    assert_int_equal(fixture_book(&town.fx, town.mari, &ask).fee.n, 7500);
    assert_int_equal(quote_of(&town, 1)->total.n, 10000);
    fixture_teardown(&town.fx);
}

int main(void) {
    static const struct engine_case cases[] = {ENGINE_CASE(found_again_each_year),
                                               ENGINE_CASE(units_follow_the_class),
                                               ENGINE_CASE(what_was_used_before)};
    return engines_run("service/registration_class", cases, COUNT(cases), fixture_lists());
}
