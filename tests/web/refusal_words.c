/* No refusal without a due explanation: every code has a heading, every sentence of it says why and what would make it
 * possible, and a resident is led on by a link. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "web/app.h"
#include "web/refusal.h"
#include "words/table.h"
#include "words/words.h"

static struct arena arena;

/* What a sentence says when it tells what to do, or when it will be possible. */
static bool tells_a_way(struct text sentence) {
    static const char *const ways[] = {"ください",   "できます",     "いただけます",     "から受け付けます",
                                       "決まります", "利用できます", "までならできます", "最も早い日は"};
    for (size_t i = 0; i < COUNT(ways); i++) {
        if (text_has(sentence, text_of(ways[i]))) {
            return true;
        }
    }
    return false;
}

static void says_why_and_how(void **state) {
    (void)state;
    for (int code = REFUSAL_NONE + 1; code < REFUSAL__MAX; code++) {
        struct text name = refusal_code((enum refusal)code);
        enum word word;
        assert_true(refusal_title((enum refusal)code).n > 0);
        assert_true(word_find(text_printf(&arena, "refusal-title.%.*s", TEXT_F(name)), &word));
        assert_true(word_find(text_printf(&arena, "refusal.%.*s", TEXT_F(name)), &word));
        for (int variant = 1; variant <= 4; variant++) {
            struct text key = variant == 1 ? text_printf(&arena, "refusal.%.*s", TEXT_F(name))
                                           : text_printf(&arena, "refusal.%.*s-%d", TEXT_F(name), variant);
            enum word sentence;
            if (word_find(key, &sentence)) {
                struct text raw = word_rows[sentence].text; /* with its places */
                if (!tells_a_way(raw) || text_chars(raw) < 15) {
                    fail_msg("%.*s: no way on in: %.*s", TEXT_F(key), TEXT_F(raw));
                }
            }
        }
    }
}

/* The link leads to a page that there is. */
static void leads_on(void **state) {
    (void)state;
    const struct route_tree *routes = app_routes(&arena);
    struct exchange x = {.arena = &arena};
    for (int code = REFUSAL_NONE; code < REFUSAL__MAX; code++) {
        struct button_view next = refusal_next(&x, (enum refusal)code);
        struct route_match match = route_find(routes, HTTP_GET, next.url);
        assert_true(next.label.n > 0);
        assert_non_null(match.route);
        assert_true((match.route->roles & FOR_RESIDENT) != 0);
    }
}

static int set_up(void **state) {
    (void)state;
    arena_init(&arena, 16 << 20);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    arena_release(&arena);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_why_and_how),
        cmocka_unit_test(leads_on),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
