/* Residents' pages on both engines: what everybody may see, and registering step by step. */
#include "base/buf.h"
#include "web/visit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void everybody(struct engine *engine) {
    struct visit v;
    visit_setup(&v, engine);
    struct text id = id_format(&v.arena, v.fx.facilities[0].n);
    const struct {
        struct text target;
        const char *says;
    } pages[] = {
        {TEXT("/"), "いちばん早い空きを見る"},
        {TEXT("/search"), "3か所のうち3か所に空き"},
        {TEXT("/search?care=day&q=&ward=&age=&date-year=&date-month=&date-day="),
         "デイサービス（日帰り）：3か所"},
        {TEXT("/search?ward=%E5%8C%97%E9%83%A8"), "この条件に合う施設はありません"},
        {text_printf(&v.arena, "/facilities/%.*s", TEXT_F(id)), "これから2週間の空き"},
        {text_printf(&v.arena, "/facilities/%.*s/calendar?care=stay&month=2026-12", TEXT_F(id)),
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
        struct http_response page = visit_get(&v, NULL, pages[i].target.p);
        visit_expect(&page, 200, pages[i].says);
        visit_expect(&page, 200, "<html lang=\"ja\"");
    }
    struct http_response gone = visit_get(&v, NULL, "/facilities/0000000000001");
    visit_expect(&gone, 404, "ページが見つかりません");
    struct http_response login = visit_get(&v, NULL, "/me/registration");
    visit_expect(&login, 303, "/login?next=%2Fme%2Fregistration");
    visit_teardown(&v);
}

static void address(struct engine *engine) {
    struct visit v;
    visit_setup(&v, engine);
    struct http_response bad = visit_post(
        &v, NULL, "/register", "name=%E8%8A%B1&email=mari@&new_password=a%20warm%20cup%20of%20tea");
    visit_expect(&bad, 422, "href=\"#f-email\"");
    visit_expect(&bad, 422, "value=\"mari@\"");
    struct http_response weak =
        visit_post(&v, NULL, "/register", "name=%E8%8A%B1&email=mari@example.jp&new_password=short");
    visit_expect(&weak, 422, "12文字以上");
    struct http_response sent = visit_post(
        &v, NULL, "/register", "name=%E8%8A%B1&email=mari@example.jp&new_password=a%20warm%20cup%20of%20tea");
    visit_expect(&sent, 303, "/register/sent");
    struct http_response wrong =
        visit_post(&v, NULL, "/login", "login=mari@example.jp&password=x&otp=&next=");
    visit_expect(&wrong, 422, "どれかが違います");
    struct http_response link = visit_post(&v, NULL, "/account/confirm", "token=nonsense");
    visit_expect(&link, 422, "もう使われています");
    struct http_response forgot = visit_post(&v, NULL, "/forgot", "email=nobody@example.jp");
    visit_expect(&forgot, 303, "/forgot/sent");
    visit_teardown(&v);
}

