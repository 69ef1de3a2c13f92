/* Two versions beside each other: what a clerk reads for the typical change, and, on a shipped profile, that random
 * edits are all found and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "profile/compare.h"
#include "profile/shape.h"
#include "words/words.h"

enum {
    FILE_MAX = 1 << 20,
    ARENA_LIMIT = 512 << 20,
    POINTER_MAX = 200,
    LEAVES_MAX = 2000,
    EDITS_MAX = 6,
    ROUNDS = 200
};

static struct arena arena;

static int set_up(void **state) {
    (void)state;
    arena_init(&arena, ARENA_LIMIT);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct text dump(const json_t *json) {
    char *p = json_dumps(json, JSON_ENCODE_ANY);
    assert_non_null(p);
    struct text copy = text_copy(&arena, text_of(p));
    free(p);
    return copy;
}

static struct comparison between(struct text before, struct text after) {
    struct comparison c = {0};
    assert_true(compare_versions(&arena, before, after, &c));
    return c;
}

/* ---- what a clerk reads ---- */

#define HEAD "\"classes\":[{\"code\":\"taxed\",\"name\":\"課税\"},{\"code\":\"exempt\",\"name\":\"非課税\"}],"
#define CARE(members) "{" HEAD "\"cares\":[{\"code\":\"stay\",\"name\":\"宿泊\"," members "}]}"
#define POOL(members) "{" HEAD "\"pools\":[{\"code\":\"main\",\"name\":\"宿泊\"," members "}]}"

static const struct {
    const char *before;
    const char *after;
    struct {
        const char *section, *label, *before, *after, *pointer;
    } rows[3];
} pairs[] = {
    {CARE("\"prices\":{\"taxed\":3000,\"exempt\":600}"),
     CARE("\"prices\":{\"taxed\":3500,\"all\":600}"),
     {{"サービス", "宿泊・自己負担・課税", "3,000円", "3,500円", "/cares/0/prices/taxed"}}},
    {CARE("\"prices\":3000"), CARE("\"prices\":{\"all\":3000}"), {{0}}},
    {CARE("\"prices\":3000"),
     CARE("\"prices\":{\"all\":3100}"),
     {{"サービス", "宿泊・自己負担", "3,000円", "3,100円", "/cares/0/prices/all"}}},
    {CARE("\"prices\":{\"all\":500}"),
     CARE("\"prices\":{\"all\":{\"kind\":\"percent\",\"percent\":10}}"),
     {{"サービス", "宿泊・自己負担", "500円", "施設の料金の割合\n割合（%。分母を書いたときは分子）：10",
       "/cares/0/prices/all"}}},
    {CARE("\"age\":{\"months\":4}"),
     CARE("\"age\":{\"months\":12,\"bound\":\"under\"}"),
     {{"サービス", "宿泊・赤ちゃんの月齢・何か月", "4か月", "12か月", "/cares/0/age/months"}}},
    {CARE("\"age\":{\"months\":4}"),
     CARE("\"note\":\"\""),
     {{"サービス", "宿泊・赤ちゃんの月齢", "月で数える\n何か月：4か月", "決まりなし", "/cares/0/age"}}},
    {POOL("\"units\":7"), POOL("\"units\":[7,7]"), {{0}}},
    {POOL("\"units\":7"),
     POOL("\"units\":[7,14],\"over\":\"facility-price\""),
     {{"利用枠", "宿泊・使える数", "7", "7、14", "/pools/0/units"},
      {"利用枠", "宿泊・枠をこえたとき", "予約できない", "こえた分は、施設の料金の全額", "/pools/0/over"}}},
    {"{" HEAD "\"reductions\":[]}",
     "{" HEAD
     "\"reductions\":[{\"code\":\"n\",\"name\":\"国の減額\",\"classes\":[\"taxed\"],\"percent\":50,\"max\":5}]}",
     {{"減額", "国の減額", "（なし）",
       "割合で引く\n減額の名前：国の減額\n対象の区分：課税\n引く割合：50%\n回数の上限：5回",
       "/reductions/0"}}},
    {"{" HEAD "\"reductions\":[{\"code\":\"a\",\"name\":\"A\"},{\"code\":\"b\",\"name\":\"B\"}]}",
     "{" HEAD "\"reductions\":[{\"code\":\"b\",\"name\":\"B\"},{\"code\":\"a\",\"name\":\"A\"}]}",
     {{"減額", "順番", "A、B", "B、A", "/reductions"}}},
    {"{" HEAD "\"booking\":{\"deadline\":{\"days\":3,\"at\":\"17:00\"}}}",
     "{" HEAD "\"booking\":{\"deadline\":{\"days\":2,\"at\":\"17:00\",\"shift\":\"none\"},\"open_limit\":2}}",
     {{"申込み", "申込みの期限・何日前", "3日前", "2日前", "/booking/deadline/days"},
      {"申込み", "同時に持てる予約", "制限なし", "2件", "/booking/open_limit"}}},
    {"{" HEAD "\"additions\":[{\"code\":\"m\",\"name\":\"加算\",\"when\":\"infant\"}]}",
     "{" HEAD "\"additions\":[{\"code\":\"m\",\"name\":\"加算\",\"when\":\"sibling\"}]}",
     {{"加算", "加算・決め方", "赤ちゃん2人目から1人ごと", "いっしょに来るきょうだい1人ごと",
       "/additions/0"}}},
    {"{\"valid_from\":\"2025-04-01\"}",
     "{\"valid_from\":\"2026-04-01\"}",
     {{"定めの全体", "はじまる日", "令和7年4月1日(火)", "令和8年4月1日(水)", "/valid_from"}}},
};

