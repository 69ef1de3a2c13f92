/* The rules' page says everything: every figure, hour and name that stands in a profile stands in the section of the
 * page that speaks of it. For each shipped city, and for made-up towns that together use every key. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "profile/profile.h"
#include "web/resident/rules.h"

enum { FILE_MAX = 1 << 20, ARENA_LIMIT = 64 << 20, POINTER_MAX = 256 };

static struct arena arena;

/* Figures that say nothing, and are not said: a zero or a one that means "as usual". */
static const struct {
    const char *end; /* of the pointer */
    int64_t n;
    const char *why;
} unsaid[] = {
    {"/days", 0, "the day itself: 利用する日の"},
    {"/weeks", 0, "the week itself"},
    {"/months", 0, "the month itself"},
    {"/quota_weight", 1, "a unit takes one of the pool"},
    {"/from_days", 0, "from the day of birth"},
    {"/from_months", 0, "likewise"},
    {"/percent", 0, "of a cancellation: costs nothing"},
    {"/yen", 0, "likewise"},
    {"/limit_hours", 0, "no such limit"},
    {"/from_week", 0, "from any time"},
    {"/min_nights", 0, "a stay has a night"},
    {"/min_nights", 1, "likewise"},
    {"/min", 0, "no least price"},
    {"/leave", 0, "nothing is left to pay"},
    {"/round_to", 1, "whole yen are usual"},
    {"/below_gestation_days", 0, "not corrected"},
    {"/below_weight_g", 0, "not corrected"},
};

static bool is_unsaid(const char *pointer, int64_t n) {
    for (size_t i = 0; i < COUNT(unsaid); i++) {
        if (unsaid[i].n == n && text_ends(text_of(pointer), text_of(unsaid[i].end))) {
            return true;
        }
    }
    return false;
}

static struct text read_file(const char *path) {
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    char *bytes = arena_take(&arena, FILE_MAX);
    size_t n = fread(bytes, 1, FILE_MAX, file);
    assert_int_equal(fclose(file), 0);
    assert_true(n > 0 && n < FILE_MAX);
    return (struct text){bytes, n};
}

/* ---- the page ---- */

struct said {
    const struct rules_view *view;
    const char *path;
    struct text section; /* all of it */
};

static struct text section_text(const struct rules_view *view, struct text title) {
    struct buf buf;
    buf_init(&buf, &arena);
    for (size_t i = 0; i < view->count; i++) {
        const struct rules_section *s = &view->sections[i];
        for (size_t k = 0; k < s->rows.count && text_eq(s->title, title); k++) {
            buf_printf(&buf, "\n%.*s\n%.*s\n", TEXT_F(s->rows.rows[k].label), TEXT_F(s->rows.rows[k].value));
        }
    }
    return buf_text(&buf);
}

static bool has_number(struct text t, int64_t wanted) {
    for (size_t i = 0; i < t.n;) {
        int64_t n = 0;
        size_t digits = 0;
        for (; i < t.n && ((t.p[i] >= '0' && t.p[i] <= '9') || (t.p[i] == ',' && digits > 0)); i++) {
            n = t.p[i] == ',' ? n : n * 10 + (t.p[i] - '0');
            digits += t.p[i] != ',';
        }
        if (digits > 0 && n == wanted) {
            return true;
        }
        i += digits == 0;
    }
    return false;
}

static void lacks(const struct said *said, const char *pointer, struct text what) {
    fail_msg("%s %s: %.*s is not said in\n%.*s", said->path, pointer, TEXT_F(what), TEXT_F(said->section));
}

/* ---- the walk ---- */

static void check_text(const struct said *said, const char *pointer, const json_t *value) {
    static const char *const spoken[] = {"/name", "/note", "/room"};
    struct text t = {json_string_value(value), json_string_length(value)};
    bool clock = t.n == 5 && t.p[2] == ':';
    bool says = clock;
    for (size_t i = 0; i < COUNT(spoken); i++) {
        says = says || text_ends(text_of(pointer), text_of(spoken[i]));
    }
    if (clock && t.p[0] == '0') {
        t = text_part(t, 1, t.n);
    }
    bool title = false;
    for (size_t i = 0; i < said->view->count; i++) {
        title = title || text_eq(said->view->sections[i].title, t);
    }
    if (says && !title && !text_has(said->section, t)) {
        lacks(said, pointer, t);
    }
}

