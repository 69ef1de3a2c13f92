/* The admin's way from the rules in force to the next version: begun, edited field by field, compared, tried, published,
 * taken back; what others may see of it, and that nobody overwrites anybody. On both engines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "web/filled.h"

#define DRAFT "/city/rules/draft"

static struct answer save(struct desk *desk, const struct asker *who, const char *path,
                          const struct change *changes, size_t count) {
    struct answer page = desk_get(desk, who, path);
    assert_int_equal(page.status, 200);
    struct text target = text_part(text_of(path), 0, text_index(text_of(path), '?'));
    return desk_post(desk, who, text_copy(&desk->arena, target).p, desk_filled(desk, &page, changes, count));
}

/* The admin of a city, with a draft begun. */
static struct asker open_draft(struct desk *desk, struct engine *e) {
    desk_setup(desk, e);
    struct asker admin = desk_sign_in(desk, desk->fx.admin, true);
    struct answer a = desk_get(desk, &admin, "/city/rules/new");
    assert_int_equal(a.status, 200);
    desk_has(&a, "枚方");
    a = desk_post(desk, &admin, "/city/rules/new",
                  TEXT("rules_from-year=2027&rules_from-month=4&rules_from-day=1&rules_name=R9"));
    assert_int_equal(a.status, 303);
    a = desk_get(desk, &admin, a.location.p);
    desk_has(&a, "下書き：R9");
    desk_has(&a, "誤りはありません");
    return admin;
}

/* ---- what is shown, and to whom ---- */

static void shows_versions(struct engine *e) {
    struct desk desk;
    desk_setup(&desk, e);
    struct asker admin = desk_sign_in(&desk, desk.fx.admin, true);
    struct asker city = desk_sign_in(&desk, desk.fx.coordinator, true);
    struct asker auditor = desk_sign_in(&desk, desk.fx.auditor, true);
    struct asker staff = desk_sign_in(&desk, desk.fx.staff[0], true);
    struct answer a = desk_get(&desk, &admin, "/city/rules");
    assert_int_equal(a.status, 200);
    desk_has(&a, "いま有効");
    desk_has(&a, "新しい版を作る");
    a = desk_get(&desk, &city, "/city/rules");
    desk_has(&a, "いま有効");
    desk_lacks(&a, "新しい版を作る");
    a = desk_get(&desk, &auditor, "/city/rules/1");
    desk_has(&a, "3,100円");
    desk_lacks(&a, "取りやめる</button>");
    a = desk_get(&desk, &staff, "/facility/rules/1");
    assert_int_equal(a.status, 200);
    desk_has(&a, "3,100円");
    a = desk_get(&desk, &admin, "/city/rules/1");
    desk_lacks(&a, "取りやめる</button>"); /* it has begun: nothing to change */
    desk_lacks(&a, DRAFT);
    assert_int_equal(desk_get(&desk, &admin, "/city/rules/99").status, 404);
    assert_int_equal(desk_get(&desk, &admin, "/city/rules/x").status, 404);
    assert_int_equal(desk_get(&desk, &city, "/city/rules/new").status, 403);
    assert_int_equal(desk_get(&desk, &city, DRAFT "/cares").status, 403);
    assert_int_equal(desk_get(&desk, &staff, "/city/rules").status, 403);
    desk_teardown(&desk);
}

/* ---- editing ---- */

