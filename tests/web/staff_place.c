/* A facility's places over its pages: capacity, beds closed in two taps, who is affected. On both engines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "web/desk.h"

static void sets_capacity(struct engine *e) {
    struct desk desk;
    desk_setup(&desk, e);
    struct asker staff = desk_sign_in(&desk, desk.fx.staff[0], true);
    struct answer a = desk_get(&desk, &staff, "/facility/capacity");
    assert_int_equal(a.status, 200);
    desk_has(&a, "この枠にする");
    a = desk_post(&desk, &staff, "/facility/capacity",
                  TEXT("care=stay&from=2026-11-21&to=2026-11-30&capacity=x"));
    assert_int_equal(a.status, 422);
    desk_has(&a, "受け入れられる人数は数字で入力してください");
    a = desk_post(&desk, &staff, "/facility/capacity",
                  TEXT("care=stay&from=2026-11-21&to=2026-11-30&capacity=7&weekday=1&weekday=2"));
    assert_int_equal(a.status, 303);
    a = desk_get(&desk, &staff, a.location.p);
    desk_has(&a, "枠を変えました");
    desk_has(&a, "定員7");
    a = desk_post(&desk, &staff, "/facility/capacity",
                  TEXT("care=stay&from=2026-11-30&to=2026-11-21&capacity=7"));
    assert_int_equal(a.status, 422);
    desk_teardown(&desk);
}

static void closes_beds(struct engine *e) {
    struct desk desk;
    desk_setup(&desk, e);
    struct asker staff = desk_sign_in(&desk, desk.fx.staff[1], true);
    struct account_id hana = fixture_resident(&desk.fx, &(struct fixture_person){0});
    struct book_ask ask = fixture_ask(&desk.fx, 1, 4, 1);
    fixture_book(&desk.fx, hana, &ask);
    struct answer a = desk_get(&desk, &staff, "/facility/blocks");
    assert_int_equal(a.status, 200);
    desk_has(&a, "今夜から1床ふさぐ");
    a = desk_post(&desk, &staff, "/facility/blocks",
                  TEXT("care=stay&from=2026-11-24&to=2026-11-24&beds=2&memo=births"));
    assert_int_equal(a.status, 303);
    assert_true(text_is(a.location, "/facility/blocks?done=short"));
    a = desk_get(&desk, &staff, a.location.p);
    desk_has(&a, "部屋が足りない日の予約が1件あります");
    desk_has(&a, "ふさぐのをやめる");
    a = desk_get(&desk, &staff, "/facility/week");
    desk_has(&a, "1床不足");
    struct text mark = TEXT("/facility/blocks/");
    a = desk_get(&desk, &staff, "/facility/blocks");
    for (size_t i = 0; i + mark.n + 20 < a.body.n; i++) {
        struct text at = text_part(a.body, i, a.body.n);
        if (text_starts(at, mark)) {
            struct text path = text_copy(&desk.arena, text_part(at, 0, mark.n + 13 + 7));
            a = desk_post(&desk, &staff, path.p, TEXT(""));
            break;
        }
    }
    assert_int_equal(a.status, 303);
    a = desk_get(&desk, &staff, "/facility/blocks");
    desk_has(&a, "いまふさいでいる枠はありません");
    desk_teardown(&desk);
}

/* The city does for a facility what the facility does itself. */
static void city_sets(struct engine *e) {
    struct desk desk;
    desk_setup(&desk, e);
    struct asker city = desk_sign_in(&desk, desk.fx.coordinator, true);
    struct text own =
        desk_printf(&desk, "/city/facilities/%.*s", TEXT_F(desk_id(&desk, desk.fx.facilities[1].n)));
    struct text capacity = desk_printf(&desk, "%.*s/capacity", TEXT_F(own));
    struct text blocks = desk_printf(&desk, "%.*s/blocks", TEXT_F(own));
    struct answer a = desk_get(&desk, &city, own.p);
    desk_has(&a, capacity.p);
    desk_has(&a, blocks.p);
    a = desk_get(&desk, &city, capacity.p);
    desk_has(&a, blocks.p);
    a = desk_post(&desk, &city, capacity.p, TEXT("care=stay&from=2026-11-21&to=2026-11-30&capacity=9"));
    assert_int_equal(a.status, 303);
    a = desk_get(&desk, &city, a.location.p);
    desk_has(&a, "定員9");
    desk_has(&a, "枠を変えました");
    struct account_id hana = fixture_resident(&desk.fx, &(struct fixture_person){0});
    struct book_ask ask = fixture_ask(&desk.fx, 1, 4, 1);
    fixture_book(&desk.fx, hana, &ask);
    a = desk_post(&desk, &city, blocks.p, TEXT("care=stay&from=2026-11-24&to=2026-11-24&beds=9"));
    assert_int_equal(a.status, 303);
    a = desk_get(&desk, &city, a.location.p);
    desk_has(&a, "部屋が足りない日の予約が1件あります");
    size_t at = 0;
    struct text mark = desk_printf(&desk, "%.*s/", TEXT_F(blocks));
    while (at + mark.n < a.body.n && !text_starts(text_part(a.body, at, a.body.n), mark)) {
        at++;
    }
    struct text path = text_copy(&desk.arena, text_part(a.body, at, at + mark.n + 13 + 7));
    a = desk_post(&desk, &city, path.p, TEXT(""));
    assert_int_equal(a.status, 303);
    a = desk_get(&desk, &city, a.location.p);
    desk_has(&a, "いまふさいでいる枠はありません");
    a = desk_get(&desk, &city, "/city/facilities/0000000000001/blocks");
    assert_int_equal(a.status, 404);
    desk_teardown(&desk);
}

static void counts_in_menu(struct engine *e) {
    struct desk desk;
    desk_setup(&desk, e);
    struct asker staff = desk_sign_in(&desk, desk.fx.staff[0], true);
    struct asker other = desk_sign_in(&desk, desk.fx.staff[2], true);
    struct answer a = desk_get(&desk, &staff, "/facility/week");
    desk_has(&a, "/facility/blocks\">ふさぐ</a>");
    assert_false(text_has(a.body, TEXT("class=\"count\"")));
    struct account_id hana = fixture_resident(&desk.fx, &(struct fixture_person){0});
    struct book_ask ask = fixture_ask(&desk.fx, 0, 5, 1);
    fixture_book(&desk.fx, hana, &ask);
    a = desk_get(&desk, &staff, "/facility/week");
    desk_has(&a, "申込み <span class=\"count\">1<span");
    a = desk_get(&desk, &other, "/facility/week");
    assert_false(text_has(a.body, TEXT("class=\"count\"")));
    desk_teardown(&desk);
}

static void shows_all(struct engine *e) {
    struct desk desk;
    desk_setup(&desk, e);
    struct asker city = desk_sign_in(&desk, desk.fx.coordinator, true);
    struct answer a = desk_get(&desk, &city, "/city/vacancies");
    assert_int_equal(a.status, 200);
    desk_has(&a, "2/2");
    a = desk_get(&desk, &city, "/city/vacancies?care=day&from-year=2026&from-month=12&from-day=1");
    assert_int_equal(a.status, 200);
    desk_has(&a, "12月1日");
    desk_teardown(&desk);
}

int main(void) {
    static const struct engine_case cases[] = {ENGINE_CASE(sets_capacity), ENGINE_CASE(closes_beds),
                                               ENGINE_CASE(shows_all), ENGINE_CASE(city_sets),
                                               ENGINE_CASE(counts_in_menu)};
    return engines_run("web/staff_place", cases, COUNT(cases), fixture_lists());
}
