/* More requests than the lines take: who is told "later", who goes first, who is told again. */
#include "http/gate.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static struct peer peer;

/* Starts; of `n` who connect, the first is with the only worker, the second in line behind her. */
static void begin_full(struct http_settings settings, int *fd, unsigned n) {
    peer_start(&peer, settings);
    for (unsigned i = 0; i < n; i++) {
        fd[i] = peer_connect(&peer);
    }
    peer_send(fd[0], gate_get.p, gate_get.n);
    gate_wait_inside(1);
    peer_send(fd[1], gate_get.p, gate_get.n);
    gate_wait_queued(&peer, 1);
}

static void hang_up(const int *fd, unsigned n) {
    for (unsigned i = 0; i < n; i++) {
        close(fd[i]);
    }
}

/* One worker busy, two in the queue: the fourth hears 503 at once, the others are served when the gate opens. */
static void test_full_queue(void **state) {
    (void)state;
    int fd[4];
    char head[4096];
    begin_full(gate_settings(1, 2), fd, 4);
    peer_send(fd[2], gate_get.p, gate_get.n);
    gate_wait_queued(&peer, 2);
    peer_send(fd[3], gate_get.p, gate_get.n);
    assert_int_equal(peer_answer(fd[3], head, NULL, sizeof head), 503);
    assert_non_null(strstr(head, "Retry-After: "));
    gate_open();
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(peer_answer(fd[i], NULL, NULL, 0), 200);
    }
    /* The shed connection is still good. */
    peer_send(fd[3], gate_get.p, gate_get.n);
    assert_int_equal(peer_answer(fd[3], NULL, NULL, 0), 200);
    hang_up(fd, 4);
    peer_stop(&peer);
}

/* A line that is full is full for its own class only, and the urgent go first. */
static void test_classes(void **state) {
    (void)state;
    static const char urgent[] = "GET /urgent HTTP/1.1\r\nHost: a\r\n\r\n";
    int fd[4];
    begin_full(gate_settings(1, 1), fd, 4);
    peer_send(fd[2], gate_get.p, gate_get.n);
    assert_int_equal(peer_answer(fd[2], NULL, NULL, 0), 503);
    peer_send(fd[3], urgent, sizeof urgent - 1);
    gate_wait_queued(&peer, 2);
    gate_open();
    assert_int_equal(peer_answer(fd[3], NULL, NULL, 0), 200);
    assert_int_equal(peer_answer(fd[0], NULL, NULL, 0), 200);
    assert_int_equal(peer_answer(fd[1], NULL, NULL, 0), 200);
    struct http_counts counts;
    http_server_counts(peer.server, true, &counts);
    assert_int_equal(counts.class_count, 2);
    assert_int_equal(counts.classes[0].handled, 1);
    assert_int_equal(counts.classes[1].full, 1);
    assert_int_equal(counts.shed, 1);
    hang_up(fd, 4);
    peer_stop(&peer);
}

static bool keep_it(void *ctx, const struct http_request *request, struct http_response *response) {
    (void)ctx;
    response->type = TEXT("text/plain");
    response->body = text_printf(request->arena, "kept %.*s", TEXT_F(request->body));
    return text_is(request->path, "/gate");
}

/* What was sent comes back with the 503; who sent nothing gets the prepared answer; the connection stays good. */
static void test_shed_keeps(void **state) {
    (void)state;
    static const struct http_busy busy = {TEXT_INIT("text/plain"), TEXT_INIT("busy")};
    struct http_settings keeping = gate_settings(1, 1);
    char body[4096];
    char head[4096];
    keeping.hooks.keep = keep_it;
    keeping.busy = &busy;
    keeping.busy_count = 1;
    int fd[3];
    begin_full(keeping, fd, 3);
    for (int i = 0; i < 3; i++) {
        memset(body, 0, sizeof body);
        peer_send(fd[2], gate_post.p, gate_post.n);
        assert_int_equal(peer_answer(fd[2], NULL, body, sizeof body), 503);
        assert_string_equal(body, "kept body");
        memset(body, 0, sizeof body);
        peer_send(fd[2], gate_get.p, gate_get.n);
        assert_int_equal(peer_answer(fd[2], head, body, sizeof body), 503);
        assert_string_equal(body, "busy");
        assert_non_null(strstr(head, "Retry-After: "));
        assert_non_null(strstr(head, "Content-Security-Policy: "));
    }
    gate_open();
    assert_int_equal(peer_answer(fd[0], NULL, NULL, 0), 200);
    assert_int_equal(peer_answer(fd[1], NULL, NULL, 0), 200);
    hang_up(fd, 3);
    peer_stop(&peer);
}

