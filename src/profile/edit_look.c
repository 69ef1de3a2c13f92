/* The tree of fields of one part of the document. */
#include "base/buf.h"
#include "profile/edit_part.h"

struct look {
    struct arena *arena;
    const json_t *version;
};

static struct edit_node build(const struct look *look, const struct edit_spot *spot, struct text label);

/* ---- choices ---- */

struct choices {
    struct edit_choice *rows;
    size_t count;
};

static void put_choice(struct choices *choices, struct text code, struct text label, bool chosen) {
    choices->rows[choices->count++] = (struct edit_choice){code, label, chosen};
}

/* The empty choice of what may be left out. */
static void put_none(const struct look *look, const struct edit_spot *spot, struct text value,
                     struct choices *choices) {
    if (!spot->field->required && spot->field->def == NULL) {
        put_choice(choices, TEXT(""), shape_words(look->arena, spot->shape, spot->field, look->version, NULL),
                   value.n == 0);
    }
}

static void put_words(const struct look *look, const struct edit_spot *spot, struct text value,
                      struct choices *choices) {
    struct text rest = text_of(spot->field->choices);
    struct text code;
    while (rest.n > 0 && text_next(&rest, ' ', &code)) {
        struct text own = text_copy(look->arena, code);
        put_choice(choices, own, shape_choice(look->arena, spot->shape, spot->field, own),
                   text_eq(own, value));
    }
}

static bool listed(struct text value, struct text code, struct text own) {
    return text_is(value, "*") || (text_is(value, "own") && text_eq(code, own)) || shape_lists(value.p, code);
}

static void put_rows(const struct look *look, const struct edit_spot *spot, struct text value,
                     struct choices *choices) {
    const char *table = shape_table(spot->field->kind);
    const json_t *rows = json_object_get(look->version, table);
    struct text own = edit_own_care(spot);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const char *code = json_string_value(json_object_get(json_array_get(rows, i), "code"));
        if (code != NULL && code[0] != '\0') {
            struct text copy = text_copy(look->arena, text_of(code));
            put_choice(choices, copy, text_copy(look->arena, shape_row_name(look->version, table, copy)),
                       listed(value, copy, own));
        }
    }
}

static void put_choices(const struct look *look, const struct edit_spot *spot, struct edit_node *node) {
    enum { CHOICES_MAX = 24 };
    struct choices choices = {arena_array(look->arena, struct edit_choice, CHOICES_MAX), 0};
    switch (spot->field->kind) {
    case SHAPE_CHOICE:
        put_none(look, spot, node->value, &choices);
        put_words(look, spot, node->value, &choices);
        break;
    case SHAPE_CLASS:
        put_none(look, spot, node->value, &choices);
        if (spot->field->choices != NULL) {
            put_words(look, spot, node->value, &choices);
        }
        put_rows(look, spot, node->value, &choices);
        break;
    case SHAPE_CARES:
    case SHAPE_CLASSES:
    case SHAPE_POOLS:
        put_rows(look, spot, node->value, &choices);
        break;
    default:
        break;
    }
    node->choices = choices.rows;
    node->choice_count = choices.count;
}

/* ---- leaves ---- */

static struct edit_node leaf(const struct look *look, const struct edit_spot *spot, struct text label) {
    const struct shape_field *field = spot->field;
    struct edit_node node = {.what = EDIT_LEAF,
                             .kind = field->kind,
                             .name = spot->name,
                             .label = label,
                             .hint = shape_hint(look->arena, spot->shape, field),
                             .unit = shape_unit(look->arena, spot->shape, field),
                             .value = spot->json == NULL && field->def != NULL
                                          ? text_of(field->def)
                                          : shape_text(look->arena, field, spot->json),
                             .required = field->required};
    if (spot->json != NULL && node.value.n == 0 && !json_is_array(spot->json) &&
        !json_is_string(spot->json)) {
        node.value = TEXT("?"); /* not of the kind: the reader says what is wrong */
    }
    put_choices(look, spot, &node);
    return node;
}

