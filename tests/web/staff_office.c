/* The city's lists, figures, facilities and accounts; a facility about itself. On both engines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "web/desk.h"

static void shows_lists(struct engine *e) {
    static const struct {
        const char *path;
        const char *words;
    } pages[] = {
        {"/city", "今日の仕事"},
        {"/city/bookings?state=requested&from=2026-11-01", "返事の期限"},
        {"/city/waits", "待っている方はいません"},
        {"/city/statistics", "利用件数"},
        {"/city/statistics", "の利用件数の棒グラフ。R1 0件、"},
        {"/city/statistics", "<rect x=\"8\" y=\"124\" width=\"40\" height=\"0\""},
        {"/city/claims", "この月の請求はまだありません"},
        {"/city/claims?month=2026-12", "2026年12月の請求"},
        {"/city/claims?month=2026-12&page=2", "2026年12月の請求"}, /* beyond the last: the first */
        {"/city/facilities", "受付中"},
        {"/city/staff", "職員を加える"},
        {"/city/audit?action=booking.", "監査の記録"},
    };
    struct desk desk;
    desk_setup(&desk, e);
    struct account_id hana = fixture_resident(&desk.fx, &(struct fixture_person){0});
    struct book_ask ask = fixture_ask(&desk.fx, 0, 5, 1);
    fixture_book(&desk.fx, hana, &ask);
    struct asker admin = desk_sign_in(&desk, desk.fx.admin, true);
    for (size_t i = 0; i < COUNT(pages); i++) {
        struct answer a = desk_get(&desk, &admin, pages[i].path);
        assert_int_equal(a.status, 200);
        desk_has(&a, pages[i].words);
    }
    struct asker auditor = desk_sign_in(&desk, desk.fx.auditor, true);
    struct answer a = desk_get(&desk, &auditor, "/city/audit?action=booking.list");
    desk_has(&a, "booking.list");
    assert_int_equal(desk_get(&desk, &auditor, "/city/bookings").status, 403);
    desk_teardown(&desk);
}

static void exports(struct engine *e) {
    struct desk desk;
    desk_setup(&desk, e);
    struct asker city = desk_sign_in(&desk, desk.fx.coordinator, true);
    struct answer a = desk_get(&desk, &city, "/city/statistics.csv");
    assert_int_equal(a.status, 200);
    assert_true(text_starts(a.body, TEXT("\xEF\xBB\xBF\"年度\"")));
    desk_has(&a, "\"R7\"");
    struct asker staff = desk_sign_in(&desk, desk.fx.staff[0], true);
    a = desk_get(&desk, &staff, "/facility/claims.csv");
    assert_int_equal(a.status, 200);
    desk_has(&a, "\"予約番号\"");
    desk_teardown(&desk);
}

static void keeps_facility(struct engine *e) {
    struct desk desk;
    desk_setup(&desk, e);
    struct asker staff = desk_sign_in(&desk, desk.fx.staff[0], true);
    assert_int_equal(desk_get(&desk, &staff, "/facility/profile").status, 200);
    struct answer a = desk_post(&desk, &staff, "/facility/profile", TEXT("phone=12"));
    assert_int_equal(a.status, 422);
    a = desk_post(&desk, &staff, "/facility/profile",
                  TEXT("phone=0721234567&email=a%40example.jp&introduction=quiet&takes_siblings=1"));
    assert_int_equal(a.status, 303);
    a = desk_get(&desk, &staff, a.location.p);
    desk_has(&a, "quiet");
    desk_has(&a, "施設の案内を変えました");
    desk_teardown(&desk);
}

#define NEW_FACILITY                                                                                         \
    "facility_name=Umi&facility_kana=%E3%82%A6%E3%83%9F&kind=midwifery&ward=Higashi&postal_code=5730001"     \
    "&address=1-1&phone=0720001111&cares.0.care=stay&cares.1.care=day&cares.0.lapse_to=&cares.1.lapse_to="

