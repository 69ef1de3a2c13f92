/* Residents asking for a place, on both engines: the question about health, words that stay after a refusal, late
 * changes, and wishes that give a booking up. */
#include "base/buf.h"
#include "web/visit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

/* care=…&facility=…&start=…&end=… */
static struct text use(struct visit *v, const char *care, int facility, int32_t start, int32_t end) {
    return text_printf(&v->pages, "care=%s&facility=%.*s&start=%.*s&end=%.*s", care,
                       TEXT_F(id_format(&v->pages, v->fx.facilities[facility].n)),
                       TEXT_F(day_format(&v->pages, fixture_day(&v->fx, start))),
                       TEXT_F(day_format(&v->pages, fixture_day(&v->fx, end))));
}

static struct text with(struct visit *v, const char *before, struct text use) {
    return text_printf(&v->pages, "%s%.*s", before, TEXT_F(use));
}

static void health(struct engine *engine) {
    struct visit v;
    visit_setup(&v, engine);
    struct visitor hana = visit_as(&v, fixture_resident(&v.fx, &(struct fixture_person){.units = 7}));
    struct text stay = use(&v, "stay", 1, 5, 7);
    struct http_response page = visit_get(&v, &hana, with(&v, "/me/book?", use(&v, "day", 1, 9, 9)).p);
    visit_expect(&page, 303, "/me/book/health?care=day");
    page = visit_get(&v, &hana, with(&v, "/me/book/health?", stay).p);
    visit_expect(&page, 200, "あてはまるものはありますか");
    visit_expect(&page, 200, "はい：感染症にかかっている");
    assert_false(text_has(page.body, TEXT("checked")));
    /* nothing chosen, and what is no answer */
    page = visit_post(&v, &hana, "/me/book/health", with(&v, "health=&", stay).p);
    visit_expect(&page, 422, "href=\"#f-health\"");
    page = visit_post(&v, &hana, "/me/book/health", with(&v, "health=perhaps&", stay).p);
    visit_expect(&page, 422, "href=\"#f-health\"");
    page = visit_post(&v, &hana, "/me/book/health", "health=no&care=stay");
    visit_expect(&page, 422, "");
    /* a no leads on, and says nothing in the address */
    page = visit_post(&v, &hana, "/me/book/health", with(&v, "health=no&", stay).p);
    visit_expect(&page, 303, "/me/book/check?care=stay");
    assert_false(text_has(visit_header(&page, "Location"), TEXT("health")));
    page = visit_follow(&v, &hana, &page);
    visit_expect(&page, 200, "次のどれにも、あてはまりません");
    /* a yes is told why and what next, and the addresses on that page do not tell it */
    page = visit_post(&v, &hana, "/me/book/health", with(&v, "health=treatment&", stay).p);
    visit_expect(&page, 422, "入院や治療が必要な状態である");
    visit_expect(&page, 422, "別の日をさがす");
    visit_expect(&page, 422, "どこにも残していません");
    assert_false(text_has(page.body, TEXT("treatment")));
    page = visit_get(&v, &hana, "/me/bookings");
    visit_expect(&page, 200, "これからの予約はありません");
    visit_teardown(&v);
}

/* The same question stands before a change; the booking to change is kept through it. */
static void health_of_a_change(struct engine *engine) {
    struct visit v;
    visit_setup(&v, engine);
    struct account_id account = fixture_resident(&v.fx, &(struct fixture_person){.units = 7});
    struct visitor hana = visit_as(&v, account);
    struct book_ask ask = fixture_ask(&v.fx, 1, 9, 0);
    struct book_outcome old = fixture_book(&v.fx, account, &ask);
    struct text id = id_format(&v.pages, old.id.n);
    struct text other =
        text_printf(&v.pages, "%.*s&change=%.*s", TEXT_F(use(&v, "day", 1, 11, 11)), TEXT_F(id));
    struct http_response page = visit_get(&v, &hana, with(&v, "/me/book?", other).p);
    visit_expect(&page, 303, "/me/book/health?");
    page = visit_follow(&v, &hana, &page);
    visit_expect(&page, 200, "そのまま残ります");
    assert_true(text_eq(visit_input(&page, "change"), id));
    page = visit_post(&v, &hana, "/me/book/health", with(&v, "health=no&", other).p);
    visit_expect(&page, 303, "/me/book/check?");
    assert_true(text_has(visit_header(&page, "Location"), id));
    page = visit_post(&v, &hana, "/me/book/health", with(&v, "health=infection&", other).p);
    visit_expect(&page, 422, "感染症");
    visit_teardown(&v);
}

/* The place is taken while she writes: her words come back, and are kept nowhere. */
static void words_stay(struct engine *engine) {
    struct visit v;
    visit_setup(&v, engine);
    struct account_id account = fixture_resident(&v.fx, &(struct fixture_person){.units = 7});
    struct visitor hana = visit_as(&v, account);
    fixture_capacity(&v.fx, 1, "day", 9, 1, 1);
    struct account_id first = fixture_resident(&v.fx, &(struct fixture_person){.units = 7});
    struct book_ask ask = fixture_ask(&v.fx, 1, 9, 0);
    struct book_outcome taken = fixture_book(&v.fx, first, &ask);
    assert_true(taken.verdict.allowed);
    struct text fields =
        text_printf(&v.pages, "_key=m&message=no%%20eggs%%20please&%.*s", TEXT_F(use(&v, "day", 1, 9, 9)));
    for (int again = 0; again < 2; again++) {
        struct http_response page = visit_post(&v, &hana, "/me/book", fields.p);
        visit_expect(&page, 409, "no eggs please");
        visit_expect(&page, 409, "満室です");
        visit_expect(&page, 409, "/me/waits/new?care=day");
    }
    struct text silent = text_printf(&v.pages, "_key=s&message=&%.*s", TEXT_F(use(&v, "day", 1, 9, 9)));
    struct http_response page = visit_post(&v, &hana, "/me/book", silent.p);
    visit_expect(&page, 409, "満室です");
    visit_teardown(&v);
}