static void same_text(const char *want, struct text got) {
    if (!text_is(got, want)) {
        fail_msg("want: %s\ngot: %.*s", want, TEXT_F(got));
    }
}

static void reads_well(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(pairs); i++) {
        struct comparison c = between(text_of(pairs[i].before), text_of(pairs[i].after));
        size_t want = 0;
        while (want < COUNT(pairs[i].rows) && pairs[i].rows[want].section != NULL) {
            want++;
        }
        for (size_t k = 0; k < want && k < c.count; k++) {
            same_text(pairs[i].rows[k].section, c.rows[k].section);
            same_text(pairs[i].rows[k].label, c.rows[k].label);
            same_text(pairs[i].rows[k].before, c.rows[k].before);
            same_text(pairs[i].rows[k].after, c.rows[k].after);
            same_text(pairs[i].rows[k].pointer, c.rows[k].pointer);
        }
        for (size_t k = want; k < c.count; k++) {
            print_message("too much: %.*s\n", TEXT_F(c.rows[k].label));
        }
        assert_int_equal(c.count, want);
    }
}

static void refuses_what_is_no_version(void **state) {
    (void)state;
    struct comparison c;
    assert_false(compare_versions(&arena, TEXT("{}"), TEXT("[1]"), &c));
    assert_false(compare_versions(&arena, TEXT("{"), TEXT("{}"), &c));
    assert_true(compare_versions(&arena, TEXT("{\"cares\":7,\"pools\":{},\"x\":1}"),
                                 TEXT("{\"cares\":[7],\"pools\":\"\"}"), &c));
}

/* ---- every member has its words ---- */

static void lacks_word(const char *group, const struct shape *shape, const char *rest) {
    enum word word;
    struct text key = text_printf(&arena, "%s.%s.%s", group, shape->name, rest);
    if (!word_find(key, &word)) {
        fail_msg("no word %.*s", TEXT_F(key));
    }
}

static void check_shape(const struct shape *shape);

static void check_field(const struct shape *shape, const struct shape_field *field) {
    if (field->key[0] != '\0') {
        lacks_word("rule", shape, field->key);
    }
    struct text rest = text_of(field->choices == NULL ? "" : field->choices);
    struct text code;
    while (rest.n > 0 && text_next(&rest, ' ', &code)) {
        lacks_word("rule-choice", shape, text_printf(&arena, "%s.%.*s", field->key, TEXT_F(code)).p);
    }
    if (field->inner != NULL) {
        check_shape(field->inner);
    }
    if (field->value != NULL) {
        check_field(shape, field->value);
    }
}

static void check_shape(const struct shape *shape) {
    for (size_t i = 0; i < shape->count; i++) {
        check_field(shape, &shape->fields[i]);
    }
    for (size_t i = 0; i < shape->way_count; i++) {
        lacks_word("rule-way", shape, shape->ways[i].code);
        if (shape->ways[i].as != NULL) {
            check_field(shape, shape->ways[i].as);
        }
    }
}

static void has_words(void **state) {
    (void)state;
    check_shape(&shape_version);
}

/* ---- random edits of a real profile ---- */

struct leaf {
    char pointer[POINTER_MAX];
    json_t *parent;
    const char *key;
    size_t index;
};
struct leaves {
    size_t count;
    struct leaf rows[LEAVES_MAX];
};

static bool ends(const char *pointer, const char *end) {
    return text_ends(text_of(pointer), text_of(end));
}

/* Codes bind rows together; kinds of prices and modes change the form of the whole. */
static bool left_alone(const char *pointer) {
    bool care_kind = ends(pointer, "/kind") && !text_has(text_of(pointer), TEXT("/prices/"));
    return ends(pointer, "/code") || ends(pointer, "/mode") || ends(pointer, "/of") ||
           ends(pointer, "/class_default") || (ends(pointer, "/kind") && !care_kind);
}

