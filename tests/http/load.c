/* The server under many clients: nothing mixes, a full queue says so, stopping lets people finish. */
#include "http/peer.h"

#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { CLIENTS = 200, ROUNDS = 20 };

static struct peer peer;
static _Atomic bool gate_open;
static _Atomic unsigned inside;

static struct http_place place(void *ctx, enum http_method method, struct text path) {
    (void)ctx;
    (void)method;
    return (struct http_place){.body_limit = 1 << 20, .class = text_is(path, "/urgent") ? 0 : 1};
}

/* "/canary": the body repeated until it is long, so that a page of somebody else's would show. "/gate": waits. */
static void handle(void *ctx, unsigned worker, struct http_request *request, struct http_response *response) {
    (void)ctx;
    (void)worker;
    response->status = 200;
    response->type = TEXT("text/plain");
    if (text_is(request->path, "/gate")) {
        inside++;
        while (!gate_open) {
            usleep(1000);
        }
        inside--;
        response->body = TEXT("passed");
        return;
    }
    /* Memory of another request would be seen here: arenas are handed out wiped. */
    char *p = arena_take(request->arena, 8000);
    for (size_t i = 0; i < 8000; i++) {
        if (p[i] != 0) {
            response->status = 599;
        }
    }
    for (size_t i = 0; i < 8000; i++) {
        p[i] = request->body.n == 0 ? 'x' : request->body.p[i % request->body.n];
    }
    response->body = (struct text){p, 8000};
}

/* "/urgent" is of the first class, everything else of the second. */
static struct http_class classes[2];

static struct http_settings settings(unsigned workers, unsigned queue_max) {
    classes[0] = (struct http_class){.name = "urgent", .waiting_max = 2};
    classes[1] = (struct http_class){.name = "other", .waiting_max = queue_max};
    return (struct http_settings){.hooks = {.ctx = &peer, .place = place, .handle = handle},
                                  .io_threads = 2,
                                  .workers = workers,
                                  .classes = classes,
                                  .class_count = 2};
}

struct client {
    pthread_t thread;
    unsigned number;
    unsigned wrong;
};

static void *client_run(void *arg) {
    struct client *client = arg;
    char request[256];
    char canary[32];
    char *body = calloc(1, 9000);
    int fd = peer_connect(&peer);
    int n = snprintf(canary, sizeof canary, "[%06u-secret]", client->number);
    int m = snprintf(request, sizeof request,
                     "POST /canary HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s", n, canary);
    for (int round = 0; round < ROUNDS; round++) {
        peer_send(fd, request, (size_t)m);
        int status = peer_answer(fd, NULL, body, 9000);
        for (size_t i = 0; i < 8000 && client->wrong == 0; i++) {
            client->wrong += status != 200 || body[i] != canary[i % (size_t)n];
        }
    }
    close(fd);
    free(body);
    return NULL;
}

static void test_many_clients(void **state) {
    (void)state;
    static struct client clients[CLIENTS];
    peer_start(&peer, settings(4, 1000));
    for (unsigned i = 0; i < CLIENTS; i++) {
        clients[i] = (struct client){.number = i};
        assert_int_equal(pthread_create(&clients[i].thread, NULL, client_run, &clients[i]), 0);
    }
    unsigned wrong = 0;
    for (unsigned i = 0; i < CLIENTS; i++) {
        pthread_join(clients[i].thread, NULL);
        wrong += clients[i].wrong;
    }
    assert_int_equal(wrong, 0);
    struct http_counts counts;
    http_server_counts(peer.server, false, &counts);
    assert_int_equal(counts.handled, CLIENTS * ROUNDS);
    peer_stop(&peer);
}

static void wait_until_inside(unsigned n) {
    for (int i = 0; i < 5000 && inside != n; i++) {
        usleep(1000);
    }
    assert_int_equal(inside, n);
}

static void wait_until_queued(unsigned n) {
    struct http_counts counts = {0};
    for (int i = 0; i < 5000 && counts.waiting != n; i++) {
        usleep(1000);
        http_server_counts(peer.server, false, &counts);
    }
    assert_int_equal(counts.waiting, n);
}

static const char gate[] = "GET /gate HTTP/1.1\r\nHost: a\r\n\r\n";