static void edits_by_fields(struct engine *e) {
    struct desk desk;
    struct asker admin = open_draft(&desk, e);
    struct change price[] = {{"cares.0.prices.taxed", "３，５００円"}, {"cares.0.age.months", "12"}};
    struct answer a = save(&desk, &admin, DRAFT "/cares?row=0", price, COUNT(price));
    assert_int_equal(a.status, 303);
    a = desk_get(&desk, &admin, a.location.p);
    desk_has(&a, "下書きを保存しました");
    desk_has(&a, "value=\"3500\"");
    struct change pool[] = {{"pools.0.units.all", "9"}};
    assert_int_equal(save(&desk, &admin, DRAFT "/pools", pool, COUNT(pool)).status, 303);
    struct change deadline[] = {{"booking.deadline.@", "days"}, {"booking.deadline.days", "2"}};
    assert_int_equal(save(&desk, &admin, DRAFT "/booking", deadline, COUNT(deadline)).status, 303);
    a = desk_get(&desk, &admin, DRAFT "/compare");
    desk_has(&a, "3,100円");
    desk_has(&a, "<b>3,500円</b>");
    desk_has(&a, "利用枠：");
    desk_has(&a, "2日前");
    desk_has(&a, "12か月");
    a = desk_get(&desk, &admin, DRAFT);
    desk_has(&a, "前の版と 6か所ちがいます");
    desk_teardown(&desk);
}

static void changes_nothing_when_nothing_is_changed(struct engine *e) {
    static const char *const pages[] = {"/base",        "/classes",      "/pools",           "/cares?row=0",
                                        "/cares?row=1", "/booking",      "/cancel",          "/acceptance",
                                        "/wait",        "/registration", "/additions?row=0", "/asked"};
    struct desk desk;
    struct asker admin = open_draft(&desk, e);
    for (size_t i = 0; i < COUNT(pages); i++) {
        struct text path = desk_printf(&desk, DRAFT "%s", pages[i]);
        struct answer a = save(&desk, &admin, path.p, NULL, 0);
        assert_int_equal(a.status, 303);
    }
    struct answer a = desk_get(&desk, &admin, DRAFT);
    desk_has(&a, "前の版と 2か所ちがいます"); /* its name and its first day */
    desk_teardown(&desk);
}

static void keeps_what_was_typed_wrongly(struct engine *e) {
    struct desk desk;
    struct asker admin = open_draft(&desk, e);
    struct change wrong[] = {{"cares.0.prices.taxed", "many"}, {"cares.0.start", "11:30"}};
    struct answer a = save(&desk, &admin, DRAFT "/cares?row=0", wrong, COUNT(wrong));
    assert_int_equal(a.status, 422);
    desk_has(&a, "数字で入力してください");
    desk_has(&a, "value=\"many\"");
    desk_has(&a, "value=\"11:30\"");
    desk_has(&a, "href=\"#f-cares.0.prices.taxed\"");
    /* what can be typed but cannot be right is kept in the draft, and told beside the field */
    struct change unfit[] = {{"cares.0.max_nights", "900"}};
    a = save(&desk, &admin, DRAFT "/cares?row=0", unfit, COUNT(unfit));
    assert_int_equal(a.status, 303);
    a = desk_get(&desk, &admin, a.location.p);
    desk_has(&a, "id=\"e-cares.0.max_nights\"");
    a = desk_get(&desk, &admin, DRAFT);
    desk_has(&a, "直すところが 1か所");
    desk_has(&a, "draft/cares?row=0");
    a = desk_get(&desk, &admin, DRAFT "/publish");
    desk_has(&a, "誤りがあるので、公布できません");
    desk_teardown(&desk);
}

static void works_on_rows(struct engine *e) {
    struct desk desk;
    struct asker admin = open_draft(&desk, e);
    struct change add[] = {{"act", "add:pools"}, {"pools.0.name", "本体"}};
    assert_int_equal(save(&desk, &admin, DRAFT "/pools", add, COUNT(add)).status, 303);
    struct answer a = desk_get(&desk, &admin, DRAFT "/pools");
    desk_has(&a, "name=\"pools.1.name\"");
    desk_has(&a, "value=\"本体\"");
    struct change copy[] = {{"act", "copy:cares.0"}};
    assert_int_equal(save(&desk, &admin, DRAFT "/cares", copy, COUNT(copy)).status, 303);
    a = desk_get(&desk, &admin, DRAFT "/cares");
    desk_has(&a, "（写し）");
    struct change remove[] = {{"act", "remove:cares.1"}};
    assert_int_equal(save(&desk, &admin, DRAFT "/cares", remove, COUNT(remove)).status, 303);
    struct change nowhere[] = {{"act", "remove:cares.9"}};
    assert_int_equal(save(&desk, &admin, DRAFT "/cares", nowhere, COUNT(nowhere)).status, 404);
    assert_int_equal(desk_get(&desk, &admin, DRAFT "/cares?row=9").status, 404);
    assert_int_equal(desk_get(&desk, &admin, DRAFT "/nonsense").status, 404);
    desk_teardown(&desk);
}

