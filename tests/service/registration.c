/* Registration on both engines: what is wrong with a form, the whole way from the first submission to the grant, the
 * birth afterwards, and who may do what. */
#include "fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#include "query/people.h"
#include "service/registration.h"

struct town {
    struct fixture fx;
    struct account_id mari;
    struct account_id other;
};

static void town_setup(struct town *town, struct engine *engine) {
    fixture_setup(&town->fx, engine);
    town->mari = fixture_resident(&town->fx, &(struct fixture_person){.unapproved = true});
    town->other = fixture_resident(&town->fx, &(struct fixture_person){.unapproved = true});
}

static struct call as(struct town *town, enum role role, struct account_id account) {
    return fixture_call(&town->fx, fixture_as(&town->fx, role, account));
}
static struct call as_mari(struct town *town) {
    return as(town, ROLE_RESIDENT, town->mari);
}
static struct call as_city(struct town *town) {
    return as(town, ROLE_COORDINATOR, town->fx.coordinator);
}

static struct day day_at_text(const char *z) {
    struct day day = DAY_NONE;
    assert_true(day_parse(text_of(z), &day));
    return day;
}

/* A right form: one infant five weeks old on the fixture's day. */
static struct registration_form form_right(void) {
    struct registration_form form = {.mother_name = TEXT("髙橋　まり"),
                                     .mother_kana = TEXT("たかはし ﾏﾘ"),
                                     .mother_birth_date = day_at_text("1994-05-01"),
                                     .postal_code = TEXT("〒５７３－００２７"),
                                     .address = TEXT("大阪府枚方市大垣内町2-1-20"),
                                     .phone = TEXT("+81 72-841-1221"),
                                     .child_count = 1,
                                     .household_class = TEXT("taxed"),
                                     .consents = {TEXT("share"), TEXT("tax"), TEXT("same-room")},
                                     .consent_count = 3,
                                     .note = TEXT("夜に眠れる時間がほしいです。\n卵が食べられません。")};
    form.children[0] = (struct registration_child){.name = TEXT("ひな"),
                                                   .birth_date = day_at_text("2026-10-15"),
                                                   .due_date = day_at_text("2026-10-20"),
                                                   .gestation_days = 275,
                                                   .weight_g = 3050};
    return form;
}

static struct registration_outcome submit(struct town *town, const struct registration_form *form) {
    struct call call = as_mari(town);
    struct registration_outcome out;
    assert_int_equal(registration_submit(&call, form, &out), RC_OK);
    return out;
}

static struct registration_detail look(struct town *town, enum query_eye eye, struct account_id who,
                                       struct registration_id id) {
    struct query query = {.db = town->fx.house.db,
                          .arena = &town->fx.arena,
                          .city = town->fx.city->id,
                          .eye = eye,
                          .account = who};
    struct registration_detail detail = {0};
    assert_int_equal(query_registration(&query, id, &detail), RC_OK);
    return detail;
}

static bool has_fault(const struct registration_outcome *out, const char *code, const char *at) {
    for (size_t i = 0; i < out->fault_count; i++) {
        if (strcmp(out->faults[i].code, code) == 0 && text_is(out->faults[i].at, at)) {
            return true;
        }
    }
    return false;
}

static void faults_stand_beside_their_fields(struct engine *engine) {
    struct town town;
    town_setup(&town, engine);
    struct registration_form form = {.mother_birth_date = DAY_NONE};
    struct registration_outcome out = submit(&town, &form);
    assert_false(out.verdict.allowed);
    static const char *const missing[] = {
        "/mother/name",    "/mother/kana",  "/mother/birth_date", "/mother/postal_code",
        "/mother/address", "/mother/phone", "/children"};
    for (size_t i = 0; i < COUNT(missing); i++) {
        assert_true(has_fault(&out, "missing", missing[i]));
    }
    assert_true(has_fault(&out, "consent-missing", "/consents"));
    form = form_right();
    form.mother_kana = TEXT("Takahashi");
    form.phone = TEXT("12-34");
    form.postal_code = TEXT("573");
    form.mother_birth_date = day_at_text("2026-11-20");
    form.household_class = TEXT("noble");
    form.consents[1] = TEXT("newsletter");
    form.children[0].birth_date = day_at_text("2026-11-21");
    form.children[0].weight_g = 50;
    form.children[0].gestation_days = 999;
    out = submit(&town, &form);
    assert_true(has_fault(&out, "kana", "/mother/kana"));
    assert_true(has_fault(&out, "phone", "/mother/phone"));
    assert_true(has_fault(&out, "postal", "/mother/postal_code"));
    assert_true(has_fault(&out, "future", "/mother/birth_date"));
    assert_true(has_fault(&out, "class-unknown", "/household_class"));
    assert_true(has_fault(&out, "unknown", "/consents/1"));
    assert_true(has_fault(&out, "consent-missing", "/consents"));
    assert_true(has_fault(&out, "future", "/children/0/birth_date"));
    assert_true(has_fault(&out, "range", "/children/0/weight_g"));
    assert_true(has_fault(&out, "range", "/children/0/gestation_days"));
    assert_int_equal(out.fault_count, 10);
    fixture_teardown(&town.fx);
}

