/* The city reads, talks about and decides a registration; then books for her. On both engines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/buf.h"
#include "service/registration.h"
#include "web/desk.h"

static struct registration_id submitted(struct desk *desk, struct account_id *ret_account) {
    struct fixture *fx = &desk->fx;
    *ret_account = fixture_resident(fx, &(struct fixture_person){.unapproved = true});
    const struct programme *programme = programme_at(fx->city->rules, fx->today);
    struct registration_form form = {
        .mother_name = TEXT("山田花子"),
        .mother_kana = TEXT("ヤマダハナコ"),
        .mother_birth_date = day_of((struct ymd){1995, 4, 1}),
        .postal_code = TEXT("5730000"),
        .address = TEXT("枚方市1-1"),
        .phone = TEXT("09012345678"),
        .children = {{.birth_date = day_of((struct ymd){2026, 10, 20}), .due_date = DAY_NONE}},
        .child_count = 1,
        .household_class = TEXT("taxed")};
    for (int32_t i = 0; i < programme->consent_count; i++) {
        form.consents[form.consent_count++] = programme->consents[i].code;
    }
    struct call call = fixture_call(fx, fixture_as(fx, ROLE_RESIDENT, *ret_account));
    struct registration_outcome outcome = {0};
    assert_int_equal(registration_submit(&call, &form, &outcome), RC_OK);
    assert_true(outcome.verdict.allowed);
    return outcome.id;
}

static struct answer post(struct desk *desk, const struct asker *as, struct registration_id id,
                          const char *step, const char *body) {
    struct text path = desk_printf(desk, "/city/registrations/%.*s/%s", TEXT_F(desk_id(desk, id.n)), step);
    return desk_post(desk, as, path.p, text_of(body));
}

static void decides(struct engine *e) {
    struct desk desk;
    desk_setup(&desk, e);
    struct account_id hana;
    struct registration_id id = submitted(&desk, &hana);
    fixture_later(&desk.fx, 4 * 86400);
    struct asker city = desk_sign_in(&desk, desk.fx.coordinator, true);
    struct answer a = desk_get(&desk, &city, "/city/registrations");
    assert_int_equal(a.status, 200);
    desk_has(&a, "4日待ち");
    desk_has(&a, "利用前登録 <span class=\"count\">1<span");
    desk_has(&a, "山田花子");
    a = desk_get(&desk, &city, "/city/registrations/next");
    assert_int_equal(a.status, 303);
    a = desk_get(&desk, &city, a.location.p);
    desk_has(&a, "承認する");
    a = post(&desk, &city, id, "interview", "interview=&needs=rest");
    assert_int_equal(a.status, 422);
    a = post(&desk, &city, id, "interview", "interview=talked&needs=rest&needs=worry");
    assert_int_equal(a.status, 303);
    a = desk_get(&desk, &city, a.location.p);
    desk_has(&a, "休息、不安・気持ち");
    a = post(&desk, &city, id, "reject", "reason=");
    assert_int_equal(a.status, 422);
    a = post(&desk, &city, id, "approve", "household_class=nobody");
    assert_int_equal(a.status, 422);
    a = post(&desk, &city, id, "approve", "household_class=taxed&extra.main=2&_version=99");
    assert_int_equal(a.status, 412);
    a = post(&desk, &city, id, "approve", "household_class=taxed&extra.main=2");
    assert_int_equal(a.status, 303);
    a = desk_get(&desk, &city, a.location.p);
    desk_has(&a, "9日のうち");
    desk_has(&a, "次の申請へ");
    desk_teardown(&desk);
}

/* `rows` codes nobody knows in each of `count` fields: as a page's form, or as a program's JSON. */
static struct text approval(struct desk *desk, bool json, const char *const *names, size_t count, int rows) {
    struct buf buf;
    buf_init(&buf, &desk->arena);
    buf_putz(&buf, json ? "{\"household_class\":\"taxed\"" : "household_class=taxed");
    for (size_t k = 0; k < count; k++) {
        buf_printf(&buf, json ? ",\"%s\":{\"c\":0" : "&%s.c=0", names[k]);
        for (int i = 1; i < rows; i++) {
            json ? buf_printf(&buf, ",\"c%d\":0", i) : buf_printf(&buf, "&%s.c%d=0", names[k], i);
        }
        buf_putz(&buf, json ? "}" : "");
    }
    buf_putz(&buf, json ? "}" : "");
    return buf_text(&buf);
}

