/* Changes by name. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "profile/edit_part.h"

/* ---- putting a value where it belongs ---- */

static json_t *made(const struct edit_spot *spot) {
    if (spot->json == NULL) {
        json_t *object = json_object();
        edit_put(spot, object); /* the reference is the document's */
        return object;
    }
    return spot->json;
}

void edit_put(const struct edit_spot *spot, json_t *value) {
    const struct edit_spot *up = spot->up;
    if (spot->itself) { /* an object would be taken for a table */
        edit_put(up, json_is_object(value) ? json_pack("{s:o}", "all", value) : value);
    } else if (spot->key == NULL) {
        (void)json_array_set_new(up->json, spot->index, value);
    } else if (value == NULL) {
        (void)json_object_del(up->json, spot->key);
    } else {
        (void)json_object_set_new(made(up), spot->key, value);
    }
}

/* ---- leaves ---- */

/* The table whose rows this code names: a change of it is followed by those that refer to it. */
static const char *coded_table(const struct edit_spot *spot) {
    const struct edit_spot *list = spot->up == NULL ? NULL : spot->up->up;
    const char *key = list == NULL ? "" : list->field->key;
    static const char *const tables[] = {"classes", "pools", "cares"};
    for (size_t i = 0; i < COUNT(tables); i++) {
        if (strcmp(key, tables[i]) == 0 && list->up != NULL && list->up->up == NULL) {
            return tables[i];
        }
    }
    return NULL;
}

static bool is_list(enum shape_kind kind) {
    return kind == SHAPE_CARES || kind == SHAPE_CLASSES || kind == SHAPE_POOLS;
}

/* What is as if it were left out is left out. */
static bool as_absent(const struct edit *edit, const struct edit_spot *spot, const json_t *value) {
    const struct shape_field *field = spot->field;
    if (field->def == NULL || field->required) {
        return false;
    }
    if (is_list(field->kind)) {
        size_t rows = json_array_size(json_object_get(edit->document, shape_table(field->kind)));
        size_t n = json_array_size(value);
        if (strcmp(field->def, "own") == 0) {
            const char *only = json_string_value(json_array_get(value, 0));
            return n == 1 && only != NULL && text_is(edit_own_care(spot), only);
        }
        return n == (strcmp(field->def, "*") == 0 ? rows : 0);
    }
    return text_is(shape_text(edit->arena, field, value), field->def);
}

static bool set_leaf(struct edit *edit, const struct edit_spot *spot, struct text typed,
                     enum word *ret_fault) {
    const struct shape_field *field = spot->field;
    bool empty = text_trim(typed).n == 0;
    bool takes_empty = is_list(field->kind) || field->kind == SHAPE_BOOL;
    if (empty && !takes_empty && field->required) {
        *ret_fault = W_RULE_FAULT_MISSING;
        return false;
    }
    if (empty && !takes_empty) {
        edit_put(spot, NULL);
        return true;
    }
    json_t *value = edit_read(edit->arena, spot, edit->document, typed, ret_fault);
    if (value == NULL) {
        return false;
    }
    if (as_absent(edit, spot, value)) {
        json_decref(value);
        edit_put(spot, NULL);
        return true;
    }
    const char *table = field->kind == SHAPE_CODE ? coded_table(spot) : NULL;
    const char *old = json_string_value(spot->json);
    if (table != NULL && old != NULL && old[0] != '\0') {
        struct text from = text_copy(edit->arena, text_of(old));
        edit_recode(edit->document, table, from, json_string_value(value));
    }
    edit_put(spot, value);
    return true;
}

/* ---- forms ---- */

/* Members that the new form has as well. */
static void keep_members(const struct shape *shape, size_t way, const json_t *old, json_t *new) {
    const char *key;
    json_t *member;
    json_object_foreach((json_t *)(uintptr_t)old, key, member) {
        const struct shape_field *field = shape_member(shape, text_of(key));
        if (field != NULL && shape_shows(shape, way, field)) {
            (void)json_object_set(new, key, member);
        }
    }
}

/* "after" becomes "from" with the same moment. */
static void keep_renamed(const struct shape *shape, size_t from, size_t to, const json_t *old, json_t *new) {
    const char *was = shape->ways[from].keys;
    const char *is = shape->ways[to].keys;
    const struct shape_field *a = was == NULL ? NULL : shape_member(shape, text_of(was));
    const struct shape_field *b = is == NULL ? NULL : shape_member(shape, text_of(is));
    json_t *value = a == NULL ? NULL : json_object_get(old, a->key);
    if (a != NULL && b != NULL && a->inner != NULL && a->inner == b->inner && value != NULL) {
        (void)json_object_set(new, b->key, value);
    }
}

