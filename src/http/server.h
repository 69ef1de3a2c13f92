/* The server: sockets, framing guard, deadlines, and the hand-over from I/O threads to workers. I/O threads only
 * parse and answer what `quick` knows by heart; everything else runs start to end on a worker thread. Clients that
 * send anything unclear get 400 and are cut off. */
#ifndef SANGO_HTTP_SERVER_H
#define SANGO_HTTP_SERVER_H

#include <netinet/in.h>

#include "http/http.h"

/* A request whose answer somebody was asked for; see http_hooks.ask. */
struct http_ticket;

/* How urgent a request is, and what its kind may take of the workers. */
struct http_class {
    const char *name;     /* for logs; literal */
    unsigned waiting_max; /* requests waiting for a worker; one more gets 503. 0: as many as connections */
    unsigned running_max; /* workers it may hold at once; 0: all */
    unsigned age_ms;      /* who waited longer gets 503 instead of a worker. 0: 5000 */
    unsigned patience_ms; /* nobody is let in who would have to wait longer. 0: age_ms */
};

/* What is known of a request by its first line. */
struct http_place {
    size_t body_limit; /* largest body accepted, in bytes; GET and HEAD have none */
    unsigned class;    /* index into http_settings.classes */
    unsigned busy;     /* index into http_settings.busy */
};

/* What a shed request gets, made once. */
struct http_busy {
    struct text type;
    struct text body; /* must outlive the server */
};

/* What an I/O thread can say of a request. */
enum http_quick {
    HTTP_UNKNOWN,  /* a worker answers */
    HTTP_ANSWERED, /* *ret_response is to be sent */
    HTTP_SOON,     /* somebody can be asked who will know without a worker */
};

struct http_hooks {
    void *ctx;
    struct http_place (*place)(void *ctx, enum http_method method, struct text path);
    /* On an I/O thread, for GET and HEAD only; must not block. May be NULL: nothing is known. With HTTP_SOON *ret_asked, in
     * request->arena, is what the next two want of it, and *ret_response may have a `release` already, which is called in
     * any case. Many wait at once, so what is left in the arena should be little: the answer is made by `finish`. */
    enum http_quick (*quick)(void *ctx, const struct http_request *request,
                             struct http_response *ret_response, void **ret_asked);
    /* After HTTP_SOON: goes and asks, must not block. http_told() follows once, on any thread. */
    void (*ask)(void *ctx, void *asked, struct http_ticket *ticket);
    /* After it was told, on an I/O thread: as `quick`; with HTTP_SOON it is asked once more. */
    enum http_quick (*finish)(void *ctx, const struct http_request *request, void *asked,
                              struct http_response *ret_response);
    /* On worker number `worker` (0 …). Must fill the response; status 0 becomes a plain 500. */
    void (*handle)(void *ctx, unsigned worker, struct http_request *request, struct http_response *response);
    /* Dresses an answer the server gives by itself (400 413 431 500 501 503); response->status is set. May be NULL,
     * then a short plain text is sent. `request` may be NULL when it could not be read. On any thread. */
    void (*refused)(void *ctx, const struct http_request *request, struct arena *arena,
                    struct http_response *response);
    /* On an I/O thread: fills the 503 of a request with a body so that the sender keeps what was sent. False: the
     * prepared answer will do. Must not block; `request->arena` takes the bytes. May be NULL. */
    bool (*keep)(void *ctx, const struct http_request *request, struct http_response *response);
};

enum { HTTP_CLASSES_MAX = 8, HTTP_BUSY_MAX = 4 };

struct http_settings {
    struct http_hooks hooks;
    int listener;        /* a listening socket (http/listen.h); owned by the server from here on */
    unsigned io_threads; /* 0: one per core */
    unsigned workers;    /* at work at once, 0: 8 */
    unsigned resting;    /* and waiting for a commit (http_worker_rest), 0: 64 */
    const struct http_class *classes; /* the most urgent first; NULL: one for all */
    size_t class_count;
    const struct http_busy *busy; /* NULL: a short plain text */
    size_t busy_count;
    unsigned connections; /* 0: 4000, lowered to what the descriptor limit allows */
    unsigned
        per_address; /* connections of one client; behind a trusted proxy its requests at once. 0: no limit */
    struct text health; /* a path answered with 200 even when no more connections can be had; empty: none */
    unsigned idle_s;    /* 0: 30 */
    unsigned leave_ms;  /* when stopping, a connection silent for this long is closed, 0: 2000 */
    unsigned head_s;    /* from connecting to the end of the first header, 0: 10 */
    unsigned
        rate_floor;    /* bytes a second a body must arrive or leave with, after ten seconds' grace, 0: 500 */
    unsigned grace_ms; /* that grace, 0: 10000 */
    unsigned
        shed_hold_ms; /* how long a request waits outside of the lines that asks again too soon, 0: 1000 */
    unsigned shed_at_once; /* 503s a quarter second up to which nobody has to, 0: 256 */
    size_t arena_limit;    /* memory of one request, 0: 64 MiB */
    bool trust_unix;       /* the listener is a Unix socket: its peer is our proxy */
    /* Addresses whose X-Forwarded-For and X-Forwarded-Proto are believed. */
    const struct in6_addr *proxies; /* IPv4 as mapped addresses */
    size_t proxy_count;
};

struct http_class_counts {
    const char *name;
    unsigned waiting;
    unsigned running;
    uint64_t handled;
    uint64_t full;         /* shed: the line was full */
    uint64_t old;          /* shed: waited too long */
    int64_t waited_max_ms; /* the longest wait since it was last asked to forget */
};

struct http_counts {
    uint64_t requests;  /* heads read */
    uint64_t quick;     /* answered on an I/O thread by `quick` */
    uint64_t handled;   /* answered by a worker */
    uint64_t shed;      /* 503: queue full or too old */
    uint64_t held;      /* asked again too soon after that, and waited for it */
    uint64_t turned;    /* connections turned away: too many of one client, or no descriptors */
    uint64_t malformed; /* 400 by the framing guard */
    uint64_t cut;       /* connections ended by a deadline */
    uint64_t waiting;   /* in the queue now */
    uint64_t open;      /* connections now */
    struct http_class_counts classes[HTTP_CLASSES_MAX];
    size_t class_count;
};

struct http_server;

/* RC_FAULT, with a sentence for the operator in *ret_why (static), when threads or sockets cannot be had. */
NODISCARD enum rc http_server_start(const struct http_settings *settings, struct http_server **ret_server,
                                    const char **ret_why);
/* Answers what still arrives, each time as the connection's last, and lets go who says nothing for leave_ms from now, or
 * from her last answer; newcomers are let in meanwhile. When all who were here are gone, or leave_ms before the end of
 * `drain_ms` (at the latest after half of it), stops accepting, lets those who came meanwhile end, closes everything and
 * frees the server.
 * RC_FAULT: some request was still running; the server is left alone and the process should end.
 * `ret_listener` NULL: the socket is closed and what waits in its backlog is refused; else it is the caller's again. */
NODISCARD enum rc http_server_stop(struct http_server *server, unsigned drain_ms, int *ret_listener);
/* What was asked for is there: with `known` hooks.finish goes on, else a worker answers. */
void http_told(struct http_ticket *ticket, bool known);
/* For whoever makes a worker wait for something else than the processor: between `begins` and its end another one works
 * in its place (docs/adr/0156). Nothing on threads that are no workers. */
void http_worker_rest(void *ctx, bool begins);
/* `forget` begins the longest waits anew. */
void http_server_counts(struct http_server *server, bool forget, struct http_counts *ret_counts);

#endif
