/* One-time codes against RFC 6238 (appendix B, last six digits), the window and the guard against a second use. */
#include "sys/totp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

/* "12345678901234567890" in base 32 */
#define RFC_SECRET "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

static void codes_of_the_rfc(void **state) {
    (void)state;
    static const struct {
        int64_t at;
        const char *code;
    } cases[] = {{59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
                 {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};
    struct arena arena;
    arena_init(&arena, 1 << 18);
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t step = -1;
        struct instant at = {cases[i].at};
        assert_true(text_is(totp_code(&arena, TEXT(RFC_SECRET), at), cases[i].code));
        assert_true(totp_verify(TEXT(RFC_SECRET), text_of(cases[i].code), at, 0, &step));
        assert_int_equal(step, cases[i].at / 30);
    }
    assert_int_equal(totp_code(&arena, TEXT("not base 32!"), (struct instant){59}).n, 0);
    arena_release(&arena);
}

static void window_and_single_use(void **state) {
    (void)state;
    const int64_t step = 1111111109 / 30;
    static const struct {
        int64_t shift; /* seconds from the start of the code's step */
        int64_t last;  /* last used step, from the code's */
        bool ok;
    } cases[] = {{0, -100, true},   {29, -100, true}, {30, -100, true},  {59, -100, true},
                 {60, -100, false}, {-1, -100, true}, {-30, -100, true}, {-31, -100, false},
                 {0, -1, true},     {0, 0, false},    {0, 1, false}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t used = -7;
        struct instant now = {step * 30 + cases[i].shift};
        bool ok = totp_verify(TEXT(RFC_SECRET), TEXT("081804"), now, step + cases[i].last, &used);
        assert_int_equal(ok, cases[i].ok);
        assert_int_equal(used, cases[i].ok ? step : -7);
    }
}

static void how_codes_are_typed(void **state) {
    (void)state;
    static const struct {
        const char *code;
        bool ok;
    } cases[] = {{"081804", true},  {"081 804", true}, {"０８１８０４", true}, {" 081804\n", true},
                 {"", false},       {"81804", false},  {"0818040", false},     {"08180a", false},
                 {"-81804", false}, {"081805", false}, {"０８１８０", false}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t step = 0;
        assert_int_equal(
            totp_verify(TEXT(RFC_SECRET), text_of(cases[i].code), (struct instant){1111111109}, 0, &step),
            cases[i].ok);
    }
    int64_t step = 0;
    assert_false(totp_verify(TEXT(""), TEXT("081804"), (struct instant){1111111109}, 0, &step));
}

static void enrolment(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 18);
    struct env_test test = {.now_ms = 1700000000000, .seed = 1};
    struct env env = env_test(&test);
    struct text a = totp_secret(&arena, &env);
    struct text b = totp_secret(&arena, &env);
    assert_int_equal(a.n, 32);
    assert_false(text_eq(a, b));
    int64_t step = 0;
    assert_true(totp_verify(a, totp_code(&arena, a, env_now(&env)), env_now(&env), 0, &step));
    assert_true(text_is(totp_uri(&arena, TEXT("産後"), TEXT("a+b@c.jp"), TEXT("ABC")),
                        "otpauth://totp/%E7%94%A3%E5%BE%8C:a%2Bb%40c.jp?secret=ABC&issuer=%E7%94%A3%E5%BE%8C"
                        "&algorithm=SHA1&digits=6&period=30"));
    arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_of_the_rfc),
        cmocka_unit_test(window_and_single_use),
        cmocka_unit_test(how_codes_are_typed),
        cmocka_unit_test(enrolment),
    };
    return cmocka_run_group_tests_name("sys/totp", tests, NULL, NULL);
}
