/* Residents' pages on both engines: what everybody may see, and registering step by step. */
#include "base/buf.h"
#include "web/desk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void everybody(struct engine *engine) {
    struct desk desk;
    desk_setup(&desk, engine);
    struct text id = id_format(&desk.arena, desk.fx.facilities[0].n);
    const struct {
        struct text target;
        const char *says;
    } pages[] = {
        {TEXT("/"), "いちばん早い空きを見る"},
        {TEXT("/search"), "3か所のうち3か所に空き"},
        {TEXT("/search?care=day&q=&ward=&age=&date-year=&date-month=&date-day="),
         "デイサービス（日帰り）：3か所"},
        {TEXT("/search?ward=%E5%8C%97%E9%83%A8"), "この条件に合う施設はありません"},
        {text_printf(&desk.arena, "/facilities/%.*s", TEXT_F(id)), "これから2週間の空き"},
        {text_printf(&desk.arena, "/facilities/%.*s/calendar?care=stay&month=2026-12", TEXT_F(id)),
         "2026年12月"},
        {TEXT("/rules"), "7日"},
        {TEXT("/rules"), "3,100円"},
        {TEXT("/rules"), "生後4か月になる日の前の日まで"},
        {TEXT("/help/mail"), "sango.example.jp"},
        {TEXT("/accessibility"), "WCAG"},
        {TEXT("/login"), "ログインする"},
        {TEXT("/register"), "確認のメールを受け取る"},
        {TEXT("/forgot"), "リンクを受け取る"},
        {TEXT("/c/hirakata/search"), "/c/hirakata/facilities/"},
    };
    for (size_t i = 0; i < COUNT(pages); i++) {
        struct answer page = desk_get(&desk, NULL, pages[i].target.p);
        desk_expect(&page, 200, pages[i].says);
        desk_expect(&page, 200, "<html lang=\"ja\"");
    }
    struct answer gone = desk_get(&desk, NULL, "/facilities/0000000000001");
    desk_expect(&gone, 404, "ページが見つかりません");
    struct answer login = desk_get(&desk, NULL, "/me/registration");
    desk_expect(&login, 303, "/login?next=%2Fme%2Fregistration");
    desk_teardown(&desk);
}

static void address(struct engine *engine) {
    struct desk desk;
    desk_setup(&desk, engine);
    struct answer bad = desk_post(&desk, NULL, "/register",
                                  TEXT("name=%E8%8A%B1&email=mari@&new_password=a%20warm%20cup%20of%20tea"));
    desk_expect(&bad, 422, "href=\"#f-email\"");
    desk_expect(&bad, 422, "value=\"mari@\"");
    struct answer weak =
        desk_post(&desk, NULL, "/register", TEXT("name=%E8%8A%B1&email=mari@example.jp&new_password=short"));
    desk_expect(&weak, 422, "12文字以上");
    struct answer sent =
        desk_post(&desk, NULL, "/register",
                  TEXT("name=%E8%8A%B1&email=mari@example.jp&new_password=a%20warm%20cup%20of%20tea"));
    desk_expect(&sent, 303, "/register/sent");
    struct answer wrong =
        desk_post(&desk, NULL, "/login", TEXT("login=mari@example.jp&password=x&otp=&next="));
    desk_expect(&wrong, 422, "どれかが違います");
    struct answer link = desk_post(&desk, NULL, "/account/confirm", TEXT("token=nonsense"));
    desk_expect(&link, 422, "もう使われています");
    struct answer forgot = desk_post(&desk, NULL, "/forgot", TEXT("email=nobody@example.jp"));
    desk_expect(&forgot, 303, "/forgot/sent");
    desk_teardown(&desk);
}

