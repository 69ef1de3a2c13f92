#include "profile/document.h"

#include <assert.h>
#include <jansson.h>
#include <string.h>

#include "base/buf.h"

static json_t *parse(struct text json) {
    return json_loadb(json.p, json.n, JSON_REJECT_DUPLICATES, NULL);
}

/* Numbers keep their digits: every value of a profile is a whole number, a text or a truth. */
static struct text dump(struct arena *arena, const json_t *json) {
    size_t n = json_dumpb(json, NULL, 0, JSON_COMPACT);
    char *p = arena_take(arena, n + 1);
    size_t again = json_dumpb(json, p, n, JSON_COMPACT);
    assert(n > 0 && again == n);
    return (struct text){p, n};
}

static struct text member(struct arena *arena, const json_t *json, const char *key) {
    const json_t *value = json_object_get(json, key);
    return json_is_string(value)
               ? text_copy(arena, (struct text){json_string_value(value), json_string_length(value)})
               : TEXT("");
}

static struct document document_of(struct arena *arena, const json_t *json) {
    struct document document = {dump(arena, json), DAY_NONE, member(arena, json, "name")};
    struct day day;
    if (day_parse(member(arena, json, "valid_from"), &day)) {
        document.valid_from = day;
    }
    return document;
}

/* ---- the file ---- */

static bool split(struct arena *arena, json_t *file, struct document_set *set) {
    json_t *versions = json_object_get(file, "versions");
    size_t count = json_array_size(versions);
    if (!json_is_array(versions) || count > PROGRAMME_VERSIONS_MAX) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const json_t *version = json_array_get(versions, i);
        if (!json_is_object(version)) {
            return false;
        }
        set->versions[set->count++] = document_of(arena, version);
    }
    json_object_del(file, "versions");
    set->head = dump(arena, file);
    return true;
}

bool document_split(struct arena *arena, struct text file, struct document_set *ret_set) {
    struct document_set *set = arena_new(arena, struct document_set);
    json_t *json = parse(file);
    bool good = json_is_object(json) && split(arena, json, set);
    json_decref(json);
    if (good) {
        *ret_set = *set;
    }
    return good;
}

struct text document_join(struct arena *arena, struct text head, const struct text *versions, size_t count) {
    struct buf buf;
    buf_init(&buf, arena);
    assert(head.n >= 2 && head.p[head.n - 1] == '}');
    buf_put(&buf, text_part(head, 0, head.n - 1));
    buf_putz(&buf, head.n > 2 ? ",\"versions\":[" : "\"versions\":[");
    for (size_t i = 0; i < count; i++) {
        buf_putz(&buf, i > 0 ? "," : "");
        buf_put(&buf, versions[i]);
    }
    buf_putz(&buf, "]}");
    return buf_text(&buf);
}

/* ---- one version ---- */

bool document_read(struct arena *arena, struct text json, struct document *ret_document) {
    json_t *version = parse(json);
    bool good = json_is_object(version);
    if (good) {
        *ret_document = document_of(arena, version);
    }
    json_decref(version);
    return good;
}

struct text document_dated(struct arena *arena, struct text document, struct day valid_from) {
    json_t *json = parse(document);
    struct text day = day_format(arena, valid_from);
    assert(json_is_object(json));
    int failed = json_object_set_new(json, "valid_from", json_stringn(day.p, day.n));
    assert(failed == 0);
    struct text dated = dump(arena, json);
    json_decref(json);
    return dated;
}

/* ---- comparing ---- */

/* Where two trees part, as the pieces on the way there. */
struct way {
    const struct way *up;
    const char *key; /* in an object, else NULL */
    size_t index;
};

static void way_put(struct buf *buf, const struct way *way) {
    if (way->up == NULL) {
        return;
    }
    way_put(buf, way->up);
    buf_putc(buf, '/');
    if (way->key == NULL) {
        buf_printf(buf, "%zu", way->index);
        return;
    }
    for (const char *p = way->key; *p != '\0'; p++) {
        if (*p == '~' || *p == '/') {
            buf_putz(buf, *p == '~' ? "~0" : "~1");
        } else {
            buf_putc(buf, *p);
        }
    }
}

static void found(struct arena *arena, const struct way *way, struct text *ret_pointer) {
    struct buf buf;
    buf_init(&buf, arena);
    way_put(&buf, way);
    *ret_pointer = buf_text(&buf);
}

static bool walk(struct arena *arena, const struct way *way, const json_t *a, const json_t *b,
                 struct text *ret_pointer);

/* A key of `a` that `b` has not, or has otherwise; then a key that only `b` has. */
static bool walk_object(struct arena *arena, const struct way *way, json_t *a, json_t *b,
                        struct text *ret_pointer) {
    const char *key;
    json_t *value;
    json_object_foreach(a, key, value) {
        struct way at = {.up = way, .key = key};
        if (walk(arena, &at, value, json_object_get(b, key), ret_pointer)) {
            return true;
        }
    }
    json_object_foreach(b, key, value) {
        struct way at = {.up = way, .key = key};
        if (json_object_get(a, key) == NULL) {
            found(arena, &at, ret_pointer);
            return true;
        }
    }
    return false;
}

static bool walk_array(struct arena *arena, const struct way *way, const json_t *a, const json_t *b,
                       struct text *ret_pointer) {
    size_t count = json_array_size(a) > json_array_size(b) ? json_array_size(a) : json_array_size(b);
    for (size_t i = 0; i < count; i++) {
        struct way at = {.up = way, .index = i};
        if (walk(arena, &at, json_array_get(a, i), json_array_get(b, i), ret_pointer)) {
            return true;
        }
    }
    return false;
}

static json_t *loose(const json_t *json) {
    union {
        const json_t *in;
        json_t *out;
    } same = {.in = json}; /* jansson walks its objects through a pointer that could change them */
    return same.out;
}

static bool walk(struct arena *arena, const struct way *way, const json_t *a, const json_t *b,
                 struct text *ret_pointer) {
    if (a != NULL && b != NULL && json_equal(a, b)) {
        return false;
    }
    if (json_is_object(a) && json_is_object(b)) {
        return walk_object(arena, way, loose(a), loose(b), ret_pointer);
    }
    if (json_is_array(a) && json_is_array(b)) {
        return walk_array(arena, way, a, b, ret_pointer);
    }
    found(arena, way, ret_pointer);
    return true;
}

bool document_differs(struct arena *arena, struct text a, struct text b, struct text *ret_pointer) {
    json_t *left = parse(a);
    json_t *right = parse(b);
    struct way root = {0};
    bool differs = walk(arena, &root, left, right, ret_pointer);
    json_decref(left);
    json_decref(right);
    return differs;
}