static void registers(struct engine *engine) {
    struct visit v;
    visit_setup(&v, engine);
    struct account_id account = fixture_resident(&v.fx, &(struct fixture_person){.unapproved = true});
    struct visitor mari = visit_as(&v, account);
    struct http_response first = visit_get(&v, &mari, "/me/registration");
    visit_expect(&first, 303, "/me/registration/edit");
    first = visit_follow(&v, &mari, &first);
    visit_expect(&first, 200, "あと7問");
    struct http_response bad =
        visit_post(&v, &mari, "/me/registration/name", "mother_name=&mother_kana=kanji");
    visit_expect(&bad, 422, "value=\"kanji\"");
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
        struct text path = text_printf(&v.pages, "/me/registration/%s", steps[i].step);
        struct http_response page = visit_get(&v, &mari, path.p);
        visit_expect(&page, 200, "保存して次へ");
        struct http_response saved = visit_post(&v, &mari, path.p, steps[i].fields);
        visit_expect(&saved, 303, steps[i].next);
    }
    struct http_response kept = visit_get(&v, &mari, "/me/registration/address");
    visit_expect(&kept, 200, "value=\"573-0000\"");
    struct http_response check = visit_get(&v, &mari, "/me/registration/check");
    visit_expect(&check, 200, "この内容で送る");
    visit_expect(&check, 200, "市町村民税課税世帯");
    struct text fields = text_printf(&v.pages, "_key=%.*s", TEXT_F(visit_input(&check, "_key")));
    struct http_response sent = visit_post(&v, &mari, "/me/registration", fields.p);
    visit_expect(&sent, 303, "/me/registration?done=submitted");
    struct http_response again = visit_post(&v, &mari, "/me/registration", fields.p);
    visit_expect(&again, 303, "/me/registration?done=submitted");
    struct http_response status = visit_follow(&v, &mari, &sent);
    visit_expect(&status, 200, "確認中です");
    visit_expect(&status, 200, "利用前登録を送りました");
    struct http_response taken = visit_post(&v, &mari, "/me/registration/withdraw", "_key=w1");
    visit_expect(&taken, 303, "/me/registration?done=withdrawn");
    visit_teardown(&v);
}

static void registers_with_faults(struct engine *engine) {
    struct visit v;
    visit_setup(&v, engine);
    struct account_id account = fixture_resident(&v.fx, &(struct fixture_person){.unapproved = true});
    struct visitor mari = visit_as(&v, account);
    struct http_response saved =
        visit_post(&v, &mari, "/me/registration/phone", "phone=090-0000-0000&_next=list");
    visit_expect(&saved, 303, "/me/registration/edit");
    struct http_response sent = visit_post(&v, &mari, "/me/registration", "_key=k");
    visit_expect(&sent, 422, "href=\"/me/registration/name\"");
    visit_expect(&sent, 422, "090-0000-0000");
    struct http_response none = visit_get(&v, &mari, "/me/registration/child/9");
    visit_expect(&none, 404, "");
    struct http_response forged = visit_post(&v, &mari, "/me/registration/phone", "phone=1&admin=1");
    visit_expect(&forged, 422, "");
    visit_teardown(&v);
}

/* path&facility=…&FIRST=day&SECOND=day; names that are NULL are left out. */
struct span {
    const char *first;
    int32_t start;
    const char *second;
    int32_t end;
};
static struct text target(struct visit *v, const char *path, int facility, struct span span) {
    struct buf buf;
    buf_init(&buf, &v->pages);
    buf_printf(&buf, "%s&facility=%.*s", path, TEXT_F(id_format(&v->pages, v->fx.facilities[facility].n)));
    if (span.first != NULL) {
        buf_printf(&buf, "&%s=%.*s", span.first,
                   TEXT_F(day_format(&v->pages, fixture_day(&v->fx, span.start))));
    }
    if (span.second != NULL) {
        buf_printf(&buf, "&%s=%.*s", span.second,
                   TEXT_F(day_format(&v->pages, fixture_day(&v->fx, span.end))));
    }
    return buf_text(&buf);
}

static struct http_response book(struct visit *v, const struct visitor *who, struct text check) {
    struct http_response page = visit_get(v, who, check.p);
    visit_expect(&page, 200, "料金の内訳");
    static const char *const names[] = {"_key", "care", "facility", "start", "end", "change"};
    struct text fields = TEXT("message=");
    for (size_t i = 0; i < COUNT(names); i++) {
        struct text value = visit_input(&page, names[i]);
        if (value.n > 0) {
            fields = text_printf(&v->pages, "%.*s&%s=%.*s", TEXT_F(fields), names[i], TEXT_F(value));
        }
    }
    return visit_post(v, who, "/me/book", fields.p);
}