/* One worker busy, two in the queue: the fourth hears 503 at once, the others are served when the gate opens. */
static void test_full_queue(void **state) {
    (void)state;
    int fd[4];
    char head[4096];
    gate_open = false;
    peer_start(&peer, settings(1, 2));
    for (unsigned i = 0; i < 4; i++) {
        fd[i] = peer_connect(&peer);
    }
    peer_send(fd[0], gate, sizeof gate - 1);
    wait_until_inside(1);
    for (unsigned i = 1; i < 3; i++) {
        peer_send(fd[i], gate, sizeof gate - 1);
        wait_until_queued(i);
    }
    peer_send(fd[3], gate, sizeof gate - 1);
    assert_int_equal(peer_answer(fd[3], head, NULL, sizeof head), 503);
    assert_non_null(strstr(head, "Retry-After: "));
    gate_open = true;
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(peer_answer(fd[i], NULL, NULL, 0), 200);
    }
    /* The shed connection is still good. */
    peer_send(fd[3], gate, sizeof gate - 1);
    assert_int_equal(peer_answer(fd[3], NULL, NULL, 0), 200);
    for (unsigned i = 0; i < 4; i++) {
        close(fd[i]);
    }
    peer_stop(&peer);
}

/* A line that is full is full for its own class only, and the urgent go first. */
static void test_classes(void **state) {
    (void)state;
    static const char urgent[] = "GET /urgent HTTP/1.1\r\nHost: a\r\n\r\n";
    gate_open = false;
    peer_start(&peer, settings(1, 1));
    int fd[4];
    for (unsigned i = 0; i < 4; i++) {
        fd[i] = peer_connect(&peer);
    }
    peer_send(fd[0], gate, sizeof gate - 1);
    wait_until_inside(1);
    peer_send(fd[1], gate, sizeof gate - 1);
    wait_until_queued(1);
    peer_send(fd[2], gate, sizeof gate - 1);
    assert_int_equal(peer_answer(fd[2], NULL, NULL, 0), 503);
    peer_send(fd[3], urgent, sizeof urgent - 1);
    wait_until_queued(2);
    gate_open = true;
    assert_int_equal(peer_answer(fd[3], NULL, NULL, 0), 200);
    assert_int_equal(peer_answer(fd[0], NULL, NULL, 0), 200);
    assert_int_equal(peer_answer(fd[1], NULL, NULL, 0), 200);
    struct http_counts counts;
    http_server_counts(peer.server, true, &counts);
    assert_int_equal(counts.class_count, 2);
    assert_int_equal(counts.classes[0].handled, 1);
    assert_int_equal(counts.classes[1].full, 1);
    assert_int_equal(counts.shed, 1);
    for (unsigned i = 0; i < 4; i++) {
        close(fd[i]);
    }
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
    static const char post[] = "POST /gate HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody";
    struct http_settings keeping = settings(1, 1);
    char body[4096];
    char head[4096];
    keeping.hooks.keep = keep_it;
    keeping.busy = &busy;
    keeping.busy_count = 1;
    gate_open = false;
    peer_start(&peer, keeping);
    int first = peer_connect(&peer);
    int second = peer_connect(&peer);
    int third = peer_connect(&peer);
    peer_send(first, gate, sizeof gate - 1);
    wait_until_inside(1);
    peer_send(second, gate, sizeof gate - 1);
    wait_until_queued(1);
    for (int i = 0; i < 3; i++) {
        memset(body, 0, sizeof body);
        peer_send(third, post, sizeof post - 1);
        assert_int_equal(peer_answer(third, NULL, body, sizeof body), 503);
        assert_string_equal(body, "kept body");
        memset(body, 0, sizeof body);
        peer_send(third, gate, sizeof gate - 1);
        assert_int_equal(peer_answer(third, head, body, sizeof body), 503);
        assert_string_equal(body, "busy");
        assert_non_null(strstr(head, "Retry-After: "));
        assert_non_null(strstr(head, "Content-Security-Policy: "));
    }
    gate_open = true;
    assert_int_equal(peer_answer(first, NULL, NULL, 0), 200);
    assert_int_equal(peer_answer(second, NULL, NULL, 0), 200);
    close(first);
    close(second);
    close(third);
    peer_stop(&peer);
}

/* Who waited too long in the queue gets 503 instead of a late answer. */
static void test_old_queue(void **state) {
    (void)state;
    struct http_settings old = settings(1, 10);
    classes[1].age_ms = 50;
    gate_open = false;
    peer_start(&peer, old);
    int first = peer_connect(&peer);
    int second = peer_connect(&peer);
    peer_send(first, gate, sizeof gate - 1);
    wait_until_inside(1);
    peer_send(second, gate, sizeof gate - 1);
    /* Although no worker is free to say so. */
    assert_int_equal(peer_answer(second, NULL, NULL, 0), 503);
    gate_open = true;
    assert_int_equal(peer_answer(first, NULL, NULL, 0), 200);
    close(first);
    close(second);
    peer_stop(&peer);
}