/* The choice between the forms of an object. */
static struct edit_node way_leaf(const struct look *look, const struct edit_spot *spot) {
    const struct shape *inner = spot->field->inner;
    struct choices choices = {arena_array(look->arena, struct edit_choice, inner->way_count), 0};
    size_t now = shape_way_of(inner, spot->json);
    for (size_t i = 0; i < inner->way_count; i++) {
        if (inner->ways[i].blank != NULL || !spot->field->required) {
            put_choice(&choices, text_of(inner->ways[i].code),
                       shape_way_label(look->arena, inner, &inner->ways[i]), i == now);
        }
    }
    return (struct edit_node){.what = EDIT_LEAF,
                              .kind = SHAPE_CHOICE,
                              .name = text_join(look->arena, spot->name, TEXT(".@")),
                              .label = word_text(W_RULE_WAY),
                              .value = text_of(inner->ways[now].code),
                              .required = true,
                              .choices = choices.rows,
                              .choice_count = choices.count};
}

static struct edit_node by_leaf(const struct look *look, const struct edit_spot *spot) {
    struct choices choices = {arena_array(look->arena, struct edit_choice, 3), 0};
    bool all = edit_for_all(spot->json);
    bool some = !all && json_object_get(spot->json, "all") != NULL;
    put_choice(&choices, TEXT("same"), word_text(W_RULE_BY_SAME), all);
    put_choice(&choices, TEXT("each"), word_text(W_RULE_BY_EACH), !all && !some);
    if (some) {
        put_choice(&choices, TEXT("some"), word_text(W_RULE_BY_SOME), true);
    }
    return (struct edit_node){.what = EDIT_LEAF,
                              .kind = SHAPE_CHOICE,
                              .name = text_join(look->arena, spot->name, TEXT(".@by")),
                              .label = word_text(W_RULE_BY),
                              .value = all    ? TEXT("same")
                                       : some ? TEXT("some")
                                              : TEXT("each"),
                              .required = true,
                              .choices = choices.rows,
                              .choice_count = choices.count};
}

/* ---- groups ---- */

static void put_child(const struct look *look, const struct edit_spot *spot, const char *piece,
                      struct text label, struct edit_node *node) {
    struct edit_spot child;
    if (edit_step(look->arena, spot, text_of(piece), &child)) {
        node->children[node->count++] = build(look, &child, label);
    }
}

/* An object that is really something else: behind the choice of its form, that; a table's fields stand in its place. */
static void put_as(const struct look *look, const struct edit_spot *spot, const struct shape_field *as,
                   struct edit_node *node) {
    struct edit_spot same = *spot;
    same.field = as;
    same.shape = spot->field->inner;
    struct edit_node value =
        build(look, &same, word_text(as->kind == SHAPE_ROWS ? W_RULE_CONTENT : W_RULE_AMOUNT));
    if (as->kind != SHAPE_BY_CLASS) {
        node->children[node->count++] = value;
        return;
    }
    struct edit_node *children = arena_array(look->arena, struct edit_node, value.count + 1);
    children[0] = node->children[0];
    for (size_t i = 0; i < value.count; i++) {
        children[i + 1] = value.children[i];
    }
    node->children = children;
    node->count = value.count + 1;
}

static void put_members(const struct look *look, const struct edit_spot *spot, struct edit_node *node) {
    const struct shape *inner = spot->field->inner;
    size_t way = shape_way_of(inner, spot->json);
    node->children = arena_array(look->arena, struct edit_node, inner->count + 2);
    if (inner->way_count > 0) {
        node->children[node->count++] = way_leaf(look, spot);
        const struct shape_way *now = &inner->ways[way];
        if (now->as != NULL) {
            put_as(look, spot, now->as, node);
            return;
        }
        if (now->blank == NULL) {
            return;
        }
    }
    for (size_t i = 0; i < inner->count; i++) {
        if (shape_shows(inner, way, &inner->fields[i])) {
            put_child(look, spot, inner->fields[i].key, shape_label(look->arena, inner, &inner->fields[i]),
                      node);
        }
    }
}