/* Hirakata's rules, but what is given back late takes the days. */
static struct text units_only(struct engine *engine) {
    struct text json = fixture_hirakata(&engine->arena);
    static const struct text mild = TEXT_INIT("{ \"units\": false }");
    for (size_t i = 0; i + mild.n <= json.n; i++) {
        if (text_eq(text_part(json, i, i + mild.n), mild)) {
            return text_printf(&engine->arena, "%.*s{ \"units\": true }%.*s", TEXT_F(text_part(json, 0, i)),
                               TEXT_F(text_part(json, i + mild.n, json.n)));
        }
    }
    fail_msg("the profile reads differently now");
    return json;
}

static void late_change(struct engine *engine) {
    struct visit v;
    visit_setup_with(&v, engine, units_only(engine));
    struct account_id account = fixture_resident(&v.fx, &(struct fixture_person){.units = 7});
    struct book_ask soon = fixture_ask(&v.fx, 1, 3, 0);
    struct book_ask far = fixture_ask(&v.fx, 1, 20, 0);
    struct book_outcome late = fixture_book(&v.fx, account, &soon);
    struct book_outcome early = fixture_book(&v.fx, account, &far);
    fixture_later(&v.fx, (2 * 24 + 12) * 3600);
    struct visitor hana = visit_as(&v, account);
    const char *says = "1日分は戻らず、使ったことになります";
    struct text check = with(&v, "/me/book/check?", use(&v, "day", 1, 11, 11));
    struct http_response page = visit_get(
        &v, &hana,
        text_printf(&v.pages, "%.*s&change=%.*s", TEXT_F(check), TEXT_F(id_format(&v.pages, late.id.n))).p);
    visit_expect(&page, 200, says);
    page = visit_get(
        &v, &hana,
        text_printf(&v.pages, "%.*s&change=%.*s", TEXT_F(check), TEXT_F(id_format(&v.pages, early.id.n))).p);
    visit_expect(&page, 200, "料金の内訳");
    assert_false(text_has(page.body, text_of(says)));
    visit_teardown(&v);
}

/* A wish for the ninth day that gives the booking up when the place frees. */
static void swaps(struct engine *engine) {
    struct visit v;
    visit_setup(&v, engine);
    struct account_id account = fixture_resident(&v.fx, &(struct fixture_person){.units = 7});
    struct visitor hana = visit_as(&v, account);
    struct http_response page = visit_get(&v, &hana, "/me/waits/new");
    visit_expect(&page, 200, "お返事を待たずに");
    assert_false(text_has(page.body, TEXT("swap_for")));
    fixture_capacity(&v.fx, 1, "day", 9, 1, 1);
    struct account_id first = fixture_resident(&v.fx, &(struct fixture_person){.units = 7});
    struct book_ask full = fixture_ask(&v.fx, 1, 9, 0);
    struct book_outcome taken = fixture_book(&v.fx, first, &full);
    struct book_ask mine = fixture_ask(&v.fx, 1, 12, 0);
    struct book_outcome old = fixture_book(&v.fx, account, &mine);
    struct text id = id_format(&v.pages, old.id.n);
    page = visit_get(&v, &hana, text_printf(&v.pages, "/me/waits/new?care=day&swap_for=%.*s", TEXT_F(id)).p);
    visit_expect(&page, 200, "どれも手放さない");
    visit_expect(&page, 200, text_printf(&v.pages, "value=\"%.*s\" checked", TEXT_F(id)).p);
    struct ymd on = day_ymd(fixture_day(&v.fx, 9));
    struct text days = text_printf(
        &v.pages, "first-year=%d&first-month=%d&first-day=%d&last-year=%d&last-month=%d&last-day=%d", on.year,
        on.month, on.day, on.year, on.month, on.day);
    struct text fields = text_printf(
        &v.pages, "_key=w&care=day&facility=%.*s&%.*s&nights=1&mode=auto&notice_hours=12&swap_for=%.*s",
        TEXT_F(id_format(&v.pages, v.fx.facilities[1].n)), TEXT_F(days), TEXT_F(id));
    page = visit_post(&v, &hana, "/me/waits", fields.p);
    visit_expect(&page, 303, "/me/waits?done=wish");
    page = visit_follow(&v, &hana, &page);
    visit_expect(&page, 200, "いまの予約と入れ替えます");
    struct call call = fixture_call(&v.fx, fixture_as(&v.fx, ROLE_RESIDENT, first));
    struct book_step back = {.id = taken.id, .event = BOOKING_EV_CANCEL};
    struct book_outcome given;
    assert_int_equal(book_step(&call, &back, &given), RC_OK);
    page = visit_get(&v, &hana, text_printf(&v.pages, "/me/bookings/%.*s", TEXT_F(id)).p);
    visit_expect(&page, 200, "この予約は取り消されました");
    visit_teardown(&v);
}

int main(void) {
    static const struct engine_case cases[] = {
        {"health", health},         {"health_of_a_change", health_of_a_change},
        {"words_stay", words_stay}, {"late_change", late_change},
        {"swaps", swaps},
    };
    return engines_run("web/resident_ask", cases, COUNT(cases), fixture_lists());
}
