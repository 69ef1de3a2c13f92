/* The server under many clients: nothing mixes, and stopping lets people finish. */
#include "http/gate.h"

#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CLIENTS = 200, ROUNDS = 20, SHORT = 8000, LONG = 80000, OWN = 3000 };

static struct peer peer;

static _Atomic int lent_now;

static void give_back(void *owner) {
    free(owner);
    atomic_fetch_sub(&lent_now, 1);
}

/* "/canary": the body repeated until it is long, so that a page of somebody else's would show. In one piece, or in parts: few
 * bytes, which are joined, or many. */
static void handle(void *ctx, unsigned worker, struct http_request *request, struct http_response *response) {
    (void)ctx;
    (void)worker;
    response->status = 200;
    response->type = TEXT("text/plain");
    size_t size = request->serial % 3 == 2 ? LONG : SHORT;
    /* Memory of another request would be seen here: arenas are handed out wiped. */
    char *p = arena_take(request->arena, size);
    for (size_t i = 0; i < size; i++) {
        if (p[i] != 0) {
            response->status = 599;
        }
    }
    for (size_t i = 0; i < size; i++) {
        p[i] = request->body.n == 0 ? 'x' : request->body.p[i % request->body.n];
    }
    if (request->serial % 3 == 0) {
        response->body = (struct text){p, size};
        return;
    }
    /* In parts: of its own memory, none, and lent. */
    struct http_part *parts = arena_array(request->arena, struct http_part, 3);
    char *lent = malloc(size - OWN);
    assert_non_null(lent);
    memcpy(lent, p + OWN, size - OWN);
    parts[0].bytes = (struct text){p, OWN};
    parts[2] = (struct http_part){{lent, size - OWN}, true};
    response->parts = parts;
    response->part_count = 3;
    response->release = give_back;
    response->owner = lent;
    atomic_fetch_add(&lent_now, 1);
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
    char *body = calloc(1, LONG + 1);
    int fd = peer_connect(&peer);
    int n = snprintf(canary, sizeof canary, "[%06u-secret]", client->number);
    int m = snprintf(request, sizeof request,
                     "POST /canary HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s", n, canary);
    for (int round = 0; round < ROUNDS; round++) {
        peer_send(fd, request, (size_t)m);
        int status = peer_answer(fd, NULL, body, LONG + 1);
        size_t size = strlen(body);
        client->wrong += status != 200 || (size != SHORT && size != LONG);
        for (size_t i = 0; i < size && client->wrong == 0; i++) {
            client->wrong += body[i] != canary[i % (size_t)n];
        }
    }
    close(fd);
    free(body);
    return NULL;
}

static void test_many_clients(void **state) {
    (void)state;
    static struct client clients[CLIENTS];
    struct http_settings many = gate_settings(4, 1000);
    many.hooks.handle = handle;
    peer_start(&peer, many);
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
    assert_int_equal(atomic_load(&lent_now), 0); /* each was given back once */
}

static enum http_quick quick(void *ctx, const struct http_request *request,
                             struct http_response *ret_response, void **ret_asked) {
    (void)ctx;
    (void)request;
    (void)ret_asked;
    ret_response->status = 200;
    ret_response->type = TEXT("text/plain");
    ret_response->body = TEXT("quick");
    return HTTP_ANSWERED;
}

/* A server in a process of its own, so that it can be stopped; it ends by a signal. */
static pid_t serve_apart(struct http_settings settings) {
    const char *why = "";
    assert_int_equal(listen_tcp("127.0.0.1", 0, &settings.listener), RC_OK);
    peer.port = listen_port(settings.listener);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (http_server_start(&settings, &peer.server, &why) == RC_OK) {
            pause();
        }
        _exit(1);
    }
    close(settings.listener);
    return child;
}

/* The library looks at 128 events at a time. Just as many, found at once because the only reading thread was kept from
 * running, and then none: they are answered although nothing else happens (docs/adr/0194). */
static void test_just_as_many_at_once(void **state) {
    (void)state;
    enum { AT_ONCE = 128 };
    static const struct text get = TEXT_INIT("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    int fd[AT_ONCE];
    int status = 0;
    struct http_settings one = gate_settings(1, 10);
    one.hooks.quick = quick;
    one.io_threads = 1;
    pid_t child = serve_apart(one);
    for (unsigned i = 0; i < AT_ONCE; i++) {
        fd[i] = peer_connect(&peer);
        peer_send(fd[i], get.p, get.n);
        assert_int_equal(peer_answer(fd[i], NULL, NULL, 0), 200);
    }
    kill(child, SIGSTOP);
    assert_int_equal(waitpid(child, &status, WUNTRACED), child);
    for (unsigned i = 0; i < AT_ONCE; i++) {
        peer_send(fd[i], get.p, get.n);
    }
    kill(child, SIGCONT);
    unsigned answered = 0;
    for (unsigned i = 0; i < AT_ONCE && answered == i; i++) {
        answered += peer_answer(fd[i], NULL, NULL, 0) == 200;
    }
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, &status, 0), child);
    for (unsigned i = 0; i < AT_ONCE; i++) {
        close(fd[i]);
    }
    assert_int_equal(answered, AT_ONCE);
}

/* Clients that leave while their request is being worked on. */
static void test_clients_leave(void **state) {
    (void)state;
    peer_start(&peer, gate_settings(2, 100));
    for (int i = 0; i < 20; i++) {
        int fd = peer_connect(&peer);
        peer_send(fd, gate_get.p, gate_get.n);
        gate_wait_inside(i < 2 ? (unsigned)i + 1 : 2);
        close(fd);
    }
    gate_open();
    peer_stop(&peer);
}

/* Stopping waits for the running request; nobody new gets in; idle connections are closed. */
static void test_graceful_stop(void **state) {
    (void)state;
    peer_start(&peer, gate_settings(2, 10));
    int busy = peer_connect(&peer);
    int idle = peer_connect(&peer);
    peer_send(busy, gate_get.p, gate_get.n);
    gate_wait_inside(1);
    gate_open_when_ending(&peer);
    peer_stop(&peer);
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
    struct http_settings unix_settings = gate_settings(1, 10);
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
        cmocka_unit_test(test_many_clients),  cmocka_unit_test(test_just_as_many_at_once),
        cmocka_unit_test(test_clients_leave), cmocka_unit_test(test_graceful_stop),
        cmocka_unit_test(test_unix_proxy),
    };
    return cmocka_run_group_tests_name("http/load", tests, NULL, NULL);
}