static void collect(struct leaves *leaves, const char *pointer, json_t *json) {
    char below[POINTER_MAX];
    const char *key;
    json_t *value;
    size_t i;
    if (json_is_object(json)) {
        json_object_foreach(json, key, value) {
            (void)snprintf(below, sizeof below, "%s/%s", pointer, key);
            collect(leaves, below, value);
            if (!json_is_object(value) && !json_is_array(value) && !left_alone(below)) {
                struct leaf *leaf = &leaves->rows[leaves->count++];
                (void)snprintf(leaf->pointer, sizeof leaf->pointer, "%s", below);
                leaf->parent = json;
                leaf->key = key;
            }
        }
    }
    json_array_foreach(json, i, value) {
        (void)snprintf(below, sizeof below, "%s/%zu", pointer, i);
        collect(leaves, below, value);
        if (json_is_integer(value)) {
            struct leaf *leaf = &leaves->rows[leaves->count++];
            (void)snprintf(leaf->pointer, sizeof leaf->pointer, "%s", below);
            leaf->parent = json;
            leaf->key = NULL;
            leaf->index = i;
        }
    }
    assert_true(leaves->count < LEAVES_MAX);
}

static uint32_t seed = 1;
static size_t below_n(size_t n) {
    seed = seed * 1664525U + 1013904223U;
    return (size_t)(seed >> 8) % n;
}

/* Another word than this one, of those that may stand there. */
static const char *other_word(const char *word) {
    static const char *const groups[] = {"nights days 24h use hours",
                                         "stay day visit",
                                         "refused facility-price",
                                         "under through month-end",
                                         "every-day first-day last-day",
                                         "units uses within",
                                         "down up half-up",
                                         "unit use",
                                         "infant sibling older room holiday always",
                                         "sun mon tue wed thu fri sat",
                                         "none earlier",
                                         "decline accept",
                                         "first-come need draw",
                                         "grant fiscal-year month week open"};
    for (size_t i = 0; i < COUNT(groups); i++) {
        struct text rest = text_of(groups[i]);
        struct text piece;
        while (shape_lists(groups[i], text_of(word)) && rest.n > 0 && text_next(&rest, ' ', &piece)) {
            if (!text_is(piece, word)) {
                return text_copy(&arena, piece).p;
            }
        }
    }
    return NULL;
}

static json_t *changed(const char *pointer, const json_t *value) {
    const char *word = json_string_value(value);
    if (json_is_integer(value)) {
        return json_integer(json_integer_value(value) + 1 + (json_int_t)below_n(3));
    }
    if (json_is_boolean(value)) {
        return json_boolean(!json_is_true(value));
    }
    if (ends(pointer, "/valid_from")) {
        return json_string("2031-04-01");
    }
    if (strlen(word) == 5 && word[2] == ':') {
        return json_string(strcmp(word, "11:11") == 0 ? "11:12" : "11:11");
    }
    const char *other = ends(pointer, "/name") || ends(pointer, "/note") ? NULL : other_word(word);
    return other != NULL ? json_string(other) : json_sprintf("%s変", word);
}

static void edit(const struct leaf *leaf) {
    json_t *old = leaf->key != NULL ? json_object_get(leaf->parent, leaf->key)
                                    : json_array_get(leaf->parent, leaf->index);
    json_t *new = changed(leaf->pointer, old);
    if (leaf->key != NULL) {
        assert_int_equal(json_object_set_new(leaf->parent, leaf->key, new), 0);
    } else {
        assert_int_equal(json_array_set_new(leaf->parent, leaf->index, new), 0);
    }
}

/* A row is about an edit when it stands at it or above it. */
static bool about(struct text row, const char *pointer) {
    struct text p = text_of(pointer);
    return text_eq(row, p) || (text_starts(p, row) && p.p[row.n] == '/');
}

static void check_rows(const struct comparison *c, const struct leaf *const *edits, size_t count) {
    for (size_t i = 0; i < count; i++) {
        bool found = false;
        for (size_t k = 0; k < c->count; k++) {
            found = found || about(c->rows[k].pointer, edits[i]->pointer);
        }
        if (!found) {
            fail_msg("not found: %s", edits[i]->pointer);
        }
    }
    for (size_t k = 0; k < c->count; k++) {
        bool made = false;
        for (size_t i = 0; i < count; i++) {
            made = made || about(c->rows[k].pointer, edits[i]->pointer);
        }
        if (!made) {
            fail_msg("nobody made: %.*s %.*s", TEXT_F(c->rows[k].pointer), TEXT_F(c->rows[k].label));
        }
        assert_false(text_eq(c->rows[k].before, c->rows[k].after));
        assert_true(c->rows[k].before.n > 0 && c->rows[k].after.n > 0 && c->rows[k].section.n > 0);
    }
}

