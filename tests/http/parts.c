/* The pure parts of http: escapes, targets, hosts, framing, cookies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "http/framing.h"
#include "http/target.h"

static struct arena arena;

static int set_up(void **state) {
    (void)state;
    arena_init(&arena, 16 << 20);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    arena_release(&arena);
    return 0;
}

static void test_targets(void **state) {
    (void)state;
    static const struct {
        const char *raw;
        const char *path; /* NULL: refused */
        const char *query;
    } cases[] = {
        {"/", "/", ""},
        {"/a/b", "/a/b", ""},
        {"/a/", "/a/", ""},
        {"/a?b=c&d", "/a", "b=c&d"},
        {"/%E7%94%A3", "/産", ""},
        {"/a%20b", "/a b", ""},
        {"/a?q=%E7%94%A3+x", "/a", "q=%E7%94%A3+x"},
        {"/a?x[]=1", "/a", "x[]=1"},
        {"/a+b", "/a+b", ""},
        {"", NULL, NULL},
        {"*", NULL, NULL},
        {"a", NULL, NULL},
        {"http://h/", NULL, NULL},
        {"//a", NULL, NULL},
        {"/a//b", NULL, NULL},
        {"/a/../b", NULL, NULL},
        {"/a/%2e%2e/b", NULL, NULL},
        {"/./a", NULL, NULL},
        {"/..", NULL, NULL},
        {"/a%00b", NULL, NULL},
        {"/a%0d%0ab", NULL, NULL},
        {"/a%2fb", NULL, NULL},
        {"/a%5Cb", NULL, NULL},
        {"/a%", NULL, NULL},
        {"/a%4", NULL, NULL},
        {"/a%zz", NULL, NULL},
        {"/a%ff", NULL, NULL},
        {"/a%ED%A0%80", NULL, NULL},
        {"/a b", NULL, NULL},
        {"/a\\b", NULL, NULL},
        {"/a#b", NULL, NULL},
        {"/\xe7\x94\xa3", NULL, NULL},
        {"/a?b=%", NULL, NULL},
        {"/a?b=%00", NULL, NULL},
        {"/a?b=%ff", NULL, NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct target target = {0};
        bool ok = target_parse(&arena, text_of(cases[i].raw), &target);
        assert_int_equal(ok, cases[i].path != NULL);
        if (ok) {
            assert_true(text_is(target.path, cases[i].path));
            assert_true(text_is(target.query, cases[i].query));
        }
    }
}

