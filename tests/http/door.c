/* Coming and going: a full house, one client too many, no descriptors, and a server that takes over a socket. */
#include "http/peer.h"

#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

static struct peer peer;
static _Atomic bool all_over;
static const char plain[] = "GET /plain HTTP/1.1\r\nHost: a\r\n\r\n";
static const char health[] = "GET /livez HTTP/1.1\r\nHost: a\r\n\r\n";

static struct http_settings settings(void) {
    return (struct http_settings){.hooks = peer_here(&peer), .io_threads = 2, .workers = 2};
}

struct client {
    pthread_t thread;
    unsigned wrong;
};

/* A new server on the same socket: who asks on an open connection is answered a last time, who connects meanwhile
 * waits in the backlog, and nobody is refused or reset. */
static void *ask_many(void *arg) {
    struct client *client = arg;
    char head[4096];
    int fd = peer_connect(&peer);
    for (int round = 0; round < 2000 || !all_over; round++) {
        peer_send(fd, plain, sizeof plain - 1);
        client->wrong += peer_answer(fd, head, NULL, sizeof head) != 200;
        if (strstr(head, "Connection: close\r\n") != NULL) {
            client->wrong += !peer_closed(fd);
            close(fd);
            fd = peer_connect(&peer);
        }
    }
    close(fd);
    return NULL;
}

static void test_hand_over(void **state) {
    (void)state;
    enum { ASKING = 4, TIMES = 8 };
    static struct client asking[ASKING];
    const char *why = "";
    all_over = false;
    struct http_settings next = settings();
    next.leave_ms = PEER_WAIT_S * 1000; /* everybody speaks again, who knows when */
    peer_start(&peer, next);
    for (unsigned i = 0; i < ASKING; i++) {
        asking[i] = (struct client){0};
        assert_int_equal(pthread_create(&asking[i].thread, NULL, ask_many, &asking[i]), 0);
    }
    for (int i = 0; i < TIMES; i++) {
        usleep(20000);
        assert_int_equal(http_server_stop(peer.server, 2 * PEER_WAIT_S * 1000, &next.listener), RC_OK);
        assert_int_equal(http_server_start(&next, &peer.server, &why), RC_OK);
    }
    all_over = true;
    for (unsigned i = 0; i < ASKING; i++) {
        pthread_join(asking[i].thread, NULL);
        assert_int_equal(asking[i].wrong, 0);
    }
    peer_stop(&peer);
}

/* All connections are taken: the next one hears so at the door, and the health check is still answered. */
static void test_full_house(void **state) {
    (void)state;
    enum { ROOM = 4, KNOCKS = 40 };
    struct http_settings small = settings();
    int fd[ROOM];
    small.connections = ROOM;
    small.health = TEXT("/livez");
    peer_start(&peer, small);
    for (unsigned i = 0; i < ROOM; i++) {
        fd[i] = peer_connect(&peer);
        peer_send(fd[i], plain, sizeof plain - 1);
        assert_int_equal(peer_answer(fd[i], NULL, NULL, 0), 200);
    }
    for (int i = 0; i < KNOCKS; i++) {
        assert_int_equal(peer_once(&peer, health, sizeof health - 1), 200);
        assert_int_equal(peer_once(&peer, plain, sizeof plain - 1), 503);
    }
    peer_send(fd[0], plain, sizeof plain - 1);
    assert_int_equal(peer_answer(fd[0], NULL, NULL, 0), 200);
    for (unsigned i = 0; i < ROOM; i++) {
        close(fd[i]);
    }
    struct http_counts counts;
    http_server_counts(peer.server, false, &counts);
    assert_int_equal(counts.turned, 2 * KNOCKS);
    peer_stop(&peer);
}