static void registers(struct engine *engine) {
    struct desk desk;
    desk_setup(&desk, engine);
    struct account_id account = fixture_resident(&desk.fx, &(struct fixture_person){.unapproved = true});
    struct asker mari = desk_sign_in(&desk, account, true);
    struct answer first = desk_get(&desk, &mari, "/me/registration");
    desk_expect(&first, 303, "/me/registration/edit");
    first = desk_follow(&desk, &mari, &first);
    desk_expect(&first, 200, "あと7問");
    struct answer bad =
        desk_post(&desk, &mari, "/me/registration/name", TEXT("mother_name=&mother_kana=kanji"));
    desk_expect(&bad, 422, "value=\"kanji\"");
    static const struct {
        const char *step;
        const char *fields;
        const char *next;
    } steps[] = {
        {"name", "mother_name=%E6%9E%9A%E6%96%B9&mother_kana=%E3%81%B2%E3%82%89", "/me/registration/birth"},
        {"birth", "mother_birth_date-year=1995&mother_birth_date-month=5&mother_birth_date-day=5",
         "/me/registration/address"},
        {"address", "postal_code=573-0000&address=%E6%9E%9A%E6%96%B9%E5%B8%82", "/me/registration/phone"},
        {"phone", "phone=090-0000-0000", "/me/registration/child/1"},
        {"child/1",
         "child_name=&birth_date-year=2026&birth_date-month=11&birth_date-day=1&due_date-year=&due_date-month=&due_date-day=&weeks=&days=&weight_g=&_next=another",
         "/me/registration/child/2"},
        {"child/2",
         "child_name=&birth_date-year=2026&birth_date-month=11&birth_date-day=1&due_date-year=&due_date-month=&due_date-day=&weeks=38&days=&weight_g=2600",
         "/me/registration/class"},
        {"class", "household_class=taxed", "/me/registration/note"},
        {"note", "note=", "/me/registration/consent"},
        {"consent", "consents=share&consents=tax&consents=same-room", "/me/registration/check"},
    };
    for (size_t i = 0; i < COUNT(steps); i++) {
        struct text path = text_printf(&desk.arena, "/me/registration/%s", steps[i].step);
        struct answer page = desk_get(&desk, &mari, path.p);
        desk_expect(&page, 200, "保存して次へ");
        struct answer saved = desk_post(&desk, &mari, path.p, text_of(steps[i].fields));
        desk_expect(&saved, 303, steps[i].next);
    }
    struct answer kept = desk_get(&desk, &mari, "/me/registration/address");
    desk_expect(&kept, 200, "value=\"573-0000\"");
    struct answer check = desk_get(&desk, &mari, "/me/registration/check");
    desk_expect(&check, 200, "この内容で送る");
    desk_expect(&check, 200, "市町村民税課税世帯");
    struct text fields = text_printf(&desk.arena, "_key=%.*s", TEXT_F(desk_input(&check, "_key")));
    struct answer sent = desk_post(&desk, &mari, "/me/registration", fields);
    desk_expect(&sent, 303, "/me/registration?done=submitted");
    struct answer again = desk_post(&desk, &mari, "/me/registration", fields);
    desk_expect(&again, 303, "/me/registration?done=submitted");
    struct answer status = desk_follow(&desk, &mari, &sent);
    desk_expect(&status, 200, "確認中です");
    desk_expect(&status, 200, "利用前登録を送りました");
    struct answer taken = desk_post(&desk, &mari, "/me/registration/withdraw", TEXT("_key=w1"));
    desk_expect(&taken, 303, "/me/registration?done=withdrawn");
    desk_teardown(&desk);
}

static void registers_with_faults(struct engine *engine) {
    struct desk desk;
    desk_setup(&desk, engine);
    struct account_id account = fixture_resident(&desk.fx, &(struct fixture_person){.unapproved = true});
    struct asker mari = desk_sign_in(&desk, account, true);
    struct answer saved =
        desk_post(&desk, &mari, "/me/registration/phone", TEXT("phone=090-0000-0000&_next=list"));
    desk_expect(&saved, 303, "/me/registration/edit");
    struct answer sent = desk_post(&desk, &mari, "/me/registration", TEXT("_key=k"));
    desk_expect(&sent, 422, "href=\"/me/registration/name\"");
    desk_expect(&sent, 422, "090-0000-0000");
    struct answer none = desk_get(&desk, &mari, "/me/registration/child/9");
    desk_expect(&none, 404, "");
    struct answer forged = desk_post(&desk, &mari, "/me/registration/phone", TEXT("phone=1&admin=1"));
    desk_expect(&forged, 422, "");
    desk_teardown(&desk);
}

/* path&facility=…&FIRST=day&SECOND=day; names that are NULL are left out. */
struct span {
    const char *first;
    int32_t start;
    const char *second;
    int32_t end;
};
static struct text target(struct desk *desk, const char *path, int facility, struct span span) {
    struct buf buf;
    buf_init(&buf, &desk->arena);
    buf_printf(&buf, "%s&facility=%.*s", path,
               TEXT_F(id_format(&desk->arena, desk->fx.facilities[facility].n)));
    if (span.first != NULL) {
        buf_printf(&buf, "&%s=%.*s", span.first,
                   TEXT_F(day_format(&desk->arena, fixture_day(&desk->fx, span.start))));
    }
    if (span.second != NULL) {
        buf_printf(&buf, "&%s=%.*s", span.second,
                   TEXT_F(day_format(&desk->arena, fixture_day(&desk->fx, span.end))));
    }
    return buf_text(&buf);
}