/* Two admins: the slower one is told, sees what is stored, and what of hers was not kept. */
static void overwrites_nobody(struct engine *e) {
    struct desk desk;
    struct asker admin = open_draft(&desk, e);
    struct answer page = desk_get(&desk, &admin, DRAFT "/cares?row=0");
    struct change first[] = {{"cares.0.prices.taxed", "3200"}};
    struct change second[] = {{"cares.0.prices.taxed", "3300"}};
    struct answer a = desk_post(&desk, &admin, DRAFT "/cares", desk_filled(&desk, &page, first, 1));
    assert_int_equal(a.status, 303);
    a = desk_post(&desk, &admin, DRAFT "/cares", desk_filled(&desk, &page, second, 1));
    assert_int_equal(a.status, 409);
    desk_has(&a, "先に保存しました");
    desk_has(&a, "value=\"3200\"");
    desk_has(&a, "あなたの入力：3300");
    desk_teardown(&desk);
}

static void edits_the_document(struct engine *e) {
    struct desk desk;
    struct asker admin = open_draft(&desk, e);
    struct answer a = desk_get(&desk, &admin, DRAFT "/document");
    desk_has(&a, "<textarea");
    desk_has(&a, "valid_from");
    struct change broken[] = {{"document", "{"}};
    a = save(&desk, &admin, DRAFT "/document", broken, 1);
    assert_int_equal(a.status, 422);
    desk_has(&a, "JSONとして読めません");
    struct change other[] = {{"document", "{\"name\":\"X\"}"}};
    a = save(&desk, &admin, DRAFT "/document", other, 1);
    assert_int_equal(a.status, 303);
    a = desk_get(&desk, &admin, DRAFT);
    desk_has(&a, "直すところが");
    desk_teardown(&desk);
}

/* ---- trying ---- */

static void tries_a_stay(struct engine *e) {
    struct desk desk;
    struct asker admin = open_draft(&desk, e);
    struct change price[] = {{"cares.0.prices.taxed", "3500"}};
    assert_int_equal(save(&desk, &admin, DRAFT "/cares?row=0", price, 1).status, 303);
    struct answer a = desk_get(&desk, &admin, DRAFT "/try");
    desk_has(&a, "世帯の区分");
    a = desk_get(&desk, &admin,
                 DRAFT
                 "/try?try_class=taxed&try_birth-year=2027&try_birth-month=3&try_birth-day=1&try_care=stay"
                 "&try_start-year=2027&try_start-month=4&try_start-day=10&try_nights=2"
                 "&try_asked-year=2027&try_asked-month=4&try_asked-day=5&try_uses=1");
    assert_int_equal(a.status, 200);
    desk_has(&a, "6,200円");
    desk_has(&a, "7,000円");
    desk_has(&a, "申し込めます");
    desk_has(&a, "のこり6日");
    a = desk_get(&desk, &admin,
                 DRAFT "/try?try_class=taxed&try_care=stay&try_birth=2026-01-01&try_start=2027-04-10");
    desk_has(&a, "申し込めません");
    desk_has(&a, "月齢の範囲");
    a = desk_get(&desk, &admin, DRAFT "/try?try_class=taxed&try_care=stay");
    desk_has(&a, "利用の初日を入力してください");
    desk_teardown(&desk);
}

/* ---- publishing ---- */

