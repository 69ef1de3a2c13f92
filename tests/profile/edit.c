/* A version as fields: what is shown and set back changes nothing; the changes of an April; every form of every object;
 * rows and the codes that others refer to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "profile/compare.h"
#include "profile/edit.h"

enum { ARENA_LIMIT = 768 << 20 };

static struct arena arena;
static struct edit edit;

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

static struct text version_of(const char *path) {
    json_t *tree = json_load_file(path, 0, NULL);
    assert_non_null(tree);
    json_t *versions = json_object_get(tree, "versions");
    char *p = json_dumps(json_array_get(versions, json_array_size(versions) - 1), JSON_COMPACT);
    struct text version = text_copy(&arena, text_of(p));
    free(p);
    json_decref(tree);
    return version;
}

static int32_t faults_of(struct text version) {
    struct profile profile;
    struct profile_faults faults;
    struct text file =
        text_printf(&arena, "{\"code\":\"x\",\"name\":\"x\",\"versions\":[%.*s]}", TEXT_F(version));
    bool fine = profile_load(&arena, file, &profile, &faults);
    for (int32_t i = 0; i < faults.count && i < 3; i++) {
        print_message("# %.*s %.*s\n", TEXT_F(faults.rows[i].pointer), TEXT_F(faults.rows[i].sentence));
    }
    return fine ? 0 : faults.count;
}

static struct comparison since(struct text before) {
    struct comparison c;
    assert_true(compare_versions(&arena, before, edit_document(&edit), &c));
    return c;
}

static void set(const char *name, const char *typed) {
    enum word fault;
    if (!edit_set(&edit, text_of(name), text_of(typed), &fault)) {
        fail_msg("%s = %s: %.*s", name, typed, TEXT_F(word_text(fault)));
    }
}

static void refuses(const char *name, const char *typed, enum word why) {
    enum word fault;
    struct text before = edit_document(&edit);
    assert_false(edit_set(&edit, text_of(name), text_of(typed), &fault));
    assert_int_equal(fault, why);
    assert_true(text_eq(before, edit_document(&edit)));
}

/* ---- what is shown, set back ---- */

static struct text as_sent(const struct edit_node *leaf) {
    struct text sent = TEXT("");
    bool boxes = leaf->kind == SHAPE_CARES || leaf->kind == SHAPE_CLASSES || leaf->kind == SHAPE_POOLS;
    for (size_t i = 0; i < leaf->choice_count && boxes; i++) {
        if (leaf->choices[i].chosen) {
            sent = sent.n == 0
                       ? leaf->choices[i].code
                       : text_printf(&arena, "%.*s %.*s", TEXT_F(sent), TEXT_F(leaf->choices[i].code));
        }
    }
    return boxes ? sent : leaf->value;
}

static void set_back(const struct edit_node *node) {
    enum word fault;
    for (size_t i = 0; i < node->count; i++) {
        set_back(&node->children[i]);
    }
    if (node->what == EDIT_LEAF) {
        assert_true(node->label.n > 0);
        if (node->kind == SHAPE_CHOICE) {
            int chosen = 0;
            for (size_t i = 0; i < node->choice_count; i++) {
                chosen += node->choices[i].chosen;
            }
            assert_int_equal(chosen, 1);
        }
        if (!edit_set(&edit, node->name, as_sent(node), &fault)) {
            fail_msg("%.*s = %.*s: %.*s", TEXT_F(node->name), TEXT_F(as_sent(node)),
                     TEXT_F(word_text(fault)));
        }
    }
}

static void shows_what_is_there(void **state) {
    struct text version = version_of(*state);
    struct edit_node all;
    assert_true(edit_open(&arena, version, &edit));
    assert_true(edit_look(&edit, TEXT(""), &all));
    set_back(&all);
    struct comparison c = since(version);
    for (size_t i = 0; i < c.count; i++) {
        print_message("# %.*s: %.*s -> %.*s\n", TEXT_F(c.rows[i].pointer), TEXT_F(c.rows[i].before),
                      TEXT_F(c.rows[i].after));
    }
    assert_int_equal(c.count, 0);
    assert_int_equal(faults_of(edit_document(&edit)), 0);
    edit_close(&edit);
}

