/* Accounts, sessions and registrations over the API: from the first address to days left. */
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "query/people.h"
#include "service/account.h"
#include "service/notice.h"
#include "web/desk.h"

static void accounts_and_sessions(struct engine *engine) {
    struct desk desk;
    desk_setup(&desk, engine);
    static const char *const body = "{\"email\":\"%s\",\"password\":\"%s\",\"name\":\"枚方 まり\"}";
    struct answer a = desk_post(&desk, NULL, "/api/v1/accounts",
                                desk_printf(&desk, body, "mari@example.jp", "a warm cup of tea"));
    desk_problem(&a, 202, "");
    struct answer known = desk_post(&desk, NULL, "/api/v1/accounts",
                                    desk_printf(&desk, body, "mari@example.jp", "a warm cup of tea"));
    desk_problem(&known, 202, "");
    assert_true(text_eq(a.body, known.body)); /* never tells who is here */
    a = desk_post(&desk, NULL, "/api/v1/accounts", desk_printf(&desk, body, "nobody", "a warm cup of tea"));
    desk_problem(&a, 422, "invalid-fields");
    assert_true(text_has(a.body, TEXT("\"/email\"")));
    a = desk_post(&desk, NULL, "/api/v1/accounts", desk_printf(&desk, body, "hana@example.jp", "short"));
    desk_problem(&a, 422, "invalid-fields");
    assert_true(text_has(a.body, TEXT("\"/password\"")));
    a = desk_post(&desk, NULL, "/api/v1/accounts/confirm", TEXT("{\"token\":\"nonsense\"}"));
    desk_problem(&a, 422, "invalid-fields");
    struct call call = fixture_call(&desk.fx, (struct caller){0});
    struct account_seed seed = {.role = ROLE_RESIDENT,
                                .email = TEXT("a@example.jp"),
                                .name = TEXT("枚方 花"),
                                .password = TEXT("a warm cup of tea")};
    struct account_id id;
    assert_int_equal(account_seed(&call, &seed, &id), RC_OK);
    for (int i = 0; i < 4; i++) {
        a = desk_post(&desk, NULL, "/api/v1/session",
                      TEXT("{\"login\":\"a@example.jp\",\"password\":\"wrong\"}"));
        desk_problem(&a, 401, "sign-in-wrong");
    }
    struct text right = TEXT("{\"login\":\"a@example.jp\",\"password\":\"a warm cup of tea\"}");
    a = desk_post(&desk, NULL, "/api/v1/session", right);
    desk_problem(&a, 429, "wait");
    assert_true(text_is(desk_header(&a, "Retry-After"), "1"));
    fixture_later(&desk.fx, 2);
    a = desk_post(&desk, NULL, "/api/v1/session", right);
    desk_problem(&a, 200, "");
    assert_true(text_is(desk_member(&a, "role"), "resident"));
    struct asker hana = {.token = text_copy(&desk.arena, desk_member(&a, "token"))};
    a = desk_get(&desk, &hana, "/api/v1/me");
    desk_problem(&a, 200, "");
    assert_true(text_is(desk_member(&a, "registration"), "null"));
    a = desk_send(&desk, &hana, &(struct send){.method = HTTP_DELETE, .target = "/api/v1/session"});
    desk_problem(&a, 204, "");
    a = desk_get(&desk, &hana, "/api/v1/me");
    desk_problem(&a, 401, "sign-in-needed");
    desk_teardown(&desk);
}

/* How many mails wait, and the token in the last one's link; they wait no longer. */
static size_t mails(struct desk *desk, struct text *ret_token) {
    struct call call = fixture_call(&desk->fx, (struct caller){0});
    struct notice_due *due = NULL;
    size_t count = 0;
    assert_int_equal(notice_claim(&call, 20, 86400, &due, &count), RC_OK);
    for (size_t i = 0; i < count; i++) {
        struct text line;
        while (text_next(&due[i].body, '\n', &line)) {
            if (text_has(line, TEXT("token="))) {
                *ret_token = text_copy(&desk->arena, text_part(line, text_index(line, '=') + 1, line.n));
            }
        }
    }
    return count;
}

static struct answer keyed(struct desk *desk, const struct asker *asker, const char *key, const char *target,
                           struct text body) {
    return desk_send(desk, asker,
                     &(struct send){.method = HTTP_POST, .target = target, .body = body, .key = key});
}

