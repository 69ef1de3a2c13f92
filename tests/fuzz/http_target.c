/* Any bytes as a request target, a host, a Cookie header and a set of framing headers: refused, or read in one way. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "http/framing.h"
#include "http/target.h"

static void try_target(struct arena *arena, struct text bytes) {
    struct target target;
    if (!target_parse(arena, bytes, &target)) {
        return;
    }
    assert(target.path.n > 0 && target.path.p[0] == '/');
    assert(text_utf8_ok(target.path) && text_printable(target.path, false));
    assert(!text_has(target.path, TEXT("/../")) && !text_has(target.path, TEXT("//")));
    struct text decoded;
    bool good = http_unescape(arena, target.query, true, &decoded);
    assert(good);
    struct text back;
    good = http_unescape(arena, http_escape(arena, target.path), false, &back);
    assert(good && text_eq(back, target.path));
}

static void try_cookies(struct text bytes) {
    struct text rest = bytes;
    struct http_field cookie;
    size_t total = 0;
    while (http_cookie_next(&rest, &cookie)) {
        assert(cookie.name.n > 0);
        total += cookie.name.n + cookie.value.n + 1;
    }
    assert(total <= bytes.n + 1);
}

/* "name:value" lines as headers. */
static void try_framing(struct text bytes) {
    struct http_field headers[HTTP_HEADERS_MAX];
    size_t count = 0;
    struct text rest = bytes;
    struct text line;
    while (count < HTTP_HEADERS_MAX && text_next(&rest, '\n', &line)) {
        size_t colon = text_index(line, ':');
        headers[count++] = (struct http_field){text_part(line, 0, colon), text_part(line, colon + 1, line.n)};
    }
    struct framing framing;
    if (framing_check(TEXT("HTTP/1.1"), headers, count, &framing)) {
        assert(!framing.chunked || framing.length == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena arena;
    arena_init(&arena, (size_t)64 << 20);
    struct text bytes = {(const char *)data, size};
    struct text host;
    try_target(&arena, bytes);
    if (host_parse(&arena, bytes, &host)) {
        assert(host.n > 0 && !text_has(host, TEXT("/")));
    }
    try_cookies(bytes);
    try_framing(bytes);
    arena_release(&arena);
    return 0;
}