static void publishes_and_takes_back(struct engine *e) {
    struct desk desk;
    struct asker admin = open_draft(&desk, e);
    struct change price[] = {{"cares.0.prices.taxed", "3500"}};
    assert_int_equal(save(&desk, &admin, DRAFT "/cares?row=0", price, 1).status, 303);
    struct answer a = desk_get(&desk, &admin, DRAFT "/publish");
    desk_has(&a, "から変わるところ（3か所）");
    a = save(&desk, &admin, DRAFT "/publish", NULL, 0);
    assert_int_equal(a.status, 422);
    struct change past[] = {{"publish_reason", "x"}, {"publish_sure", "1"}, {"rules_from-year", "2020"}};
    a = save(&desk, &admin, DRAFT "/publish", past, COUNT(past));
    assert_int_equal(a.status, 422);
    desk_has(&a, "明日からの日");
    struct change good[] = {{"publish_reason", "令和9年度の改正"}, {"publish_sure", "1"}};
    a = save(&desk, &admin, DRAFT "/publish", good, COUNT(good));
    assert_int_equal(a.status, 303);
    struct text version = a.location;
    a = desk_get(&desk, &admin, version.p);
    desk_has(&a, "公布しました");
    desk_has(&a, "3,500円");
    desk_has(&a, "令和9年度の改正");
    a = desk_get(&desk, &admin, "/city/rules");
    desk_has(&a, "これから");
    a = desk_get(&desk, NULL, "/rules");
    desk_has(&a, "2027年4月1日から、決まりが変わります");
    desk_has(&a, "3,100円");
    a = desk_get(&desk, NULL, "/rules?on=2027-04-01");
    desk_has(&a, "3,500円");
    desk_has(&a, "これは、いまの決まりではありません");
    struct text path = desk_printf(&desk, "%.*s/withdraw", (int)text_index(version, '?'), version.p);
    a = desk_post(&desk, &admin, path.p, TEXT("reason="));
    assert_int_equal(a.status, 422);
    a = desk_post(&desk, &admin, path.p, TEXT("reason=early"));
    assert_int_equal(a.status, 303);
    a = desk_get(&desk, &admin, a.location.p);
    desk_has(&a, "取りやめました");
    a = desk_get(&desk, NULL, "/rules");
    desk_lacks(&a, "決まりが変わります");
    a = desk_get(&desk, &admin, "/city/audit?action=rules.");
    desk_has(&a, "rules.");
    desk_teardown(&desk);
}

static void drops_a_draft(struct engine *e) {
    struct desk desk;
    struct asker admin = open_draft(&desk, e);
    struct answer a =
        desk_post(&desk, &admin, "/city/rules/new",
                  TEXT("rules_from-year=2027&rules_from-month=5&rules_from-day=1&rules_name=R9"));
    assert_int_equal(a.status, 422);
    desk_has(&a, "下書きがもうあります");
    a = desk_get(&desk, &admin, "/city/rules");
    desk_has(&a, "下書きがあります");
    a = desk_get(&desk, &admin, DRAFT);
    a = desk_post(&desk, &admin, DRAFT "/drop", desk_filled(&desk, &a, NULL, 0));
    assert_int_equal(a.status, 303);
    a = desk_get(&desk, &admin, a.location.p);
    desk_has(&a, "下書きを捨てました");
    desk_has(&a, "新しい版を作る");
    assert_int_equal(desk_get(&desk, &admin, DRAFT "/cares").status, 404);
    desk_teardown(&desk);
}

int main(void) {
    static const struct engine_case cases[] = {ENGINE_CASE(shows_versions),
                                               ENGINE_CASE(edits_by_fields),
                                               ENGINE_CASE(changes_nothing_when_nothing_is_changed),
                                               ENGINE_CASE(keeps_what_was_typed_wrongly),
                                               ENGINE_CASE(works_on_rows),
                                               ENGINE_CASE(overwrites_nobody),
                                               ENGINE_CASE(edits_the_document),
                                               ENGINE_CASE(tries_a_stay),
                                               ENGINE_CASE(publishes_and_takes_back),
                                               ENGINE_CASE(drops_a_draft)};
    return engines_run("web/staff_rules", cases, COUNT(cases), fixture_lists());
}
