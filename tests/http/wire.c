/* The server against raw bytes: malformed requests are refused and cut off, sound ones are served, limits hold. */
#include "http/peer.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"

static struct peer peer;

static struct http_place place(void *ctx, enum http_method method, struct text path) {
    (void)ctx;
    (void)method;
    return (struct http_place){.body_limit = text_is(path, "/small") ? 16 : 1 << 20};
}

static enum http_quick quick(void *ctx, const struct http_request *request,
                             struct http_response *ret_response, void **ret_asked) {
    struct peer *p = ctx;
    (void)ret_asked;
    if (!text_is(request->path, "/quick")) {
        return HTTP_UNKNOWN;
    }
    p->seen++;
    *ret_response = (struct http_response){.status = 200, .type = TEXT("text/plain"), .body = TEXT("quick")};
    return HTTP_ANSWERED;
}

static void handle(void *ctx, unsigned worker, struct http_request *request, struct http_response *response) {
    struct peer *p = ctx;
    (void)worker;
    p->seen++;
    response->status = 200;
    response->type = TEXT("text/plain; charset=utf-8");
    response->body =
        text_printf(request->arena, "%s %.*s ? %.*s host=%.*s peer=%.*s https=%d body=%.*s",
                    http_method_name(request->method), TEXT_F(request->path), TEXT_F(request->query),
                    TEXT_F(request->host), TEXT_F(request->peer), request->https, TEXT_F(request->body));
    if (text_is(request->path, "/split")) {
        http_response_add(response, "X-Test", TEXT("a\r\nSet-Cookie: evil=1"));
    }
    if (text_is(request->path, "/nothing")) {
        response->status = 0;
    }
}

/* Whoever takes her time is cut only where the test wants it: a machine has much to do. */
static struct http_settings settings(struct peer *at, bool strict) {
    return (struct http_settings){.hooks = {.ctx = at, .place = place, .quick = quick, .handle = handle},
                                  .io_threads = 2,
                                  .workers = 2,
                                  .head_s = strict ? 2 : PEER_WAIT_S,
                                  .grace_ms = strict ? 500 : PEER_WAIT_S * 1000,
                                  .rate_floor = strict ? 100000 : 1};
}

static int set_up(void **state) {
    (void)state;
    peer_start(&peer, settings(&peer, false));
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    peer_stop(&peer);
    return 0;
}

#define B(literal) literal, sizeof(literal) - 1
#define HOST "Host: a\r\n"
#define END "\r\n"