static struct answer book(struct desk *desk, const struct asker *who, struct text check) {
    struct answer page = desk_get(desk, who, check.p);
    desk_expect(&page, 200, "料金の内訳");
    static const char *const names[] = {"_key", "care", "facility", "start", "end", "change"};
    struct text fields = TEXT("message=");
    for (size_t i = 0; i < COUNT(names); i++) {
        struct text value = desk_input(&page, names[i]);
        if (value.n > 0) {
            fields = text_printf(&desk->arena, "%.*s&%s=%.*s", TEXT_F(fields), names[i], TEXT_F(value));
        }
    }
    return desk_post(desk, who, "/me/book", fields);
}

static void books(struct engine *engine) {
    struct desk desk;
    desk_setup(&desk, engine);
    struct asker hana =
        desk_sign_in(&desk, fixture_resident(&desk.fx, &(struct fixture_person){.units = 7}), true);
    struct answer page = desk_get(&desk, &hana, "/me");
    desk_expect(&page, 200, "のこり7日");
    page = desk_get(&desk, &hana, "/me/book");
    desk_expect(&page, 200, "どれを利用しますか");
    page = desk_get(&desk, &hana, "/me/book?care=stay");
    desk_expect(&page, 200, "どこで利用しますか");
    page = desk_get(&desk, &hana, target(&desk, "/me/book?care=stay", 0, (struct span){NULL, 0}).p);
    desk_expect(&page, 200, "いつ利用しますか");
    page = desk_get(&desk, &hana, target(&desk, "/me/book?care=stay", 0, (struct span){"start", 5}).p);
    desk_expect(&page, 200, "2泊3日");
    /* asked: nothing says that it is certain */
    page = desk_get(&desk, &hana,
                    target(&desk, "/me/book/check?care=stay", 0, (struct span){"start", 5, "end", 7}).p);
    desk_expect(&page, 200, "6,200円");
    desk_expect(&page, 200, "この内容で申し込む");
    struct answer asked =
        book(&desk, &hana, target(&desk, "/me/book/check?care=stay", 0, (struct span){"start", 5, "end", 7}));
    desk_expect(&asked, 303, "/me/bookings/");
    page = desk_follow(&desk, &hana, &asked);
    desk_expect(&page, 200, "申込み中（まだ確定していません）");
    assert_false(text_has(page.body, TEXT("予約が確定しました")));
    /* at once */
    struct answer sure =
        book(&desk, &hana, target(&desk, "/me/book/check?care=day", 1, (struct span){"start", 9, "end", 9}));
    page = desk_follow(&desk, &hana, &sure);
    desk_expect(&page, 200, "予約が確定しました");
    struct text own = text_copy(&desk.arena, desk_header(&sure, "Location"));
    /* more than is left */
    page = desk_get(&desk, &hana,
                    target(&desk, "/me/book/check?care=stay", 2, (struct span){"start", 20, "end", 26}).p);
    desk_expect(&page, 200, "残り4日分");
    desk_expect(&page, 200, "別の日をさがす");
    /* another day: the old one stays until the new one is certain */
    page = desk_get(&desk, &hana, text_printf(&desk.arena, "%.*s/change", TEXT_F(own)).p);
    page = desk_follow(&desk, &hana, &page);
    desk_expect(&page, 200, "そのまま残ります");
    struct text id = text_part(own, 13, own.n);
    struct text check = text_printf(
        &desk.arena, "%.*s&change=%.*s",
        TEXT_F(target(&desk, "/me/book/check?care=day", 1, (struct span){"start", 11, "end", 11})),
        TEXT_F(id));
    struct answer moved = book(&desk, &hana, check);
    page = desk_follow(&desk, &hana, &moved);
    desk_expect(&page, 200, "予約が確定しました");
    page = desk_get(&desk, &hana, own.p);
    desk_expect(&page, 200, "この予約は取り消されました");
    /* giving it back */
    struct text cancel = text_printf(&desk.arena, "%.*s/cancel", TEXT_F(desk_header(&moved, "Location")));
    page = desk_get(&desk, &hana, cancel.p);
    desk_expect(&page, 200, "料金はかかりません");
    struct text key = text_printf(&desk.arena, "cancel_reason=&_key=%.*s", TEXT_F(desk_input(&page, "_key")));
    page = desk_post(&desk, &hana, cancel.p, key);
    desk_expect(&page, 303, "/me/bookings/");
    page = desk_follow(&desk, &hana, &page);
    desk_expect(&page, 200, "予約を取り消しました");
    page = desk_get(&desk, &hana, "/me/bookings");
    desk_expect(&page, 200, "これまでの予約");
    /* nobody else sees it */
    struct asker other =
        desk_sign_in(&desk, fixture_resident(&desk.fx, &(struct fixture_person){.units = 7}), true);
    page = desk_get(&desk, &other, own.p);
    desk_expect(&page, 404, "");
    page = desk_get(&desk, &other, cancel.p);
    desk_expect(&page, 404, "");
    desk_teardown(&desk);
}

