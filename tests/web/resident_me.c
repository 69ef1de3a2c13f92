/* A resident's own pages on both engines: the birth told afterwards, her days and what they cost, two-step sign-in. */
#include "base/buf.h"
#include "web/desk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

/* The first link on the page that begins so and goes on with an id. */
static struct text link_to(struct desk *desk, const struct answer *page, const char *beginning) {
    struct text start = text_of(beginning);
    struct text rest = page->body;
    while (rest.n > 0 && !text_starts(rest, start)) {
        rest = text_part(rest, 1, rest.n);
    }
    assert_true(rest.n > start.n + ID_CHARS);
    return text_copy(&desk->arena, text_part(rest, 0, start.n + ID_CHARS));
}

static struct asker register_expecting(struct desk *desk) {
    struct account_id account = fixture_resident(&desk->fx, &(struct fixture_person){.unapproved = true});
    struct asker mari = desk_sign_in(desk, account, true);
    static const char *const steps[][2] = {
        {"name", "mother_name=%E6%9E%9A%E6%96%B9&mother_kana=%E3%81%B2%E3%82%89"},
        {"birth", "mother_birth_date-year=1995&mother_birth_date-month=5&mother_birth_date-day=5"},
        {"address", "postal_code=573-0000&address=%E6%9E%9A%E6%96%B9%E5%B8%82"},
        {"phone", "phone=090-0000-0000"},
        {"child/1", "child_name=&due_date-year=2026&due_date-month=12&due_date-day=10"},
        {"class", "household_class=taxed"},
        {"consent", "consents=share&consents=tax&consents=same-room"},
    };
    for (size_t i = 0; i < COUNT(steps); i++) {
        struct text path = text_printf(&desk->arena, "/me/registration/%s", steps[i][0]);
        struct answer saved = desk_post(desk, &mari, path.p, text_of(steps[i][1]));
        desk_expect(&saved, 303, "/me/registration/");
    }
    struct answer sent = desk_post(desk, &mari, "/me/registration", TEXT("_key=r"));
    desk_expect(&sent, 303, "/me/registration?done=submitted");
    return mari;
}

static void birth(struct engine *engine) {
    struct desk desk;
    desk_setup(&desk, engine);
    struct asker mari = register_expecting(&desk);
    struct answer page = desk_get(&desk, &mari, "/me");
    desk_expect(&page, 200, "赤ちゃんが生まれたら");
    struct text child = link_to(&desk, &page, "/me/children/");
    page = desk_get(&desk, &mari, child.p);
    desk_expect(&page, 200, "ご出産の登録");
    /* the day is missing, not yet come, or no number of weeks: all that was typed stays */
    page = desk_post(&desk, &mari, child.p, TEXT("child_name=Minato&weeks=39"));
    desk_expect(&page, 422, "href=\"#f-birth_date\"");
    desk_expect(&page, 422, "value=\"Minato\"");
    page = desk_post(
        &desk, &mari, child.p,
        TEXT("_key=b1&child_name=Minato&birth_date-year=2026&birth_date-month=11&birth_date-day=28"));
    desk_expect(&page, 422, "今日より前の日を入力してください");
    desk_expect(&page, 422, "value=\"Minato\"");
    page = desk_post(
        &desk, &mari, child.p,
        TEXT("child_name=Minato&birth_date-year=2026&birth_date-month=11&birth_date-day=18&weeks=7"));
    desk_expect(&page, 422, "href=\"#f-weeks\"");
    page = desk_get(&desk, &mari, "/me");
    desk_expect(&page, 200, "/me/children/");
    page =
        desk_post(&desk, &mari, child.p,
                  TEXT("_key=b2&child_name=Minato&birth_date-year=2026&birth_date-month=11&birth_date-day=18"
                       "&weeks=36&days=6&weight_g=2480"));
    desk_expect(&page, 303, "/me?done=birth");
    page = desk_follow(&desk, &mari, &page);
    desk_expect(&page, 200, "ご出産を登録しました");
    assert_false(text_has(page.body, TEXT("/me/children/")));
    /* nobody else's */
    struct asker other =
        desk_sign_in(&desk, fixture_resident(&desk.fx, &(struct fixture_person){.units = 7}), true);
    page = desk_get(&desk, &other, child.p);
    desk_expect(&page, 404, "");
    page = desk_post(&desk, &other, child.p,
                     TEXT("_key=b3&child_name=&birth_date-year=2026&birth_date-month=11&birth_date-day=18"));
    desk_expect(&page, 404, "");
    desk_teardown(&desk);
}

