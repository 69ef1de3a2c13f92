/* The Cabinet Office's file as it is published, and what is no text at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sys/charset.h"

static void test_charset(void **state) {
    (void)state;
    static const struct {
        const char *bytes, *utf8; /* NULL: refused */
    } cases[] = {
        {"2026/1/1,\x8c\xb3\x93\xfa\r\n", "2026/1/1,元日\r\n"},
        {"\x8d\x91\x96\xaf\x82\xcc\x8f\x6a\x93\xfa\x81\x45\x8b\x78\x93\xfa\x8c\x8e\x93\xfa,x",
         "国民の祝日・休日月日,x"},
        {"2026-01-01,元日\n", "2026-01-01,元日\n"},
        {"\x87\x40", "①"}, /* Windows' own, not in Shift_JIS */
        {"", ""},
        {"\xff\xff", NULL},
        {"abc\x8c", NULL},
    };
    struct arena arena;
    arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct text out = TEXT("");
        bool good = charset_utf8(&arena, text_of(cases[i].bytes), &out);
        if (good != (cases[i].utf8 != NULL) || (good && !text_is(out, cases[i].utf8))) {
            fail_msg("case %zu: %.*s", i, TEXT_F(out));
        }
    }
    arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_charset)};
    return cmocka_run_group_tests_name("charset", tests, NULL, NULL);
}
