/* A city's rules as versions, on both engines: what a file may and may not do to them, the draft and its editors,
 * publishing and withdrawing, and that whoever books is judged by what was published, wherever it was read. */
#include "fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#include "service/import.h"
#include "service/rules.h"

/* `text` with the first `from` replaced. */
static struct text with(struct arena *arena, struct text text, const char *from, const char *to) {
    struct text piece = text_of(from);
    for (size_t i = 0; i + piece.n <= text.n; i++) {
        if (text_eq(text_part(text, i, i + piece.n), piece)) {
            return text_printf(arena, "%.*s%s%.*s", (int)i, text.p, to,
                               TEXT_F(text_part(text, i + piece.n, text.n)));
        }
    }
    fail_msg("%s is not there", from);
    return text;
}

static struct call as_admin(struct fixture *fx) {
    return fixture_call(fx, fixture_as(fx, ROLE_CITY_ADMIN, fx->admin));
}

static struct rules_list list_of(struct fixture *fx) {
    struct call call = as_admin(fx);
    struct rules_list list;
    assert_int_equal(rules_list(&call, &list), RC_OK);
    return list;
}

/* A draft of version 1 in which a night costs `yen`; its revision. */
static int64_t draft_at(struct fixture *fx, const char *yen) {
    struct call call = as_admin(fx);
    struct rules_outcome outcome;
    struct rules_draft draft;
    assert_int_equal(rules_draft_start(&call, &(struct rules_start){.from = 1}, &outcome), RC_OK);
    assert_int_equal(outcome.fault, RULES_FINE);
    assert_int_equal(rules_draft_read(&call, &draft), RC_OK);
    struct rules_save save = {with(&fx->arena, draft.document, "3100", yen), draft.revision};
    assert_int_equal(rules_draft_save(&call, &save, &outcome), RC_OK);
    assert_int_equal(outcome.fault, RULES_FINE);
    return outcome.revision;
}

static struct rules_outcome publish(struct fixture *fx, int64_t revision, int32_t day) {
    struct call call = as_admin(fx);
    struct rules_publish ask = {revision, fixture_day(fx, day), TEXT("要綱の改正")};
    struct rules_outcome outcome;
    assert_int_equal(rules_publish(&call, &ask, &outcome), RC_OK);
    return outcome;
}

static enum rc import_again(struct fixture *fx, struct text json, struct text *ret_why) {
    *ret_why = TEXT("");
    return import_city(&fx->house, &fx->arena, json, ret_why);
}

/* ---- the file ---- */

static struct text second_version(struct fixture *fx, struct text json, const char *from, const char *yen) {
    struct text version = json;
    size_t at = 0;
    while (!text_starts(text_part(json, at, json.n), TEXT("\"versions\": ["))) {
        at++;
    }
    version = text_part(json, at + 13, json.n);
    size_t end = version.n;
    while (version.p[end - 1] != ']') {
        end--;
    }
    version = text_part(version, 0, end - 1);
    struct text later = with(&fx->arena, with(&fx->arena, version, "2025-04-01", from), "3100", yen);
    return text_printf(&fx->arena, "%.*s\"versions\": [%.*s,%.*s]}", (int)at, json.p, TEXT_F(version),
                       TEXT_F(later));
}

static void the_file_begins_and_adds(struct engine *engine) {
    struct fixture fx;
    struct text why;
    fixture_setup(&fx, engine);
    struct text json = fixture_hirakata(&fx.arena);
    int64_t revision = house_city_at(&fx.house, 0)->revision;
    assert_int_equal(list_of(&fx).count, 1);
    assert_true(list_of(&fx).rows[0].imported);
    assert_int_equal(list_of(&fx).rows[0].state, RULES_IN_FORCE);

    assert_int_equal(import_again(&fx, json, &why), RC_OK); /* the same again */
    assert_int_equal(list_of(&fx).count, 1);
    assert_int_equal(house_city_at(&fx.house, 0)->revision, revision);

    struct text two = second_version(&fx, json, "2027-04-01", "3300");
    assert_int_equal(import_again(&fx, two, &why), RC_OK);
    assert_int_equal(list_of(&fx).count, 2);
    assert_int_equal(list_of(&fx).rows[0].state, RULES_COMING);
    assert_int_equal(house_city_at(&fx.house, 0)->rules->count, 2);

    struct text other =
        second_version(&fx, json, "2027-04-01", "3500"); /* not begun: the newer file counts */
    assert_int_equal(import_again(&fx, other, &why), RC_OK);
    assert_int_equal(list_of(&fx).count, 3);
    assert_int_equal(list_of(&fx).rows[1].state, RULES_REPLACED);
    assert_int_equal(import_again(&fx, two, &why), RC_OK); /* known once: it changes nothing any more */
    assert_int_equal(list_of(&fx).count, 3);

    struct text past = second_version(&fx, json, "2026-10-01", "3300");
    assert_int_equal(import_again(&fx, past, &why), RC_NONE);
    assert_true(text_has(why, TEXT("2026-10-01")));
    struct text begun = with(&fx.arena, json, "3100", "3101");
    assert_int_equal(import_again(&fx, begun, &why), RC_NONE);
    assert_true(text_has(why, TEXT("/cares/0/prices/taxed")));
    assert_true(text_has(why, TEXT("令和7年4月からの定め")));
    struct text spaced = with(&fx.arena, json, "\"kind\": \"stay\",", "\n  \"kind\" : \"stay\" ,");
    assert_int_equal(import_again(&fx, spaced, &why), RC_OK); /* spaces say nothing */
    fixture_teardown(&fx);
}