/* No descriptors are left in the process, although the server has room: told at the door, and not spinning there. */
static void test_no_descriptors(void **state) {
    (void)state;
    enum { TAKEN_MAX = 4096 };
    static int taken[TAKEN_MAX];
    struct rlimit before;
    struct http_settings starved = settings();
    starved.health = TEXT("/livez");
    peer_start(&peer, starved);
    int fd = peer_connect(&peer);
    int knock = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int knock_too = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    peer_send(fd, plain, sizeof plain - 1);
    assert_int_equal(peer_answer(fd, NULL, NULL, 0), 200);
    getrlimit(RLIMIT_NOFILE, &before);
    struct rlimit few = before;
    few.rlim_cur = 64;
    setrlimit(RLIMIT_NOFILE, &few);
    unsigned count = 0;
    while (count < TAKEN_MAX && (taken[count] = dup(fd)) >= 0) {
        count++;
    }
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(peer.port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(connect(knock, (struct sockaddr *)&address, sizeof address), 0);
    peer_send(knock, health, sizeof health - 1);
    assert_int_equal(peer_answer(knock, NULL, NULL, 0), 200);
    assert_int_equal(connect(knock_too, (struct sockaddr *)&address, sizeof address), 0);
    peer_send(knock_too, plain, sizeof plain - 1);
    assert_int_equal(peer_answer(knock_too, NULL, NULL, 0), 503);
    peer_send(fd, plain, sizeof plain - 1);
    assert_int_equal(peer_answer(fd, NULL, NULL, 0), 200);
    while (count > 0) {
        close(taken[--count]);
    }
    setrlimit(RLIMIT_NOFILE, &before);
    close(knock);
    close(knock_too);
    assert_int_equal(peer_once(&peer, plain, sizeof plain - 1), 200);
    close(fd);
    peer_stop(&peer);
}

/* One client has its share of connections and no more. */
static void test_crowd(void **state) {
    (void)state;
    enum { SHARE = 3 };
    struct http_settings shared = settings();
    int fd[SHARE];
    shared.per_address = SHARE;
    peer_start(&peer, shared);
    for (int round = 0; round < 3; round++) {
        for (unsigned i = 0; i < SHARE; i++) {
            fd[i] = peer_connect(&peer);
            peer_send(fd[i], plain, sizeof plain - 1);
            assert_int_equal(peer_answer(fd[i], NULL, NULL, 0), 200);
        }
        assert_int_equal(peer_once(&peer, plain, sizeof plain - 1), 0);
        for (unsigned i = 0; i < SHARE; i++) {
            close(fd[i]);
        }
        struct http_counts counts = {.open = 1};
        for (int i = 0; i < PEER_WAIT_S * 1000 && counts.open > 0; i++) {
            http_server_counts(peer.server, false, &counts);
            usleep(1000);
        }
        assert_int_equal(counts.turned, round + 1);
    }
    peer_stop(&peer);
}

static void send_much(void *ctx, unsigned worker, struct http_request *request,
                      struct http_response *response) {
    (void)ctx;
    (void)worker;
    enum { MUCH = 32 << 20 };
    response->status = 200;
    response->type = TEXT("text/plain");
    response->body = (struct text){arena_take(request->arena, MUCH), MUCH};
}

/* A client that takes its answer too slowly is cut, although it is never idle. */
static void test_slow_reader(void **state) {
    (void)state;
    struct http_settings slow = settings();
    slow.hooks.handle = send_much;
    slow.grace_ms = 300;
    slow.rate_floor = 100 << 20;
    peer_start(&peer, slow);
    int fd = peer_connect(&peer);
    int small = 4096;
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    peer_send(fd, plain, sizeof plain - 1);
    struct http_counts counts = {0};
    char piece[64];
    for (int i = 0; i < PEER_WAIT_S * 100 && counts.cut == 0; i++) {
        assert_true(recv(fd, piece, sizeof piece, 0) > 0);
        usleep(10000);
        http_server_counts(peer.server, false, &counts);
    }
    assert_int_equal(counts.cut, 1);
    close(fd);
    peer_stop(&peer);
}

int main(void) {
    signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hand_over),      cmocka_unit_test(test_full_house),
        cmocka_unit_test(test_no_descriptors), cmocka_unit_test(test_crowd),
        cmocka_unit_test(test_slow_reader),
    };
    return cmocka_run_group_tests_name("http/door", tests, NULL, NULL);
}
