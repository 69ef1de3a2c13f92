/* A server that ends: whoever speaks in time is answered, however far she had come and whenever she came, and each answer
 * says that it is the connection's last. Nothing here depends on how long anything takes: silence is borne for longer
 * than the test may run. */
#include "http/peer.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LEAVE_MS = 60000, DRAIN_MS = 240000 };

static struct peer peer;

static void begin(void) {
    struct http_settings settings = {
        .hooks = peer_here(&peer), .io_threads = 2, .workers = 2, .leave_ms = LEAVE_MS};
    peer_start(&peer, settings);
}

/* ---- the end ---- */

static void *stop_run(void *arg) {
    enum rc *ret_rc = arg;
    *ret_rc = http_server_stop(peer.server, DRAIN_MS, NULL);
    return NULL;
}

static const char plain[] = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

static void say(int fd, const char *words) {
    peer_send(fd, words, strlen(words));
}

/* Answered; true: for the last time. */
static bool answered_last(int fd) {
    char head[4096];
    assert_int_equal(peer_answer(fd, head, NULL, sizeof head), 200);
    return strstr(head, "Connection: close\r\n") != NULL;
}

static void finish(int fd, const char *words) {
    say(fd, words);
    assert_true(answered_last(fd));
    assert_true(peer_closed(fd));
    close(fd);
}

/* Begins the end, and returns when it has begun: a newcomer is answered once. Somebody who was here before must still
 * be silent. */
static void end_begins(pthread_t *thread, enum rc *ret_rc) {
    bool last = false;
    assert_int_equal(pthread_create(thread, NULL, stop_run, ret_rc), 0);
    while (!last) {
        int fd = peer_connect(&peer);
        say(fd, plain);
        last = answered_last(fd);
        close(fd);
    }
}

static void wait_until_open(unsigned count) {
    struct http_counts counts = {0};
    while (counts.open != count) {
        http_server_counts(peer.server, false, &counts);
        usleep(1000);
    }
}

static bool is_refused(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(peer.port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool refused = connect(fd, (struct sockaddr *)&address, sizeof address) != 0 && errno == ECONNREFUSED;
    close(fd);
    return refused;
}

/* ---- the cases ---- */

/* What each has said when the end begins, and says then. */
static const struct {
    const char *before;
    const char *after;
    bool answered; /* what was said before is a whole request */
} people[] = {
    {"", plain, false},
    {plain, plain, true},
    {"GE", "T / HTTP/1.1\r\nHost: a\r\n\r\n", false},
    {"GET / HTTP/1.1\r\nHo", "st: a\r\n\r\n", false},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n", "four", false},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nfo", "ur", false},
    {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nfo", "ur\r\n0\r\n\r\n", false},
};

static void test_who_was_here(void **state) {
    (void)state;
    int fds[COUNT(people)];
    pthread_t thread;
    enum rc stopped = RC_FAULT;
    begin();
    for (size_t i = 0; i < COUNT(people); i++) {
        fds[i] = peer_connect(&peer);
        say(fds[i], people[i].before);
        if (people[i].answered) {
            assert_false(answered_last(fds[i]));
        }
    }
    wait_until_open(COUNT(people));
    end_begins(&thread, &stopped);
    for (size_t i = 0; i < COUNT(people); i++) {
        finish(fds[i], people[i].after);
    }
    pthread_join(thread, NULL);
    assert_int_equal(stopped, RC_OK);
}

/* She came during the end, and speaks only when nobody is let in any more. */
static void test_who_came_last(void **state) {
    (void)state;
    pthread_t thread;
    enum rc stopped = RC_FAULT;
    begin();
    int old = peer_connect(&peer);
    wait_until_open(1);
    end_begins(&thread, &stopped);
    wait_until_open(1);
    int last = peer_connect(&peer);
    wait_until_open(2);
    finish(old, plain);
    while (!is_refused()) {
        usleep(1000);
    }
    usleep(
        500000); /* a machine with much to do takes its time even to send the first bytes of a connection */
    finish(last, plain);
    pthread_join(thread, NULL);
    assert_int_equal(stopped, RC_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_was_here),
        cmocka_unit_test(test_who_came_last),
    };
    return cmocka_run_group_tests_name("http/leave", tests, NULL, NULL);
}