/* ---- the draft ---- */

static void drafts_are_shared_and_not_overwritten(struct engine *engine) {
    struct fixture fx;
    fixture_setup(&fx, engine);
    struct rules_outcome outcome;
    struct rules_draft draft;
    struct call call = fixture_call(&fx, fixture_as(&fx, ROLE_COORDINATOR, fx.coordinator));
    assert_int_equal(rules_draft_start(&call, &(struct rules_start){.from = 1}, &outcome),
                     RC_NONE); /* not hers */
    call = as_admin(&fx);
    assert_int_equal(rules_draft_start(&call, &(struct rules_start){.from = 2}, &outcome), RC_NONE);
    assert_int_equal(rules_draft_read(&call, &draft), RC_NONE);
    int64_t revision = draft_at(&fx, "3200");
    assert_int_equal(rules_draft_start(&call, &(struct rules_start){.from = 1}, &outcome), RC_OK);
    assert_int_equal(outcome.fault, RULES_DRAFT_EXISTS);
    assert_int_equal(rules_draft_read(&call, &draft), RC_OK);
    assert_int_equal(draft.revision, revision);
    assert_true(text_has(draft.document, TEXT("3200")));
    struct rules_save late = {draft.document, revision - 1};
    assert_int_equal(rules_draft_save(&call, &late, &outcome), RC_RACE);
    struct rules_save broken = {TEXT("{\"name\":"), revision};
    assert_int_equal(rules_draft_save(&call, &broken, &outcome), RC_OK);
    assert_int_equal(outcome.fault, RULES_NOT_JSON);

    struct rules_save faulty = {with(&fx.arena, draft.document, "\"taxed\":3200", "\"taxed\":-1"), revision};
    assert_int_equal(rules_draft_save(&call, &faulty, &outcome), RC_OK);
    assert_int_equal(outcome.fault, RULES_FINE); /* kept, to be mended */
    struct rules_check check;
    assert_int_equal(rules_check(&call, fixture_day(&fx, 30), &check), RC_OK);
    assert_false(check.sound);
    assert_string_equal(check.faults.rows[0].pointer.p, "/cares/0/prices/taxed");
    assert_int_equal(publish(&fx, outcome.revision, 30).fault, RULES_FAULTY);
    assert_int_equal(rules_draft_drop(&call, revision), RC_RACE);
    assert_int_equal(rules_draft_drop(&call, revision + 1), RC_OK);
    assert_int_equal(rules_draft_drop(&call, revision + 1), RC_NONE);
    assert_int_equal(list_of(&fx).count, 1);
    fixture_teardown(&fx);
}

/* ---- publishing ---- */

static struct book_outcome book_in(struct fixture *fx, struct account_id who, int32_t day) {
    struct book_ask ask = fixture_ask(fx, 1, day, 1);
    return fixture_book(fx, who, &ask);
}