static void walk(const struct said *said, const char *pointer, json_t *value) {
    char below[POINTER_MAX];
    const char *key;
    json_t *member;
    size_t i;
    if (json_is_object(value)) {
        json_object_foreach(value, key, member) {
            (void)snprintf(below, sizeof below, "%s/%s", pointer, key);
            walk(said, below, member);
        }
    } else if (json_is_array(value)) {
        json_array_foreach(value, i, member) {
            (void)snprintf(below, sizeof below, "%s/%zu", pointer, i);
            walk(said, below, member);
        }
    } else if (json_is_integer(value)) {
        int64_t n = json_integer_value(value);
        if (!is_unsaid(pointer, n) && !has_number(said->section, n < 0 ? -n : n)) {
            lacks(said, pointer, num_grouped(&arena, n));
        }
    } else if (json_is_string(value)) {
        check_text(said, pointer, value);
    }
}

static void walk_in(struct said *said, enum word title, const char *pointer, json_t *value) {
    said->section = section_text(said->view, word_text(title));
    if (value != NULL) {
        walk(said, pointer, value);
    }
}

static void check_version(const char *path, const struct programme *programme,
                          const struct calendar *calendar, json_t *version) {
    struct rules_view view;
    rules_fill(&arena, programme, calendar, &view);
    struct said said = {&view, path, TEXT("")};
    json_t *booking = json_object_get(version, "booking");
    json_t *wait = json_object_get(version, "wait");
    const char *order = json_string_value(json_object_get(wait, "order"));
    if (order == NULL || strcmp(order, "need") != 0) {
        (void)json_object_del(wait, "need"); /* another order: these weigh nothing */
    }
    for (int32_t i = 0; i < programme->care_count; i++) {
        said.section = section_text(&view, programme->cares[i].name);
        walk(&said, "/cares", json_array_get(json_object_get(version, "cares"), (size_t)i));
    }
    walk_in(&said, W_RULES_DAYS, "/pools", json_object_get(version, "pools"));
    walk_in(&said, W_RULES_DAYS, "/booking/limits", json_object_get(booking, "limits"));
    (void)json_object_del(booking, "limits");
    walk_in(&said, W_RULES_BOOKING, "/booking", booking);
    walk_in(&said, W_RULES_BOOKING, "/acceptance", json_object_get(version, "acceptance"));
    walk_in(&said, W_RULES_CANCEL, "/cancel", json_object_get(version, "cancel"));
    walk_in(&said, W_RULES_ADDITIONS, "/additions", json_object_get(version, "additions"));
    walk_in(&said, W_RULES_REDUCTIONS, "/reductions", json_object_get(version, "reductions"));
    walk_in(&said, W_RULES_WAIT, "/wait", wait);
    walk_in(&said, W_RULES_REGISTRATION, "/registration", json_object_get(version, "registration"));
    walk_in(&said, W_RULES_REGISTRATION, "/consents", json_object_get(version, "consents"));
    walk_in(&said, W_RULES_REGISTRATION, "/exclusions", json_object_get(version, "exclusions"));
    walk_in(&said, W_RULES_CLASSES, "/classes", json_object_get(version, "classes"));
    walk_in(&said, W_RULES_CLASSES, "/class_month", json_object_get(version, "class_month"));
}

static void says_everything(void **state) {
    const char *path = *state;
    arena_init(&arena, ARENA_LIMIT);
    struct text json = read_file(path);
    struct profile profile;
    struct profile_faults faults;
    assert_true(profile_load(&arena, json, &profile, &faults));
    json_t *tree = json_loadb(json.p, json.n, 0, NULL);
    for (int32_t i = 0; i < profile.programmes.count; i++) {
        check_version(path, profile.programmes.versions[i], &profile.city.calendar,
                      json_array_get(json_object_get(tree, "versions"), (size_t)i));
    }
    json_decref(tree);
    arena_release(&arena);
}

/* The walk itself notices what is not said. */
static void notices(void **state) {
    (void)state;
    assert_true(has_number(TEXT("1日2,500円まで"), 2500));
    assert_false(has_number(TEXT("1日2,500円まで"), 250));
    assert_false(has_number(TEXT("12:00"), 1));
    assert_true(is_unsaid("/cares/0/deadline/days", 0));
    assert_false(is_unsaid("/cares/0/deadline/days", 1));
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(says_everything, argc > 1 ? argv[1] : NULL),
        cmocka_unit_test(notices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