static json_t *blank(const char *json) {
    return json == NULL ? NULL : json_loads(json, JSON_DECODE_ANY, NULL);
}

/* "half of": of the first class that is another one and has a price of its own. */
static void fill_part(const struct edit *edit, const struct edit_spot *spot, json_t *new) {
    const char *of = json_string_value(json_object_get(new, "of"));
    json_t *classes = json_object_get(edit->document, "classes");
    for (size_t i = 0; of != NULL && of[0] == '\0' && i < json_array_size(classes); i++) {
        json_t *code = json_object_get(json_array_get(classes, i), "code");
        const char *own = spot->key == NULL ? "" : spot->key;
        const json_t *base =
            json_is_string(code) ? json_object_get(spot->up->json, json_string_value(code)) : NULL;
        bool part = json_object_get(base, "of") != NULL;
        if (json_is_string(code) && strcmp(json_string_value(code), own) != 0 && !part) {
            (void)json_object_set(new, "of", code);
            of = json_string_value(code);
        }
    }
}

static bool set_way(struct edit *edit, const struct edit_spot *spot, struct text typed) {
    const struct shape *inner = spot->field->inner;
    size_t now = shape_way_of(inner, spot->json);
    for (size_t i = 0; i < inner->way_count; i++) {
        bool absent = inner->ways[i].blank == NULL;
        if (!text_is(typed, inner->ways[i].code) || (absent && spot->field->required)) {
            continue;
        }
        json_t *new = blank(inner->ways[i].blank);
        if (i == now) {
            json_decref(new);
            return true;
        }
        if (json_is_object(new) && json_is_object(spot->json) && inner->ways[now].as == NULL) {
            keep_members(inner, i, spot->json, new);
            keep_renamed(inner, now, i, spot->json, new);
        } else if (json_is_object(new) && json_is_integer(spot->json) &&
                   json_object_get(new, "each") != NULL) {
            (void)json_object_set(new, "each", spot->json);
        } else if (json_is_integer(new) && json_is_integer(json_object_get(spot->json, "each"))) {
            json_decref(new);
            new = json_incref(json_object_get(spot->json, "each"));
        }
        fill_part(edit, spot, new);
        edit_put(spot, new);
        return true;
    }
    return false;
}

/* The whole table as one value, or a value for each class. */
static bool set_by(struct edit *edit, const struct edit_spot *spot, struct text typed) {
    const json_t *classes = json_object_get(edit->document, "classes");
    const json_t *all = shape_is_table(spot->json) ? json_object_get(spot->json, "all") : spot->json;
    const json_t *first = json_object_get(json_array_get(classes, 0), "code");
    if (text_is(typed, "same")) {
        const json_t *one = all;
        if (one == NULL && json_is_string(first)) {
            one = json_object_get(spot->json, json_string_value(first));
        }
        json_t *value = json_deep_copy(one);
        bool plain = json_is_integer(value) || json_is_array(value);
        edit_put(spot, value == NULL || plain ? value : json_pack("{s:o}", "all", value));
        return true;
    }
    if (!text_is(typed, "each")) {
        return text_is(typed, "some");
    }
    json_t *table = json_object();
    for (size_t i = 0; i < json_array_size(classes); i++) {
        const char *code = json_string_value(json_object_get(json_array_get(classes, i), "code"));
        const json_t *own = code == NULL ? NULL : json_object_get(spot->json, code);
        const json_t *value = own != NULL ? own : all;
        if (code != NULL && value != NULL) {
            (void)json_object_set_new(table, code, json_deep_copy(value));
        }
    }
    edit_put(spot, table);
    return true;
}

bool edit_set(struct edit *edit, struct text name, struct text typed, enum word *ret_fault) {
    bool way = text_ends(name, TEXT(".@"));
    bool by = text_ends(name, TEXT(".@by"));
    struct edit_spot spot;
    *ret_fault = W_RULE_FAULT_CHOICE;
    if (!edit_find(edit, text_part(name, 0, name.n - (way ? 2 : by ? 4 : 0)), &spot)) {
        return false;
    }
    if (way) {
        return spot.field->kind == SHAPE_OBJECT && set_way(edit, &spot, typed);
    }
    const struct shape *shape;
    spot.field = edit_as(&spot, &shape);
    spot.shape = shape;
    switch (spot.field->kind) {
    case SHAPE_OBJECT:
    case SHAPE_ROWS:
    case SHAPE_BY_CARE:
        return false;
    case SHAPE_BY_CLASS:
        return by && set_by(edit, &spot, typed);
    default:
        return !by && set_leaf(edit, &spot, typed, ret_fault);
    }
}
