/* Writes JSON (RFC 8259) straight into a buffer: no tree, no allocation per value. Commas are kept by the writer;
 * nesting is checked by assert. Text must be UTF-8; ill-formed bytes become U+FFFD. */
#ifndef SANGO_BASE_JSON_OUT_H
#define SANGO_BASE_JSON_OUT_H

#include "base/buf.h"
#include "base/date.h"

struct json_out {
    struct buf *buf;
    int depth;
    bool comma; /* the next value needs one before it */
};

void json_out_init(struct json_out *json, struct buf *buf);

/* `key` is NULL inside arrays and at the top. */
void json_put_object(struct json_out *json, const char *key);
void json_put_object_end(struct json_out *json);
void json_put_array(struct json_out *json, const char *key);
void json_put_array_end(struct json_out *json);
void json_put_text(struct json_out *json, const char *key, struct text value);
void json_put_int(struct json_out *json, const char *key, int64_t value);
void json_put_bool(struct json_out *json, const char *key, bool value);
void json_put_null(struct json_out *json, const char *key);
void json_put_day(struct json_out *json, const char *key, struct day value);         /* DAY_NONE: null */
void json_put_instant(struct json_out *json, const char *key, struct instant value); /* INSTANT_NONE: null */
void json_put_id(struct json_out *json, const char *key, int64_t id);                /* 0: null */

#endif