/* ---- every form of every object ---- */

static void try_ways(struct text version, const struct edit_node *node) {
    for (size_t i = 0; i < node->count; i++) {
        try_ways(version, &node->children[i]);
    }
    bool way = text_ends(node->name, TEXT(".@")) || text_ends(node->name, TEXT(".@by"));
    for (size_t i = 0; i < node->choice_count && way; i++) {
        struct edit_node again;
        struct edit own;
        enum word fault;
        assert_true(edit_open(&arena, version, &own));
        assert_true(edit_set(&own, node->name, node->choices[i].code, &fault));
        assert_true(edit_look(&own, text_part(node->name, 0, text_index(node->name, '@') - 1), &again));
        const struct edit_node *now = &again.children[0];
        while (!text_eq(now->name, node->name)) {
            now = now->count > 0 ? &now->children[0] : now + 1;
        }
        bool chosen = text_eq(now->value, node->choices[i].code);
        if (!chosen) {
            fail_msg("%.*s = %.*s, but is %.*s", TEXT_F(node->name), TEXT_F(node->choices[i].code),
                     TEXT_F(now->value));
        }
        /* half of a class that is itself a half, a share of nothing: for the reader to refuse */
        bool judged = shape_lists("part minus same", node->choices[i].code);
        assert_true(judged || faults_of(edit_document(&own)) == 0);
        edit_close(&own);
    }
}

static void takes_every_form(void **state) {
    struct text version = version_of(*state);
    struct edit_node all;
    assert_true(edit_open(&arena, version, &edit));
    assert_true(edit_look(&edit, TEXT(""), &all));
    try_ways(version, &all);
    edit_close(&edit);
}

/* ---- an April ---- */

static const char town[] =
    "{\"valid_from\":\"2025-04-01\",\"name\":\"古い\",\"classes\":[{\"code\":\"taxed\",\"name\":\"課税\"},"
    "{\"code\":\"exempt\",\"name\":\"非課税\"}],\"pools\":[{\"code\":\"main\",\"name\":\"枠\",\"units\":7}],"
    "\"cares\":[{\"code\":\"stay\",\"name\":\"宿泊\",\"kind\":\"stay\",\"start\":\"10:00\",\"end\":\"10:00\","
    "\"charge\":\"days\",\"pools\":[\"main\"],\"age\":{\"months\":4},\"prices\":{\"taxed\":3000,\"all\":600}}],"
    "\"reductions\":[{\"code\":\"n\",\"name\":\"国\",\"classes\":[\"taxed\"],\"amounts\":{\"stay\":2500},\"max\":5}],"
    "\"booking\":{\"deadline\":{\"days\":3,\"at\":\"17:00\"}}}";

static void open_town(void) {
    assert_true(edit_open(&arena, text_of(town), &edit));
}

static void changes_in_april(void **state) {
    (void)state;
    static const struct {
        const char *name, *typed, *label, *after;
    } rows[] = {
        {"cares.0.prices.taxed", "３，５００円", "宿泊・自己負担・課税", "3,500円"},
        {"pools.0.units", "7", NULL, NULL},
        {"pools.0.units.all", "7、14", "枠・使える数", "7、14"},
        {"cares.0.age.months", "12", "宿泊・赤ちゃんの月齢・何か月", "12か月"},
        {"reductions.0.max", "7", "国・回数の上限", "7回"},
        {"booking.deadline.days", "２", "申込みの期限・何日前", "2日前"},
        {"booking.deadline.business", "true", "申込みの期限・営業日で数える", "はい"},
        {"booking.open_limit", "3", "同時に持てる予約", "3件"},
        {"cares.0.age.corrected.below_gestation_days", "259",
         "宿泊・赤ちゃんの月齢・修正月齢・在胎がこの日数より短いとき", "259日"},
        {"cares.0.note", " 3食つき ", "宿泊・説明", "3食つき"},
        {"cares.0.before_birth", "false", "宿泊・出産の前に予約できる", "いいえ"},
        {"cares.0.end", "9時", "宿泊・終わる時刻", "09:00"},
        {"class_default", "taxed", "区分を確かめられない人の区分", "課税"},
        {"cancel.requested_free", "false", "施設の返事がある前の取消しは、いつでも無料", "いいえ"},
        {"wait.offer.hours_day", "3", "空きの案内・返事の時間（昼）", "3時間"},
        {"valid_from", "2026-04-01", "はじまる日", "令和8年4月1日(水)"},
    };
    open_town();
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct text before = edit_document(&edit);
        if (rows[i].label == NULL) {
            refuses(rows[i].name, rows[i].typed, W_RULE_FAULT_CHOICE);
            continue;
        }
        set(rows[i].name, rows[i].typed);
        struct comparison c = since(before);
        assert_int_equal(c.count, 1);
        assert_string_equal(c.rows[0].label.p, rows[i].label);
        assert_string_equal(c.rows[0].after.p, rows[i].after);
    }
    assert_int_equal(faults_of(edit_document(&edit)), 0);
    edit_close(&edit);
}