static void adds_facility(struct engine *e) {
    struct desk desk;
    desk_setup(&desk, e);
    struct asker admin = desk_sign_in(&desk, desk.fx.admin, true);
    struct asker city = desk_sign_in(&desk, desk.fx.coordinator, true);
    struct answer a = desk_get(&desk, &admin, "/city/facilities/new");
    assert_int_equal(a.status, 200);
    desk_has(&a, "契約単価");
    a = desk_post(&desk, &admin, "/city/facilities", TEXT(NEW_FACILITY "&facility_code=F90"));
    assert_int_equal(a.status, 422);
    desk_has(&a, "行うケアの契約単価");
    a = desk_post(&desk, &admin, "/city/facilities",
                  TEXT(NEW_FACILITY "&facility_code=F90&cares.0.answer_hours=6"));
    assert_int_equal(a.status, 422);
    desk_has(&a, "契約単価（1回または1日）を入力してください");
    desk_has(&a, "value=\"Umi\"");
    static const char *const good = NEW_FACILITY "&facility_code=F90&cares.0.contract_price=30000"
                                                 "&cares.0.answer_hours=0&cares.1.contract_price=15000";
    a = desk_post(&desk, &admin, "/city/facilities", text_of(good));
    assert_int_equal(a.status, 303);
    a = desk_get(&desk, &admin, a.location.p);
    desk_has(&a, "施設を加えました");
    desk_has(&a, "Umi");
    a = desk_post(&desk, &admin, "/city/facilities", text_of(good));
    assert_int_equal(a.status, 422);
    desk_has(&a, "この施設コードは、すでに使われています");
    assert_int_equal(desk_get(&desk, &city, "/city/facilities/new").status, 403);
    a = desk_get(&desk, &city, "/city/facilities");
    desk_has(&a, "Umi");
    desk_teardown(&desk);
}

/* The resident's account stands in the link. */
static void waits_on_behalf(struct engine *e) {
    struct desk desk;
    desk_setup(&desk, e);
    struct account_id hana = fixture_resident(&desk.fx, &(struct fixture_person){0});
    fixture_capacity(&desk.fx, 0, "stay", 0, 20, 0);
    struct asker city = desk_sign_in(&desk, desk.fx.coordinator, true);
    struct text path = desk_printf(&desk, "/city/residents/%.*s/wait", TEXT_F(desk_id(&desk, hana.n)));
    struct answer a = desk_get(&desk, &city, path.p);
    assert_int_equal(a.status, 200);
    desk_has(&a, "キャンセル待ちに加える");
    a = desk_post(&desk, &city, path.p, TEXT("care=stay&first=2026-11-25&mode=ask&nights=x"));
    assert_int_equal(a.status, 422);
    desk_has(&a, "いつまで");
    struct text wish =
        desk_printf(&desk, "care=stay&first=2026-11-25&last=2026-11-29&mode=ask&nights=1&facility=%.*s",
                    TEXT_F(desk_id(&desk, desk.fx.facilities[0].n)));
    a = desk_post(&desk, &city, path.p, wish);
    assert_int_equal(a.status, 303);
    a = desk_get(&desk, &city, a.location.p);
    desk_has(&a, "キャンセル待ちに加えました");
    struct text mark = TEXT("/city/waits/");
    size_t at = 0;
    while (at + mark.n < a.body.n && !text_has(text_part(a.body, at, at + mark.n + 19), TEXT("/close"))) {
        at++;
    }
    struct text close = text_copy(&desk.arena, text_part(a.body, at, at + mark.n + 19));
    a = desk_post(&desk, &city, close.p, TEXT(""));
    assert_int_equal(a.status, 303);
    a = desk_get(&desk, &city, a.location.p);
    desk_has(&a, "待っている方はいません");
    a = desk_post(&desk, &city, close.p, TEXT(""));
    assert_int_equal(a.status, 409);
    desk_has(&a, "終了");
    struct asker own = desk_sign_in(&desk, hana, true);
    a = desk_get(&desk, &own, "/me/notices");
    desk_has(&a, "キャンセル待ちを受け付けました");
    desk_has(&a, "キャンセル待ちを終了しました");
    a = desk_get(&desk, &city, "/city/residents/0000000000001/wait");
    assert_int_equal(a.status, 404);
    desk_teardown(&desk);
}

