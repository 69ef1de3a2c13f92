/* Values of a version as text: as they are typed, and as people read them. */
#include "base/buf.h"
#include "base/num.h"
#include "base/date.h"
#include "profile/shape.h"
#include "words/words.h"

/* ---- as typed ---- */

static struct text plain(const json_t *json) {
    return (struct text){json_string_value(json), json_string_length(json)};
}

static void put_numbers(struct buf *buf, const json_t *list) {
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *n = json_array_get(list, i);
        buf_printf(buf, "%s%lld", i > 0 ? "、" : "",
                   json_is_integer(n) ? (long long)json_integer_value(n) : 0);
    }
}

static struct text list_text(struct arena *arena, const struct shape_field *field, const json_t *json) {
    struct buf buf;
    buf_init(&buf, arena);
    for (size_t i = 0; i < json_array_size(json); i++) {
        const json_t *item = json_array_get(json, i);
        if (field->kind == SHAPE_PATTERNS) {
            buf_putz(&buf, i > 0 ? "／" : "");
            put_numbers(&buf, item);
        } else if (json_is_string(item)) {
            buf_putz(&buf, buf.n > 0 ? " " : "");
            buf_put(&buf, plain(item));
        }
    }
    return buf_text(&buf);
}

static struct text numbers_text(struct arena *arena, const json_t *json) {
    struct buf buf;
    buf_init(&buf, arena);
    put_numbers(&buf, json);
    return buf_text(&buf);
}

struct text shape_text(struct arena *arena, const struct shape_field *field, const json_t *json) {
    switch (field->kind) {
    case SHAPE_TEXT:
    case SHAPE_CODE:
    case SHAPE_DAY:
    case SHAPE_CLOCK:
    case SHAPE_CHOICE:
    case SHAPE_CLASS:
        return json_is_string(json) ? text_copy(arena, plain(json)) : TEXT("");
    case SHAPE_YEN:
    case SHAPE_COUNT:
    case SHAPE_PERCENT:
        return json_is_integer(json) ? text_printf(arena, "%lld", (long long)json_integer_value(json))
                                     : TEXT("");
    case SHAPE_BOOL:
        return json_is_boolean(json) ? text_of(json_is_true(json) ? "true" : "false") : TEXT("");
    case SHAPE_INFANTS:
        return json_is_integer(json) ? text_printf(arena, "%lld", (long long)json_integer_value(json))
                                     : numbers_text(arena, json);
    case SHAPE_YENS:
        return numbers_text(arena, json);
    default:
        return list_text(arena, field, json);
    }
}

/* ---- as read ---- */

static struct text names(struct arena *arena, const struct shape_field *field, const json_t *version,
                         struct text codes) {
    struct buf buf;
    struct text code;
    buf_init(&buf, arena);
    while (codes.n > 0 && text_next(&codes, ' ', &code)) {
        buf_putz(&buf, buf.n > 0 ? "、" : "");
        buf_put(&buf, shape_row_name(version, shape_table(field->kind), code));
    }
    return buf_text(&buf);
}

static struct text grouped(struct arena *arena, struct text typed, struct text unit) {
    int64_t n;
    return num_parse(typed, &n) ? text_printf(arena, "%.*s%.*s", TEXT_F(num_grouped(arena, n)), TEXT_F(unit))
                                : text_join(arena, typed, unit);
}

/* The text of a leaf in words. */
static struct text leaf(struct arena *arena, const struct shape *shape, const struct shape_field *field,
                        const json_t *version, struct text typed) {
    struct text none;
    struct day day;
    switch (field->kind) {
    case SHAPE_YEN:
    case SHAPE_COUNT:
    case SHAPE_PERCENT:
        return grouped(arena, typed, shape_unit(arena, shape, field));
    case SHAPE_BOOL:
        return word_text(text_is(typed, "true") ? W_RULE_BOOL_YES : W_RULE_BOOL_NO);
    case SHAPE_DAY:
        return day_parse(typed, &day) ? day_era(arena, day) : typed;
    case SHAPE_CHOICE:
        return shape_choice(arena, shape, field, typed);
    case SHAPE_CLASS:
        none = shape_choice(arena, shape, field, typed);
        return field->choices != NULL && shape_lists(field->choices, typed)
                   ? none
                   : text_copy(arena, shape_row_name(version, "classes", typed));
    case SHAPE_CARES:
    case SHAPE_CLASSES:
    case SHAPE_POOLS:
        return text_is(typed, "*")     ? word_text(W_RULE_ALL)
               : text_is(typed, "own") ? word_text(W_RULE_OWN)
                                       : names(arena, field, version, typed);
    case SHAPE_YENS:
        return text_join(arena, typed, word_text(W_RULE_UNIT_YEN));
    default:
        return typed;
    }
}

