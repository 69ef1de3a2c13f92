/* The catalogue in use: places filled, nothing forgotten, nothing too much. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "words/words.h"

static void filled(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 16);
    const struct word_arg args[] = {{"label", TEXT("{max}")}, {"max", TEXT("40")}};
    assert_string_equal(word_expand(&arena, W_FORM_TOO_LONG, args, COUNT(args)).p,
                        "{max}は40文字以内で入力してください。");
    assert_true(word_has_place(W_FORM_TOO_LONG, "max"));
    assert_false(word_has_place(W_FORM_TOO_LONG, "ma"));
    arena_release(&arena);
}

static void found_by_key(void **state) {
    (void)state;
    enum word word = W__MAX;
    assert_true(word_find(TEXT("form.again"), &word));
    assert_int_equal(word, W_FORM_AGAIN);
    assert_true(word_text(word).n > 0);
    assert_false(word_find(TEXT("form"), &word));
    for (int i = 0; i < W__MAX; i++) {
        assert_true(word_find(word_key((enum word)i), &word));
        assert_int_equal(word, i);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(filled), cmocka_unit_test(found_by_key)};
    return cmocka_run_group_tests_name("words/words", tests, NULL, NULL);
}