/* 400 (or another refusal) or a closed connection; never a handler call, and always the end of the connection. */
static const struct {
    const char *bytes;
    size_t n;
} malformed[] = {
    {B("POST / HTTP/1.1\r\n" HOST "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")},
    {B("POST / HTTP/1.1\r\n" HOST "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab")},
    {B("POST / HTTP/1.1\r\n" HOST "Content-Length: 1\r\nContent-Length: 1\r\n\r\na")},
    {B("POST / HTTP/1.1\r\n" HOST "Content-Length: +5\r\n\r\nabcde")},
    {B("POST / HTTP/1.1\r\n" HOST "Content-Length: 0x5\r\n\r\nabcde")},
    {B("POST / HTTP/1.1\r\n" HOST "Content-Length: -1\r\n\r\n")},
    {B("POST / HTTP/1.1\r\n" HOST "Content-Length: 18446744073709551616\r\n\r\n")},
    {B("POST / HTTP/1.1\r\n" HOST "Content-Length: 18446744073709551615\r\n\r\n")},
    {B("POST / HTTP/1.1\r\n" HOST "Content-Length: 1, 1\r\n\r\na")},
    {B("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: \x0b"
       "chunked\r\n\r\n0\r\n\r\n")},
    {B("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n")},
    {B("POST / HTTP/1.1\r\n" HOST
       "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")},
    {B("POST / HTTP/1.0\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n")},
    {B("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip\r\n\r\n")},
    {B("GET / HTTP/1.1\n" HOST END)},
    {B("GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n")},
    {B("GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n")},
    {B("GET / HTTP/1.1\r\n" HOST "X: a\r\n b\r\n\r\n")},
    {B("GET / HTTP/1.1\r\n" HOST "X: a\r\n\tb\r\nY: c\r\n\r\n")},
    {B("GET / HTTP/1.1\r\n" HOST "X : a\r\n\r\n")},
    {B("GET / HTTP/1.1\r\n" HOST " X: a\r\n\r\n")},
    {B("GET / HTTP/1.1\r\n" HOST "X: a\0b\r\n\r\n")},
    {B("GET / HTTP/1.1\r\n" HOST "X\0Y: a\r\n\r\n")},
    {B("GET /a\0b HTTP/1.1\r\n" HOST END)},
    {B("GET / HTTP/1.1\r\n" HOST "X\x80: a\r\n\r\n")},
    {B("GET / HTTP/1.1\r\n" HOST "X: a\x01\r\n\r\n")},
    {B("GET / HTTP/1.1\r\n" HOST "nocolon\r\n\r\n")},
    {B("GET / HTTP/1.1\r\n" HOST ": empty\r\n\r\n")},
    {B("GET http://a/ HTTP/1.1\r\n" HOST END)},
    {B("GET http://b/ HTTP/1.1\r\n" HOST END)},
    {B("GET / HTTP/1.1\r\n" HOST HOST END)},
    {B("GET / HTTP/1.1\r\n" HOST "Host: b\r\n\r\n")},
    {B("GET / HTTP/1.1\r\n\r\n")},
    {B("GET / HTTP/1.1\r\nHost:\r\n\r\n")},
    {B("GET / HTTP/1.1\r\nHost: a b\r\n\r\n")},
    {B("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n")},
    {B("GET  / HTTP/1.1\r\n" HOST END)},
    {B("GET /  HTTP/1.1\r\n" HOST END)},
    {B("GET / HTTP/1.1 \r\n" HOST END)},
    {B("GET / a HTTP/1.1\r\n" HOST END)},
    {B("GET / HTTP/1.2\r\n" HOST END)},
    {B("GET / HTTP/11\r\n" HOST END)},
    {B("GET / http/1.1\r\n" HOST END)},
    {B("GET /\r\n")},
    {B("GET /\r\n\r\n")},
    {B("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")},
    {B("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n")},
    {B("OPTIONS * HTTP/1.1\r\n" HOST END)},
    {B("CONNECT a:80 HTTP/1.1\r\n" HOST END)},
    {B("TRACE / HTTP/1.1\r\n" HOST END)},
    {B("FOO / HTTP/1.1\r\n" HOST END)},
    {B("get / HTTP/1.1\r\n" HOST END)},
    {B("GET /%2e%2e/etc HTTP/1.1\r\n" HOST END)},
    {B("GET /a%00 HTTP/1.1\r\n" HOST END)},
    {B("GET /%ff HTTP/1.1\r\n" HOST END)},
    {B("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n0\r\n\r\n")},
    {B("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n-1\r\nab\r\n0\r\n\r\n")},
    {B("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\nab\r\n0\r\n\r\n")},
    {B("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n2\r\nabXX\r\n0\r\n\r\n")},
    {B("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\nX-Trailer: a\r\n\r\n")},
    {B("GET / HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc")},
};

static void test_malformed(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(malformed); i++) {
        unsigned before = peer.seen;
        int fd = peer_connect(&peer);
        peer_send(fd, malformed[i].bytes, malformed[i].n);
        int status = peer_answer(fd, NULL, NULL, 0);
        if ((status != 0 && (status < 400 || status > 505)) || !peer_closed(fd) || peer.seen != before) {
            print_error("case %zu: status %d, seen %u\n", i, status, peer.seen - before);
            fail();
        }
        close(fd);
    }
}

static void test_sound(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        size_t n;
        const char *body;
    } cases[] = {
        {B("GET /a%20b?x=%E7%94%A3 HTTP/1.1\r\nHost: Ex.JP:80\r\n\r\n"),
         "GET /a b ? x=%E7%94%A3 host=ex.jp peer=127.0.0.1 https=0 body="},
        {B("GET / HTTP/1.0\r\n\r\n"), "GET / ?  host= peer=127.0.0.1 https=0 body="},
        {B("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"), "GET / ?  host=a peer=127.0.0.1 https=0 body="},
        {B("GET / HTTP/1.1\r\nHost:a  \r\nX:\t b \t\r\nEmpty:\r\n\r\n"),
         "GET / ?  host=a peer=127.0.0.1 https=0 body="},
        {B("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"),
         "POST / ?  host=a peer=127.0.0.1 https=0 body=hello"},
        {B("DELETE / HTTP/1.1\r\nHost: a\r\n\r\n"), "DELETE / ?  host=a peer=127.0.0.1 https=0 body="},
        /* Without chunk extensions: libmicrohttpd 0.9 skips them, 1.0 in strict mode refuses them. */
        {B("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"),
         "POST / ?  host=a peer=127.0.0.1 https=0 body=hello"},
        {B("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 9.9.9.9\r\nX-Forwarded-Proto: https\r\n\r\n"),
         "GET / ?  host=a peer=127.0.0.1 https=0 body="},
        {B("GET /quick HTTP/1.1\r\nHost: a\r\n\r\n"), "quick"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char body[1024] = "";
        int fd = peer_connect(&peer);
        peer_send(fd, cases[i].bytes, cases[i].n);
        int status = peer_answer(fd, NULL, body, sizeof body);
        if (status != 200 || strcmp(body, cases[i].body) != 0) {
            print_error("case %zu: status %d, body '%s'\n", i, status, body);
            fail();
        }
        close(fd);
    }
}

