/* Residents asking for a place, on both engines: the question about health, words that stay after a refusal, late
 * changes, and wishes that give a booking up. */
#include "base/buf.h"
#include "web/desk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

/* care=…&facility=…&start=…&end=… */
static struct text use(struct desk *desk, const char *care, int facility, int32_t start, int32_t end) {
    return text_printf(&desk->arena, "care=%s&facility=%.*s&start=%.*s&end=%.*s", care,
                       TEXT_F(id_format(&desk->arena, desk->fx.facilities[facility].n)),
                       TEXT_F(day_format(&desk->arena, fixture_day(&desk->fx, start))),
                       TEXT_F(day_format(&desk->arena, fixture_day(&desk->fx, end))));
}

static struct text with(struct desk *desk, const char *before, struct text use) {
    return text_printf(&desk->arena, "%s%.*s", before, TEXT_F(use));
}

static void health(struct engine *engine) {
    struct desk desk;
    desk_setup(&desk, engine);
    struct asker hana =
        desk_sign_in(&desk, fixture_resident(&desk.fx, &(struct fixture_person){.units = 7}), true);
    struct text stay = use(&desk, "stay", 1, 5, 7);
    struct answer page = desk_get(&desk, &hana, with(&desk, "/me/book?", use(&desk, "day", 1, 9, 9)).p);
    desk_expect(&page, 303, "/me/book/health?care=day");
    page = desk_get(&desk, &hana, with(&desk, "/me/book/health?", stay).p);
    desk_expect(&page, 200, "あてはまるものはありますか");
    desk_expect(&page, 200, "はい：感染症にかかっている");
    assert_false(text_has(page.body, TEXT("checked")));
    /* nothing chosen, and what is no answer */
    page = desk_post(&desk, &hana, "/me/book/health", with(&desk, "health=&", stay));
    desk_expect(&page, 422, "href=\"#f-health\"");
    page = desk_post(&desk, &hana, "/me/book/health", with(&desk, "health=perhaps&", stay));
    desk_expect(&page, 422, "href=\"#f-health\"");
    page = desk_post(&desk, &hana, "/me/book/health", TEXT("health=no&care=stay"));
    desk_expect(&page, 422, "");
    /* a no leads on, and says nothing in the address */
    page = desk_post(&desk, &hana, "/me/book/health", with(&desk, "health=no&", stay));
    desk_expect(&page, 303, "/me/book/check?care=stay");
    assert_false(text_has(desk_header(&page, "Location"), TEXT("health")));
    page = desk_follow(&desk, &hana, &page);
    desk_expect(&page, 200, "次のどれにも、あてはまりません");
    /* a yes is told why and what next, and the addresses on that page do not tell it */
    page = desk_post(&desk, &hana, "/me/book/health", with(&desk, "health=treatment&", stay));
    desk_expect(&page, 422, "入院や治療が必要な状態である");
    desk_expect(&page, 422, "別の日をさがす");
    desk_expect(&page, 422, "どこにも残していません");
    assert_false(text_has(page.body, TEXT("treatment")));
    page = desk_get(&desk, &hana, "/me/bookings");
    desk_expect(&page, 200, "これからの予約はありません");
    desk_teardown(&desk);
}

/* The same question stands before a change; the booking to change is kept through it. */
static void health_of_a_change(struct engine *engine) {
    struct desk desk;
    desk_setup(&desk, engine);
    struct account_id account = fixture_resident(&desk.fx, &(struct fixture_person){.units = 7});
    struct asker hana = desk_sign_in(&desk, account, true);
    struct book_ask ask = fixture_ask(&desk.fx, 1, 9, 0);
    struct book_outcome old = fixture_book(&desk.fx, account, &ask);
    struct text id = id_format(&desk.arena, old.id.n);
    struct text other =
        text_printf(&desk.arena, "%.*s&change=%.*s", TEXT_F(use(&desk, "day", 1, 11, 11)), TEXT_F(id));
    struct answer page = desk_get(&desk, &hana, with(&desk, "/me/book?", other).p);
    desk_expect(&page, 303, "/me/book/health?");
    page = desk_follow(&desk, &hana, &page);
    desk_expect(&page, 200, "そのまま残ります");
    assert_true(text_eq(desk_input(&page, "change"), id));
    page = desk_post(&desk, &hana, "/me/book/health", with(&desk, "health=no&", other));
    desk_expect(&page, 303, "/me/book/check?");
    assert_true(text_has(desk_header(&page, "Location"), id));
    page = desk_post(&desk, &hana, "/me/book/health", with(&desk, "health=infection&", other));
    desk_expect(&page, 422, "感染症");
    desk_teardown(&desk);
}