static void two_step(struct engine *engine) {
    struct desk desk;
    desk_setup(&desk, engine);
    struct asker hana =
        desk_sign_in(&desk, fixture_resident(&desk.fx, &(struct fixture_person){.units = 7}), true);
    struct answer page = desk_get(&desk, &hana, "/me/account/totp");
    struct text secret = text_copy(&desk.arena, desk_input(&page, "secret"));
    struct text mark = text_printf(&desk.arena, "?secret=%.*s", TEXT_F(secret));
    desk_expect(&page, 200, "href=\"otpauth://totp/");
    desk_expect(&page, 200, mark.p);
    page = desk_post(&desk, &hana, "/me/account/totp",
                     text_printf(&desk.arena, "secret=%.*s&code=000000", TEXT_F(secret)));
    desk_expect(&page, 422, "href=\"otpauth://totp/");
    desk_expect(&page, 422, mark.p);
    desk_teardown(&desk);
}

static void days(struct engine *engine) {
    struct desk desk;
    desk_setup(&desk, engine);
    struct account_id account = fixture_resident(&desk.fx, &(struct fixture_person){.units = 7});
    struct asker hana = desk_sign_in(&desk, account, true);
    struct answer page = desk_get(&desk, &hana, "/me/days");
    desk_expect(&page, 200, "まだ利用の予定がありません");
    struct book_ask ask = fixture_ask(&desk.fx, 1, 5, 1);
    struct book_outcome booked = fixture_book(&desk.fx, account, &ask);
    page = desk_get(&desk, &hana, "/me");
    desk_expect(&page, 200, "/me/days");
    page = desk_get(&desk, &hana, "/me/days");
    desk_expect(&page, 200, "のこり6日");
    desk_expect(&page, 200, "7日のうち、利用済み0日・予約中1日");
    desk_expect(&page, 200, "これからの利用（予定）");
    assert_false(text_has(page.body, TEXT("これまでの利用")));
    struct text fee = text_printf(&desk.arena, "%.*s円", TEXT_F(num_grouped(&desk.arena, booked.fee.n)));
    desk_expect(&page, 200, fee.p);
    fixture_later(&desk.fx, 6 * 24 * 3600 + 12 * 3600);
    struct call call = fixture_call(&desk.fx, fixture_staff(&desk.fx, 1));
    static const enum booking_event events[] = {BOOKING_EV_CHECK_IN, BOOKING_EV_COMPLETE};
    for (size_t i = 0; i < COUNT(events); i++) {
        struct book_step step = {.id = booked.id, .event = events[i], .report = TEXT("ok")};
        struct book_outcome out;
        assert_int_equal(book_step(&call, &step, &out), RC_OK);
        assert_true(out.verdict.allowed);
    }
    hana = desk_sign_in(&desk, account, true);
    page = desk_get(&desk, &hana, "/me/days");
    desk_expect(&page, 200, "7日のうち、利用済み1日・予約中0日");
    desk_expect(&page, 200, "これまでの利用");
    desk_expect(&page, 200, fee.p);
    /* nothing before the approval */
    struct asker mari =
        desk_sign_in(&desk, fixture_resident(&desk.fx, &(struct fixture_person){.unapproved = true}), true);
    page = desk_get(&desk, &mari, "/me/days");
    desk_expect(&page, 303, "/me/registration");
    desk_teardown(&desk);
}

int main(void) {
    static const struct engine_case cases[] = {
        {"birth", birth},
        {"two_step", two_step},
        {"days", days},
    };
    return engines_run("web/resident_me", cases, COUNT(cases), fixture_lists());
}