static void books(struct engine *engine) {
    struct visit v;
    visit_setup(&v, engine);
    struct visitor hana = visit_as(&v, fixture_resident(&v.fx, &(struct fixture_person){.units = 7}));
    struct http_response page = visit_get(&v, &hana, "/me");
    visit_expect(&page, 200, "のこり7日");
    page = visit_get(&v, &hana, "/me/book");
    visit_expect(&page, 200, "どれを利用しますか");
    page = visit_get(&v, &hana, "/me/book?care=stay");
    visit_expect(&page, 200, "どこで利用しますか");
    page = visit_get(&v, &hana, target(&v, "/me/book?care=stay", 0, (struct span){NULL, 0}).p);
    visit_expect(&page, 200, "いつ利用しますか");
    page = visit_get(&v, &hana, target(&v, "/me/book?care=stay", 0, (struct span){"start", 5}).p);
    visit_expect(&page, 200, "2泊3日");
    /* asked: nothing says that it is certain */
    page = visit_get(&v, &hana,
                     target(&v, "/me/book/check?care=stay", 0, (struct span){"start", 5, "end", 7}).p);
    visit_expect(&page, 200, "6,200円");
    visit_expect(&page, 200, "この内容で申し込む");
    struct http_response asked =
        book(&v, &hana, target(&v, "/me/book/check?care=stay", 0, (struct span){"start", 5, "end", 7}));
    visit_expect(&asked, 303, "/me/bookings/");
    page = visit_follow(&v, &hana, &asked);
    visit_expect(&page, 200, "申込み中（まだ確定していません）");
    assert_false(text_has(page.body, TEXT("予約が確定しました")));
    /* at once */
    struct http_response sure =
        book(&v, &hana, target(&v, "/me/book/check?care=day", 1, (struct span){"start", 9, "end", 9}));
    page = visit_follow(&v, &hana, &sure);
    visit_expect(&page, 200, "予約が確定しました");
    struct text own = text_copy(&v.pages, visit_header(&sure, "Location"));
    /* more than is left */
    page = visit_get(&v, &hana,
                     target(&v, "/me/book/check?care=stay", 2, (struct span){"start", 20, "end", 26}).p);
    visit_expect(&page, 200, "残り4日分");
    visit_expect(&page, 200, "別の日をさがす");
    /* another day: the old one stays until the new one is certain */
    page = visit_get(&v, &hana, text_printf(&v.pages, "%.*s/change", TEXT_F(own)).p);
    page = visit_follow(&v, &hana, &page);
    visit_expect(&page, 200, "そのまま残ります");
    struct text id = text_part(own, 13, own.n);
    struct text check = text_printf(
        &v.pages, "%.*s&change=%.*s",
        TEXT_F(target(&v, "/me/book/check?care=day", 1, (struct span){"start", 11, "end", 11})), TEXT_F(id));
    struct http_response moved = book(&v, &hana, check);
    page = visit_follow(&v, &hana, &moved);
    visit_expect(&page, 200, "予約が確定しました");
    page = visit_get(&v, &hana, own.p);
    visit_expect(&page, 200, "この予約は取り消されました");
    /* giving it back */
    struct text cancel = text_printf(&v.pages, "%.*s/cancel", TEXT_F(visit_header(&moved, "Location")));
    page = visit_get(&v, &hana, cancel.p);
    visit_expect(&page, 200, "料金はかかりません");
    struct text key = text_printf(&v.pages, "cancel_reason=&_key=%.*s", TEXT_F(visit_input(&page, "_key")));
    page = visit_post(&v, &hana, cancel.p, key.p);
    visit_expect(&page, 303, "/me/bookings/");
    page = visit_follow(&v, &hana, &page);
    visit_expect(&page, 200, "予約を取り消しました");
    page = visit_get(&v, &hana, "/me/bookings");
    visit_expect(&page, 200, "これまでの予約");
    /* nobody else sees it */
    struct visitor other = visit_as(&v, fixture_resident(&v.fx, &(struct fixture_person){.units = 7}));
    page = visit_get(&v, &other, own.p);
    visit_expect(&page, 404, "");
    page = visit_get(&v, &other, cancel.p);
    visit_expect(&page, 404, "");
    visit_teardown(&v);
}

