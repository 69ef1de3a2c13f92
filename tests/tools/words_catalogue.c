/* The word catalogue compiler: what it refuses, and where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "words/catalogue.h"

struct refused {
    int line;
    const char *words;
    const char *source;
};

static const struct refused REFUSED[] = {
    {2, "a.b is taken by line 1", "a.b = x\na.b = y\n"},
    {3, "a-b is taken by line 1", "a.b = x\n\na-b = y\n"},
    {1, "expected 'key = text'", "A = x\n"},
    {1, "expected 'key = text'", "a..b = x\n"},
    {1, "expected 'key = text'", "a. = x\n"},
    {1, "expected 'key = text'", "1a = x\n"},
    {1, "expected 'key = text'", "words without sign\n"},
    {2, "has no text", "# c\na =\n"},
    {1, "continues nothing", "| x\n"},
    {1, "a place is {name}", "a = {\n"},
    {1, "a place is {name}", "a = {}\n"},
    {1, "a place is {name}", "a = {Name}\n"},
    {1, "a place is {name}", "a = {na me}\n"},
    {2, "'}' without '{'", "\na = }\n"},
    {1, "no texts", "# nothing\n"},
    {1, "UTF-8", "a = \xff\n"},
    {1, "control", "a = \x01\n"},
};

static void refused(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(REFUSED); i++) {
        struct arena arena;
        arena_init(&arena, 4 << 20);
        struct catalogue_output output;
        struct catalogue_fault fault = {.line = 0};
        assert_false(catalogue_compile(&arena, text_of(REFUSED[i].source), &output, &fault));
        if (fault.line != REFUSED[i].line || strstr(fault.message, REFUSED[i].words) == NULL) {
            fail_msg("%s: %d: %s", REFUSED[i].source, fault.line, fault.message);
        }
        arena_release(&arena);
    }
}

static void accepted(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena, 4 << 20);
    struct catalogue_output output;
    struct catalogue_fault fault;
    struct text source = TEXT("# c\na.b = x\"{n}\\?\nmail =\n  | one\n  |\n  | two\n");
    assert_true(catalogue_compile(&arena, source, &output, &fault));
    assert_non_null(strstr(output.header.p, "W_A_B,\n    W_MAIL,\n    W__MAX"));
    assert_non_null(strstr(output.code.p, "{TEXT_INIT(\"a.b\"), TEXT_INIT(\"x\\\"{n}\\\\\\?\")}"));
    assert_non_null(strstr(output.code.p, "TEXT_INIT(\"one\\n\\ntwo\")"));
    arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(refused), cmocka_unit_test(accepted)};
    return cmocka_run_group_tests_name("tools/words_catalogue", tests, NULL, NULL);
}