/* More rows than there is room for, and pools that are none: said at the field, on the page and to programs alike. */
static void drops_nothing(struct engine *e) {
    static const char *const fields[] = {"extra", "used", "reduced", "spent", "priced"};
    static const char *const members[] = {"extra_units", "used_before", "reduced_before",
                                          "reduced_yen_before", "priced_before"};
    static const struct {
        size_t first, count;
        int rows;
        const char *shown, *told;
    } cases[] = {
        {0, 1, 1, "id=\"e-extra\"", "{\"pointer\":\"/extra_units\",\"code\":\"not-choice\""},
        {0, 1, PROGRAMME_POOLS_MAX + 1, "id=\"e-extra\"",
         "{\"pointer\":\"/extra_units\",\"code\":\"too-long\""},
        {1, 4, GRANT_BEFORE_MAX / 4 + 1, "id=\"e-used\"",
         "{\"pointer\":\"/used_before\",\"code\":\"too-long\""},
    };
    struct desk desk;
    desk_setup(&desk, e);
    struct account_id hana;
    struct registration_id id = submitted(&desk, &hana);
    struct asker city = desk_sign_in(&desk, desk.fx.coordinator, true);
    struct asker program = desk_sign_in(&desk, desk.fx.coordinator, false);
    struct text path = desk_printf(&desk, "/registrations/%.*s/approve", TEXT_F(desk_id(&desk, id.n)));
    for (size_t i = 0; i < COUNT(cases); i++) {
        size_t first = cases[i].first;
        struct answer a = desk_post(&desk, &city, desk_printf(&desk, "/city%s", path.p).p,
                                    approval(&desk, false, fields + first, cases[i].count, cases[i].rows));
        assert_int_equal(a.status, 422);
        desk_has(&a, cases[i].shown);
        a = desk_post(&desk, &program, desk_printf(&desk, "/api/v1%s", path.p).p,
                      approval(&desk, true, members + first, cases[i].count, cases[i].rows));
        desk_problem(&a, 422, "invalid-fields");
        desk_has(&a, cases[i].told);
    }
    struct answer a = post(&desk, &city, id, "approve", "household_class=taxed&extra.main=100");
    assert_int_equal(a.status, 422);
    desk_has(&a, "<a href=\"#f-extra.main\">足す日数は99以下の数字で入力してください。</a>");
    a = post(&desk, &city, id, "approve", "household_class=taxed&extra.main=1&extra.main=2");
    assert_int_equal(a.status, 422);
    desk_teardown(&desk);
}

static void gives_back(struct engine *e) {
    struct desk desk;
    desk_setup(&desk, e);
    struct account_id hana;
    struct registration_id id = submitted(&desk, &hana);
    struct asker city = desk_sign_in(&desk, desk.fx.admin, true);
    struct asker auditor = desk_sign_in(&desk, desk.fx.auditor, true);
    struct text path = desk_printf(&desk, "/city/registrations/%.*s", TEXT_F(desk_id(&desk, id.n)));
    assert_int_equal(desk_get(&desk, &auditor, path.p).status, 403);
    struct answer a = post(&desk, &city, id, "return", "reason=address");
    assert_int_equal(a.status, 303);
    a = desk_get(&desk, &city, a.location.p);
    desk_has(&a, "差し戻し");
    desk_teardown(&desk);
}

static void books_for_her(struct engine *e) {
    struct desk desk;
    desk_setup(&desk, e);
    struct account_id hana = fixture_resident(&desk.fx, &(struct fixture_person){.units = 7});
    struct asker city = desk_sign_in(&desk, desk.fx.coordinator, true);
    struct text id = desk_id(&desk, hana.n);
    struct text facility = desk_id(&desk, desk.fx.facilities[1].n);
    struct answer a = desk_get(&desk, &city, "/city/residents");
    assert_int_equal(a.status, 200);
    a = desk_get(&desk, &city, "/city/residents?words=9999999");
    desk_has(&a, "見つかりませんでした");
    a = desk_get(&desk, &city, desk_printf(&desk, "/city/residents/%.*s/book", TEXT_F(id)).p);
    assert_int_equal(a.status, 200);
    desk_has(&a, "料金と空きを確かめる");
    struct text use =
        desk_printf(&desk, "care=stay&facility=%.*s&start=2026-11-25&end=2026-11-26", TEXT_F(facility));
    a = desk_get(&desk, &city,
                 desk_printf(&desk, "/city/residents/%.*s/check?%.*s", TEXT_F(id), TEXT_F(use)).p);
    assert_int_equal(a.status, 200);
    desk_has(&a, "3,100円");
    desk_has(&a, "7日のうち");
    struct text path = desk_printf(&desk, "/city/residents/%.*s/book", TEXT_F(id));
    a = desk_post(&desk, &city, path.p, use);
    assert_int_equal(a.status, 303);
    a = desk_get(&desk, &city, a.location.p);
    desk_has(&a, "予約が確定しました");
    desk_has(&a, "窓口で代行");
    a = desk_post(&desk, &city, path.p, use);
    assert_int_equal(a.status, 409);
    desk_has(&a, "別の日や施設にする");
    a = desk_get(&desk, &city, desk_printf(&desk, "/city/bookings?account=%.*s", TEXT_F(id)).p);
    desk_has(&a, "確定");
    desk_teardown(&desk);
}

int main(void) {
    static const struct engine_case cases[] = {ENGINE_CASE(decides), ENGINE_CASE(drops_nothing),
                                               ENGINE_CASE(gives_back), ENGINE_CASE(books_for_her)};
    return engines_run("web/staff_registration", cases, COUNT(cases), fixture_lists());
}