/* The place is taken while she writes: her words come back, and are kept nowhere. */
static void words_stay(struct engine *engine) {
    struct desk desk;
    desk_setup(&desk, engine);
    struct account_id account = fixture_resident(&desk.fx, &(struct fixture_person){.units = 7});
    struct asker hana = desk_sign_in(&desk, account, true);
    fixture_capacity(&desk.fx, 1, "day", 9, 1, 1);
    struct account_id first = fixture_resident(&desk.fx, &(struct fixture_person){.units = 7});
    struct book_ask ask = fixture_ask(&desk.fx, 1, 9, 0);
    struct book_outcome taken = fixture_book(&desk.fx, first, &ask);
    assert_true(taken.verdict.allowed);
    struct text fields = text_printf(&desk.arena, "_key=m&message=no%%20eggs%%20please&%.*s",
                                     TEXT_F(use(&desk, "day", 1, 9, 9)));
    for (int again = 0; again < 2; again++) {
        struct answer page = desk_post(&desk, &hana, "/me/book", fields);
        desk_expect(&page, 409, "no eggs please");
        desk_expect(&page, 409, "満室です");
        desk_expect(&page, 409, "/me/waits/new?care=day");
    }
    struct text silent = text_printf(&desk.arena, "_key=s&message=&%.*s", TEXT_F(use(&desk, "day", 1, 9, 9)));
    struct answer page = desk_post(&desk, &hana, "/me/book", silent);
    desk_expect(&page, 409, "満室です");
    desk_teardown(&desk);
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
    struct desk desk;
    desk_setup_with(&desk, engine, units_only(engine));
    struct account_id account = fixture_resident(&desk.fx, &(struct fixture_person){.units = 7});
    struct book_ask soon = fixture_ask(&desk.fx, 1, 3, 0);
    struct book_ask far = fixture_ask(&desk.fx, 1, 20, 0);
    struct book_outcome late = fixture_book(&desk.fx, account, &soon);
    struct book_outcome early = fixture_book(&desk.fx, account, &far);
    fixture_later(&desk.fx, (2 * 24 + 12) * 3600);
    struct asker hana = desk_sign_in(&desk, account, true);
    const char *says = "1日分は戻らず、使ったことになります";
    struct text check = with(&desk, "/me/book/check?", use(&desk, "day", 1, 11, 11));
    struct answer page = desk_get(
        &desk, &hana,
        text_printf(&desk.arena, "%.*s&change=%.*s", TEXT_F(check), TEXT_F(id_format(&desk.arena, late.id.n)))
            .p);
    desk_expect(&page, 200, says);
    page = desk_get(&desk, &hana,
                    text_printf(&desk.arena, "%.*s&change=%.*s", TEXT_F(check),
                                TEXT_F(id_format(&desk.arena, early.id.n)))
                        .p);
    desk_expect(&page, 200, "料金の内訳");
    assert_false(text_has(page.body, text_of(says)));
    desk_teardown(&desk);
}

/* A wish for the ninth day that gives the booking up when the place frees. */
static void swaps(struct engine *engine) {
    struct desk desk;
    desk_setup(&desk, engine);
    struct account_id account = fixture_resident(&desk.fx, &(struct fixture_person){.units = 7});
    struct asker hana = desk_sign_in(&desk, account, true);
    struct answer page = desk_get(&desk, &hana, "/me/waits/new");
    desk_expect(&page, 200, "お返事を待たずに");
    assert_false(text_has(page.body, TEXT("swap_for")));
    fixture_capacity(&desk.fx, 1, "day", 9, 1, 1);
    struct account_id first = fixture_resident(&desk.fx, &(struct fixture_person){.units = 7});
    struct book_ask full = fixture_ask(&desk.fx, 1, 9, 0);
    struct book_outcome taken = fixture_book(&desk.fx, first, &full);
    struct book_ask mine = fixture_ask(&desk.fx, 1, 12, 0);
    struct book_outcome old = fixture_book(&desk.fx, account, &mine);
    struct text id = id_format(&desk.arena, old.id.n);
    page = desk_get(&desk, &hana,
                    text_printf(&desk.arena, "/me/waits/new?care=day&swap_for=%.*s", TEXT_F(id)).p);
    desk_expect(&page, 200, "どれも手放さない");
    desk_expect(&page, 200, text_printf(&desk.arena, "value=\"%.*s\" checked", TEXT_F(id)).p);
    struct ymd on = day_ymd(fixture_day(&desk.fx, 9));
    struct text days = text_printf(
        &desk.arena, "first-year=%d&first-month=%d&first-day=%d&last-year=%d&last-month=%d&last-day=%d",
        on.year, on.month, on.day, on.year, on.month, on.day);
    struct text fields = text_printf(
        &desk.arena, "_key=w&care=day&facility=%.*s&%.*s&nights=1&mode=auto&notice_hours=12&swap_for=%.*s",
        TEXT_F(id_format(&desk.arena, desk.fx.facilities[1].n)), TEXT_F(days), TEXT_F(id));
    page = desk_post(&desk, &hana, "/me/waits", fields);
    desk_expect(&page, 303, "/me/waits?done=wish");
    page = desk_follow(&desk, &hana, &page);
    desk_expect(&page, 200, "いまの予約と入れ替えます");
    struct call call = fixture_call(&desk.fx, fixture_as(&desk.fx, ROLE_RESIDENT, first));
    struct book_step back = {.id = taken.id, .event = BOOKING_EV_CANCEL};
    struct book_outcome given;
    assert_int_equal(book_step(&call, &back, &given), RC_OK);
    page = desk_get(&desk, &hana, text_printf(&desk.arena, "/me/bookings/%.*s", TEXT_F(id)).p);
    desk_expect(&page, 200, "この予約は取り消されました");
    desk_teardown(&desk);
}

int main(void) {
    static const struct engine_case cases[] = {
        {"health", health},         {"health_of_a_change", health_of_a_change},
        {"words_stay", words_stay}, {"late_change", late_change},
        {"swaps", swaps},
    };
    return engines_run("web/resident_ask", cases, COUNT(cases), fixture_lists());
}