static void refuses_what_cannot_be(void **state) {
    (void)state;
    open_town();
    refuses("cares.0.prices.taxed", "三千円", W_RULE_FAULT_NUMBER);
    refuses("cares.0.prices.taxed", "", W_RULE_FAULT_MISSING);
    refuses("cares.0.prices.taxed", "3,50", W_RULE_FAULT_NUMBER);
    refuses("cares.0.start", "25:00", W_RULE_FAULT_CLOCK);
    refuses("cares.0.kind", "night", W_RULE_FAULT_CHOICE);
    refuses("valid_from", "2026-02-30", W_RULE_FAULT_DAY);
    refuses("pools.0.code", "枠", W_RULE_FAULT_CODE);
    refuses("pools.0.units.all", "七", W_RULE_FAULT_NUMBERS);
    refuses("cares.0.patterns", "1、／x", W_RULE_FAULT_PATTERNS);
    refuses("cares.1.name", "x", W_RULE_FAULT_CHOICE);
    refuses("nonsense", "x", W_RULE_FAULT_CHOICE);
    refuses("cares", "x", W_RULE_FAULT_CHOICE);
    refuses("", "x", W_RULE_FAULT_CHOICE);
    refuses("cares.0.prices.@by", "x", W_RULE_FAULT_CHOICE);
    edit_close(&edit);
    assert_false(edit_open(&arena, TEXT("[1]"), &edit));
    assert_false(edit_open(&arena, TEXT("{"), &edit));
}

static void leaves_out_the_usual(void **state) {
    (void)state;
    open_town();
    set("cares.0.patterns", "1、1／2");
    set("cares.0.loss.@", "same");
    assert_true(text_has(edit_document(&edit), TEXT("\"patterns\":[[1,1],[2]]")));
    set("cares.0.patterns", "");
    set("cares.0.loss.@", "no");
    assert_false(text_has(edit_document(&edit), TEXT("patterns")));
    assert_false(text_has(edit_document(&edit), TEXT("loss")));
    set("reductions.0.classes", "taxed exempt");
    assert_false(text_has(edit_document(&edit), TEXT("[\"taxed\"")));
    set("reductions.0.max", "");
    assert_false(text_has(edit_document(&edit), TEXT("\"max\"")));
    assert_int_equal(faults_of(edit_document(&edit)), 0);
    edit_close(&edit);
}

/* ---- rows ---- */

