#include "profile/shape.h"

#include <string.h>

#include "words/words.h"

bool shape_lists(const char *words, struct text word) {
    struct text rest = text_of(words);
    struct text piece;
    while (rest.n > 0 && text_next(&rest, ' ', &piece)) {
        if (text_eq(piece, word)) {
            return true;
        }
    }
    return false;
}

const struct shape_field *shape_member(const struct shape *shape, struct text key) {
    for (size_t i = 0; i < shape->count; i++) {
        if (text_is(key, shape->fields[i].key)) {
            return &shape->fields[i];
        }
    }
    return NULL;
}

/* ---- ways ---- */

/* "KEY", or "KEY=TEXT" */
static bool member_is(struct text test, const json_t *json) {
    size_t cut = text_index(test, '=');
    struct text key = text_part(test, 0, cut);
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)json, name, value) {
        if (text_is(key, name)) {
            return cut == test.n || (json_is_string(value) &&
                                     text_is(text_part(test, cut + 1, test.n), json_string_value(value)));
        }
    }
    return false;
}

static bool passes(struct text test, const json_t *json) {
    switch (test.p[0]) {
    case '-':
        return json == NULL;
    case '#':
        return json_is_integer(json);
    case '[':
        return json_is_array(json);
    case '{':
        return json_is_object(json);
    case '*':
        return true;
    case '+':
        return json_is_true(json);
    case '!':
        return json_is_false(json);
    case '\'':
        return json_is_string(json) && text_is(text_part(test, 1, test.n), json_string_value(json));
    default:
        return json_is_object(json) && member_is(test, json);
    }
}

size_t shape_way_of(const struct shape *shape, const json_t *json) {
    for (size_t i = 0; i < shape->way_count; i++) {
        struct text rest = text_of(shape->ways[i].test);
        struct text test;
        while (rest.n > 0 && text_next(&rest, '|', &test)) {
            if (passes(test, json)) {
                return i;
            }
        }
    }
    return 0;
}

bool shape_is_table(const json_t *json) {
    static const char *const reserved[] = {"kind", "percent", "yen", "units"};
    bool table = json_is_object(json);
    for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++) {
        table = table && json_object_get(json, reserved[i]) == NULL;
    }
    return table;
}

bool shape_shows(const struct shape *shape, size_t way, const struct shape_field *field) {
    struct text key = text_of(field->key);
    bool named = false;
    for (size_t i = 0; i < shape->way_count; i++) {
        struct text test = text_of(shape->ways[i].test);
        if (text_has(test, text_of("=")) && text_has(test, key) &&
            text_eq(text_part(test, text_index(test, '=') - key.n, text_index(test, '=')), key)) {
            return false; /* the way itself says it */
        }
        named = named || (shape->ways[i].keys != NULL && shape_lists(shape->ways[i].keys, key));
    }
    return !named || (shape->ways[way].keys != NULL && shape_lists(shape->ways[way].keys, key));
}

/* ---- words of the table ---- */

static bool find(struct arena *arena, const char *group, const struct shape *shape, const char *rest,
                 struct text *ret_text) {
    enum word word;
    bool found = word_find(text_printf(arena, "%s.%s.%s", group, shape->name, rest), &word);
    *ret_text = found ? word_text(word) : TEXT("");
    return found;
}

struct text shape_label(struct arena *arena, const struct shape *shape, const struct shape_field *field) {
    struct text label;
    return find(arena, "rule", shape, field->key, &label) ? label : text_of(field->key);
}

struct text shape_hint(struct arena *arena, const struct shape *shape, const struct shape_field *field) {
    struct text hint;
    (void)find(arena, "rule-hint", shape, field->key, &hint);
    return hint;
}

struct text shape_unit(struct arena *arena, const struct shape *shape, const struct shape_field *field) {
    struct text unit;
    if (field->kind == SHAPE_YEN || field->kind == SHAPE_YENS) {
        return word_text(W_RULE_UNIT_YEN);
    }
    if (field->kind == SHAPE_PERCENT) {
        return word_text(W_RULE_UNIT_PERCENT);
    }
    (void)find(arena, "rule-unit", shape, field->key, &unit);
    return unit;
}

struct text shape_choice(struct arena *arena, const struct shape *shape, const struct shape_field *field,
                         struct text code) {
    struct text words;
    const char *rest = text_printf(arena, "%s.%.*s", field->key, TEXT_F(code)).p;
    return find(arena, "rule-choice", shape, rest, &words) ? words : code;
}

struct text shape_way_label(struct arena *arena, const struct shape *shape, const struct shape_way *way) {
    struct text words;
    return find(arena, "rule-way", shape, way->code, &words) ? words : text_of(way->code);
}

/* ---- rows ---- */

const char *shape_table(enum shape_kind kind) {
    switch (kind) {
    case SHAPE_CLASS:
    case SHAPE_CLASSES:
    case SHAPE_BY_CLASS:
        return "classes";
    case SHAPE_CARES:
    case SHAPE_BY_CARE:
        return "cares";
    case SHAPE_POOLS:
        return "pools";
    default:
        return NULL;
    }
}

static struct text member_text(const json_t *row, const char *key) {
    const json_t *value = json_object_get(row, key);
    return json_is_string(value) ? (struct text){json_string_value(value), json_string_length(value)}
                                 : TEXT("");
}

const json_t *shape_row(const json_t *version, const char *table, struct text code) {
    const json_t *rows = json_object_get(version, table);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        if (code.n > 0 && text_eq(member_text(row, "code"), code)) {
            return row;
        }
    }
    return NULL;
}

struct text shape_row_name(const json_t *version, const char *table, struct text code) {
    struct text name = member_text(shape_row(version, table, code), "name");
    return name.n > 0 ? name : code;
}
