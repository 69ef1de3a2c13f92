#include "profile/compare.h"

#include "base/buf.h"
#include "profile/compare_part.h"
#include "words/words.h"

enum { ROWS_FIRST = 64 };

const char *compare_code(const json_t *row) {
    const char *code = json_string_value(json_object_get(row, "code"));
    return code == NULL ? "" : code;
}

void compare_put(struct walk *w, const struct compare_row *row) {
    if (w->count == w->room) {
        size_t room = w->room == 0 ? ROWS_FIRST : 2 * w->room;
        struct compare_row *rows = arena_array(w->arena, struct compare_row, room);
        for (size_t i = 0; i < w->count; i++) {
            rows[i] = w->rows[i];
        }
        w->rows = rows;
        w->room = room;
    }
    w->rows[w->count++] = *row;
}

static void put_spot(struct walk *w, const struct spot *spot) {
    compare_put(w, &(struct compare_row){
                       .section = w->section,
                       .label = spot->label,
                       .before = shape_words(w->arena, spot->shape, spot->field, w->old, spot->before),
                       .after = shape_words(w->arena, spot->shape, spot->field, w->new, spot->after),
                       .pointer = spot->pointer});
}

struct text compare_below(struct walk *w, struct text label, struct text more) {
    return label.n == 0 ? text_copy(w->arena, more)
                        : text_printf(w->arena, "%.*s・%.*s", TEXT_F(label), TEXT_F(more));
}

static struct text pointer_key(struct walk *w, struct text pointer, const char *key) {
    struct buf buf;
    buf_init(&buf, w->arena);
    buf_put(&buf, pointer);
    buf_putc(&buf, '/');
    for (const char *p = key; *p != '\0'; p++) {
        buf_putz(&buf, *p == '~' ? "~0" : *p == '/' ? "~1" : "");
        if (*p != '~' && *p != '/') {
            buf_putc(&buf, *p);
        }
    }
    return buf_text(&buf);
}

/* ---- leaves ---- */

static bool is_codes(enum shape_kind kind) {
    return kind == SHAPE_CARES || kind == SHAPE_CLASSES || kind == SHAPE_POOLS;
}

/* Lists of codes are sets: in the order of the version's own rows. "*" is all of them. */
static struct text codes_meant(struct walk *w, const json_t *version, enum shape_kind kind,
                               struct text codes) {
    const json_t *rows = json_object_get(version, shape_table(kind));
    struct buf buf;
    buf_init(&buf, w->arena);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const char *code = compare_code(json_array_get(rows, i));
        if (text_is(codes, "*") || shape_lists(codes.p, text_of(code))) {
            buf_printf(&buf, "%s ", code);
        }
    }
    struct text rest = codes;
    struct text code;
    while (rest.n > 0 && text_next(&rest, ' ', &code)) {
        if (!text_is(code, "*") && shape_row(version, shape_table(kind), code) == NULL) {
            buf_printf(&buf, "%.*s ", TEXT_F(code));
        }
    }
    return buf_text(&buf);
}

/* By 1, 2, 3, 4 and more infants; the last one given stands for more. */
static struct text infants_meant(struct walk *w, const json_t *json) {
    enum { FOUR = 4 };
    struct buf buf;
    buf_init(&buf, w->arena);
    size_t given = json_array_size(json);
    for (size_t i = 0; i < FOUR && given > 0 && given <= FOUR; i++) {
        const json_t *n = json_array_get(json, i < given ? i : given - 1);
        buf_printf(&buf, "%lld ", (long long)json_integer_value(n));
    }
    for (size_t i = 0; i < FOUR && json_is_integer(json); i++) {
        buf_printf(&buf, "%lld ", (long long)json_integer_value(json));
    }
    return buf_text(&buf);
}

/* What it says, or what its absence means. */
static struct text meant(struct walk *w, const json_t *version, const struct shape_field *field,
                         const json_t *json) {
    struct text typed =
        json == NULL && field->def != NULL ? text_of(field->def) : shape_text(w->arena, field, json);
    if (is_codes(field->kind)) {
        return codes_meant(w, version, field->kind, typed);
    }
    return field->kind == SHAPE_INFANTS ? infants_meant(w, json) : typed;
}

