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

int main(void) {
    static const struct engine_case cases[] = {
        {"health", health},
        {"health_of_a_change", health_of_a_change},
    };
    return engines_run("web/resident_ask", cases, COUNT(cases), fixture_lists());
}
