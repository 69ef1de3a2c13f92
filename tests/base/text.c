/* Text, numbers and buffers: tables of good and bad input. */
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/num.h"

static void utf8(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        size_t n;
        bool ok;
    } cases[] = {
        {"", 0, true},
        {"abc", 3, true},
        {"産後", 6, true},
        {"\xf0\x9f\x98\x80", 4, true},
        {"\xc0\x80", 2, false},
        {"\xed\xa0\x80", 3, false},
        {"\xf4\x90\x80\x80", 4, false},
        {"\xe7\x94", 2, false},
        {"\x80", 1, false},
        {"a\0b", 3, false},
        {"\xe0\x80\x80", 3, false},
        {"\xff", 1, false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(text_utf8_ok((struct text){cases[i].bytes, cases[i].n}), cases[i].ok);
    }
    assert_int_equal(text_chars(TEXT("産後ケア")), 4);
}

static void cutting(void **state) {
    (void)state;
    assert_true(text_is(text_trim(TEXT(" 　a b　\n")), "a b"));
    assert_true(text_is(text_trim(TEXT(" 　 ")), ""));
    struct text rest = TEXT("a,,b");
    struct text piece;
    assert_true(text_next(&rest, ',', &piece) && text_is(piece, "a"));
    assert_true(text_next(&rest, ',', &piece) && text_is(piece, ""));
    assert_true(text_next(&rest, ',', &piece) && text_is(piece, "b"));
    assert_false(text_next(&rest, ',', &piece));
    assert_true(text_has(TEXT("abc"), TEXT("bc")));
    assert_true(text_cmp(TEXT("a"), TEXT("ab")) < 0);
    assert_false(text_printable(TEXT("a\nb"), false));
    assert_true(text_printable(TEXT("a\nb"), true));
    assert_false(text_printable(TEXT("a\xc2\x85"), true));
}

static void numbers(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 16);
    int64_t n = 3;
    static const char *const bad[] = {"", "-", "+1", " 1", "1 ", "1.0", "1234567890123456789", "１"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_false(num_parse(text_of(bad[i]), &n));
    }
    assert_int_equal(n, 3);
    assert_true(num_parse(TEXT("-42"), &n) && n == -42);
    assert_false(num_add(INT64_MAX, 1, &n));
    assert_false(num_mul(INT64_MAX, 2, &n));
    assert_string_equal(num_grouped(&arena, 5610000).p, "5,610,000");
    assert_string_equal(num_grouped(&arena, -100).p, "-100");
    assert_string_equal(num_grouped(&arena, -1000).p, "-1,000");
    assert_string_equal(num_grouped(&arena, 0).p, "0");
    assert_string_equal(num_grouped(&arena, INT64_MIN).p, "-9,223,372,036,854,775,808");
    assert_string_equal(num_grouped(&arena, INT64_MAX).p, "9,223,372,036,854,775,807");
    assert_string_equal(TEXT_CAT(&arena, TEXT("a"), TEXT(""), (struct text){NULL, 0}, TEXT("bc")).p, "abc");
    arena_release(&arena);
}

static void buffers_grow(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 20);
    struct buf buf;
    buf_init(&buf, &arena);
    for (int i = 0; i < 5000; i++) {
        buf_printf(&buf, "%d,", i % 10);
    }
    struct text all = buf_text(&buf);
    assert_int_equal(all.n, 10000);
    assert_int_equal(all.p[all.n], 0);
    assert_true(text_starts(all, TEXT("0,1,2,")));
    arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf8),
        cmocka_unit_test(cutting),
        cmocka_unit_test(numbers),
        cmocka_unit_test(buffers_grow),
    };
    return cmocka_run_group_tests_name("base/text", tests, NULL, NULL);
}