static void refused_by_the_rules(struct engine *engine) {
    struct town town;
    town_setup(&town, engine);
    struct registration_form form = form_right();
    form.children[0] =
        (struct registration_child){.birth_date = DAY_NONE, .due_date = day_at_text("2027-03-30")};
    struct registration_outcome out = submit(&town, &form);
    assert_false(out.verdict.allowed);
    assert_int_equal(out.fault_count, 0);
    assert_int_equal(out.verdict.refused.code, REFUSAL_TOO_EARLY); /* before week 28 */
    assert_non_null(refused_figure(&out.verdict.refused, "from"));
    form.children[0].due_date = day_at_text("2027-01-20");
    assert_true(submit(&town, &form).verdict.allowed);
    out = submit(&town, &form);
    assert_int_equal(out.verdict.refused.code, REFUSAL_STATE); /* one open application at a time */
    struct call call = as(&town, ROLE_COORDINATOR, town.fx.coordinator);
    assert_int_equal(registration_submit(&call, &form, &out), RC_NONE);
    fixture_teardown(&town.fx);
}

static void from_submission_to_grant(struct engine *engine) {
    struct town town;
    town_setup(&town, engine);
    struct registration_form form = form_right();
    struct registration_outcome first = submit(&town, &form);
    assert_true(first.verdict.allowed);
    assert_int_equal(first.state, REGISTRATION_SUBMITTED);
    struct registration_detail detail = look(&town, EYE_RESIDENT, town.mari, (struct registration_id){0});
    assert_true(text_eq(detail.registration.mother_name, form.mother_name)); /* byte for byte */
    assert_true(text_is(detail.registration.mother_kana, "タカハシ マリ"));
    assert_true(text_is(detail.registration.postal_code, "5730027"));
    assert_true(text_is(detail.registration.phone, "0728411221"));
    assert_int_equal(detail.consent_count, 3);

    struct call city = as_city(&town);
    struct registration_outcome out;
    struct text needs[] = {TEXT("sleep"), TEXT("feeding")};
    assert_int_equal(registration_interview(&city, first.id, TEXT("お話をうかがった。"), needs, 2, &out),
                     RC_OK);
    assert_true(out.verdict.allowed);
    assert_int_equal(registration_interview(&city, first.id, TEXT(" "), needs, 2, &out), RC_OK);
    assert_true(has_fault(&out, "missing", "/note"));

    struct registration_decision decision = {
        .id = first.id, .valid_from = DAY_NONE, .valid_to = DAY_NONE, .version = first.version};
    assert_int_equal(registration_return(&city, &decision, &out), RC_OK);
    assert_true(has_fault(&out, "missing", "/reason"));
    decision.reason = TEXT("お子さまのお名前の字をご確認ください。");
    assert_int_equal(registration_return(&city, &decision, &out), RC_OK);
    assert_int_equal(out.state, REGISTRATION_RETURNED);
    assert_int_equal(registration_approve(&city, &decision, &out), RC_RACE); /* her version is old */
    decision.version = 0;
    assert_int_equal(registration_approve(&city, &decision, &out), RC_OK);
    assert_int_equal(out.verdict.refused.code, REFUSAL_STATE); /* it is hers to mend first */

    form.children[0].name = TEXT("陽菜");
    struct registration_outcome again = submit(&town, &form);
    assert_true(again.verdict.allowed);
    assert_int_equal(again.id.n, first.id.n);
    assert_int_equal(again.version, 3);
    decision.version = 3;
    decision.extra_count = 1;
    decision.extra[0].pool = TEXT("none");
    assert_int_equal(registration_approve(&city, &decision, &out), RC_OK);
    assert_int_equal(out.verdict.refused.code, REFUSAL_QUOTA);
    decision.extra[0].pool = TEXT("main");
    decision.extra[0].units = 2;
    assert_int_equal(registration_approve(&city, &decision, &out), RC_OK);
    assert_true(out.verdict.allowed);
    assert_int_equal(out.state, REGISTRATION_APPROVED);

    detail = look(&town, EYE_CITY, town.fx.coordinator, first.id);
    assert_true(detail.has_grant);
    assert_int_equal(detail.grant.number, 1);
    assert_true(text_is(detail.grant.household_class, "taxed"));
    assert_true(day_eq(detail.grant.valid_from, day_at_text("2026-11-20")));
    assert_true(day_eq(detail.grant.valid_to, day_at_text("2027-02-14"))); /* under 4 months */
    assert_int_equal(detail.pool_count, 1);
    assert_int_equal(detail.pools[0].granted, 9);
    assert_int_equal(detail.pools[0].left, 9);
    assert_int_equal(detail.interview_count, 1);
    assert_true(text_is(detail.interviews[0].needs, "sleep feeding"));
    assert_true(text_is(detail.children[0].name, "陽菜"));
    assert_int_equal(look(&town, EYE_RESIDENT, town.mari, first.id).interview_count, 0);

    struct query query = {.db = town.fx.house.db,
                          .arena = &town.fx.arena,
                          .city = town.fx.city->id,
                          .eye = EYE_RESIDENT,
                          .account = town.mari};
    struct notice_row *notices;
    size_t count;
    assert_int_equal(query_notices(&query, &(struct query_page){0, 50}, &notices, &count), RC_OK);
    assert_int_equal(count, 4); /* received, returned, received again, approved */
    assert_true(text_is(notices[0].kind, "registration-approved"));
    assert_true(text_has(notices[0].body, TEXT("令和8年11月20日")));
    query.eye = EYE_CITY;
    struct audit_found audit;
    struct audit_ask all = {
        .action = TEXT("registration."), .subject = town.mari, .from = DAY_NONE, .to = DAY_NONE};
    assert_int_equal(query_audit(&query, &all, &(struct query_page){0, 50}, &audit), RC_OK);
    assert_int_equal(audit.next, 0);
    assert_int_equal(audit.count, 5); /* submit, interview, return, submit, approve */
    static const struct {
        bool hers;    /* what she did, or what the coordinator did */
        bool for_her; /* only what concerns her */
        size_t count;
    } done[] = {{true, false, 2}, {true, true, 2}, {false, false, 3}, {false, true, 3}};
    for (size_t i = 0; i < COUNT(done); i++) {
        struct audit_ask ask = {.action = TEXT("registration."),
                                .actor = done[i].hers ? town.mari : town.fx.coordinator,
                                .subject = done[i].for_her ? town.mari : (struct account_id){0},
                                .from = DAY_NONE,
                                .to = DAY_NONE};
        assert_int_equal(query_audit(&query, &ask, &(struct query_page){0, 50}, &audit), RC_OK);
        assert_int_equal(audit.count, done[i].count);
        for (size_t k = 0; k < audit.count; k++) {
            assert_int_equal(audit.rows[k].actor.n, ask.actor.n);
            assert_true(k == 0 || audit.rows[k].id < audit.rows[k - 1].id);
        }
    }
    struct resident_row *residents;
    assert_int_equal(query_residents(&query, TEXT("072-841-1221"), TEXT(""), &residents, &count), RC_OK);
    assert_int_equal(count, 1);
    assert_int_equal(residents[0].account.n, town.mari.n);
    fixture_teardown(&town.fx);
}

