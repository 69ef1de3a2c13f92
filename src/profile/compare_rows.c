/* Lists of rows: matched by their code, else by where they stand. */
#include <string.h>

#include "base/buf.h"
#include "profile/compare_part.h"
#include "words/words.h"

/* Row with that code; SIZE_MAX: none, or more than one. */
static size_t row_at(const json_t *rows, const char *code) {
    size_t found = SIZE_MAX;
    for (size_t i = 0; i < json_array_size(rows); i++) {
        if (strcmp(compare_code(json_array_get(rows, i)), code) == 0) {
            if (found != SIZE_MAX) {
                return SIZE_MAX;
            }
            found = i;
        }
    }
    return found;
}

static bool coded(const json_t *rows) {
    for (size_t i = 0; i < json_array_size(rows); i++) {
        if (row_at(rows, compare_code(json_array_get(rows, i))) == SIZE_MAX) {
            return false;
        }
    }
    return true;
}

/* 赤ちゃん2人目から → きょうだい: what the members do not say. */
static void compare_way(struct walk *w, const struct spot *spot) {
    const struct shape *inner = spot->field->inner;
    size_t before = shape_way_of(inner, spot->before);
    size_t after = shape_way_of(inner, spot->after);
    if (before != after) {
        compare_put(w, &(struct compare_row){.section = w->section,
                                             .label = compare_below(w, spot->label, word_text(W_RULE_WAY)),
                                             .before = shape_way_label(w->arena, inner, &inner->ways[before]),
                                             .after = shape_way_label(w->arena, inner, &inner->ways[after]),
                                             .pointer = spot->pointer});
    }
}

static void compare_row(struct walk *w, const struct spot *spot, const json_t *before, const json_t *after,
                        size_t index) {
    const json_t *shown = after != NULL ? after : before;
    const char *name = json_string_value(json_object_get(shown, "name"));
    struct text words = name != NULL && name[0] != '\0' ? text_copy(w->arena, text_of(name))
                                                        : text_printf(w->arena, "%zu", index + 1);
    struct shape_field row = {.key = "", .kind = SHAPE_OBJECT, .inner = spot->field->inner};
    struct spot one = {spot->shape,
                       &row,
                       before,
                       after,
                       spot->label.n == 0 ? words : compare_below(w, spot->label, words),
                       text_printf(w->arena, "%.*s/%zu", TEXT_F(spot->pointer), index)};
    if (before != NULL && after != NULL) {
        compare_way(w, &one);
        compare_members(w, row.inner, &one);
        return;
    }
    compare_put(w, &(struct compare_row){
                       .section = w->section,
                       .label = one.label,
                       .before = before == NULL ? word_text(W_RULE_NONE)
                                                : shape_words(w->arena, row.inner, &row, w->old, before),
                       .after = after == NULL ? word_text(W_RULE_NONE)
                                              : shape_words(w->arena, row.inner, &row, w->new, after),
                       .pointer = one.pointer});
}

/* "宿泊、日帰り" of the rows that both lists have, in this list's order. */
static struct text order_of(struct walk *w, const json_t *rows, const json_t *others) {
    struct buf buf;
    buf_init(&buf, w->arena);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        if (row_at(others, compare_code(row)) != SIZE_MAX) {
            const char *name = json_string_value(json_object_get(row, "name"));
            buf_printf(&buf, "%s%s", buf.n > 0 ? "、" : "", name == NULL ? compare_code(row) : name);
        }
    }
    return buf_text(&buf);
}

static bool same_order(const json_t *before, const json_t *after) {
    size_t last = 0;
    bool first = true;
    for (size_t i = 0; i < json_array_size(after); i++) {
        size_t at = row_at(before, compare_code(json_array_get(after, i)));
        if (at != SIZE_MAX) {
            if (!first && at < last) {
                return false;
            }
            last = at;
            first = false;
        }
    }
    return true;
}

static void compare_coded(struct walk *w, const struct spot *spot) {
    for (size_t i = 0; i < json_array_size(spot->after); i++) {
        const json_t *row = json_array_get(spot->after, i);
        size_t at = row_at(spot->before, compare_code(row));
        compare_row(w, spot, at == SIZE_MAX ? NULL : json_array_get(spot->before, at), row, i);
    }
    for (size_t i = 0; i < json_array_size(spot->before); i++) {
        const json_t *row = json_array_get(spot->before, i);
        if (row_at(spot->after, compare_code(row)) == SIZE_MAX) {
            compare_row(w, spot, row, NULL, i);
        }
    }
    if (!same_order(spot->before, spot->after)) {
        compare_put(w, &(struct compare_row){.section = w->section,
                                             .label = compare_below(w, spot->label, word_text(W_RULE_ORDER)),
                                             .before = order_of(w, spot->before, spot->after),
                                             .after = order_of(w, spot->after, spot->before),
                                             .pointer = spot->pointer});
    }
}

void compare_rows(struct walk *w, const struct spot *spot) {
    bool by_code = shape_member(spot->field->inner, TEXT("code")) != NULL;
    if (by_code && coded(spot->before) && coded(spot->after)) {
        compare_coded(w, spot);
        return;
    }
    size_t old = json_array_size(spot->before);
    size_t new = json_array_size(spot->after);
    for (size_t i = 0; i < old || i < new; i++) {
        compare_row(w, spot, i < old ? json_array_get(spot->before, i) : NULL,
                    i < new ? json_array_get(spot->after, i) : NULL, i);
    }
}
