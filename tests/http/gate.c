#include "http/gate.h"

#include <netinet/in.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { WAITS = PEER_WAIT_S * 1000 };

const struct text gate_get = TEXT_INIT("GET /gate HTTP/1.1\r\nHost: a\r\n\r\n");
const struct text gate_urgent = TEXT_INIT("GET /gate/urgent HTTP/1.1\r\nHost: a\r\n\r\n");
const struct text gate_post = TEXT_INIT("POST /gate HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody");

static struct http_class classes[2];
static _Atomic bool is_open;
static _Atomic unsigned inside;
static pthread_t opener;
static bool opening;

static struct http_place place(void *ctx, enum http_method method, struct text path) {
    (void)ctx;
    (void)method;
    return (struct http_place){.body_limit = 1 << 20, .class = text_ends(path, TEXT("/urgent")) ? 0 : 1};
}

static void handle(void *ctx, unsigned worker, struct http_request *request, struct http_response *response) {
    (void)ctx;
    (void)worker;
    response->status = 200;
    response->type = TEXT("text/plain");
    (void)gate_handle(request, response);
}

struct http_settings gate_settings(unsigned workers, unsigned waiting_max) {
    if (opening) {
        pthread_join(opener, NULL);
    }
    opening = false;
    is_open = false;
    classes[0] = (struct http_class){.name = "urgent", .waiting_max = 2, .age_ms = WAITS};
    classes[1] = (struct http_class){.name = "other", .waiting_max = waiting_max, .age_ms = WAITS};
    return (struct http_settings){.hooks = {.place = place, .handle = handle},
                                  .io_threads = 2,
                                  .workers = workers,
                                  .classes = classes,
                                  .class_count = 2};
}

struct http_class *gate_class(void) {
    return &classes[1];
}

bool gate_handle(const struct http_request *request, struct http_response *response) {
    if (!text_starts(request->path, TEXT("/gate"))) {
        return false;
    }
    inside++;
    while (!is_open) {
        usleep(1000);
    }
    inside--;
    response->body = TEXT("passed");
    return true;
}

void gate_open(void) {
    is_open = true;
}

/* A newcomer is refused, let go, or answered once only. */
static bool is_ending(const struct peer *peer) {
    char head[4096];
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(peer->port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool ending = connect(fd, (struct sockaddr *)&address, sizeof address) != 0;
    if (!ending) {
        peer_send(fd, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 27);
        ending =
            peer_answer(fd, head, NULL, sizeof head) == 0 || strstr(head, "Connection: close\r\n") != NULL;
    }
    close(fd);
    return ending;
}

static void *open_when_ending(void *arg) {
    while (!is_ending(arg)) {
    }
    is_open = true;
    return NULL;
}

void gate_open_when_ending(const struct peer *peer) {
    assert_int_equal(pthread_create(&opener, NULL, open_when_ending, (void *)(uintptr_t)peer), 0);
    opening = true;
}

void gate_wait_inside(unsigned n) {
    for (int i = 0; i < WAITS && inside != n; i++) {
        usleep(1000);
    }
    assert_int_equal(inside, n);
}

void gate_wait_queued(const struct peer *peer, unsigned n) {
    struct http_counts counts = {0};
    for (int i = 0; i < WAITS && counts.waiting != n; i++) {
        usleep(1000);
        http_server_counts(peer->server, false, &counts);
    }
    assert_int_equal(counts.waiting, n);
}
