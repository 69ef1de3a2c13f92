#include "http/peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static struct http_place place_all(void *ctx, enum http_method method, struct text path) {
    (void)ctx;
    (void)method;
    (void)path;
    return (struct http_place){.body_limit = 1 << 10};
}

static void say_here(void *ctx, unsigned worker, struct http_request *request,
                     struct http_response *response) {
    (void)ctx;
    (void)worker;
    (void)request;
    response->status = 200;
    response->type = TEXT("text/plain");
    response->body = TEXT("here");
}

struct http_hooks peer_here(struct peer *peer) {
    return (struct http_hooks){.ctx = peer, .place = place_all, .handle = say_here};
}

static const struct http_class patient = {.name = "all", .age_ms = PEER_WAIT_S * 1000};

void peer_start(struct peer *peer, struct http_settings settings) {
    const char *why = "";
    peer->seen = 0;
    settings.leave_ms = settings.leave_ms == 0 ? 20 : settings.leave_ms;
    if (settings.class_count == 0) {
        settings.classes = &patient;
        settings.class_count = 1;
    }
    assert_int_equal(listen_tcp("127.0.0.1", 0, &settings.listener), RC_OK);
    peer->port = listen_port(settings.listener);
    assert_int_equal(http_server_start(&settings, &peer->server, &why), RC_OK);
}

void peer_stop(struct peer *peer) {
    assert_int_equal(http_server_stop(peer->server, PEER_WAIT_S * 1000, NULL), RC_OK);
}

int peer_connect(const struct peer *peer) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct timeval patience = {.tv_sec = PEER_WAIT_S};
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(peer->port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

void peer_send(int fd, const char *bytes, size_t n) {
    while (n > 0) {
        ssize_t sent = send(fd, bytes, n, MSG_NOSIGNAL);
        if (sent <= 0) {
            return; /* the server has cut us off; the answer will tell */
        }
        bytes += sent;
        n -= (size_t)sent;
    }
}

/* Reads byte by byte up to the empty line: slow, but leaves the next answer where it is. */
static bool read_head(int fd, char *head, size_t size) {
    size_t n = 0;
    while (n + 1 < size && recv(fd, head + n, 1, 0) == 1) {
        n++;
        head[n] = '\0';
        if (n >= 4 && memcmp(head + n - 4, "\r\n\r\n", 4) == 0) {
            return true;
        }
    }
    return false;
}

int peer_answer(int fd, char *head, char *body, size_t size) {
    char own[8192];
    char *at = head == NULL ? own : head;
    if (!read_head(fd, at, head == NULL ? sizeof own : size) || strncmp(at, "HTTP/1.", 7) != 0) {
        return 0;
    }
    int status = (int)strtol(at + 9, NULL, 10);
    if (status == 100) {
        return peer_answer(fd, head, body, size);
    }
    const char *length = strcasestr(at, "\r\nContent-Length:");
    size_t left = length == NULL ? 0 : (size_t)strtoul(length + 17, NULL, 10);
    size_t n = 0;
    char piece[4096];
    ssize_t got = 1;
    while (left > 0 && got > 0) {
        got = recv(fd, piece, left < sizeof piece ? left : sizeof piece, 0);
        size_t more = got > 0 ? (size_t)got : 0;
        size_t kept = body != NULL && n + more < size ? more : 0;
        if (kept > 0) {
            memcpy(body + n, piece, kept);
        }
        n += kept;
        left -= more;
    }
    if (body != NULL) {
        body[n] = '\0';
    }
    return left == 0 ? status : 0;
}

bool peer_closed(int fd) {
    char rest[512];
    ssize_t n;
    do {
        n = recv(fd, rest, sizeof rest, 0);
    } while (n > 0);
    return n == 0 || (n < 0 && errno == ECONNRESET);
}

int peer_once(const struct peer *peer, const char *bytes, size_t n) {
    int fd = peer_connect(peer);
    peer_send(fd, bytes, n);
    int status = peer_answer(fd, NULL, NULL, 0);
    close(fd);
    return status;
}
