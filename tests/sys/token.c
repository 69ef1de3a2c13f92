/* Random tokens, hashes against FIPS 180-4 examples, codes against RFC 4231. */
#include "sys/token.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

static void tokens_are_new_and_fit_into_urls(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 16);
    struct env_real real = {0};
    struct env env = env_real(&real);
    struct text a = token_new(&arena, &env);
    struct text b = token_new(&arena, &env);
    assert_int_equal(a.n, TOKEN_CHARS);
    assert_true(token_wellformed(a) && token_wellformed(b));
    assert_false(token_eq(a, b));
    assert_true(token_eq(a, text_copy(&arena, a)));
    assert_false(token_eq(a, text_part(a, 0, a.n - 1)));
    assert_true(token_eq(TEXT(""), TEXT("")));
    assert_false(token_wellformed(text_part(a, 1, a.n)));
    assert_false(token_wellformed(TEXT("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa+")));
    arena_release(&arena);
}

static void known_hashes(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 16);
    assert_true(text_is(token_hash(&arena, TEXT("abc")),
                        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    assert_true(text_is(token_hash(&arena, TEXT("")),
                        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    char key[131];
    memset(key, 0xaa, sizeof key);
    assert_true(text_is(token_mac_hex(&arena, TEXT("Jefe"), TEXT("what do ya want for nothing?")),
                        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"));
    assert_true(text_is(token_mac_hex(&arena, (struct text){key, sizeof key},
                                      TEXT("Test Using Larger Than Block-Size Key - Hash Key First")),
                        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"));
    arena_release(&arena);
}

static void base64url(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 16);
    static const struct {
        const char *bytes;
        size_t n;
        const char *text;
    } cases[] = {
        {"", 0, ""}, {"f", 1, "Zg"}, {"fo", 2, "Zm8"}, {"foo", 3, "Zm9v"}, {"\xff\xfe\x00\xfb", 4, "__4A-w"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct text bytes = {cases[i].bytes, cases[i].n};
        struct text back = TEXT("");
        assert_true(text_is(token_encode(&arena, bytes), cases[i].text));
        assert_true(token_decode(&arena, text_of(cases[i].text), &back));
        assert_true(text_eq(back, bytes));
    }
    static const char *const bad[] = {"Z", "Zg==", "Zm9+", "Zm 9", "Zh", "産後"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct text back = TEXT("same");
        assert_false(token_decode(&arena, text_of(bad[i]), &back));
        assert_true(text_is(back, "same"));
    }
    arena_release(&arena);
}

static void test_many(void **state) {
    (void)state;
    enum { MANY = 4200 }; /* three characters count them */
    struct arena arena;
    struct env_real clock = {0};
    struct env env = env_real(&clock);
    static struct text tokens[MANY];
    arena_init(&arena, 1 << 20);
    tokens_new(&arena, &env, tokens, MANY);
    for (size_t i = 0; i < MANY; i++) {
        assert_true(token_wellformed(tokens[i]));
        for (size_t k = 0; k < i; k++) {
            assert_false(text_eq(tokens[i], tokens[k]));
        }
    }
    arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_many),
        cmocka_unit_test(tokens_are_new_and_fit_into_urls),
        cmocka_unit_test(known_hashes),
        cmocka_unit_test(base64url),
    };
    return cmocka_run_group_tests_name("sys/token", tests, NULL, NULL);
}