static void waits(struct engine *engine) {
    struct visit v;
    visit_setup(&v, engine);
    struct visitor hana = visit_as(&v, fixture_resident(&v.fx, &(struct fixture_person){.units = 7}));
    fixture_capacity(&v.fx, 1, "day", 9, 1, 1);
    struct account_id first = fixture_resident(&v.fx, &(struct fixture_person){.units = 7});
    struct book_ask ask = fixture_ask(&v.fx, 1, 9, 0);
    struct book_outcome taken = fixture_book(&v.fx, first, &ask);
    struct http_response page =
        visit_get(&v, &hana, target(&v, "/me/book/check?care=day", 1, (struct span){"start", 9, "end", 9}).p);
    visit_expect(&page, 200, "満室です");
    visit_expect(&page, 200, "/me/waits/new?care=day");
    page = visit_get(&v, &hana, target(&v, "/me/waits/new?care=day", 1, (struct span){"from", 9, "to", 9}).p);
    visit_expect(&page, 200, "キャンセル待ちをする");
    struct ymd on = day_ymd(fixture_day(&v.fx, 9));
    struct text fields = text_printf(
        &v.pages,
        "_key=w&care=day&facility=%.*s&first-year=%d&first-month=%d&first-day=%d&last-year=%d&last-month=%d&last-day=%d"
        "&nights=1&mode=ask&notice_hours=12",
        TEXT_F(id_format(&v.pages, v.fx.facilities[1].n)), on.year, on.month, on.day, on.year, on.month,
        on.day);
    struct http_response added = visit_post(&v, &hana, "/me/waits", fields.p);
    visit_expect(&added, 303, "/me/waits?done=wish");
    page = visit_follow(&v, &hana, &added);
    visit_expect(&page, 200, "待っています");
    struct call call = fixture_call(&v.fx, fixture_as(&v.fx, ROLE_RESIDENT, first));
    struct book_outcome given;
    struct book_step back = {.id = taken.id, .event = BOOKING_EV_CANCEL};
    assert_int_equal(book_step(&call, &back, &given), RC_OK);
    page = visit_get(&v, &hana, "/me");
    visit_expect(&page, 200, "空きが出ました");
    struct text rest = page.body;
    static const struct text offers = TEXT_INIT("/me/offers/");
    for (; rest.n > 0 && !text_starts(rest, offers); rest = text_part(rest, 1, rest.n)) {
    }
    struct text offer = text_copy(&v.pages, text_part(rest, 0, offers.n + ID_CHARS));
    page = visit_get(&v, &hana, offer.p);
    visit_expect(&page, 200, "この枠を利用する");
    page = visit_post(&v, &hana, text_printf(&v.pages, "%.*s/accept", TEXT_F(offer)).p, "_key=o");
    visit_expect(&page, 303, "/me/bookings/");
    page = visit_follow(&v, &hana, &page);
    visit_expect(&page, 200, "予約が確定しました");
    page = visit_get(&v, &hana, "/me/notices");
    visit_expect(&page, 200, "空きが出ました");
    page = visit_post(&v, &hana, "/me/notices/read", "");
    visit_expect(&page, 303, "/me/notices");
    visit_teardown(&v);
}

static void account(struct engine *engine) {
    struct visit v;
    visit_setup(&v, engine);
    struct visitor hana = visit_as(&v, fixture_resident(&v.fx, &(struct fixture_person){.units = 7}));
    struct http_response page = visit_get(&v, &hana, "/me/account");
    visit_expect(&page, 200, "すべての端末でログアウトする");
    page = visit_get(&v, &hana, "/me/account/totp");
    visit_expect(&page, 200, "name=\"secret\"");
    page =
        visit_post(&v, &hana, "/me/account/password", "old_password=&new_password=a%20new%20long%20password");
    visit_expect(&page, 422, "href=\"#f-old_password\"");
    page = visit_post(&v, &hana, "/me/account/logout", "");
    visit_expect(&page, 303, "/login?done=logout");
    page = visit_get(&v, &hana, "/me/account");
    visit_expect(&page, 303, "/login");
    visit_teardown(&v);
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
