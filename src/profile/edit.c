/* Places by name, and the tree of what stands there. */
#include "profile/edit.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/num.h"
#include "profile/edit_part.h"

bool edit_open(struct arena *arena, struct text document, struct edit *ret_edit) {
    json_t *json = json_loadb(document.p, document.n, JSON_REJECT_DUPLICATES, NULL);
    if (!json_is_object(json)) {
        json_decref(json);
        return false;
    }
    *ret_edit = (struct edit){arena, json};
    return true;
}

struct text edit_document(const struct edit *edit) {
    size_t size = json_dumpb(edit->document, NULL, 0, JSON_COMPACT);
    char *p = arena_take(edit->arena, size + 1);
    (void)json_dumpb(edit->document, p, size, JSON_COMPACT);
    return (struct text){p, size};
}

struct text edit_pretty(struct arena *arena, struct text document) {
    json_t *json = json_loadb(document.p, document.n, 0, NULL);
    size_t size = json == NULL ? 0 : json_dumpb(json, NULL, 0, JSON_INDENT(2));
    char *p = arena_take(arena, size + 1);
    size_t written = size == 0 ? 0 : json_dumpb(json, p, size, JSON_INDENT(2));
    json_decref(json);
    return written == 0 ? document : (struct text){p, written};
}

void edit_close(struct edit *edit) {
    json_decref(edit->document);
    edit->document = NULL;
}

/* ---- places ---- */

static const struct shape_field root_field = {.key = "", .kind = SHAPE_OBJECT, .inner = &shape_version};

struct edit_spot edit_root(const struct edit *edit) {
    return (struct edit_spot){.shape = &shape_version, .field = &root_field, .json = edit->document};
}

const struct shape_field *edit_as(const struct edit_spot *spot, const struct shape **ret_shape) {
    const struct shape_field *field = spot->field;
    *ret_shape = spot->shape;
    if (field->kind == SHAPE_OBJECT && field->inner->way_count > 0) {
        const struct shape_way *way = &field->inner->ways[shape_way_of(field->inner, spot->json)];
        if (way->as != NULL && (spot->json != NULL || way == field->inner->ways)) {
            *ret_shape = field->inner;
            return way->as;
        }
    }
    return field;
}

bool edit_for_all(const json_t *table) {
    return !shape_is_table(table) || (json_object_size(table) == 1 && json_object_get(table, "all") != NULL);
}

static const struct shape_field *row_field(struct arena *arena, const struct shape_field *rows) {
    struct shape_field *field = arena_new(arena, struct shape_field);
    field->key = "";
    field->kind = SHAPE_OBJECT;
    field->inner = rows->inner;
    return field;
}

static bool step_row(struct arena *arena, const struct shape_field *field, struct text piece,
                     struct edit_spot *next) {
    int64_t n;
    if (!num_parse(piece, &n) || n < 0 || (size_t)n >= json_array_size(next->json)) {
        return false;
    }
    next->index = (size_t)n;
    next->json = json_array_get(next->json, next->index);
    next->field = row_field(arena, field);
    return true;
}

bool edit_step(struct arena *arena, const struct edit_spot *spot, struct text piece,
               struct edit_spot *ret_spot) {
    const struct shape *shape;
    const struct shape_field *field = edit_as(spot, &shape);
    struct text name = spot->name.n == 0 ? text_copy(arena, piece)
                                         : text_printf(arena, "%.*s.%.*s", TEXT_F(spot->name), TEXT_F(piece));
    struct edit_spot next = {.up = spot, .shape = shape, .json = spot->json, .name = name};
    next.key = text_copy(arena, piece).p;
    if (field->kind == SHAPE_ROWS) {
        next.key = NULL;
        *ret_spot = next;
        return step_row(arena, field, piece, ret_spot);
    }
    if (field->kind == SHAPE_OBJECT) {
        next.shape = field->inner;
        next.field = shape_member(field->inner, piece);
    } else if (field->kind == SHAPE_BY_CLASS || field->kind == SHAPE_BY_CARE) {
        next.field = field->value;
        next.itself = field->kind == SHAPE_BY_CLASS && !shape_is_table(spot->json);
    } else {
        return false;
    }
    if (!next.itself) {
        next.json = json_object_get(spot->json, next.key);
    }
    *ret_spot = next;
    return next.field != NULL && (!next.itself || text_is(piece, "all"));
}

