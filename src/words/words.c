#include "words/words.h"

#include <assert.h>

#include "words/table.h"

enum { PLACES_MAX = 16 };

static struct text row_text(enum word word) {
    assert(word < W__MAX);
    return word_rows[word].text;
}

struct text word_text(enum word word) {
    struct text t = row_text(word);
    assert(text_index(t, '{') == t.n);
    return t;
}

/* Cuts *rest at its next place: the text before it and the place's name; false when there is none. */
static bool next_place(struct text *rest, struct text *ret_before, struct text *ret_name) {
    size_t open = text_index(*rest, '{');
    *ret_before = text_part(*rest, 0, open);
    if (open == rest->n) {
        *rest = TEXT("");
        return false;
    }
    *rest = text_part(*rest, open + 1, rest->n);
    size_t shut = text_index(*rest, '}');
    *ret_name = text_part(*rest, 0, shut);
    *rest = text_part(*rest, shut + 1, rest->n);
    return true;
}

/* Which argument a place takes; asserts that there is one. */
static size_t argument_of(struct text name, const struct word_arg *args, size_t count) {
    size_t i = 0;
    while (i < count && !text_is(name, args[i].name)) {
        i++;
    }
    assert(i < count); /* a place without an argument */
    return i;
}

struct text word_expand(struct arena *arena, enum word word, const struct word_arg *args, size_t count) {
    struct text pieces[2 * PLACES_MAX + 1];
    size_t n = 0;
    uint64_t used = 0;
    struct text rest = row_text(word);
    struct text before;
    struct text name;
    assert(count <= PLACES_MAX);
    while (next_place(&rest, &before, &name)) {
        size_t i = argument_of(name, args, count);
        assert(n + 2 < COUNT(pieces));
        used |= UINT64_C(1) << i;
        pieces[n++] = before;
        pieces[n++] = args[i].value;
    }
    pieces[n++] = before;
    assert(used == (UINT64_C(1) << count) - 1); /* an argument without a place */
    return text_cat(arena, pieces, n);
}

bool word_has_place(enum word word, const char *name) {
    struct text rest = row_text(word);
    struct text before;
    struct text place;
    while (next_place(&rest, &before, &place)) {
        if (text_is(place, name)) {
            return true;
        }
    }
    return false;
}

bool word_find(struct text key, enum word *ret_word) {
    int from = 0;
    int to = W__MAX;
    while (from < to) { /* the table is made in the order of its keys */
        int middle = from + (to - from) / 2;
        int order = text_cmp(key, word_rows[middle].key);
        if (order == 0) {
            *ret_word = (enum word)middle;
            return true;
        }
        from = order > 0 ? middle + 1 : from;
        to = order < 0 ? middle : to;
    }
    return false;
}

struct text word_key(enum word word) {
    assert(word < W__MAX);
    return word_rows[word].key;
}