static void foreign_hands(struct engine *engine) {
    struct town town;
    town_setup(&town, engine);
    struct registration_form form = form_right();
    struct registration_outcome first = submit(&town, &form);
    struct registration_outcome out;
    struct registration_decision decision = {
        .id = first.id, .valid_from = DAY_NONE, .valid_to = DAY_NONE, .reason = TEXT("理由")};
    static const enum role roles[] = {ROLE_RESIDENT, ROLE_FACILITY, ROLE_AUDITOR, ROLE_PUBLIC, ROLE_CLOCK};
    for (size_t i = 0; i < COUNT(roles); i++) {
        struct call call = as(&town, roles[i], town.mari);
        assert_int_equal(registration_approve(&call, &decision, &out), RC_NONE);
        assert_int_equal(registration_return(&call, &decision, &out), RC_NONE);
        assert_int_equal(registration_reject(&call, &decision, &out), RC_NONE);
        assert_int_equal(registration_interview(&call, first.id, TEXT("x"), NULL, 0, &out), RC_NONE);
    }
    struct call other = as(&town, ROLE_RESIDENT, town.other);
    assert_int_equal(registration_withdraw(&other, first.id, &out), RC_NONE);
    struct registration_detail detail;
    struct query query = {.db = town.fx.house.db,
                          .arena = &town.fx.arena,
                          .city = town.fx.city->id,
                          .eye = EYE_RESIDENT,
                          .account = town.other};
    assert_int_equal(query_registration(&query, first.id, &detail), RC_NONE);
    assert_int_equal(query_registration(&query, (struct registration_id){0}, &detail), RC_NONE);
    query.eye = EYE_FACILITY;
    assert_int_equal(query_registration(&query, first.id, &detail), RC_NONE);

    /* Somebody else with the same name and birthday shows up beside it, for the city alone. */
    struct registration_outcome twin;
    other = as(&town, ROLE_RESIDENT, town.other);
    assert_int_equal(registration_submit(&other, &form, &twin), RC_OK);
    assert_true(twin.verdict.allowed);
    assert_int_equal(look(&town, EYE_CITY, town.fx.coordinator, first.id).alike_count, 1);
    assert_int_equal(look(&town, EYE_RESIDENT, town.mari, first.id).alike_count, 0);

    struct call call = as_mari(&town);
    assert_int_equal(registration_withdraw(&call, first.id, &out), RC_OK);
    assert_int_equal(out.state, REGISTRATION_WITHDRAWN);
    call = as_city(&town);
    assert_int_equal(registration_reject(&call, &decision, &out), RC_OK);
    assert_int_equal(out.verdict.refused.code, REFUSAL_STATE);
    decision.id = twin.id;
    assert_int_equal(registration_reject(&call, &decision, &out), RC_OK);
    assert_int_equal(out.state, REGISTRATION_REJECTED);
    assert_true(submit(&town, &form).verdict.allowed); /* a new application */
    fixture_teardown(&town.fx);
}