/* Whatever changes something does it once a key, and says the same again; also for who is nobody yet. */
static void once_a_key(struct engine *engine) {
    struct desk desk;
    desk_setup(&desk, engine);
    struct text token = TEXT("");
    struct answer a = desk_post(
        &desk, NULL, "/api/v1/accounts",
        TEXT("{\"email\":\"mari@example.jp\",\"password\":\"a warm cup of tea\",\"name\":\"まり\"}"));
    desk_problem(&a, 202, "");
    assert_int_equal(mails(&desk, &token), 1);
    const char *confirm = "/api/v1/accounts/confirm";
    struct text body = desk_printf(&desk, "{\"token\":\"%.*s\"}", TEXT_F(token));
    struct answer first = keyed(&desk, NULL, "c-1", confirm, body);
    desk_problem(&first, 200, "");
    a = keyed(&desk, NULL, "c-1", confirm, body);
    desk_problem(&a, 200, "");
    assert_true(text_eq(first.body, a.body));
    a = keyed(&desk, NULL, "", confirm, body); /* the link itself is used up */
    desk_problem(&a, 422, "invalid-fields");
    a = keyed(&desk, NULL, "c-1", confirm, TEXT("{\"token\":\"nonsense\"}"));
    desk_problem(&a, 422, "idempotency-mismatch");
    for (int i = 0; i < 3; i++) {
        fixture_later(&desk.fx, 3600); /* so many mails to an address, and no more */
        a = keyed(&desk, NULL, i < 2 ? "f-1" : "f-2", "/api/v1/accounts/forgot",
                  TEXT("{\"email\":\"mari@example.jp\"}"));
        desk_problem(&a, 202, "");
        assert_int_equal(mails(&desk, &token), i == 1 ? 0 : 1);
    }
    struct asker admin = desk_sign_in(&desk, desk.fx.admin, false);
    struct text staff = desk_printf(&desk, "/api/v1/staff/%.*s/", TEXT_F(desk_id(&desk, desk.fx.auditor.n)));
    static const struct {
        const char *key, *step;
        bool disabled;
    } steps[] = {{"s-1", "disable", true},
                 {"s-2", "enable", false},
                 {"s-1", "disable", false},
                 {"s-3", "disable", true}};
    for (size_t i = 0; i < COUNT(steps); i++) {
        a = keyed(&desk, &admin, steps[i].key, text_join(&desk.arena, staff, text_of(steps[i].step)).p,
                  TEXT(""));
        desk_problem(&a, 204, "");
        a = desk_get(&desk, &admin, "/api/v1/staff");
        assert_int_equal(text_has(a.body, TEXT("\"disabled\"")), steps[i].disabled);
    }
    a = keyed(&desk, &admin, "n-1", "/api/v1/notices/0000000000001/read", TEXT(""));
    desk_problem(&a, 204, "");
    a = keyed(&desk, &admin, "n-1", "/api/v1/notices/0000000000001/read", TEXT(""));
    desk_problem(&a, 204, "");
    a = keyed(&desk, &admin, "n-1", "/api/v1/notices/0000000000002/read", TEXT(""));
    desk_problem(&a, 422, "idempotency-mismatch");
    desk_teardown(&desk);
}

#define MOTHER                                                                                               \
    "\"mother\":{\"name\":\"髙橋 まり\",\"kana\":\"たかはし まり\",\"birth_date\":\"1994-05-01\"," \
    "\"postal_code\":\"573-0027\",\"address\":\"枚方市大垣内町2-1-20\",\"phone\":\"072-841-1221\"}"
#define CHILD "\"children\":[{\"name\":\"ひな\",\"birth_date\":\"2026-10-15\",\"weight_g\":3050}]"
#define REST "\"household_class\":\"taxed\",\"consents\":[\"share\",\"tax\",\"same-room\"],\"note\":\"\""