static void suspends(struct engine *e) {
    struct desk desk;
    desk_setup(&desk, e);
    struct asker admin = desk_sign_in(&desk, desk.fx.admin, true);
    struct asker city = desk_sign_in(&desk, desk.fx.coordinator, true);
    struct text path =
        desk_printf(&desk, "/city/facilities/%.*s", TEXT_F(desk_id(&desk, desk.fx.facilities[0].n)));
    struct answer a = desk_get(&desk, &admin, path.p);
    desk_has(&a, "この内容にする");
    a = desk_post(&desk, &admin, path.p, TEXT("phone=0721234567&suspended=1"));
    assert_int_equal(a.status, 303);
    a = desk_get(&desk, &city, path.p);
    desk_has(&a, "停止中");
    assert_false(text_has(a.body, TEXT("この内容にする")));
    assert_int_equal(desk_post(&desk, &city, path.p, TEXT("phone=0721234567")).status, 403);
    a = desk_get(&desk, &city, "/city/facilities");
    desk_has(&a, "受付停止中");
    desk_teardown(&desk);
}

static void adds_staff(struct engine *e) {
    struct desk desk;
    desk_setup(&desk, e);
    struct asker admin = desk_sign_in(&desk, desk.fx.admin, true);
    struct answer a =
        desk_post(&desk, &admin, "/city/staff", TEXT("role=facility&name=a&email=n%40example.jp"));
    assert_int_equal(a.status, 422);
    desk_has(&a, "施設の職員には、施設を選んでください");
    a = desk_post(&desk, &admin, "/city/staff", TEXT("role=coordinator&name=Nao&email=nao%40example.jp"));
    assert_int_equal(a.status, 200);
    desk_has(&a, "もう一度表示できません");
    a = desk_post(&desk, &admin, "/city/staff", TEXT("role=auditor&name=Nao&email=nao%40example.jp"));
    assert_int_equal(a.status, 422);
    desk_has(&a, "すでに使われています");
    /* the same form sent twice: the way to a new secret stands there */
    desk_has(&a, "Naoさんのアカウントは、もうあります");
    struct text renew = {0};
    for (size_t i = 0; i + 31 < a.body.n && renew.n == 0; i++) {
        if (text_starts(text_part(a.body, i, a.body.n), TEXT("/city/staff/")) &&
            text_is(text_part(a.body, i + 25, i + 30), "/code")) {
            renew = text_copy(&desk.arena, text_part(a.body, i, i + 30));
        }
    }
    a = desk_post(&desk, &admin, renew.p, TEXT(""));
    assert_int_equal(a.status, 200);
    desk_has(&a, "もう一度表示できません");
    struct text path = desk_printf(&desk, "/city/staff/%.*s", TEXT_F(desk_id(&desk, desk.fx.coordinator.n)));
    a = desk_post(&desk, &admin, desk_printf(&desk, "%.*s/code", TEXT_F(path)).p, TEXT(""));
    assert_int_equal(a.status, 200);
    desk_has(&a, "確認コードの鍵を作り直しました");
    a = desk_post(&desk, &admin, path.p, TEXT("disable=1"));
    assert_int_equal(a.status, 303);
    a = desk_get(&desk, &admin, a.location.p);
    desk_has(&a, "また使えるようにする");
    desk_teardown(&desk);
}

int main(void) {
    static const struct engine_case cases[] = {ENGINE_CASE(shows_lists),    ENGINE_CASE(exports),
                                               ENGINE_CASE(keeps_facility), ENGINE_CASE(adds_staff),
                                               ENGINE_CASE(adds_facility),  ENGINE_CASE(suspends),
                                               ENGINE_CASE(waits_on_behalf)};
    return engines_run("web/staff_office", cases, COUNT(cases), fixture_lists());
}
