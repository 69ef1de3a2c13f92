/* Hirakata's profile as it is, registration and grant by it, and every fault told with its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "core/age.h"
#include "core/registration.h"
#include "profile/answer.h"
#include "profile/profile.h"

enum { BYTES_MAX = 64 * 1024, ARENA_LIMIT = 64 * 1024 * 1024 };

static struct arena arena;
static struct text hirakata;
static struct profile profile;

static int load(void **state) {
    (void)state;
    arena_init(&arena, ARENA_LIMIT);
    FILE *file = fopen(HIRAKATA, "rb");
    assert_non_null(file);
    char *bytes = arena_take(&arena, BYTES_MAX);
    hirakata = (struct text){bytes, fread(bytes, 1, BYTES_MAX, file)};
    fclose(file);
    struct profile_faults faults;
    return profile_load(&arena, hirakata, &profile, &faults) ? 0 : 1;
}

static int release(void **state) {
    (void)state;
    arena_release(&arena);
    return 0;
}

static const struct programme *rules(void) {
    return profile.programmes.versions[0];
}

static struct day day(const char *z) {
    struct day d = DAY_NONE;
    assert_true(day_parse(text_of(z), &d));
    return d;
}

static struct text replaced(const char *old, const char *new) {
    const char *found = strstr(hirakata.p, old);
    assert_non_null(found);
    size_t at = (size_t)(found - hirakata.p);
    struct text head = text_join(&arena, text_part(hirakata, 0, at), text_of(new));
    return text_join(&arena, head, text_part(hirakata, at + strlen(old), hirakata.n));
}

static void test_faults(void **state) {
    (void)state;
    static const struct {
        const char *old, *new, *pointer;
    } cases[] = {
        {"\"office\"", "\"offis\"", "/offis"},
        {"\"hirakata\"", "\"枚方\"", "/code"},
        {"\"hirakata\"", "7", "/code"},
        {"2025-04-01", "2025-02-29", "/versions/0/valid_from"},
        {"\"units\": 7", "\"units\": -1", "/versions/0/pools/0/units"},
        {"\"units\": 7", "\"units\": 7.5", "/versions/0/pools/0/units"},
        {"\"units\": 7", "\"units\": [7, 14, 21, 28, 35]", "/versions/0/pools/0/units"},
        {"\"pools\": [\"main\"]", "\"pools\": [\"mian\"]", "/versions/0/cares/0/pools/0"},
        {"\"kind\": \"stay\"", "\"kind\": \"sleep\"", "/versions/0/cares/0/kind"},
        {"\"start\": \"10:00\"", "\"start\": \"25:00\"", "/versions/0/cares/0/start"},
        {"\"start\": \"10:00\",", "", "/versions/0/cares/0"},
        {"\"months\": 4", "\"months\": 4, \"days\": 3", "/versions/0/cares/0/age"},
        {"\"exempt\": 600", "\"exmept\": 600", "/versions/0/cares/0/prices/exmept"},
        {"\"exempt\": 600, ", "", "/versions/0/cares/0/prices"},
        {"3100", "{ \"kind\": \"percent\", \"each\": 3 }", "/versions/0/cares/0/prices/taxed/each"},
        {"3100", "{ \"kind\": \"part\", \"of\": \"taxed\", \"percent\": 50 }", "/versions/0/cares/0/prices"},
        {"\"code\": \"exempt\"", "\"code\": \"taxed\"", "/versions/0/classes/1/code"},
        {"\"code\": \"day\"", "\"code\": \"stay\"", "/versions/0/cares/1/code"},
        {"\"after\": {", "\"afterwards\": {", "/versions/0/cancel/steps/0/afterwards"},
        {"\"within_hours\": 24, ", "", "/versions/0/acceptance"},
        {"\"versions\": [", "\"versions\": [], \"a/b~c\": [", "/a~1b~0c"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct profile out;
        struct profile_faults faults;
        assert_false(profile_load(&arena, replaced(cases[i].old, cases[i].new), &out, &faults));
        bool found = false;
        for (int32_t k = 0; k < faults.count; k++) {
            found = found || text_is(faults.rows[k].pointer, cases[i].pointer);
            assert_true(faults.rows[k].sentence.n > 0);
        }
        if (!found) {
            fail_msg("%s -> %s: told %.*s", cases[i].old, cases[i].new, TEXT_F(faults.rows[0].pointer));
        }
    }
}

static void test_no_json(void **state) {
    (void)state;
    const char *const texts[] = {
        "", "{", "[]", "null", "{\"code\":1,\"code\":2}", "\xff", "{}", "{\"versions\":{}}"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct profile out;
        struct profile_faults faults;
        assert_false(profile_load(&arena, text_of(texts[i]), &out, &faults));
        assert_true(faults.count > 0);
    }
}

static void test_registration(void **state) {
    (void)state;
    static const struct {
        const char *today, *birth, *due;
        uint32_t consents;
        enum refusal code;
    } cases[] = {
        {"2026-04-01", "2026-03-01", NULL, 7, REFUSAL_NONE},
        {"2026-04-01", NULL, "2026-06-24", 7, REFUSAL_NONE}, /* 28 weeks and 0 days */
        {"2026-04-01", NULL, "2026-06-25", 7, REFUSAL_TOO_EARLY},
        {"2026-04-01", NULL, NULL, 7, REFUSAL_CHILD_UNKNOWN},
        {"2026-05-30", "2026-01-31", NULL, 7, REFUSAL_NONE},
        {"2026-05-31", "2026-01-31", NULL, 7, REFUSAL_TOO_LATE},
        {"2026-04-01", "2026-03-01", NULL, 5, REFUSAL_CONSENT},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct application application = {
            .today = day(cases[i].today), .loss = DAY_NONE, .child_count = 1, .consents = cases[i].consents};
        application.household_class = TEXT("taxed");
        application.children[0] =
            (struct child){.birth = cases[i].birth == NULL ? DAY_NONE : day(cases[i].birth),
                           .due = cases[i].due == NULL ? DAY_NONE : day(cases[i].due)};
        struct refused refusals[REGISTRATION_REFUSALS_MAX];
        int32_t count = registration_check(rules(), &application, refusals);
        assert_int_equal(count > 0 ? refusals[0].code : REFUSAL_NONE, cases[i].code);
        assert_true(count <= 1);
    }
}