static struct text nothing(struct arena *arena, const struct shape *shape, const struct shape_field *field) {
    enum word word;
    struct text key = text_printf(arena, "rule-none.%s.%s", shape->name, field->key);
    return word_find(key, &word) ? word_text(word) : word_text(W_RULE_NONE);
}

static void put_pair(struct arena *arena, struct buf *buf, struct text label, struct text value) {
    if (value.n > 0) {
        struct word_arg args[] = {{"label", label}, {"value", value}};
        buf_putz(buf, buf->n > 0 ? "\n" : "");
        buf_put(buf, label.n > 0 ? word_expand(arena, W_RULE_PAIR, args, COUNT(args)) : value);
    }
}

/* Members of an object that are there. */
static struct text object(struct arena *arena, const struct shape *shape, const json_t *version,
                          const json_t *json) {
    struct buf buf;
    buf_init(&buf, arena);
    size_t way = shape_way_of(shape, json);
    if (shape->way_count > 0) {
        put_pair(arena, &buf, TEXT(""), shape_way_label(arena, shape, &shape->ways[way]));
    }
    for (size_t i = 0; i < shape->count; i++) {
        const struct shape_field *field = &shape->fields[i];
        const json_t *member = json_object_get(json, field->key);
        if (member != NULL && field->kind != SHAPE_CODE && shape_shows(shape, way, field)) {
            put_pair(arena, &buf, shape_label(arena, shape, field),
                     shape_words(arena, shape, field, version, member));
        }
    }
    return buf_text(&buf);
}

/* {code: value}, or one for all. */
static struct text table(struct arena *arena, const struct shape *shape, const struct shape_field *field,
                         const json_t *version, const json_t *json) {
    struct buf buf;
    buf_init(&buf, arena);
    if (!(field->kind == SHAPE_BY_CARE ? json_is_object(json) : shape_is_table(json))) {
        return shape_words(arena, shape, field->value, version, json);
    }
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)json, key, value) {
        struct text code = text_of(key);
        struct text name = text_is(code, "all") ? word_text(W_RULE_OTHERS)
                                                : shape_row_name(version, shape_table(field->kind), code);
        put_pair(arena, &buf, name, shape_words(arena, shape, field->value, version, value));
    }
    return buf_text(&buf);
}

static struct text rows(struct arena *arena, const struct shape_field *field, const json_t *version,
                        const json_t *json) {
    struct buf buf;
    buf_init(&buf, arena);
    for (size_t i = 0; i < json_array_size(json); i++) {
        buf_putz(&buf, i > 0 ? "\n" : "");
        buf_put(&buf, object(arena, field->inner, version, json_array_get(json, i)));
    }
    return buf_text(&buf);
}

struct text shape_words(struct arena *arena, const struct shape *shape, const struct shape_field *field,
                        const json_t *version, const json_t *json) {
    if (field->kind == SHAPE_OBJECT && field->inner->way_count > 0) {
        const struct shape_way *way = &field->inner->ways[shape_way_of(field->inner, json)];
        if (way->as != NULL && json != NULL) {
            return shape_words(arena, field->inner, way->as, version, json);
        }
        if (json == NULL) {
            return shape_way_label(arena, field->inner, way);
        }
    }
    if (json == NULL) {
        return field->def == NULL || field->def[0] == '\0'
                   ? nothing(arena, shape, field)
                   : leaf(arena, shape, field, version, text_of(field->def));
    }
    switch (field->kind) {
    case SHAPE_OBJECT:
        return object(arena, field->inner, version, json);
    case SHAPE_ROWS:
        return rows(arena, field, version, json);
    case SHAPE_BY_CLASS:
    case SHAPE_BY_CARE:
        return table(arena, shape, field, version, json);
    default:
        return leaf(arena, shape, field, version, shape_text(arena, field, json));
    }
}