static void keeps_references(void **state) {
    (void)state;
    open_town();
    set("classes.0.code", "full");
    set("pools.0.code", "days");
    set("cares.0.code", "night");
    assert_int_equal(faults_of(edit_document(&edit)), 0);
    struct text t = edit_document(&edit);
    assert_true(text_has(t, TEXT("\"pools\":[\"days\"]")) && text_has(t, TEXT("{\"night\":2500}")));
    assert_false(text_has(t, TEXT("taxed")));
    assert_true(edit_add(&edit, TEXT("pools")));
    assert_true(edit_copy(&edit, TEXT("cares.0")));
    assert_true(edit_copy(&edit, TEXT("cares.1")));
    t = edit_document(&edit);
    assert_true(text_has(t, TEXT("\"night-2\"")) && text_has(t, TEXT("宿泊（写し）（写し）")));
    assert_true(edit_raise(&edit, TEXT("cares.2")));
    assert_false(edit_raise(&edit, TEXT("cares.0")));
    assert_int_equal(faults_of(edit_document(&edit)), 0);
    assert_true(edit_remove(&edit, TEXT("pools.0")));
    assert_true(edit_remove(&edit, TEXT("classes.1")));
    assert_false(edit_remove(&edit, TEXT("classes.9")));
    assert_false(edit_add(&edit, TEXT("classes.0")));
    assert_false(edit_add(&edit, TEXT("cares.0.age")));
    t = edit_document(&edit);
    assert_false(text_has(t, TEXT("days\"]")) || text_has(t, TEXT("exempt")));
    assert_int_equal(faults_of(t), 0);
    assert_true(edit_add(&edit, TEXT("booking.limits")));
    assert_true(edit_add(&edit, TEXT("cancel.steps")));
    set("cancel.no_show.@", "cares");
    assert_true(edit_add(&edit, TEXT("cancel.no_show")));
    assert_true(edit_add(&edit, TEXT("additions")));
    assert_int_equal(faults_of(edit_document(&edit)), 0);
    edit_close(&edit);
}

static void splits_classes(void **state) {
    (void)state;
    open_town();
    set("pools.0.units.@by", "each");
    set("pools.0.units.exempt", "10");
    assert_true(text_has(edit_document(&edit), TEXT("{\"taxed\":7,\"exempt\":10}")));
    set("cares.0.prices.@by", "same");
    assert_true(text_has(edit_document(&edit), TEXT("\"prices\":600")));
    set("cares.0.prices.all.@", "percent");
    assert_true(text_has(edit_document(&edit), TEXT("\"prices\":{\"all\":{\"kind\":\"percent\"")));
    set("cares.0.prices.@by", "each");
    set("cares.0.prices.exempt.@", "part");
    assert_true(text_has(edit_document(&edit), TEXT("\"of\":\"taxed\"")));
    assert_int_equal(faults_of(edit_document(&edit)), 0);
    edit_close(&edit);
}

/* ---- faults ---- */

static const struct edit_node *node_at(const struct edit_node *node, const char *name) {
    for (size_t i = 0; i < node->count; i++) {
        const struct edit_node *found = node_at(&node->children[i], name);
        if (found != NULL) {
            return found;
        }
    }
    return text_is(node->name, name) ? node : NULL;
}

static void tells_faults_at_the_field(void **state) {
    (void)state;
    struct profile_faults faults = {.count = 4,
                                    .rows = {{TEXT("/cares/0/prices/taxed"), TEXT("a")},
                                             {TEXT("/cares/0/age/months"), TEXT("b")},
                                             {TEXT("/cares/0/age/nonsense"), TEXT("c")},
                                             {TEXT("/pools/0"), TEXT("d")}}};
    struct edit_node care;
    open_town();
    assert_true(edit_look(&edit, TEXT("cares.0"), &care));
    assert_true(care.row);
    edit_faults(&care, &faults, &arena);
    assert_string_equal(node_at(&care, "cares.0.age.months")->error.p, "b");
    assert_string_equal(node_at(&care, "cares.0.age")->error.p, "c");
    assert_string_equal(node_at(&care, "cares.0.prices.taxed")->error.p, "a");
    assert_true(edit_section_of(TEXT("cares.0.age")) == edit_section_by(TEXT("cares")));
    assert_true(edit_section_of(TEXT("consents.0")) == edit_section_by(TEXT("asked")));
    assert_null(edit_section_of(TEXT("nonsense")));
    edit_close(&edit);
}

int main(int argc, char **argv) {
    void *path = argc > 1 ? argv[1] : NULL;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(shows_what_is_there, path),
        cmocka_unit_test_prestate(takes_every_form, path),
        cmocka_unit_test(changes_in_april),
        cmocka_unit_test(refuses_what_cannot_be),
        cmocka_unit_test(leaves_out_the_usual),
        cmocka_unit_test(keeps_references),
        cmocka_unit_test(splits_classes),
        cmocka_unit_test(tells_faults_at_the_field),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
