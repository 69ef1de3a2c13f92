/* Rows put in, copied, taken out and moved, and the codes by which others refer to them. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "profile/edit_part.h"

/* ---- references ---- */

struct recode {
    const char *table;
    struct text from;
    const char *to; /* NULL: dropped */
};

static void recode_value(const struct recode *r, const struct shape_field *field, json_t *value);

static void recode_object(const struct recode *r, const struct shape *shape, json_t *object) {
    for (size_t i = 0; i < shape->count; i++) {
        const struct shape_field *field = &shape->fields[i];
        json_t *member = json_object_get(object, field->key);
        if (field->kind == SHAPE_CLASS && strcmp(r->table, "classes") == 0 && json_is_string(member) &&
            text_is(r->from, json_string_value(member))) {
            if (r->to != NULL) {
                (void)json_object_set_new(object, field->key, json_string(r->to));
            } else {
                (void)json_object_del(object, field->key);
            }
        } else if (member != NULL) {
            recode_value(r, field, member);
        }
    }
}

static void recode_list(const struct recode *r, json_t *list) {
    for (size_t i = json_array_size(list); i-- > 0;) {
        const char *code = json_string_value(json_array_get(list, i));
        if (code != NULL && text_is(r->from, code)) {
            if (r->to != NULL) {
                (void)json_array_set_new(list, i, json_string(r->to));
            } else {
                (void)json_array_remove(list, i);
            }
        }
    }
}

static void recode_table(const struct recode *r, const struct shape_field *field, json_t *table) {
    const char *key;
    json_t *value;
    if (!(field->kind == SHAPE_BY_CARE ? json_is_object(table) : shape_is_table(table))) {
        recode_value(r, field->value, table);
        return;
    }
    json_object_foreach(table, key, value) {
        recode_value(r, field->value, value);
    }
    const char *table_of = shape_table(field->kind);
    json_t *own = strcmp(table_of, r->table) == 0 ? json_object_getn(table, r->from.p, r->from.n) : NULL;
    if (own != NULL) {
        if (r->to != NULL) {
            (void)json_object_set(table, r->to, own);
        }
        (void)json_object_deln(table, r->from.p, r->from.n);
    }
}

static void recode_value(const struct recode *r, const struct shape_field *field, json_t *value) {
    switch (field->kind) {
    case SHAPE_OBJECT: {
        const struct shape *inner = field->inner;
        const struct shape_way *way = inner->way_count == 0 ? NULL : &inner->ways[shape_way_of(inner, value)];
        if (way != NULL && way->as != NULL) {
            recode_value(r, way->as, value);
        } else {
            recode_object(r, inner, value);
        }
        break;
    }
    case SHAPE_ROWS:
        for (size_t i = 0; i < json_array_size(value); i++) {
            recode_object(r, field->inner, json_array_get(value, i));
        }
        break;
    case SHAPE_BY_CLASS:
    case SHAPE_BY_CARE:
        recode_table(r, field, value);
        break;
    case SHAPE_CARES:
    case SHAPE_CLASSES:
    case SHAPE_POOLS:
        if (strcmp(shape_table(field->kind), r->table) == 0) {
            recode_list(r, value);
        }
        break;
    default:
        break;
    }
}

void edit_recode(json_t *version, const char *table, struct text from, const char *to) {
    struct recode recode = {table, from, to};
    if (from.n > 0) {
        recode_object(&recode, &shape_version, version);
    }
}

/* ---- rows ---- */

/* The code itself, or with the first number that makes it the only one of its list. */
static struct text fresh_code(struct arena *arena, const json_t *rows, struct text base) {
    for (int n = 1;; n++) {
        struct text code = n == 1 ? base : text_printf(arena, "%.*s-%d", TEXT_F(base), n);
        bool taken = false;
        for (size_t i = 0; i < json_array_size(rows); i++) {
            const char *own = json_string_value(json_object_get(json_array_get(rows, i), "code"));
            taken = taken || (own != NULL && text_is(code, own));
        }
        if (!taken) {
            return code;
        }
    }
}

static void freshen(struct arena *arena, const json_t *rows, json_t *row) {
    enum { BASE_MAX = 28 }; /* of 32, so that a number fits behind */
    const char *code = json_string_value(json_object_get(row, "code"));
    if (code != NULL) {
        struct text base = text_copy(arena, text_part(text_of(code), 0, BASE_MAX));
        (void)json_object_set_new(row, "code", json_string(fresh_code(arena, rows, base).p));
    }
}

bool edit_add(struct edit *edit, struct text list) {
    struct edit_spot spot;
    const struct shape *shape;
    if (!edit_find(edit, list, &spot)) {
        return false;
    }
    spot.field = edit_as(&spot, &shape);
    if (spot.field->kind != SHAPE_ROWS) {
        return false;
    }
    json_t *row = json_loads(spot.field->blank, 0, NULL);
    freshen(edit->arena, spot.json, row);
    json_t *rows = json_is_array(spot.json) ? json_incref(spot.json) : json_array();
    (void)json_array_append_new(rows, row);
    if (rows == spot.json) {
        json_decref(rows);
    } else {
        edit_put(&spot, rows);
    }
    return true;
}

/* The list that a row's name stands in. */
static bool find_row(const struct edit *edit, struct text name, struct edit_spot *ret_row,
                     json_t **ret_rows) {
    bool row = edit_find(edit, name, ret_row) && ret_row->up != NULL && ret_row->key == NULL;
    *ret_rows = row ? ret_row->up->json : NULL;
    return row && json_is_array(*ret_rows);
}

bool edit_copy(struct edit *edit, struct text name) {
    struct edit_spot row;
    json_t *rows;
    if (!find_row(edit, name, &row, &rows)) {
        return false;
    }
    json_t *copy = json_deep_copy(row.json);
    const char *called = json_string_value(json_object_get(copy, "name"));
    struct word_arg args[] = {{"name", text_of(called)}};
    if (called != NULL && called[0] != '\0') {
        struct text words = word_expand(edit->arena, W_RULE_COPY, args, COUNT(args));
        (void)json_object_set_new(copy, "name", json_stringn(words.p, words.n));
    }
    freshen(edit->arena, rows, copy);
    return json_array_insert_new(rows, row.index + 1, copy) == 0;
}

bool edit_remove(struct edit *edit, struct text name) {
    struct edit_spot row;
    json_t *rows;
    if (!find_row(edit, name, &row, &rows)) {
        return false;
    }
    const char *own = json_string_value(json_object_get(row.json, "code"));
    struct text code = text_copy(edit->arena, text_of(own));
    const struct edit_spot *list = row.up;
    bool top = list->up != NULL && list->up->up == NULL;
    static const char *const tables[] = {"classes", "pools", "cares"};
    (void)json_array_remove(rows, row.index);
    for (size_t i = 0; i < COUNT(tables) && top; i++) {
        if (strcmp(list->field->key, tables[i]) == 0) {
            edit_recode(edit->document, tables[i], code, NULL);
        }
    }
    return true;
}

bool edit_raise(struct edit *edit, struct text name) {
    struct edit_spot row;
    json_t *rows;
    if (!find_row(edit, name, &row, &rows) || row.index == 0) {
        return false;
    }
    json_t *moved = json_incref(row.json);
    (void)json_array_remove(rows, row.index);
    return json_array_insert_new(rows, row.index - 1, moved) == 0;
}