static void the_birth_moves_the_end(struct engine *engine) {
    struct town town;
    town_setup(&town, engine);
    struct registration_form form = form_right();
    form.children[0] =
        (struct registration_child){.birth_date = DAY_NONE, .due_date = day_at_text("2026-12-10")};
    struct registration_outcome first = submit(&town, &form);
    struct registration_outcome out;
    struct call city = as_city(&town);
    struct registration_decision decision = {.id = first.id, .valid_from = DAY_NONE, .valid_to = DAY_NONE};
    assert_int_equal(registration_approve(&city, &decision, &out), RC_OK);
    assert_true(out.verdict.allowed);
    struct registration_detail detail = look(&town, EYE_CITY, town.fx.coordinator, first.id);
    assert_true(day_eq(detail.grant.valid_to, day_at_text("2027-04-09")));

    fixture_later(&town.fx, 10 * 24 * 3600);
    struct registration_child born = {
        .name = TEXT("湊"), .birth_date = day_at_text("2026-11-28"), .due_date = DAY_NONE, .weight_g = 2900};
    struct call other = as(&town, ROLE_RESIDENT, town.other);
    struct child_id child = detail.children[0].id;
    assert_int_equal(registration_birth(&other, first.id, child, &born, &out), RC_NONE);
    struct call call = as_mari(&town);
    assert_int_equal(registration_birth(&call, first.id, (struct child_id){7}, &born, &out), RC_NONE);
    struct registration_child none = {.birth_date = DAY_NONE, .due_date = DAY_NONE};
    assert_int_equal(registration_birth(&call, first.id, child, &none, &out), RC_OK);
    assert_true(has_fault(&out, "missing", "/birth_date"));
    assert_int_equal(registration_birth(&call, first.id, child, &born, &out), RC_OK);
    assert_true(out.verdict.allowed);
    detail = look(&town, EYE_CITY, town.fx.coordinator, first.id);
    assert_true(day_eq(detail.grant.valid_to, day_at_text("2027-03-27")));
    assert_true(day_eq(detail.children[0].due_date, day_at_text("2026-12-10")));
    fixture_teardown(&town.fx);
}

int main(void) {
    static const struct engine_case cases[] = {
        ENGINE_CASE(faults_stand_beside_their_fields), ENGINE_CASE(refused_by_the_rules),
        ENGINE_CASE(from_submission_to_grant), ENGINE_CASE(foreign_hands),
        ENGINE_CASE(the_birth_moves_the_end)};
    return engines_run("service/registration", cases, COUNT(cases), fixture_lists());
}