bool edit_find(const struct edit *edit, struct text name, struct edit_spot *ret_spot) {
    struct edit_spot spot = edit_root(edit);
    struct text piece;
    while (name.n > 0 && text_next(&name, '.', &piece)) {
        struct edit_spot *kept = arena_new(edit->arena, struct edit_spot);
        *kept = spot;
        if (!edit_step(edit->arena, kept, piece, &spot)) {
            return false;
        }
    }
    *ret_spot = spot;
    return true;
}

struct text edit_own_care(const struct edit_spot *spot) {
    const struct edit_spot *at = spot;
    while (at->up != NULL && (at->key != NULL || strcmp(at->up->field->key, "cares") != 0)) {
        at = at->up;
    }
    at = at->up == NULL ? NULL : at;
    const char *code = at == NULL ? NULL : json_string_value(json_object_get(at->json, "code"));
    return text_of(code);
}

/* ---- sections ---- */

const struct edit_section edit_sections[EDIT_SECTIONS] = {
    {"base", W_RULE_SECTION_BASE, "name source valid_from"},
    {"classes", W_RULE_SECTION_CLASSES, "classes class_default class_month moving_day_excluded"},
    {"pools", W_RULE_SECTION_POOLS, "pools"},
    {"cares", W_RULE_SECTION_CARES, "cares"},
    {"additions", W_RULE_SECTION_ADDITIONS, "additions"},
    {"reductions", W_RULE_SECTION_REDUCTIONS, "reductions"},
    {"booking", W_RULE_SECTION_BOOKING, "booking"},
    {"cancel", W_RULE_SECTION_CANCEL, "cancel"},
    {"acceptance", W_RULE_SECTION_ACCEPTANCE, "acceptance"},
    {"wait", W_RULE_SECTION_WAIT, "wait"},
    {"registration", W_RULE_SECTION_REGISTRATION, "registration"},
    {"asked", W_RULE_SECTION_ASKED, "consents exclusions"},
};

const struct edit_section *edit_section_of(struct text name) {
    struct text key = text_part(name, 0, text_index(name, '.'));
    for (size_t i = 0; i < EDIT_SECTIONS; i++) {
        if (key.n > 0 && shape_lists(edit_sections[i].keys, key)) {
            return &edit_sections[i];
        }
    }
    return NULL;
}

const struct edit_section *edit_section_by(struct text code) {
    for (size_t i = 0; i < EDIT_SECTIONS; i++) {
        if (text_is(code, edit_sections[i].code)) {
            return &edit_sections[i];
        }
    }
    return NULL;
}

/* ---- faults ---- */

struct text edit_name(struct arena *arena, struct text pointer) {
    struct text rest = text_part(pointer, 1, pointer.n);
    struct text copy = text_copy(arena, rest);
    char *p = arena_take(arena, copy.n + 1);
    for (size_t i = 0; i < copy.n; i++) {
        p[i] = copy.p[i] == '/' ? '.' : copy.p[i];
    }
    return (struct text){p, copy.n};
}

static bool holds(struct text outer, struct text name) {
    return text_eq(outer, name) || outer.n == 0 ||
           (text_starts(name, outer) && name.n > outer.n && name.p[outer.n] == '.');
}

static struct edit_node *nearest(struct edit_node *node, struct text name) {
    for (size_t i = 0; i < node->count; i++) {
        struct edit_node *child = &node->children[i];
        if (holds(child->name, name) && !text_ends(child->name, TEXT("@"))) {
            return nearest(child, name);
        }
    }
    return node;
}

void edit_faults(struct edit_node *node, const struct profile_faults *faults, struct arena *arena) {
    for (int32_t i = 0; i < faults->count; i++) {
        struct text name = edit_name(arena, faults->rows[i].pointer);
        struct edit_node *at = holds(node->name, name) ? nearest(node, name) : NULL;
        if (at != NULL && name.n > 0 && at != node) {
            at->error = at->error.n == 0 ? faults->rows[i].sentence
                                         : text_printf(arena, "%.*s %.*s", TEXT_F(at->error),
                                                       TEXT_F(faults->rows[i].sentence));
        }
    }
}