static void test_hosts(void **state) {
    (void)state;
    static const struct {
        const char *raw;
        const char *host; /* NULL: refused */
    } cases[] = {
        {"example.jp", "example.jp"},
        {"Example.JP:8080", "example.jp"},
        {"127.0.0.1:1", "127.0.0.1"},
        {"[::1]:80", "[::1]"},
        {"[::1]", "[::1]"},
        {"", NULL},
        {"a b", NULL},
        {"a:b", NULL},
        {"a:", NULL},
        {"a:123456", NULL},
        {"[::1", NULL},
        {"[::1]x", NULL},
        {"a/b", NULL},
        {"a@b", NULL},
        {"a,b", NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct text host;
        bool ok = host_parse(&arena, text_of(cases[i].raw), &host);
        assert_int_equal(ok, cases[i].host != NULL);
        assert_true(!ok || text_is(host, cases[i].host));
    }
}

#define H(n, v)                                                                                              \
    { TEXT_INIT(n), TEXT_INIT(v) }
#define HOST H("Host", "a")

static void test_framing(void **state) {
    (void)state;
    static const struct {
        const char *version;
        struct http_field headers[4];
        size_t count;
        bool ok;
        bool chunked;
        uint64_t length;
    } cases[] = {
        {"HTTP/1.1", {HOST}, 1, true, false, 0},
        {"HTTP/1.1", {H("HOST", "a"), H("content-length", "12")}, 2, true, false, 12},
        {"HTTP/1.1", {HOST, H("Transfer-Encoding", "Chunked")}, 2, true, true, 0},
        {"HTTP/1.0", {HOST}, 0, true, false, 0},
        {"HTTP/1.1", {HOST}, 0, false, false, 0},
        {"HTTP/1.1", {HOST, HOST}, 2, false, false, 0},
        {"HTTP/1.1", {HOST, H("Content-Length", "1"), H("Content-Length", "1")}, 3, false, false, 0},
        {"HTTP/1.1", {HOST, H("Content-Length", "1"), H("Transfer-Encoding", "chunked")}, 3, false, false, 0},
        {"HTTP/1.1",
         {HOST, H("Transfer-Encoding", "chunked"), H("Transfer-Encoding", "chunked")},
         3,
         false,
         false,
         0},
        {"HTTP/1.1", {HOST, H("Transfer-Encoding", "identity, chunked")}, 2, false, false, 0},
        {"HTTP/1.1", {HOST, H("Transfer-Encoding", "chunked, chunked")}, 2, false, false, 0},
        {"HTTP/1.1",
         {HOST, H("Transfer-Encoding", "\x0b"
                                       "chunked")},
         2,
         false,
         false,
         0},
        {"HTTP/1.1", {HOST, H("Transfer-Encoding", "")}, 2, false, false, 0},
        {"HTTP/1.0", {HOST, H("Transfer-Encoding", "chunked")}, 2, false, false, 0},
        {"HTTP/1.1", {HOST, H("Content-Length", "+5")}, 2, false, false, 0},
        {"HTTP/1.1", {HOST, H("Content-Length", "0x5")}, 2, false, false, 0},
        {"HTTP/1.1", {HOST, H("Content-Length", "-1")}, 2, false, false, 0},
        {"HTTP/1.1", {HOST, H("Content-Length", "")}, 2, false, false, 0},
        {"HTTP/1.1", {HOST, H("Content-Length", "1,1")}, 2, false, false, 0},
        {"HTTP/1.1", {HOST, H("Content-Length", "18446744073709551616")}, 2, false, false, 0},
        {"HTTP/1.1", {HOST, H("A b", "c")}, 2, false, false, 0},
        {"HTTP/1.1", {HOST, H("A ", "c")}, 2, false, false, 0},
        {"HTTP/1.1", {HOST, H("", "c")}, 2, false, false, 0},
        {"HTTP/1.1", {HOST, H("A\xe3", "c")}, 2, false, false, 0},
        {"HTTP/1.1", {HOST, H("A", "c\x01")}, 2, false, false, 0},
        {"HTTP/1.1", {HOST, H("A", "c\x7f")}, 2, false, false, 0},
        {"HTTP/1.1", {HOST, H("A", "\xe3\x81\x82")}, 2, true, false, 0},
        {"HTTP/2.0", {HOST}, 1, false, false, 0},
        {"HTTP/0.9", {HOST}, 1, false, false, 0},
        {"http/1.1", {HOST}, 1, false, false, 0},
        {"", {HOST}, 1, false, false, 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct framing framing = {0};
        bool ok = framing_check(text_of(cases[i].version), cases[i].headers, cases[i].count, &framing);
        assert_int_equal(ok, cases[i].ok);
        assert_int_equal(framing.chunked, cases[i].chunked);
        assert_int_equal(framing.length, cases[i].length);
    }
}

static void test_cookies(void **state) {
    (void)state;
    struct text rest = TEXT("a=1; b=2;c=; =x; d; e=\"q\"; f=1 2; a=3");
    static const char *const expected[][2] = {{"a", "1"}, {"b", "2"}, {"c", ""}, {"a", "3"}};
    struct http_field found[8];
    size_t n = 0;
    while (n < COUNT(found) && http_cookie_next(&rest, &found[n])) {
        n++;
    }
    assert_int_equal(n, COUNT(expected));
    for (size_t i = 0; i < n; i++) {
        assert_true(text_is(found[i].name, expected[i][0]));
        assert_true(text_is(found[i].value, expected[i][1]));
    }
    struct http_request request = {.cookies = found, .cookie_count = n};
    struct text value;
    assert_true(http_cookie(&request, "b", &value) && text_is(value, "2"));
    assert_false(http_cookie(&request, "a", &value)); /* planted twice */
    assert_false(http_cookie(&request, "B", &value));
}

static void test_escape_round(void **state) {
    (void)state;
    struct text all = TEXT("産後ケア a+b&c=d/%\n~");
    struct text escaped = http_escape(&arena, all);
    struct text back;
    assert_true(http_unescape(&arena, escaped, true, &back));
    assert_true(text_eq(all, back));
    assert_true(http_unescape(&arena, TEXT("a+b%2B"), true, &back) && text_is(back, "a b+"));
    assert_true(http_unescape(&arena, TEXT("a+b"), false, &back) && text_is(back, "a+b"));
}

static void test_set_cookie(void **state) {
    (void)state;
    struct http_response response = {0};
    http_response_cookie(&response, &arena,
                         (struct http_set_cookie){.name = "__Host-s", .value = TEXT("v"), .secure = true});
    http_response_cookie(
        &response, &arena,
        (struct http_set_cookie){
            .name = "t", .value = TEXT(""), .max_age = -1, .readable = true, .strict = true});
    assert_true(text_is(response.extra[0].value, "__Host-s=v; Path=/; Secure; HttpOnly; SameSite=Lax"));
    assert_true(text_is(response.extra[1].value, "t=; Path=/; Max-Age=0; SameSite=Strict"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_targets),      cmocka_unit_test(test_hosts),
        cmocka_unit_test(test_framing),      cmocka_unit_test(test_cookies),
        cmocka_unit_test(test_escape_round), cmocka_unit_test(test_set_cookie),
    };
    return cmocka_run_group_tests_name("http/parts", tests, set_up, tear_down);
}