/* Clients that leave while their request is being worked on. */
static void test_clients_leave(void **state) {
    (void)state;
    gate_open = false;
    peer_start(&peer, settings(2, 100));
    for (int i = 0; i < 20; i++) {
        int fd = peer_connect(&peer);
        peer_send(fd, gate, sizeof gate - 1);
        wait_until_inside(i < 2 ? (unsigned)i + 1 : 2);
        close(fd);
    }
    gate_open = true;
    peer_stop(&peer);
}

static void *open_later(void *arg) {
    (void)arg;
    usleep(200000);
    gate_open = true;
    return NULL;
}

/* Stopping waits for the running request; nobody new gets in; idle connections are closed. */
static void test_graceful_stop(void **state) {
    (void)state;
    pthread_t opener;
    gate_open = false;
    peer_start(&peer, settings(2, 10));
    int busy = peer_connect(&peer);
    int idle = peer_connect(&peer);
    peer_send(busy, gate, sizeof gate - 1);
    wait_until_inside(1);
    assert_int_equal(pthread_create(&opener, NULL, open_later, NULL), 0);
    assert_int_equal(http_server_stop(peer.server, 5000, NULL), RC_OK);
    pthread_join(opener, NULL);
    char head[4096];
    assert_int_equal(peer_answer(busy, head, NULL, sizeof head), 200);
    assert_non_null(strstr(head, "Connection: close\r\n"));
    assert_true(peer_closed(idle));
    int late = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(peer.port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_not_equal(connect(late, (struct sockaddr *)&address, sizeof address), 0);
    close(late);
    close(busy);
    close(idle);
}

static void echo_client(void *ctx, unsigned worker, struct http_request *request,
                        struct http_response *response) {
    (void)ctx;
    (void)worker;
    response->status = 200;
    response->type = TEXT("text/plain");
    response->body = text_printf(request->arena, "%.*s %d", TEXT_F(request->peer), request->https);
}

static int connect_unix(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    memcpy(address.sun_path, path, strlen(path) + 1);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

/* Behind a proxy on a Unix socket its last X-Forwarded-For counts, and nothing a client put before it. */
static void test_unix_proxy(void **state) {
    (void)state;
    static const struct {
        const char *headers;
        const char *says;
    } cases[] = {
        {"", "unix 0"},
        {"X-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Proto: https\r\n", "192.0.2.7 1"},
        {"X-Forwarded-For: 10.0.0.1, 192.0.2.7\r\n", "192.0.2.7 0"},
        {"X-Forwarded-For: 10.0.0.1\r\nX-Forwarded-For: 2001:db8::1\r\n", "2001:db8::1 0"},
        {"X-Forwarded-For: <script>\r\nX-Forwarded-Proto: gopher\r\n", "unix 0"},
    };
    char folder[] = "/tmp/sango-http-XXXXXX";
    char path[64];
    const char *why = "";
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/socket", folder);
    struct http_settings unix_settings = settings(1, 10);
    unix_settings.hooks.handle = echo_client;
    unix_settings.trust_unix = true;
    assert_int_equal(listen_unix(path, &unix_settings.listener), RC_OK);
    assert_true(listen_is_unix(unix_settings.listener));
    assert_int_equal(http_server_start(&unix_settings, &peer.server, &why), RC_OK);
    int second = -1;
    assert_int_equal(listen_unix(path, &second), RC_RACE);
    for (size_t i = 0; i < COUNT(cases); i++) {
        char request[512];
        char head[4096];
        char body[4096];
        int n = snprintf(request, sizeof request, "GET / HTTP/1.1\r\nHost: a\r\n%s\r\n", cases[i].headers);
        int fd = connect_unix(path);
        peer_send(fd, request, (size_t)n);
        assert_int_equal(peer_answer(fd, head, body, sizeof body), 200);
        assert_string_equal(body, cases[i].says);
        assert_int_equal(strstr(head, "Strict-Transport-Security: ") != NULL,
                         strstr(cases[i].says, " 1") != NULL);
        close(fd);
    }
    peer_stop(&peer);
    assert_int_equal(listen_unix(path, &second), RC_OK); /* the stale file is replaced */
    close(second);
    unlink(path);
    rmdir(folder);
}

int main(void) {
    signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_many_clients),  cmocka_unit_test(test_full_queue),
        cmocka_unit_test(test_old_queue),     cmocka_unit_test(test_clients_leave),
        cmocka_unit_test(test_graceful_stop), cmocka_unit_test(test_unix_proxy),
        cmocka_unit_test(test_classes),       cmocka_unit_test(test_shed_keeps),
    };
    return cmocka_run_group_tests_name("http/load", tests, NULL, NULL);
}
