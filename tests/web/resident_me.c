/* A resident's own pages on both engines: the birth told afterwards, her days and what they cost, two-step sign-in. */
#include "base/buf.h"
#include "web/visit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

/* The first link on the page that begins so and goes on with an id. */
static struct text link_to(struct visit *v, const struct http_response *page, const char *beginning) {
    struct text start = text_of(beginning);
    struct text rest = page->body;
    while (rest.n > 0 && !text_starts(rest, start)) {
        rest = text_part(rest, 1, rest.n);
    }
    assert_true(rest.n > start.n + ID_CHARS);
    return text_copy(&v->pages, text_part(rest, 0, start.n + ID_CHARS));
}

static struct visitor register_expecting(struct visit *v) {
    struct account_id account = fixture_resident(&v->fx, &(struct fixture_person){.unapproved = true});
    struct visitor mari = visit_as(v, account);
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
        struct text path = text_printf(&v->pages, "/me/registration/%s", steps[i][0]);
        struct http_response saved = visit_post(v, &mari, path.p, steps[i][1]);
        visit_expect(&saved, 303, "/me/registration/");
    }
    struct http_response sent = visit_post(v, &mari, "/me/registration", "_key=r");
    visit_expect(&sent, 303, "/me/registration?done=submitted");
    return mari;
}

static void birth(struct engine *engine) {
    struct visit v;
    visit_setup(&v, engine);
    struct visitor mari = register_expecting(&v);
    struct http_response page = visit_get(&v, &mari, "/me");
    visit_expect(&page, 200, "赤ちゃんが生まれたら");
    struct text child = link_to(&v, &page, "/me/children/");
    page = visit_get(&v, &mari, child.p);
    visit_expect(&page, 200, "ご出産の登録");
    /* the day is missing, not yet come, or no number of weeks: all that was typed stays */
    page = visit_post(&v, &mari, child.p, "child_name=Minato&weeks=39");
    visit_expect(&page, 422, "href=\"#f-birth_date\"");
    visit_expect(&page, 422, "value=\"Minato\"");
    page = visit_post(&v, &mari, child.p,
                      "_key=b1&child_name=Minato&birth_date-year=2026&birth_date-month=11&birth_date-day=28");
    visit_expect(&page, 422, "今日より前の日を入力してください");
    visit_expect(&page, 422, "value=\"Minato\"");
    page = visit_post(&v, &mari, child.p,
                      "child_name=Minato&birth_date-year=2026&birth_date-month=11&birth_date-day=18&weeks=7");
    visit_expect(&page, 422, "href=\"#f-weeks\"");
    page = visit_get(&v, &mari, "/me");
    visit_expect(&page, 200, "/me/children/");
    page = visit_post(&v, &mari, child.p,
                      "_key=b2&child_name=Minato&birth_date-year=2026&birth_date-month=11&birth_date-day=18"
                      "&weeks=36&days=6&weight_g=2480");
    visit_expect(&page, 303, "/me?done=birth");
    page = visit_follow(&v, &mari, &page);
    visit_expect(&page, 200, "ご出産を登録しました");
    assert_false(text_has(page.body, TEXT("/me/children/")));
    /* nobody else's */
    struct visitor other = visit_as(&v, fixture_resident(&v.fx, &(struct fixture_person){.units = 7}));
    page = visit_get(&v, &other, child.p);
    visit_expect(&page, 404, "");
    page = visit_post(&v, &other, child.p,
                      "_key=b3&child_name=&birth_date-year=2026&birth_date-month=11&birth_date-day=18");
    visit_expect(&page, 404, "");
    visit_teardown(&v);
}

static void two_step(struct engine *engine) {
    struct visit v;
    visit_setup(&v, engine);
    struct visitor hana = visit_as(&v, fixture_resident(&v.fx, &(struct fixture_person){.units = 7}));
    struct http_response page = visit_get(&v, &hana, "/me/account/totp");
    struct text secret = text_copy(&v.pages, visit_input(&page, "secret"));
    struct text mark = text_printf(&v.pages, "?secret=%.*s", TEXT_F(secret));
    visit_expect(&page, 200, "href=\"otpauth://totp/");
    visit_expect(&page, 200, mark.p);
    page = visit_post(&v, &hana, "/me/account/totp",
                      text_printf(&v.pages, "secret=%.*s&code=000000", TEXT_F(secret)).p);
    visit_expect(&page, 422, "href=\"otpauth://totp/");
    visit_expect(&page, 422, mark.p);
    visit_teardown(&v);
}

static void days(struct engine *engine) {
    struct visit v;
    visit_setup(&v, engine);
    struct account_id account = fixture_resident(&v.fx, &(struct fixture_person){.units = 7});
    struct visitor hana = visit_as(&v, account);
    struct http_response page = visit_get(&v, &hana, "/me/days");
    visit_expect(&page, 200, "まだ利用の予定がありません");
    struct book_ask ask = fixture_ask(&v.fx, 1, 5, 1);
    struct book_outcome booked = fixture_book(&v.fx, account, &ask);
    page = visit_get(&v, &hana, "/me");
    visit_expect(&page, 200, "/me/days");
    page = visit_get(&v, &hana, "/me/days");
    visit_expect(&page, 200, "のこり6日");
    visit_expect(&page, 200, "7日のうち、利用済み0日・予約中1日");
    visit_expect(&page, 200, "これからの利用（予定）");
    assert_false(text_has(page.body, TEXT("これまでの利用")));
    struct text fee = text_printf(&v.pages, "%.*s円", TEXT_F(num_grouped(&v.pages, booked.fee.n)));
    visit_expect(&page, 200, fee.p);
    fixture_later(&v.fx, 6 * 24 * 3600 + 12 * 3600);
    struct call call = fixture_call(&v.fx, fixture_staff(&v.fx, 1));
    static const enum booking_event events[] = {BOOKING_EV_CHECK_IN, BOOKING_EV_COMPLETE};
    for (size_t i = 0; i < COUNT(events); i++) {
        struct book_step step = {.id = booked.id, .event = events[i], .report = TEXT("ok")};
        struct book_outcome out;
        assert_int_equal(book_step(&call, &step, &out), RC_OK);
        assert_true(out.verdict.allowed);
    }
    hana = visit_as(&v, account);
    page = visit_get(&v, &hana, "/me/days");
    visit_expect(&page, 200, "7日のうち、利用済み1日・予約中0日");
    visit_expect(&page, 200, "これまでの利用");
    visit_expect(&page, 200, fee.p);
    /* nothing before the approval */
    struct visitor mari = visit_as(&v, fixture_resident(&v.fx, &(struct fixture_person){.unapproved = true}));
    page = visit_get(&v, &mari, "/me/days");
    visit_expect(&page, 303, "/me/registration");
    visit_teardown(&v);
}

int main(void) {
    static const struct engine_case cases[] = {
        {"birth", birth},
        {"two_step", two_step},
        {"days", days},
    };
    return engines_run("web/resident_me", cases, COUNT(cases), fixture_lists());
}
