/* What everybody gets alike is kept until something is committed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "web/page_cache.h"
#include "web/toy.h"

static bool cached(const char *target, const char *headers) {
    struct http_request request = toy_request(HTTP_GET, target, headers, "");
    struct http_response response = {0};
    struct http_hooks hooks = web_hooks(&toy_web);
    void *asked = NULL;
    bool hit = hooks.quick(hooks.ctx, &request, &response, &asked) == HTTP_ANSWERED;
    toy_done(&response);
    return hit;
}

static void test_cache(void **state) {
    (void)state;
    const char *target = "/search?name=cache";
    assert_false(cached(target, ""));
    struct http_response response = toy_ask(HTTP_GET, target, RESIDENT, "");
    assert_true(text_has(response.body, TEXT("role=resident")));
    assert_false(cached(target, "")); /* what a signed-in person saw is never kept */
    response = toy_ask(HTTP_GET, target, "", "");
    struct text etag = text_copy(&toy_arena, toy_extra(&response, "ETag"));
    assert_true(etag.n > 0 && text_is(response.cache_control, "no-cache"));
    toy_done(&response);
    assert_true(cached(target, ""));
    assert_false(cached(target, RESIDENT));
    assert_false(cached(target, "Cookie: theme=dark\n"));
    assert_true(cached(target, "Cookie: theme=rubbish\n"));
    assert_false(cached("/search?name=other", ""));
    assert_false(cached("/c/neyagawa/search?name=cache", ""));
    struct http_request request = toy_request(
        HTTP_GET, target, text_printf(&toy_arena, "If-None-Match: \"x\", %.*s\n", TEXT_F(etag)).p, "");
    struct http_hooks hooks = web_hooks(&toy_web);
    void *asked = NULL;
    assert_int_equal(hooks.quick(hooks.ctx, &request, &response, &asked), HTTP_ANSWERED);
    assert_int_equal(response.status, 304);
    assert_int_equal(response.body.n, 0);
    toy_done(&response);
    toy_commits++;
    assert_false(cached(target, ""));
    response = toy_ask(HTTP_GET, target, "", "");
    toy_done(&response);
    assert_true(cached(target, ""));
    toy_clock.now_ms += 61000;
    assert_false(cached(target, ""));
}

/* What must be put on record first is kept with that. */
static void test_looks(void **state) {
    (void)state;
    struct page_cache *cache = page_cache_make((struct page_cache_limits){0});
    struct page_want want = {TEXT("a board"), 1, 60000};
    struct audit_view look = {.what = "booking.list", .object = "booking", .count = 3};
    struct page_own own = {.type = TEXT("text/html"), .body = TEXT("three"), .looked = &look};
    for (own.look_count = 0; own.look_count < 2; own.look_count++) {
        struct page_piece piece;
        page_cache_put_own(cache, &want, &own);
        assert_true(page_cache_get_piece(cache, &want, &piece));
        assert_int_equal(piece.own.look_count, own.look_count);
        piece.release(piece.owner);
        assert_int_equal(page_cache_has(cache, want.key, want.now_ms), true);
    }
    page_cache_release(cache);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cache), cmocka_unit_test(test_looks)};
    return cmocka_run_group_tests_name("web/cache", tests, toy_set_up, toy_tear_down);
}