/* The same request in every cut into two pieces, and byte by byte: the answer does not depend on packets. */
static void test_pieces(void **state) {
    (void)state;
    static const char bytes[] =
        "POST /p HTTP/1.1\r\nHost: a\r\nCookie: a=b; c=d\r\nContent-Length: 5\r\nX: y\r\n\r\nhello";
    size_t n = sizeof bytes - 1;
    for (size_t cut = 1; cut < n; cut += 3) {
        char body[256];
        int fd = peer_connect(&peer);
        peer_send(fd, bytes, cut);
        usleep(1000);
        peer_send(fd, bytes + cut, n - cut);
        assert_int_equal(peer_answer(fd, NULL, body, sizeof body), 200);
        assert_string_equal(body, "POST /p ?  host=a peer=127.0.0.1 https=0 body=hello");
        close(fd);
    }
}

static void test_large_head(void **state) {
    (void)state;
    static char bytes[80000];
    static const size_t sizes[] = {2000, 8000, 10500};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        int n = snprintf(bytes, sizeof bytes, "GET / HTTP/1.1\r\nHost: a\r\nX: %0*d\r\nY: z\r\n\r\n",
                         (int)sizes[i], 0);
        int fd = peer_connect(&peer);
        peer_send(fd, bytes, (size_t)n / 2);
        usleep(2000);
        peer_send(fd, bytes + n / 2, (size_t)(n - n / 2));
        assert_int_equal(peer_answer(fd, NULL, NULL, 0), 200);
        close(fd);
    }
    int n = snprintf(bytes, sizeof bytes, "GET / HTTP/1.1\r\nHost: a\r\nX: %065536d\r\n\r\n", 0);
    int status = peer_once(&peer, bytes, (size_t)n);
    assert_true(status == 0 || status == 431);
    n = snprintf(bytes, sizeof bytes, "GET / HTTP/1.1\r\nHost: a\r\n");
    for (int i = 0; i < 1000; i++) {
        n += snprintf(bytes + n, sizeof bytes - (size_t)n, "h%d: v\r\n", i);
    }
    n += snprintf(bytes + n, sizeof bytes - (size_t)n, "\r\n");
    status = peer_once(&peer, bytes, (size_t)n);
    assert_true(status == 0 || status == 431);
}

static void test_body_limits(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        size_t n;
        int status;
        bool closed;
    } cases[] = {
        {B("POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 16\r\n\r\n0123456789abcdef"), 200, false},
        {B("POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 17\r\n\r\n"), 413, true},
        {B("POST /small HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 17\r\n\r\n"), 413,
         true},
        {B("POST /small HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n01234567\r\n8\r\n01234567\r\n0\r\n\r\n"),
         200, true},
        {B("POST /small HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n01234567\r\n9\r\n012345678\r\n0\r\n\r\n"),
         413, true},
        {B("PUT /x HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n\r\n"), 413, true},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        int fd = peer_connect(&peer);
        peer_send(fd, cases[i].bytes, cases[i].n);
        assert_int_equal(peer_answer(fd, NULL, NULL, 0), cases[i].status);
        assert_true(!cases[i].closed || peer_closed(fd));
        close(fd);
    }
}

static void test_expect_continue(void **state) {
    (void)state;
    int fd = peer_connect(&peer);
    peer_send(fd, B("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"));
    char interim[64] = "";
    for (size_t n = 0; n < 25; n++) {
        assert_int_equal(read(fd, interim + n, 1), 1);
    }
    assert_string_equal(interim, "HTTP/1.1 100 Continue\r\n\r\n");
    peer_send(fd, B("ok"));
    assert_int_equal(peer_answer(fd, NULL, NULL, 0), 200);
    close(fd);
}

