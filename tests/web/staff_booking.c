/* A facility answers, receives, reports; what others may not see. On both engines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "web/desk.h"

static struct booking_id request(struct desk *desk, int32_t first) {
    struct account_id hana = fixture_resident(&desk->fx, &(struct fixture_person){0});
    struct book_ask ask = fixture_ask(&desk->fx, 0, first, 1);
    return fixture_book(&desk->fx, hana, &ask).id;
}

static struct answer step(struct desk *desk, const struct asker *as, struct booking_id id, const char *event,
                          const char *body) {
    struct text path = desk_printf(desk, "/facility/bookings/%.*s/%s", TEXT_F(desk_id(desk, id.n)), event);
    return desk_post(desk, as, path.p, text_of(body));
}

static void answers_requests(struct engine *e) {
    struct desk desk;
    desk_setup(&desk, e);
    struct asker staff = desk_sign_in(&desk, desk.fx.staff[0], true);
    struct booking_id one = request(&desk, 5);
    struct booking_id two = request(&desk, 6);
    struct answer a = desk_get(&desk, &staff, "/facility/requests");
    assert_int_equal(a.status, 200);
    desk_has(&a, "受け入れる");
    desk_has(&a, "申込み中");
    a = step(&desk, &staff, one, "accept", "");
    assert_int_equal(a.status, 303);
    assert_true(text_is(a.location, "/facility/requests?done=step-accept"));
    a = desk_get(&desk, &staff, a.location.p);
    desk_has(&a, "予約が確定し、利用者に知らせました");
    a = step(&desk, &staff, two, "decline", "reason=");
    assert_int_equal(a.status, 422);
    desk_has(&a, "理由を選んでください");
    a = step(&desk, &staff, two, "decline", "why=other");
    assert_int_equal(a.status, 422);
    a = step(&desk, &staff, two, "decline", "why=births&reason=");
    assert_int_equal(a.status, 303);
    a = step(&desk, &staff, two, "accept", "");
    assert_int_equal(a.status, 409);
    desk_has(&a, "いまの状態ではできません");
    desk_teardown(&desk);
}

static void proposes_other_days(struct engine *e) {
    struct desk desk;
    desk_setup(&desk, e);
    struct asker staff = desk_sign_in(&desk, desk.fx.staff[0], true);
    struct booking_id id = request(&desk, 5);
    struct text path = desk_printf(&desk, "/facility/bookings/%.*s", TEXT_F(desk_id(&desk, id.n)));
    struct answer a = desk_get(&desk, &staff, path.p);
    desk_has(&a, "別の日や種類を提案する");
    a = desk_get(&desk, &staff, desk_printf(&desk, "%s/propose", path.p).p);
    assert_int_equal(a.status, 200);
    desk_has(&a, "返事がなければ、提案は自動で終わります");
    a = step(&desk, &staff, id, "propose", "from=2026-11-27");
    assert_int_equal(a.status, 422);
    a = step(&desk, &staff, id, "propose", "from=2026-11-27&to=2026-11-28&reason=birth");
    assert_int_equal(a.status, 303);
    a = desk_get(&desk, &staff, a.location.p);
    desk_has(&a, "利用者の返事を待っています");
    desk_has(&a, "取り消す");
    assert_false(text_has(a.body, TEXT("受け入れる")));
    a = desk_get(&desk, &staff, path.p);
    assert_false(text_has(a.body, TEXT("別の日や種類を提案する")));
    a = step(&desk, &staff, id, "propose", "from=2026-11-29&to=2026-11-30&reason=birth");
    assert_int_equal(a.status, 409);
    desk_teardown(&desk);
}

static void receives_and_reports(struct engine *e) {
    struct desk desk;
    desk_setup(&desk, e);
    struct asker staff = desk_sign_in(&desk, desk.fx.staff[0], true);
    struct booking_id id = request(&desk, 5);
    assert_int_equal(step(&desk, &staff, id, "accept", "").status, 303);
    assert_int_equal(step(&desk, &staff, id, "check-in", "").status, 409);
    fixture_later(&desk.fx, 5 * 86400 + 3 * 3600);
    staff = desk_sign_in(&desk, desk.fx.staff[0], true);
    struct answer a = desk_get(&desk, &staff, "/facility");
    assert_int_equal(a.status, 200);
    desk_has(&a, "来所を記録する");
    assert_int_equal(step(&desk, &staff, id, "check-in", "").status, 303);
    a = desk_get(&desk, &staff, "/facility");
    desk_has(&a, "利用終了を記録する");
    a = step(&desk, &staff, id, "complete", "report=%E3%82%88%E3%81%84");
    assert_int_equal(a.status, 303);
    a = desk_get(&desk, &staff, a.location.p);
    desk_has(&a, "利用済み");
    desk_has(&a, "よい");
    desk_teardown(&desk);
}

/* Another care on the same day, where no bed is left for the night. */
static void proposes_other_care(struct engine *e) {
    struct desk desk;
    desk_setup(&desk, e);
    struct asker staff = desk_sign_in(&desk, desk.fx.staff[0], true);
    struct booking_id id = request(&desk, 5);
    struct text path = desk_printf(&desk, "/facility/bookings/%.*s/propose", TEXT_F(desk_id(&desk, id.n)));
    struct answer a = desk_get(&desk, &staff, path.p);
    assert_int_equal(a.status, 200);
    desk_has(&a, "value=\"stay\" checked");
    desk_has(&a, "value=\"day\"");
    a = step(&desk, &staff, id, "propose", "care=spa&from=2026-11-27&to=2026-11-27&reason=birth");
    assert_int_equal(a.status, 422);
    a = step(&desk, &staff, id, "propose", "care=day&from=2026-11-27&to=2026-11-27&reason=birth");
    assert_int_equal(a.status, 303);
    a = desk_get(&desk, &staff, a.location.p);
    desk_has(&a, "デイ");
    desk_has(&a, "利用者の返事を待っています");
    desk_teardown(&desk);
}

static void keeps_others_out(struct engine *e) {
    struct desk desk;
    desk_setup(&desk, e);
    struct asker other = desk_sign_in(&desk, desk.fx.staff[1], true);
    struct asker city = desk_sign_in(&desk, desk.fx.coordinator, true);
    struct booking_id id = request(&desk, 5);
    struct text path = desk_printf(&desk, "/facility/bookings/%.*s", TEXT_F(desk_id(&desk, id.n)));
    assert_int_equal(desk_get(&desk, &other, path.p).status, 404);
    assert_int_equal(step(&desk, &other, id, "accept", "").status, 404);
    assert_int_equal(desk_get(&desk, &city, path.p).status, 403);
    path = desk_printf(&desk, "/city/bookings/%.*s", TEXT_F(desk_id(&desk, id.n)));
    struct answer a = desk_get(&desk, &city, path.p);
    assert_int_equal(a.status, 200);
    desk_has(&a, "この方の利用前登録を見る");
    desk_has(&a, "日 × ");
    path = desk_printf(&desk, "/city/bookings/%.*s/cancel", TEXT_F(desk_id(&desk, id.n)));
    a = desk_get(&desk, &city, path.p);
    assert_int_equal(a.status, 200);
    desk_has(&a, "料金はかからず");
    desk_teardown(&desk);
}

int main(void) {
    static const struct engine_case cases[] = {
        ENGINE_CASE(answers_requests), ENGINE_CASE(proposes_other_days), ENGINE_CASE(receives_and_reports),
        ENGINE_CASE(keeps_others_out), ENGINE_CASE(proposes_other_care)};
    return engines_run("web/staff_booking", cases, COUNT(cases), fixture_lists());
}