static void test_grant(void **state) {
    (void)state;
    struct decision decision = {.today = day("2026-04-01"),
                                .household_class = TEXT("exempt"),
                                .child_count = 2,
                                .loss = DAY_NONE,
                                .valid_from = DAY_NONE,
                                .valid_to = DAY_NONE,
                                .extra_count = 1};
    decision.children[0] = (struct child){.birth = day("2026-01-31"), .due = DAY_NONE};
    decision.children[1] = decision.children[0];
    decision.extra[0].pool = TEXT("main");
    decision.extra[0].units = 3;
    struct grant grant;
    struct refused refused;
    assert_true(grant_make(rules(), &decision, &grant, &refused));
    assert_true(grant.approved);
    assert_int_equal(grant.valid_from.n, day("2026-04-01").n);
    assert_int_equal(grant.valid_to.n, day("2026-05-30").n);
    assert_int_equal(grant.pools[0].granted, 7);
    assert_int_equal(grant.pools[0].extra, 3);
    decision.extra[0].units = 100;
    assert_false(grant_make(rules(), &decision, &grant, &refused));
    assert_int_equal(refused.code, REFUSAL_QUOTA);
    decision.extra_count = 0;
    decision.valid_to = day("2026-03-01");
    assert_false(grant_make(rules(), &decision, &grant, &refused));
    assert_int_equal(refused.code, REFUSAL_DATES);
    decision.household_class = TEXT("rich");
    assert_false(grant_make(rules(), &decision, &grant, &refused));
    assert_int_equal(refused.code, REFUSAL_CLASS_UNKNOWN);
}

static void test_city(void **state) {
    (void)state;
    assert_true(text_is(profile.city.name, "枚方市"));
    assert_int_equal(profile.programmes.count, 1);
    assert_true(programme_at(&profile.programmes, day("2025-03-31")) == NULL);
    assert_true(programme_at(&profile.programmes, day("2025-04-01")) == rules());
    assert_true(calendar_is_holiday(&profile.city.calendar, day("2026-05-06")));
    assert_null(programme_fault(rules()));
}

static void test_state_words(void **state) {
    (void)state;
    static const struct {
        const char *state;
        const char *event;
        const char *words;
    } rows[] = {
        {"completed", "cancel", "いまの状態（利用済み）では、この操作（取消し）はできません。"},
        {"in-use", "check-in", "いまの状態（利用中）では、この操作（来所）はできません。"},
        {"approved", "return", "いまの状態（承認）では、この操作（差し戻し）はできません。"},
        {"closed", "leave", "いまの状態（終了）では、この操作（キャンセル待ちをやめること）はできません。"},
        {"expired", "accept", "いまの状態（期限切れ）では、この操作（受入れ）はできません。"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct refused refused = refused_of(REFUSAL_STATE);
        refused_text(&refused, "state", text_of(rows[i].state));
        refused_text(&refused, "event", text_of(rows[i].event));
        struct text sentence = refusal_sentence(&arena, NULL, &refused);
        if (!text_starts(sentence, text_of(rows[i].words))) {
            print_message("%.*s\n", TEXT_F(sentence));
            fail();
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_city),    cmocka_unit_test(test_faults),
        cmocka_unit_test(test_no_json), cmocka_unit_test(test_registration),
        cmocka_unit_test(test_grant),   cmocka_unit_test(test_state_words),
    };
    return cmocka_run_group_tests_name("profile", tests, load, release);
}