static bool is_readable(int fd) {
    struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
    return poll(&poll_fd, 1, 1) == 1;
}

/* Asks until it is held: while it is told at once it asks again at once. */
static void ask_until_held(int fd, struct text request) {
    struct http_counts counts = {0};
    while (counts.held == 0) {
        peer_send(fd, request.p, request.n);
        while (counts.held == 0 && !is_readable(fd)) {
            http_server_counts(peer.server, false, &counts);
        }
        if (counts.held == 0) {
            assert_int_equal(peer_answer(fd, NULL, NULL, 0), 503);
        }
    }
}

/* Who was turned away and asks again at once waits outside of the line: until there is room, or for some time. */
static void test_again_too_soon(void **state) {
    (void)state;
    for (int in_time = 0; in_time < 2; in_time++) {
        struct http_settings holding = gate_settings(1, 1);
        holding.shed_at_once = 1;
        holding.shed_hold_ms = in_time ? 600000 : 1;
        int fd[4];
        begin_full(holding, fd, 4);
        ask_until_held(fd[2], gate_post);
        /* Who was not told yet hears it at once, held or not. */
        peer_send(fd[3], gate_get.p, gate_get.n);
        assert_int_equal(peer_answer(fd[3], NULL, NULL, 0), 503);
        if (!in_time) {
            assert_int_equal(peer_answer(fd[2], NULL, NULL, 0), 503);
        }
        gate_open();
        if (in_time) {
            assert_int_equal(peer_answer(fd[2], NULL, NULL, 0), 200);
        }
        assert_int_equal(peer_answer(fd[0], NULL, NULL, 0), 200);
        assert_int_equal(peer_answer(fd[1], NULL, NULL, 0), 200);
        hang_up(fd, 4);
        peer_stop(&peer);
    }
}

/* Stopping lets nobody be held. */
static void test_held_when_stopping(void **state) {
    (void)state;
    struct http_settings holding = gate_settings(1, 1);
    holding.shed_at_once = 1;
    holding.shed_hold_ms = 600000;
    int fd[3];
    begin_full(holding, fd, 3);
    ask_until_held(fd[2], gate_get);
    gate_open_when_ending(&peer);
    peer_stop(&peer);
    assert_true(is_readable(fd[2]));
    hang_up(fd, 3);
}

/* Who waited too long in the queue gets 503 instead of a late answer. */
static void test_old_queue(void **state) {
    (void)state;
    struct http_settings old = gate_settings(1, 10);
    gate_class()->age_ms = 50;
    peer_start(&peer, old);
    int first = peer_connect(&peer);
    int second = peer_connect(&peer);
    peer_send(first, gate_urgent.p, gate_urgent.n);
    gate_wait_inside(1);
    peer_send(second, gate_get.p, gate_get.n);
    /* Although no worker is free to say so. */
    assert_int_equal(peer_answer(second, NULL, NULL, 0), 503);
    gate_open();
    assert_int_equal(peer_answer(first, NULL, NULL, 0), 200);
    close(first);
    close(second);
    peer_stop(&peer);
}

int main(void) {
    signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_full_queue),         cmocka_unit_test(test_classes),
        cmocka_unit_test(test_shed_keeps),         cmocka_unit_test(test_again_too_soon),
        cmocka_unit_test(test_held_when_stopping), cmocka_unit_test(test_old_queue),
    };
    return cmocka_run_group_tests_name("http/shed", tests, NULL, NULL);
}
