#include "web/filled.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/buf.h"
#include "sys/token.h"

static struct text after(struct text t, const char *mark) {
    struct text m = text_of(mark);
    for (size_t i = 0; i + m.n <= t.n; i++) {
        if (memcmp(t.p + i, m.p, m.n) == 0) {
            return text_part(t, i + m.n, t.n);
        }
    }
    return TEXT("");
}

static struct text attribute(struct text tag, const char *name) {
    char mark[40];
    (void)snprintf(mark, sizeof mark, " %s=\"", name);
    struct text rest = after(tag, mark);
    return text_part(rest, 0, text_index(rest, '"'));
}

static void put_escaped(struct buf *buf, struct text t) {
    for (size_t i = 0; i < t.n; i++) {
        unsigned char c = (unsigned char)t.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        buf_printf(buf, plain ? "%c" : "%%%02X", c);
    }
}

static void put_pair(struct buf *buf, struct text name, struct text value) {
    buf_putz(buf, buf->n > 0 ? "&" : "");
    put_escaped(buf, name);
    buf_putc(buf, '=');
    put_escaped(buf, value);
}

static bool is_changed(const struct change *changes, size_t count, struct text name) {
    for (size_t i = 0; i < count; i++) {
        if (text_is(name, changes[i].name)) {
            return true;
        }
    }
    return false;
}

static void put_input(struct buf *buf, struct text tag, const struct change *changes, size_t count) {
    struct text name = attribute(tag, "name");
    struct text type = attribute(tag, "type");
    bool box = text_is(type, "checkbox") || text_is(type, "radio");
    bool guards = name.n == 0 || name.p[0] == '_';
    if (!guards && (!box || text_has(tag, TEXT(" checked"))) && !is_changed(changes, count, name)) {
        put_pair(buf, name, attribute(tag, "value"));
    }
}

static void put_select(struct buf *buf, struct text select, const struct change *changes, size_t count) {
    struct text name = attribute(text_part(select, 0, text_index(select, '>')), "name");
    struct text rest = select;
    while ((rest = after(rest, "<option")).n > 0) {
        struct text tag = text_part(rest, 0, text_index(rest, '>'));
        if (text_has(tag, TEXT(" selected")) && !is_changed(changes, count, name)) {
            put_pair(buf, name, attribute(tag, "value"));
        }
    }
}

struct text desk_filled(struct desk *desk, const struct answer *page, const struct change *changes,
                        size_t count) {
    struct text main = after(page->body, "<main");
    struct text form = after(main, "<form method=\"post\"");
    struct buf buf;
    buf_init(&buf, &desk->arena);
    struct text rest = text_part(form, 0, form.n - after(form, "</form>").n);
    struct text inputs = rest;
    while ((inputs = after(inputs, "<input")).n > 0) {
        put_input(&buf, text_part(inputs, 0, text_index(inputs, '>')), changes, count);
    }
    while ((rest = after(rest, "<select")).n > 0) {
        put_select(&buf, text_part(rest, 0, rest.n - after(rest, "</select>").n), changes, count);
    }
    for (size_t i = 0; i < count; i++) {
        if (changes[i].value != NULL) {
            put_pair(&buf, text_of(changes[i].name), text_of(changes[i].value));
        }
    }
    return buf_text(&buf);
}

struct text desk_keyless(struct desk *desk, struct text body) {
    static const struct text mark = TEXT_INIT("name=\"_key\" value=\"");
    char *bytes = arena_take(&desk->arena, body.n + 1);
    memcpy(bytes, body.p, body.n);
    for (char *at = bytes; body.n > 0; at += mark.n) {
        at = memmem(at, (size_t)(bytes + body.n - at), mark.p, mark.n);
        if (at == NULL) {
            break;
        }
        assert_true(at + mark.n + TOKEN_CHARS < bytes + body.n);
        memset(at + mark.n, '-', TOKEN_CHARS);
    }
    return (struct text){bytes, body.n};
}
