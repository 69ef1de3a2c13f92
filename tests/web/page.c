/* What every page has around it: the frame, error pages in it, the display switch, static files. */
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "web/asset.h"
#include "web/desk.h"

static void errors_stand_in_the_frame(struct engine *engine) {
    struct desk desk;
    desk_setup(&desk, engine);
    struct answer a = desk_get(&desk, NULL, "/nowhere");
    assert_int_equal(a.status, 404);
    assert_true(text_is(a.type, "text/html; charset=utf-8"));
    assert_true(text_has(a.body, TEXT("<h1>ページが見つかりません</h1>")));
    assert_true(text_has(a.body, TEXT("枚方市")) && text_has(a.body, TEXT("href=\"/login\"")));
    struct account_id hana = fixture_resident(&desk.fx, &(struct fixture_person){.units = 7});
    struct asker browser = desk_sign_in(&desk, hana, true);
    a = desk_get(&desk, &browser, "/nowhere");
    assert_int_equal(a.status, 404);
    assert_false(text_has(a.body, TEXT("href=\"/login\""))); /* we know her here too */
    assert_true(text_has(a.body, TEXT("ログアウト")));
    a = desk_get(&desk, NULL, "/c/hirakata/nowhere");
    assert_true(text_has(a.body, TEXT("href=\"/c/hirakata/\"")));
    a = desk_get(&desk, NULL, "/c/atlantis/");
    assert_int_equal(a.status, 404);
    a = desk_get(&desk, NULL, "/api/nowhere");
    assert_true(text_is(a.type, "application/problem+json"));
    desk_teardown(&desk);
}

static struct answer switch_theme(struct desk *desk, const struct asker *asker, const char *body) {
    return desk_post(desk, asker, "/theme", text_of(body));
}

static void display_can_be_switched(struct engine *engine) {
    struct desk desk;
    desk_setup(&desk, engine);
    struct answer a = switch_theme(&desk, NULL, "theme=dark&_next=%2Fsearch%3Fcare%3Dstay");
    assert_int_equal(a.status, 303);
    assert_true(text_is(a.location, "/search?care=stay"));
    assert_true(text_starts(desk_header(&a, "Set-Cookie"), TEXT("theme=dark;")));
    static const char *const foreign[] = {"theme=dark&_next=https%3A%2F%2Fevil.example",
                                          "theme=dark&_next=%2F%2Fevil.example",
                                          "theme=dark&_next=%2F%5Cevil.example", "theme=dark"};
    for (size_t i = 0; i < COUNT(foreign); i++) {
        a = switch_theme(&desk, NULL, foreign[i]);
        assert_true(text_is(a.location, "/"));
    }
    a = switch_theme(&desk, NULL, "theme=purple");
    assert_int_equal(desk_header(&a, "Set-Cookie").n, 0);
    struct account_id hana = fixture_resident(&desk.fx, &(struct fixture_person){.units = 7});
    struct asker browser = desk_sign_in(&desk, hana, true);
    a = switch_theme(&desk, &browser, "theme=light");
    assert_int_equal(a.status, 303);
    browser.csrf = TEXT("wrong");
    a = switch_theme(&desk, &browser, "theme=light");
    assert_int_equal(a.status, 403);
    desk_teardown(&desk);
}

static void files_are_kept_for_ever(struct engine *engine) {
    struct desk desk;
    desk_setup(&desk, engine);
    struct text target = desk_printf(&desk, "/static/%.*s", TEXT_F(assets[0].name));
    struct answer plain = desk_get(&desk, NULL, target.p);
    assert_int_equal(plain.status, 200);
    assert_true(text_eq(plain.body, assets[0].bytes) && text_eq(plain.type, assets[0].type));
    assert_true(text_is(plain.response->cache_control, "public, max-age=31536000, immutable"));
    struct send send = {
        .method = HTTP_GET, .target = target.p, .headers = {"Accept-Encoding", "br, gzip;q=0.8"}};
    struct answer zipped = desk_send(&desk, NULL, &send);
    assert_true(text_eq(zipped.body, assets[0].gzip));
    assert_true(text_is(desk_header(&zipped, "Content-Encoding"), "gzip"));
    send.headers[1] = "gzip;q=0";
    zipped = desk_send(&desk, NULL, &send);
    assert_true(text_eq(zipped.body, assets[0].bytes));
    struct answer none = desk_get(&desk, NULL, "/static/sango.css");
    assert_int_equal(none.status, 404);
    assert_false(text_has(none.response->cache_control, TEXT("max-age")));
    /* On an I/O thread too. */
    struct http_hooks hooks = web_hooks(desk.web);
    struct http_request request = {.method = HTTP_GET, .path = target, .arena = &desk.arena};
    struct http_response response = {0};
    void *asked = NULL;
    assert_int_equal(hooks.quick(hooks.ctx, &request, &response, &asked), HTTP_ANSWERED);
    assert_true(text_eq(response.body, assets[0].bytes));
    assert_true(text_eq(response.cache_control, plain.response->cache_control));
    desk_teardown(&desk);
}

int main(void) {
    static const struct engine_case cases[] = {ENGINE_CASE(errors_stand_in_the_frame),
                                               ENGINE_CASE(display_can_be_switched),
                                               ENGINE_CASE(files_are_kept_for_ever)};
    return engines_run("web/page", cases, COUNT(cases), fixture_lists());
}
