#include "base/json_out.h"

#include <assert.h>
#include <inttypes.h>

#include "base/id.h"

void json_out_init(struct json_out *json, struct buf *buf) {
    *json = (struct json_out){.buf = buf};
}

static void put_escaped(struct buf *buf, unsigned char c) {
    switch (c) {
    case '"':
        buf_putz(buf, "\\\"");
        break;
    case '\\':
        buf_putz(buf, "\\\\");
        break;
    case '\n':
        buf_putz(buf, "\\n");
        break;
    default:
        buf_printf(buf, "\\u%04x", c);
    }
}

static void put_string(struct buf *buf, struct text t) {
    buf_putc(buf, '"');
    size_t from = 0;
    for (size_t i = 0; i < t.n; i++) {
        unsigned char c = (unsigned char)t.p[i];
        if (c < 0x20 || c == '"' || c == '\\' || c == 0x7f) {
            buf_put(buf, text_part(t, from, i));
            put_escaped(buf, c);
            from = i + 1;
        }
    }
    buf_put(buf, text_part(t, from, t.n));
    buf_putc(buf, '"');
}

static void put_safe(struct buf *buf, struct text t) {
    if (text_utf8_ok(t)) {
        put_string(buf, t);
    } else {
        put_string(buf, TEXT("\xef\xbf\xbd"));
    }
}

static void begin(struct json_out *json, const char *key) {
    if (json->comma) {
        buf_putc(json->buf, ',');
    }
    if (key != NULL) {
        put_string(json->buf, text_of(key));
        buf_putc(json->buf, ':');
    }
    json->comma = true;
}

static void open(struct json_out *json, const char *key, char bracket) {
    begin(json, key);
    buf_putc(json->buf, bracket);
    json->depth++;
    json->comma = false;
}

static void shut(struct json_out *json, char bracket) {
    assert(json->depth > 0);
    json->depth--;
    buf_putc(json->buf, bracket);
    json->comma = true;
}

void json_put_object(struct json_out *json, const char *key) {
    open(json, key, '{');
}

void json_put_object_end(struct json_out *json) {
    shut(json, '}');
}

void json_put_array(struct json_out *json, const char *key) {
    open(json, key, '[');
}

void json_put_array_end(struct json_out *json) {
    shut(json, ']');
}

void json_put_text(struct json_out *json, const char *key, struct text value) {
    begin(json, key);
    put_safe(json->buf, value);
}

void json_put_int(struct json_out *json, const char *key, int64_t value) {
    begin(json, key);
    buf_printf(json->buf, "%" PRId64, value);
}

void json_put_bool(struct json_out *json, const char *key, bool value) {
    begin(json, key);
    buf_putz(json->buf, value ? "true" : "false");
}

void json_put_null(struct json_out *json, const char *key) {
    begin(json, key);
    buf_putz(json->buf, "null");
}

void json_put_day(struct json_out *json, const char *key, struct day value) {
    if (day_is_none(value)) {
        json_put_null(json, key);
    } else {
        json_put_text(json, key, day_format(json->buf->arena, value));
    }
}

void json_put_instant(struct json_out *json, const char *key, struct instant value) {
    if (instant_is_none(value)) {
        json_put_null(json, key);
    } else {
        json_put_text(json, key, instant_format(json->buf->arena, value));
    }
}

void json_put_id(struct json_out *json, const char *key, int64_t id) {
    if (id == 0) {
        json_put_null(json, key);
    } else {
        json_put_text(json, key, id_format(json->buf->arena, id));
    }
}