static void published_rules_judge_what_comes_after(struct engine *engine) {
    struct fixture fx;
    fixture_setup(&fx, engine);
    struct account_id hana = fixture_resident(&fx, &(struct fixture_person){.units = 7});
    struct account_id yuki = fixture_resident(&fx, &(struct fixture_person){.units = 7});
    int64_t units = book_in(&fx, hana, 20).units;
    int64_t before = book_in(&fx, hana, 21).fee.n;
    assert_int_equal(before, 3100 * units);
    int64_t revision = draft_at(&fx, "4000");
    assert_int_equal(publish(&fx, revision, 0).fault, RULES_DAY_PAST);
    assert_int_equal(publish(&fx, revision, -3).fault, RULES_DAY_PAST);
    struct call call = as_admin(&fx);
    struct rules_publish silent = {revision, fixture_day(&fx, 15), TEXT(" ")};
    struct rules_outcome outcome;
    assert_int_equal(rules_publish(&call, &silent, &outcome), RC_OK);
    assert_int_equal(outcome.fault, RULES_REASON);
    silent.revision = revision - 1;
    assert_int_equal(rules_publish(&call, &silent, &outcome), RC_RACE);

    outcome = publish(&fx, revision, 15);
    assert_int_equal(outcome.fault, RULES_FINE);
    assert_int_equal(outcome.number, 2);
    assert_int_equal(outcome.bookings, 2); /* hers, who keeps what she was promised */
    assert_int_equal(book_in(&fx, yuki, 14).fee.n, 3100 * units);
    assert_int_equal(book_in(&fx, yuki, 22).fee.n, 4000 * units);
    assert_int_equal(list_of(&fx).rows[0].state, RULES_COMING);
    assert_int_equal(day_diff(list_of(&fx).rows[1].valid_to, fx.today), 14);

    outcome = publish(&fx, draft_at(&fx, "4500"), 15); /* the same first day: in its place */
    assert_int_equal(outcome.replaced, 2);
    assert_int_equal(list_of(&fx).rows[1].state, RULES_REPLACED);
    assert_int_equal(book_in(&fx, yuki, 24).fee.n, 4500 * units);
    struct rules_withdraw withdraw = {1, TEXT("試み")};
    call = as_admin(&fx);
    assert_int_equal(rules_withdraw(&call, &withdraw, &outcome), RC_OK);
    assert_int_equal(outcome.fault, RULES_BEGUN);
    withdraw.number = 3;
    assert_int_equal(rules_withdraw(&call, &withdraw, &outcome), RC_OK);
    assert_int_equal(outcome.fault, RULES_FINE);
    assert_int_equal(book_in(&fx, yuki, 26).fee.n, 3100 * units);
    call = as_admin(&fx);
    assert_int_equal(rules_withdraw(&call, &withdraw, &outcome), RC_OK);
    assert_int_equal(outcome.fault, RULES_BEGUN); /* ended already */
    fixture_later(&fx, 60);
    fixture_teardown(&fx);
}

static void another_server_judges_by_them_too(struct engine *engine) {
    struct fixture fx;
    fixture_setup(&fx, engine);
    struct house other = fx.house; /* as another server has it: cities of its own on the same database */
    struct text why;
    house_open(&other, &fx.arena);
    assert_int_equal(import_stored(&other, &fx.arena, &why), RC_OK);
    struct account_id hana = fixture_resident(&fx, &(struct fixture_person){.units = 7});
    int64_t units = book_in(&fx, hana, 20).units;
    const struct house_city *held = house_city_hold_at(&other, 0);
    assert_int_equal(publish(&fx, draft_at(&fx, "4000"), 15).fault, RULES_FINE);

    struct call call = fixture_call(&fx, fixture_as(&fx, ROLE_RESIDENT, hana));
    call.house = &other;
    call.city = held; /* read before, and now wrong */
    struct book_ask ask = fixture_ask(&fx, 1, 24, 1);
    struct book_outcome outcome;
    assert_int_equal(book_request(&call, &ask, &outcome), RC_OK);
    assert_true(outcome.verdict.allowed);
    assert_int_equal(outcome.fee.n, 4000 * units);
    assert_int_equal(house_city_at(&other, 0)->rules->count, 2); /* and everybody else is moved on */
    assert_int_equal(held->rules->count, 1); /* but who reads the old one, reads it to the end */
    house_city_let_go(held);
    house_close(&other);
    fixture_teardown(&fx);
}

int main(void) {
    static const struct engine_case cases[] = {
        ENGINE_CASE(the_file_begins_and_adds),
        ENGINE_CASE(drafts_are_shared_and_not_overwritten),
        ENGINE_CASE(published_rules_judge_what_comes_after),
        ENGINE_CASE(another_server_judges_by_them_too),
    };
    return engines_run("service/rules", cases, COUNT(cases), fixture_lists());
}