static void edit_round(struct text version) {
    struct leaves *leaves = arena_new(&arena, struct leaves);
    const struct leaf *edits[EDITS_MAX];
    json_t *tree = json_loadb(version.p, version.n, 0, NULL);
    collect(leaves, "", tree);
    size_t count = 1 + below_n(EDITS_MAX);
    size_t made = 0;
    for (size_t i = 0; i < count; i++) {
        const struct leaf *leaf = &leaves->rows[below_n(leaves->count)];
        bool twice = false;
        for (size_t k = 0; k < made; k++) {
            twice = twice || edits[k] == leaf;
        }
        if (!twice) {
            edit(leaf);
            edits[made++] = leaf;
        }
    }
    struct comparison c = between(version, dump(tree));
    check_rows(&c, edits, made);
    json_decref(tree);
}

/* Rows taken out, put in, and moved. */
static void row_round(struct text version) {
    static const char *const lists[] = {"pools",      "cares",    "additions",
                                        "reductions", "consents", "exclusions"};
    const char *key = lists[below_n(COUNT(lists))];
    json_t *tree = json_loadb(version.p, version.n, 0, NULL);
    json_t *rows = json_object_get(tree, key);
    size_t n = json_array_size(rows);
    if (n > 0) {
        size_t at = below_n(n);
        json_t *copy = json_deep_copy(json_array_get(rows, at));
        switch (below_n(n > 1 ? 3 : 2)) {
        case 0:
            (void)json_array_remove(rows, at);
            break;
        case 1:
            (void)json_object_set_new(copy, "code", json_string("another"));
            (void)json_array_append(rows, copy);
            break;
        default:
            (void)json_array_remove(rows, at);
            (void)json_array_insert(rows, at == 0 ? n - 1 : 0, copy);
        }
        json_decref(copy);
        struct comparison c = between(version, dump(tree));
        assert_int_equal(c.count, 1);
        assert_true(text_starts(c.rows[0].pointer, text_printf(&arena, "/%s", key)));
    }
    json_decref(tree);
}

/* Nothing in the table that the profiles use is unknown to it. */
static void known(const struct shape *shape, const json_t *json);

static void known_value(const struct shape_field *field, const json_t *json) {
    const char *key;
    json_t *value;
    size_t i;
    if (field->kind == SHAPE_OBJECT && field->inner->way_count > 0) {
        const struct shape_way *way = &field->inner->ways[shape_way_of(field->inner, json)];
        if (way->as != NULL) {
            known_value(way->as, json);
            return;
        }
    }
    if (field->kind == SHAPE_OBJECT) {
        known(field->inner, json);
    } else if (field->kind == SHAPE_ROWS) {
        json_array_foreach(json, i, value) {
            known(field->inner, value);
        }
    } else if ((field->kind == SHAPE_BY_CLASS && shape_is_table(json)) || field->kind == SHAPE_BY_CARE) {
        json_object_foreach((json_t *)(uintptr_t)json, key, value) {
            known_value(field->value, value);
        }
    } else if (field->kind != SHAPE_BY_CLASS) {
        assert_true(json_is_array(json) || shape_text(&arena, field, json).n > 0 ||
                    json_string_length(json) == 0);
    } else {
        known_value(field->value, json);
    }
}

static void known(const struct shape *shape, const json_t *json) {
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)json, key, value) {
        const struct shape_field *field = shape_member(shape, text_of(key));
        if (field == NULL) {
            fail_msg("%s has no member %s", shape->name, key);
        }
        known_value(field, value);
    }
}

static struct text version_of(const char *path) {
    json_t *tree = json_load_file(path, 0, NULL);
    assert_non_null(tree);
    json_t *versions = json_object_get(tree, "versions");
    json_t *last = json_array_get(versions, json_array_size(versions) - 1);
    known(&shape_version, last);
    struct text version = dump(last);
    json_decref(tree);
    return version;
}

static void finds_every_edit(void **state) {
    const char *path = *state;
    struct text version = version_of(path);
    assert_int_equal(between(version, version).count, 0);
    for (int i = 0; i < ROUNDS; i++) {
        edit_round(version);
        row_round(version);
        arena_clear(&arena);
        version = version_of(path);
    }
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_well),
        cmocka_unit_test(refuses_what_is_no_version),
        cmocka_unit_test(has_words),
        cmocka_unit_test_prestate(finds_every_edit, argc > 1 ? argv[1] : NULL),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