static void put_by_class(const struct look *look, const struct edit_spot *spot, struct edit_node *node) {
    const json_t *classes = json_object_get(look->version, "classes");
    bool one = edit_for_all(spot->json);
    bool all = json_object_get(spot->json, "all") != NULL;
    node->children = arena_array(look->arena, struct edit_node, json_array_size(classes) + 2);
    node->children[node->count++] = by_leaf(look, spot);
    for (size_t i = 0; i < json_array_size(classes) && !one; i++) {
        const json_t *row = json_array_get(classes, i);
        const char *code = json_string_value(json_object_get(row, "code"));
        if (code != NULL && (!all || json_object_get(spot->json, code) != NULL)) {
            put_child(look, spot, code,
                      text_copy(look->arena, shape_row_name(look->version, "classes", text_of(code))), node);
        }
    }
    if (one || all) {
        put_child(look, spot, "all", word_text(one ? W_RULE_BY_SAME : W_RULE_OTHERS), node);
    }
}

static void put_by_care(const struct look *look, const struct edit_spot *spot, struct edit_node *node) {
    const json_t *cares = json_object_get(look->version, "cares");
    node->children = arena_array(look->arena, struct edit_node, json_array_size(cares) + 1);
    for (size_t i = 0; i < json_array_size(cares); i++) {
        const char *code = json_string_value(json_object_get(json_array_get(cares, i), "code"));
        if (code != NULL) {
            put_child(look, spot, code,
                      text_copy(look->arena, shape_row_name(look->version, "cares", text_of(code))), node);
        }
    }
}

static struct text row_label(const struct look *look, const json_t *row, size_t index) {
    const char *name = json_string_value(json_object_get(row, "name"));
    struct word_arg args[] = {{"n", text_printf(look->arena, "%zu", index + 1)}};
    return name != NULL && name[0] != '\0' ? text_copy(look->arena, text_of(name))
                                           : word_expand(look->arena, W_RULE_ROW, args, 1);
}

static void put_list(const struct look *look, const struct edit_spot *spot, struct edit_node *node) {
    size_t count = json_array_size(spot->json);
    node->what = EDIT_LIST;
    node->children = arena_array(look->arena, struct edit_node, count + 1);
    for (size_t i = 0; i < count; i++) {
        const char *piece = text_printf(look->arena, "%zu", i).p;
        put_child(look, spot, piece, row_label(look, json_array_get(spot->json, i), i), node);
    }
    for (size_t i = 0; i < node->count; i++) {
        node->children[i].row = true;
    }
}

/* The spots of children point at their parents while the tree is made; nothing of them stays. */
static struct edit_node build(const struct look *look, const struct edit_spot *spot, struct text label) {
    struct edit_node node = {.what = EDIT_GROUP,
                             .kind = spot->field->kind,
                             .name = spot->name,
                             .label = label,
                             .hint = shape_hint(look->arena, spot->shape, spot->field)};
    switch (spot->field->kind) {
    case SHAPE_OBJECT:
        put_members(look, spot, &node);
        break;
    case SHAPE_ROWS:
        put_list(look, spot, &node);
        break;
    case SHAPE_BY_CLASS:
        put_by_class(look, spot, &node);
        break;
    case SHAPE_BY_CARE:
        put_by_care(look, spot, &node);
        break;
    default:
        return leaf(look, spot, label);
    }
    return node;
}

bool edit_look(const struct edit *edit, struct text name, struct edit_node *ret_node) {
    struct look look = {edit->arena, edit->document};
    struct edit_spot spot;
    if (!edit_find(edit, name, &spot)) {
        return false;
    }
    struct text label = spot.up != NULL && spot.key == NULL
                            ? row_label(&look, spot.json, spot.index)
                            : shape_label(edit->arena, spot.shape, spot.field);
    *ret_node = build(&look, &spot, label);
    ret_node->row = spot.up != NULL && spot.key == NULL && !spot.itself;
    return true;
}