static void test_keep_alive_and_pipelining(void **state) {
    (void)state;
    int fd = peer_connect(&peer);
    char body[256];
    for (int i = 0; i < 50; i++) {
        peer_send(fd, B("POST /one HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx"));
        assert_int_equal(peer_answer(fd, NULL, body, sizeof body), 200);
    }
    peer_send(
        fd,
        B("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /quick HTTP/1.1\r\nHost: a\r\n\r\n"
          "POST /3 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhiGET /4 HTTP/1.1\r\nHost: a\r\n\r\n"));
    static const char *const starts[] = {"GET /1 ", "quick", "POST /3 ", "GET /4 "};
    for (size_t i = 0; i < COUNT(starts); i++) {
        assert_int_equal(peer_answer(fd, NULL, body, sizeof body), 200);
        assert_int_equal(strncmp(body, starts[i], strlen(starts[i])), 0);
    }
    close(fd);
}

static void test_head_method(void **state) {
    (void)state;
    int fd = peer_connect(&peer);
    char head[4096] = "";
    peer_send(fd, B("HEAD /quick HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
    size_t n = 0;
    ssize_t got;
    while ((got = read(fd, head + n, sizeof head - 1 - n)) > 0) {
        n += (size_t)got;
    }
    assert_non_null(strstr(head, "Content-Length: 5\r\n"));
    assert_int_equal(memcmp(head + n - 4, "\r\n\r\n", 4), 0);
    close(fd);
}

static void test_security_headers(void **state) {
    (void)state;
    static const char *const requests[] = {"GET /quick HTTP/1.1\r\nHost: a\r\n\r\n",
                                           "GET /x HTTP/1.1\r\nHost: a\r\n\r\n",
                                           "GET /.. HTTP/1.1\r\nHost: a\r\n\r\n",
                                           "POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\n"};
    static const char *const wanted[] = {
        ("Content-Security-Policy: default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
         "form-action 'self'; frame-ancestors 'none'; base-uri 'none'\r\n"),
        "X-Content-Type-Options: nosniff\r\n",
        "Referrer-Policy: same-origin\r\n",
        "Cache-Control: no-store\r\n",
        "Cross-Origin-Opener-Policy: same-origin\r\n",
        "Cross-Origin-Resource-Policy: same-origin\r\n"};
    for (size_t i = 0; i < COUNT(requests); i++) {
        char head[4096];
        int fd = peer_connect(&peer);
        peer_send(fd, requests[i], strlen(requests[i]));
        assert_int_not_equal(peer_answer(fd, head, NULL, sizeof head), 0);
        for (size_t w = 0; w < COUNT(wanted); w++) {
            assert_non_null(strstr(head, wanted[w]));
        }
        assert_null(strstr(head, "Strict-Transport-Security"));
        close(fd);
    }
}

/* A handler's mistake never reaches the wire: no header injection, no empty status. */
static void test_bad_answers(void **state) {
    (void)state;
    char head[4096];
    int fd = peer_connect(&peer);
    peer_send(fd, B("GET /split HTTP/1.1\r\nHost: a\r\n\r\n"));
    assert_int_equal(peer_answer(fd, head, NULL, sizeof head), 500);
    assert_null(strstr(head, "evil"));
    peer_send(fd, B("GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n"));
    assert_int_equal(peer_answer(fd, head, NULL, sizeof head), 500);
    close(fd);
}

/* Slow senders are cut although they are never idle. */
static void test_slow_head_and_body(void **state) {
    (void)state;
    enum { DRIPS_MAX = PEER_WAIT_S * 20 };
    static const char *const beginnings[] = {"GET / HTTP/1.1\r\nHost: a\r\n",
                                             "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n"};
    static struct peer strict;
    peer_start(&strict, settings(&strict, true));
    for (size_t i = 0; i < COUNT(beginnings); i++) {
        struct http_counts after;
        int fd = peer_connect(&strict);
        peer_send(fd, beginnings[i], strlen(beginnings[i]));
        int drips = 0;
        char c;
        while (drips < DRIPS_MAX && recv(fd, &c, 1, MSG_DONTWAIT) < 0 && (errno == EAGAIN)) {
            peer_send(fd, "x", 1);
            usleep(50000);
            drips++;
        }
        assert_true(drips < DRIPS_MAX);
        http_server_counts(strict.server, false, &after);
        assert_int_equal(after.cut, i + 1);
        close(fd);
    }
    peer_stop(&strict);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_malformed),
        cmocka_unit_test(test_sound),
        cmocka_unit_test(test_pieces),
        cmocka_unit_test(test_large_head),
        cmocka_unit_test(test_body_limits),
        cmocka_unit_test(test_expect_continue),
        cmocka_unit_test(test_keep_alive_and_pipelining),
        cmocka_unit_test(test_head_method),
        cmocka_unit_test(test_security_headers),
        cmocka_unit_test(test_bad_answers),
        cmocka_unit_test(test_slow_head_and_body),
    };
    return cmocka_run_group_tests_name("http/wire", tests, set_up, tear_down);
}