static void waits(struct engine *engine) {
    struct desk desk;
    desk_setup(&desk, engine);
    struct asker hana =
        desk_sign_in(&desk, fixture_resident(&desk.fx, &(struct fixture_person){.units = 7}), true);
    fixture_capacity(&desk.fx, 1, "day", 9, 1, 1);
    struct account_id first = fixture_resident(&desk.fx, &(struct fixture_person){.units = 7});
    struct book_ask ask = fixture_ask(&desk.fx, 1, 9, 0);
    struct book_outcome taken = fixture_book(&desk.fx, first, &ask);
    struct answer page = desk_get(
        &desk, &hana, target(&desk, "/me/book/check?care=day", 1, (struct span){"start", 9, "end", 9}).p);
    desk_expect(&page, 200, "満室です");
    desk_expect(&page, 200, "/me/waits/new?care=day");
    page = desk_get(&desk, &hana,
                    target(&desk, "/me/waits/new?care=day", 1, (struct span){"from", 9, "to", 9}).p);
    desk_expect(&page, 200, "キャンセル待ちをする");
    struct ymd on = day_ymd(fixture_day(&desk.fx, 9));
    struct text fields = text_printf(
        &desk.arena,
        "_key=w&care=day&facility=%.*s&first-year=%d&first-month=%d&first-day=%d&last-year=%d&last-month=%d&last-day=%d"
        "&nights=1&mode=ask&notice_hours=12",
        TEXT_F(id_format(&desk.arena, desk.fx.facilities[1].n)), on.year, on.month, on.day, on.year, on.month,
        on.day);
    struct answer added = desk_post(&desk, &hana, "/me/waits", fields);
    desk_expect(&added, 303, "/me/waits?done=wish");
    page = desk_follow(&desk, &hana, &added);
    desk_expect(&page, 200, "待っています");
    struct call call = fixture_call(&desk.fx, fixture_as(&desk.fx, ROLE_RESIDENT, first));
    struct book_outcome given;
    struct book_step back = {.id = taken.id, .event = BOOKING_EV_CANCEL};
    assert_int_equal(book_step(&call, &back, &given), RC_OK);
    page = desk_get(&desk, &hana, "/me");
    desk_expect(&page, 200, "空きが出ました");
    struct text rest = page.body;
    static const struct text offers = TEXT_INIT("/me/offers/");
    for (; rest.n > 0 && !text_starts(rest, offers); rest = text_part(rest, 1, rest.n)) {
    }
    struct text offer = text_copy(&desk.arena, text_part(rest, 0, offers.n + ID_CHARS));
    page = desk_get(&desk, &hana, offer.p);
    desk_expect(&page, 200, "この枠を利用する");
    page = desk_post(&desk, &hana, text_printf(&desk.arena, "%.*s/accept", TEXT_F(offer)).p, TEXT("_key=o"));
    desk_expect(&page, 303, "/me/bookings/");
    page = desk_follow(&desk, &hana, &page);
    desk_expect(&page, 200, "予約が確定しました");
    page = desk_get(&desk, &hana, "/me/notices");
    desk_expect(&page, 200, "空きが出ました");
    page = desk_post(&desk, &hana, "/me/notices/read", TEXT(""));
    desk_expect(&page, 303, "/me/notices");
    desk_teardown(&desk);
}

static void account(struct engine *engine) {
    struct desk desk;
    desk_setup(&desk, engine);
    struct asker hana =
        desk_sign_in(&desk, fixture_resident(&desk.fx, &(struct fixture_person){.units = 7}), true);
    struct answer page = desk_get(&desk, &hana, "/me/account");
    desk_expect(&page, 200, "すべての端末でログアウトする");
    page = desk_get(&desk, &hana, "/me/account/totp");
    desk_expect(&page, 200, "name=\"secret\"");
    page = desk_post(&desk, &hana, "/me/account/password",
                     TEXT("old_password=&new_password=a%20new%20long%20password"));
    desk_expect(&page, 422, "href=\"#f-old_password\"");
    page = desk_post(&desk, &hana, "/me/account/logout", TEXT(""));
    desk_expect(&page, 303, "/login?done=logout");
    page = desk_get(&desk, &hana, "/me/account");
    desk_expect(&page, 303, "/login");
    desk_teardown(&desk);
}

int main(void) {
    static const struct engine_case cases[] = {
        {"everybody", everybody}, {"address", address},
        {"registers", registers}, {"registers_with_faults", registers_with_faults},
        {"books", books},         {"waits", waits},
        {"account", account},
    };
    return engines_run("web/resident", cases, COUNT(cases), fixture_lists());
}