static void compare_leaf(struct walk *w, const struct spot *spot) {
    const struct shape_field *field = spot->field;
    if (json_equal(spot->before, spot->after) || (spot->before == NULL && spot->after == NULL)) {
        return;
    }
    bool absent = (spot->before == NULL || spot->after == NULL) && field->def == NULL;
    struct text before = meant(w, w->old, field, spot->before);
    struct text after = meant(w, w->new, field, spot->after);
    bool unreadable = before.n == 0 && after.n == 0 && spot->before != NULL && spot->after != NULL;
    if (absent || unreadable || !text_eq(before, after)) {
        put_spot(w, spot);
    }
}

/* ---- objects ---- */

void compare_members(struct walk *w, const struct shape *shape, const struct spot *spot) {
    for (size_t i = 0; i < shape->count; i++) {
        const struct shape_field *field = &shape->fields[i];
        const json_t *before = json_object_get(spot->before, field->key);
        const json_t *after = json_object_get(spot->after, field->key);
        size_t old_way = shape_way_of(shape, spot->before);
        size_t new_way = shape_way_of(shape, spot->after);
        if (shape_shows(shape, old_way, field) || shape_shows(shape, new_way, field)) {
            struct spot member = {shape,
                                  field,
                                  before,
                                  after,
                                  compare_below(w, spot->label, shape_label(w->arena, shape, field)),
                                  pointer_key(w, spot->pointer, field->key)};
            compare_value(w, &member);
        }
    }
}

/* Forms that have little in common are shown whole, one after the other. */
static void compare_object(struct walk *w, const struct spot *spot) {
    const struct shape *inner = spot->field->inner;
    size_t before = shape_way_of(inner, spot->before);
    size_t after = shape_way_of(inner, spot->after);
    if (inner->way_count > 0 && before != after) {
        put_spot(w, spot);
        return;
    }
    const struct shape_way *way = inner->way_count > 0 ? &inner->ways[before] : NULL;
    if (way != NULL && way->as != NULL) {
        struct spot value = *spot;
        value.shape = inner;
        value.field = way->as;
        compare_value(w, &value);
        return;
    }
    compare_members(w, inner, spot);
}

/* ---- tables by code ---- */

static const json_t *effective(const json_t *table, const char *code) {
    if (!shape_is_table(table)) {
        return table;
    }
    const json_t *own = json_object_get(table, code);
    return own != NULL ? own : json_object_get(table, "all");
}

/* One value that holds for everybody: the table itself, or its only entry "all". */
static bool for_all(const json_t *table, const json_t **ret_value) {
    bool one = !shape_is_table(table);
    const json_t *all = json_object_get(table, "all");
    *ret_value = one ? table : all;
    return one || (all != NULL && json_object_size(table) == 1);
}

static void compare_entry(struct walk *w, const struct spot *spot, const char *code, struct text name) {
    const json_t *before = effective(spot->before, code);
    const json_t *after = effective(spot->after, code);
    bool own = json_object_get(spot->after, code) != NULL ||
               (after == NULL && json_object_get(spot->before, code) != NULL);
    bool all = !own && (json_object_get(spot->after, "all") != NULL || after == NULL);
    struct text pointer = own   ? pointer_key(w, spot->pointer, code)
                          : all ? pointer_key(w, spot->pointer, "all")
                                : spot->pointer;
    struct spot entry = {spot->shape, spot->field->value, before, after, compare_below(w, spot->label, name),
                         pointer};
    compare_value(w, &entry);
}

static bool class_in(const json_t *version, const char *code) {
    return shape_row(version, "classes", text_of(code)) != NULL;
}

