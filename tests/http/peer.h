/* A server under test and a client that sends raw bytes, for tests of http. */
#ifndef SANGO_TESTS_HTTP_PEER_H
#define SANGO_TESTS_HTTP_PEER_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "http/listen.h"
#include "http/server.h"

struct peer {
    struct http_server *server;
    uint16_t port;
    _Atomic unsigned seen; /* requests that reached `handle` or `quick` */
};

/* Every request is a worker's, has room for 1 KiB, and is answered "here". */
struct http_hooks peer_here(struct peer *peer);
/* Starts on a free port of 127.0.0.1. Zero fields of `settings` other than the hooks get the server's defaults, but that
 * no request is too old. */
void peer_start(struct peer *peer, struct http_settings settings);
void peer_stop(struct peer *peer);

/* A connected socket. Who waits for PEER_WAIT_S in vain waits for nothing: no machine is as slow as that. */
enum { PEER_WAIT_S = 120 };
int peer_connect(const struct peer *peer);
void peer_send(int fd, const char *bytes, size_t n);
/* One answer: reads the head, then Content-Length bytes. Returns the status, 0 when the connection ended first.
 * `head` and `body` may be NULL; `size` is the room of each. */
int peer_answer(int fd, char *head, char *body, size_t size);
/* True when the peer closes (what still arrives is dropped). */
bool peer_closed(int fd);
/* Sends, reads one answer, closes. */
int peer_once(const struct peer *peer, const char *bytes, size_t n);

#endif
