/* A request and its answer as plain structs: what handlers see of HTTP. Framing, threads and sockets are
 * http/server.h's business. Everything a request holds lives in its arena and goes with it; nothing here knows
 * what the programme is about. */
#ifndef SANGO_HTTP_HTTP_H
#define SANGO_HTTP_HTTP_H

#include "base/text.h"

enum http_method {
    HTTP_GET,
    HTTP_HEAD, /* routed like GET; the body is dropped on the way out */
    HTTP_POST,
    HTTP_PUT,
    HTTP_PATCH,
    HTTP_DELETE,
    HTTP_OPTIONS,
    HTTP_METHOD__MAX
};
const char *http_method_name(enum http_method method);
/* Only reads, and may be repeated: of the safe methods (RFC 9110 section 9.2.1) those that are routed. */
bool http_method_safe(enum http_method method);

/* A header or a cookie. Header names are compared without case; cookie names exactly. */
struct http_field {
    struct text name;
    struct text value;
};

struct http_request {
    enum http_method method;
    struct text
        path; /* percent-decoded UTF-8, begins with '/', no empty, "." or ".." segments, no controls */
    struct text query;     /* as sent, without '?'; well-formed escapes only */
    struct text host;      /* lower case, without port */
    struct text authority; /* Host as sent: "example.jp:8080" */
    struct text peer;      /* textual IP address of the client; "unix" when unknown */
    bool https;            /* the client's connection, as told by a trusted proxy */
    const struct http_field *headers;
    size_t header_count;
    const struct http_field *cookies;
    size_t cookie_count;
    struct text body; /* complete; empty for GET and HEAD */
    uint64_t serial;  /* counts requests of this process, for logs */
    struct arena *arena;
};

/* The value of the first header of that name, or the empty text. */
struct text http_header(const struct http_request *request, const char *name);
/* False when there is no such cookie, or more than one (somebody is planting cookies). */
NODISCARD bool http_cookie(const struct http_request *request, const char *name, struct text *ret_value);
/* Takes the next "name=value" off a Cookie header; false at the end. Ill-formed pairs are skipped. */
NODISCARD bool http_cookie_next(struct text *rest, struct http_field *ret_cookie);

enum { HTTP_HEADERS_MAX = 100, HTTP_COOKIES_MAX = 32, HTTP_EXTRA_MAX = 16 };

/* A piece of an answer's bytes. */
struct http_part {
    struct text bytes;
    bool lent; /* kept alive by `release` of the answer; else static or in the request's arena */
};

struct http_response {
    int status;
    struct text type;              /* "text/html; charset=utf-8"; empty with an empty body */
    struct text body;              /* static, in the request's arena, or kept alive by `release` */
    const struct http_part *parts; /* one after the other, instead of `body` */
    size_t part_count;
    struct text cache_control; /* empty: "no-store" */
    struct http_field extra[HTTP_EXTRA_MAX];
    size_t extra_count;
    bool close; /* end the connection after this answer */
    /* Called once, on any thread, when the bytes of `body` or `parts` are no longer needed; may be NULL. */
    void (*release)(void *owner);
    void *owner;
};

/* How many bytes it has, and all of them in one piece. */
size_t http_response_bytes(const struct http_response *response);
struct text http_response_text(struct arena *arena, const struct http_response *response);

/* `name` must be a literal; value in static or arena memory, without control characters: a bad value turns the
 * whole answer into a plain 500 when it is sent. */
void http_response_add(struct http_response *response, const char *name, struct text value);

struct http_set_cookie {
    const char *name;  /* with its "__Host-" prefix, if any */
    struct text value; /* token characters only */
    int64_t max_age;   /* seconds; 0: until the browser closes; negative: delete */
    bool secure;
    bool readable; /* to scripts; leaves HttpOnly out */
    bool strict;   /* SameSite=Strict instead of Lax */
};
void http_response_cookie(struct http_response *response, struct arena *arena, struct http_set_cookie cookie);

/* Percent-decodes into the arena. `plus` turns '+' into a space. False: bad escape, NUL or ill-formed UTF-8. */
NODISCARD bool http_unescape(struct arena *arena, struct text t, bool plus, struct text *ret_text);
/* Percent-encodes everything but unreserved characters (RFC 3986 section 2.3). */
struct text http_escape(struct arena *arena, struct text t);

#endif