/* A class that only one version has is compared by its own entry alone. */
static void compare_class(struct walk *w, const struct spot *spot, const char *code) {
    bool old = class_in(w->old, code);
    bool new = class_in(w->new, code);
    struct text name = shape_row_name(new ? w->new : w->old, "classes", text_of(code));
    if (old && new) {
        compare_entry(w, spot, code, name);
        return;
    }
    struct spot entry = {spot->shape,
                         spot->field->value,
                         json_object_get(spot->before, code),
                         json_object_get(spot->after, code),
                         compare_below(w, spot->label, name),
                         pointer_key(w, spot->pointer, code)};
    if (entry.before != NULL || entry.after != NULL) {
        compare_value(w, &entry);
    }
}

static void compare_by_class(struct walk *w, const struct spot *spot) {
    const json_t *before;
    const json_t *after;
    bool old_all = for_all(spot->before, &before);
    bool new_all = for_all(spot->after, &after);
    if (old_all && new_all) {
        struct text pointer =
            shape_is_table(spot->after) ? pointer_key(w, spot->pointer, "all") : spot->pointer;
        struct spot one = {spot->shape, spot->field->value, before, after, spot->label, pointer};
        compare_value(w, &one);
        return;
    }
    const json_t *classes = json_object_get(w->new, "classes");
    for (size_t i = 0; i < json_array_size(classes); i++) {
        compare_class(w, spot, compare_code(json_array_get(classes, i)));
    }
    classes = json_object_get(w->old, "classes");
    for (size_t i = 0; i < json_array_size(classes); i++) {
        const char *code = compare_code(json_array_get(classes, i));
        if (!class_in(w->new, code)) {
            compare_class(w, spot, code);
        }
    }
}

static void compare_by_care(struct walk *w, const struct spot *spot) {
    const char *key;
    json_t *value;
    const json_t *tables[] = {spot->after, spot->before};
    for (size_t i = 0; i < COUNT(tables); i++) {
        json_object_foreach((json_t *)(uintptr_t)tables[i], key, value) {
            if (i == 1 && json_object_get(spot->after, key) != NULL) {
                continue;
            }
            struct spot entry = {
                spot->shape,
                spot->field->value,
                json_object_get(spot->before, key),
                json_object_get(spot->after, key),
                compare_below(w, spot->label,
                              shape_row_name(i == 0 ? w->new : w->old, "cares", text_of(key))),
                pointer_key(w, spot->pointer, key)};
            compare_value(w, &entry);
        }
    }
}

void compare_value(struct walk *w, const struct spot *spot) {
    switch (spot->field->kind) {
    case SHAPE_OBJECT:
        compare_object(w, spot);
        break;
    case SHAPE_ROWS:
        compare_rows(w, spot);
        break;
    case SHAPE_BY_CLASS:
        compare_by_class(w, spot);
        break;
    case SHAPE_BY_CARE:
        compare_by_care(w, spot);
        break;
    default:
        compare_leaf(w, spot);
    }
}

static void compare_all(struct walk *w) {
    for (size_t i = 0; i < shape_version.count; i++) {
        const struct shape_field *field = &shape_version.fields[i];
        bool within = field->kind == SHAPE_OBJECT || field->kind == SHAPE_ROWS;
        struct text label = shape_label(w->arena, &shape_version, field);
        struct spot spot = {&shape_version,
                            field,
                            json_object_get(w->old, field->key),
                            json_object_get(w->new, field->key),
                            within ? TEXT("") : label,
                            text_printf(w->arena, "/%s", field->key)};
        w->section = within ? label : word_text(W_RULE_VERSION);
        compare_value(w, &spot);
    }
}

bool compare_versions(struct arena *arena, struct text before, struct text after,
                      struct comparison *ret_comparison) {
    json_t *old = json_loadb(before.p, before.n, 0, NULL);
    json_t *new = json_loadb(after.p, after.n, 0, NULL);
    bool ok = json_is_object(old) && json_is_object(new);
    if (ok) {
        struct walk w = {.arena = arena, .old = old, .new = new};
        compare_all(&w);
        *ret_comparison = (struct comparison){w.rows, w.count};
    }
    json_decref(old);
    json_decref(new);
    return ok;
}