static void registration_to_grant(struct engine *engine) {
    struct desk desk;
    desk_setup(&desk, engine);
    struct account_id mari_id = fixture_resident(&desk.fx, &(struct fixture_person){.unapproved = true});
    struct asker mari = desk_sign_in(&desk, mari_id, false);
    struct asker other =
        desk_sign_in(&desk, fixture_resident(&desk.fx, &(struct fixture_person){.units = 7}), false);
    struct asker city = desk_sign_in(&desk, desk.fx.coordinator, false);
    struct answer a =
        desk_post(&desk, &mari, "/api/v1/registrations",
                  TEXT("{" MOTHER "," CHILD ",\"household_class\":\"taxed\",\"consents\":[\"share\"]}"));
    desk_problem(&a, 422, "invalid-fields");
    assert_true(text_has(a.body, TEXT("{\"pointer\":\"/consents\",\"code\":\"consent-missing\"")));
    a = desk_post(&desk, &mari, "/api/v1/registrations", TEXT("{" MOTHER ",\"children\":[{}]," REST "}"));
    desk_problem(&a, 422, "invalid-fields");
    a = desk_post(&desk, &mari, "/api/v1/registrations", TEXT("{" MOTHER "," CHILD "," REST "}"));
    desk_problem(&a, 201, "");
    assert_true(text_is(desk_member(&a, "state"), "submitted"));
    struct text id = text_copy(&desk.arena, desk_member(&a, "id"));
    a = desk_post(&desk, &mari, "/api/v1/registrations", TEXT("{" MOTHER "," CHILD "," REST "}"));
    desk_problem(&a, 409, "state");
    a = desk_get(&desk, &city, "/api/v1/registrations?state=submitted");
    desk_problem(&a, 200, "");
    assert_true(text_has(a.body, id) && text_has(a.body, TEXT("タカハシ マリ")));
    a = desk_get(&desk, &city, "/api/v1/registrations?states=submitted");
    desk_problem(&a, 400, "invalid-fields");
    struct text path = desk_printf(&desk, "/api/v1/registrations/%s", id.p);
    a = desk_get(&desk, &city, path.p);
    desk_problem(&a, 200, "");
    struct text etag = desk_header(&a, "ETag");
    a = desk_post(&desk, &city, desk_printf(&desk, "%s/interview", path.p).p,
                  TEXT("{\"note\":\"よく話せた\"}"));
    desk_problem(&a, 200, "");
    a = desk_post(&desk, &city, desk_printf(&desk, "%s/return", path.p).p, TEXT("{}"));
    desk_problem(&a, 422, "invalid-fields");
    a = desk_send(
        &desk, &city,
        &(struct send){.method = HTTP_POST,
                       .target = desk_printf(&desk, "%s/approve", path.p).p,
                       .body = TEXT("{\"household_class\":\"exempt\",\"extra_units\":{\"main\":2}}"),
                       .headers = {"If-Match", "\"77\""}});
    desk_problem(&a, 412, "changed");
    a = desk_send(
        &desk, &city,
        &(struct send){.method = HTTP_POST,
                       .target = desk_printf(&desk, "%s/approve", path.p).p,
                       .body = TEXT("{\"household_class\":\"exempt\",\"extra_units\":{\"main\":2}}"),
                       .headers = {"If-Match", etag.p}});
    desk_problem(&a, 200, "");
    assert_true(text_is(desk_member(&a, "state"), "approved"));
    a = desk_get(&desk, &mari, "/api/v1/me");
    desk_problem(&a, 200, "");
    assert_true(text_is(desk_member(&a, "class"), "exempt"));
    assert_true(
        text_has(a.body, TEXT("{\"pool\":\"main\",\"granted\":9,\"used\":0,\"booked\":0,\"left\":9}")));
    assert_true(text_has(a.body, TEXT("\"last_day\":{\"stay\":\"2027-02-14\"")));
    a = desk_get(&desk, &mari, "/api/v1/registrations/mine");
    desk_problem(&a, 200, "");
    assert_false(text_has(a.body, TEXT("よく話せた"))); /* the coordinator's note is hers */
    a = desk_get(&desk, &city, path.p);
    assert_true(text_has(a.body, TEXT("よく話せた")));
    /* Nobody else's eyes, and never whether it exists. */
    a = desk_get(&desk, &other, path.p);
    desk_problem(&a, 404, "not-found");
    struct answer none = desk_get(&desk, &other, "/api/v1/registrations/0000000000001");
    assert_true(text_eq(a.body, none.body));
    struct asker auditor = desk_sign_in(&desk, desk.fx.auditor, false);
    a = desk_get(&desk, &auditor, "/api/v1/audit?action=registration.");
    desk_problem(&a, 200, "");
    assert_true(text_has(a.body, TEXT("registration.view")) &&
                text_has(a.body, TEXT("registration.approve")));
    a = desk_get(&desk, &mari, "/api/v1/notices");
    desk_problem(&a, 200, "");
    assert_true(text_has(a.body, TEXT("registration-approved")));
    a = desk_get(&desk, &city, "/api/v1/residents?q=%E9%AB%98%E6%A9%8B");
    desk_problem(&a, 200, "");
    assert_true(text_has(a.body, desk_id(&desk, mari_id.n)));
    desk_teardown(&desk);
}

int main(void) {
    static const struct engine_case cases[] = {ENGINE_CASE(accounts_and_sessions), ENGINE_CASE(once_a_key),
                                               ENGINE_CASE(registration_to_grant)};
    return engines_run("web/api_people", cases, COUNT(cases), fixture_lists());
}
