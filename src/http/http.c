#include "http/http.h"

#include <assert.h>
#include <strings.h>

#include "base/buf.h"

static const char *const method_names[] = {
    [HTTP_GET] = "GET",     [HTTP_HEAD] = "HEAD",     [HTTP_POST] = "POST",       [HTTP_PUT] = "PUT",
    [HTTP_PATCH] = "PATCH", [HTTP_DELETE] = "DELETE", [HTTP_OPTIONS] = "OPTIONS",
};
static_assert(COUNT(method_names) == HTTP_METHOD__MAX, "a name for each method");

const char *http_method_name(enum http_method method) {
    assert(method < HTTP_METHOD__MAX);
    return method_names[method];
}

bool http_method_safe(enum http_method method) {
    return method == HTTP_GET || method == HTTP_HEAD;
}

static bool same_name(struct text a, struct text b) {
    return a.n == b.n && strncasecmp(a.p, b.p, a.n) == 0;
}

struct text http_header(const struct http_request *request, const char *name) {
    struct text wanted = text_of(name);
    for (size_t i = 0; i < request->header_count; i++) {
        if (same_name(request->headers[i].name, wanted)) {
            return request->headers[i].value;
        }
    }
    return TEXT("");
}

bool http_cookie(const struct http_request *request, const char *name, struct text *ret_value) {
    const struct http_field *found = NULL;
    for (size_t i = 0; i < request->cookie_count; i++) {
        if (text_is(request->cookies[i].name, name)) {
            if (found != NULL) {
                return false;
            }
            found = &request->cookies[i];
        }
    }
    if (found != NULL) {
        *ret_value = found->value;
    }
    return found != NULL;
}

/* RFC 6265 section 4.1.1: cookie-octet. */
static bool cookie_value_ok(struct text t) {
    for (size_t i = 0; i < t.n; i++) {
        unsigned char c = (unsigned char)t.p[i];
        if (c <= 0x20 || c >= 0x7f || c == '"' || c == ',' || c == ';' || c == '\\') {
            return false;
        }
    }
    return true;
}

bool http_cookie_next(struct text *rest, struct http_field *ret_cookie) {
    struct text piece;
    while (text_next(rest, ';', &piece)) {
        piece = text_trim(piece);
        size_t equals = text_index(piece, '=');
        struct http_field cookie = {text_part(piece, 0, equals), text_part(piece, equals + 1, piece.n)};
        if (equals < piece.n && cookie.name.n > 0 && cookie_value_ok(cookie.name) &&
            cookie_value_ok(cookie.value)) {
            *ret_cookie = cookie;
            return true;
        }
    }
    return false;
}

size_t http_response_bytes(const struct http_response *response) {
    size_t n = response->body.n;
    for (size_t i = 0; i < response->part_count; i++) {
        n += response->parts[i].bytes.n;
    }
    return n;
}

struct text http_response_text(struct arena *arena, const struct http_response *response) {
    struct buf buf;
    buf_init(&buf, arena);
    buf_reserve(&buf, http_response_bytes(response) + 1);
    buf_put(&buf, response->body);
    for (size_t i = 0; i < response->part_count; i++) {
        buf_put(&buf, response->parts[i].bytes);
    }
    return buf_text(&buf);
}

void http_response_add(struct http_response *response, const char *name, struct text value) {
    assert(response->extra_count < HTTP_EXTRA_MAX);
    response->extra[response->extra_count++] = (struct http_field){text_of(name), value};
}

void http_response_cookie(struct http_response *response, struct arena *arena,
                          struct http_set_cookie cookie) {
    assert(cookie_value_ok(cookie.value));
    struct text age = TEXT("");
    if (cookie.max_age != 0) {
        int64_t seconds = cookie.max_age < 0 ? 0 : cookie.max_age;
        age = text_printf(arena, "; Max-Age=%lld", (long long)seconds);
    }
    struct text line = text_printf(arena, "%s=%.*s; Path=/%.*s%s%s; SameSite=%s", cookie.name,
                                   TEXT_F(cookie.value), TEXT_F(age), cookie.secure ? "; Secure" : "",
                                   cookie.readable ? "" : "; HttpOnly", cookie.strict ? "Strict" : "Lax");
    http_response_add(response, "Set-Cookie", line);
}
