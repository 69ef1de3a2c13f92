/* The city reads, talks about and decides a registration; then books for her. On both engines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

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
    static const struct engine_case cases[] = {ENGINE_CASE(decides), ENGINE_CASE(gives_back),
                                               ENGINE_CASE(books_for_her)};
    return engines_run("web/staff_registration", cases, COUNT(cases), fixture_lists());
}
