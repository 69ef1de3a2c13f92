/* What people type: tables of forms that must meet, and of forms that must be refused. */
#include "sys/textkey.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

static void keys_that_meet(void **state) {
    (void)state;
    static const struct {
        const char *a;
        const char *b;
    } cases[] = {
        {"髙橋", "高橋"},
        {"山\uFA11", "山崎"},
        {"渡邉", "渡辺"},
        {"渡邊", "渡辺"},
        {"渡邉\U000E0100", "渡辺"},
        {"齋藤", "斉藤"},
        {"斎藤", "齊藤"},
        {"濵田", "浜田"},
        {"\U00020BB7田", "吉田"},
        {"\uFA19", "神"},
        {"やまだ　はなこ", "ヤマダ ハナコ"},
        {"ﾔﾏﾀﾞﾊﾅｺ", "ヤマダハナコ"},
        {"マリア・ガルシア", "マリアガルシア"},
        {"ﾏﾘｱ･ｶﾞﾙｼｱ", "まりあがるしあ"},
        {"Smith", "ＳＭＩＴＨ"},
        {"1−2−3", "１－２－３"},
        {"さくら〜もも", "さくら～もも"},
        {"カ-ル", "カール"},
        {"が", "か\u3099"},
        {"a\u200bb", "ab"},
    };
    struct arena arena;
    arena_init(&arena, 1 << 18);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct text a = textkey_search(&arena, text_of(cases[i].a));
        struct text b = textkey_search(&arena, text_of(cases[i].b));
        if (!text_eq(a, b) || a.n == 0) {
            fail_msg("%s %s: %s %s", cases[i].a, cases[i].b, a.p, b.p);
        }
        assert_true(text_eq(textkey_search(&arena, a), a)); /* a key's key is itself */
    }
    assert_true(text_is(textkey_search(&arena, TEXT("渡邊 はな子")), "渡辺ハナ子"));
    assert_false(text_eq(textkey_search(&arena, TEXT("川田")), textkey_search(&arena, TEXT("河田"))));
    assert_int_equal(textkey_search(&arena, TEXT("")).n, 0);
    assert_int_equal(textkey_search(&arena, TEXT("a\xff")).n, 0);
    arena_release(&arena);
}

struct given {
    const char *typed;
    const char *result; /* NULL: refused */
};

static void walk(const struct given *cases, size_t count,
                 bool (*fn)(struct arena *, struct text, struct text *)) {
    struct arena arena;
    arena_init(&arena, 1 << 18);
    for (size_t i = 0; i < count; i++) {
        struct text result = TEXT("untouched");
        bool ok = fn(&arena, text_of(cases[i].typed), &result);
        const char *expected = cases[i].result == NULL ? "untouched" : cases[i].result;
        if (ok != (cases[i].result != NULL) || !text_is(result, expected)) {
            fail_msg("%s: %.*s", cases[i].typed, TEXT_F(result));
        }
    }
    arena_release(&arena);
}

static void kana(void **state) {
    (void)state;
    static const struct given cases[] = {
        {"やまだ　はなこ", "ヤマダ ハナコ"},
        {"ﾔﾏﾀﾞ  ﾊﾅｺ", "ヤマダ ハナコ"},
        {" ヤマダ ", "ヤマダ"},
        {"ゔぁいおれっと", "ヴァイオレット"},
        {"か-る", "カール"},
        {"ｶｰﾙ", "カール"},
        {"マリア・ガルシア", "マリア・ガルシア"},
        {"さゝき", "サヽキ"},
        {"", NULL},
        {"　", NULL},
        {"山田", NULL},
        {"ヤマダ1", NULL},
        {"Yamada", NULL},
        {"・ヤマダ", NULL},
        {"-ヤマダ", NULL},
        {"ヤマダ\xff", NULL},
    };
    walk(cases, COUNT(cases), textkey_kana);
}

static void phones(void **state) {
    (void)state;
    static const struct given cases[] = {
        {"090-1234-5678", "09012345678"},
        {"０９０－１２３４－５６７８", "09012345678"},
        {"０９０ー１２３４ー５６７８", "09012345678"},
        {"(072) 841-1221", "0728411221"},
        {"0728411221", "0728411221"},
        {"+81 90 1234 5678", "09012345678"},
        {"＋８１-90-1234-5678", "09012345678"},
        {"+81 (0)90-1234-5678", "09012345678"},
        {"0120-000-000", "0120000000"},
        {"0800-000-0000", "08000000000"},
        {"", NULL},
        {"072-8411-2211", NULL},
        {"090-1234-567", NULL},
        {"090-1234-56789", NULL},
        {"1234567890", NULL},
        {"0012345678", NULL},
        {"+1 202 555 0100", NULL},
        {"090+12345678", NULL},
        {"090-1234-5678 内線3", NULL},
        {"090-1234-567x", NULL},
    };
    walk(cases, COUNT(cases), textkey_phone);
}

static void postal_codes(void **state) {
    (void)state;
    static const struct given cases[] = {
        {"573-0027", "5730027"},
        {"〒573-0027", "5730027"},
        {"５７３ー００２７", "5730027"},
        {"5730027", "5730027"},
        {"573 0027", "5730027"},
        {"573-002", NULL},
        {"573-00277", NULL},
        {"", NULL},
        {"枚方市", NULL},
        {"573-002a", NULL},
    };
    walk(cases, COUNT(cases), textkey_postal);
}

static void emails(void **state) {
    (void)state;
    static const struct given cases[] = {
        {"hanako@example.jp", "hanako@example.jp"},
        {"  Hanako@EXAMPLE.JP\r\n", "hanako@example.jp"},
        {"ｈａｎａｋｏ＠ｅｘａｍｐｌｅ．ｊｐ", "hanako@example.jp"},
        {"hanako@example。jp", "hanako@example.jp"},
        {"abc..def.@docomo.ne.jp", "abc..def.@docomo.ne.jp"},
        {"a+tag_x@sub-domain.example.co.jp", "a+tag_x@sub-domain.example.co.jp"},
        {"", NULL},
        {"hanako", NULL},
        {"@example.jp", NULL},
        {"hanako@", NULL},
        {"hanako@localhost", NULL},
        {"hanako@-a.jp", NULL},
        {"hanako@a..jp", NULL},
        {"hanako@a.jp.", NULL},
        {"hanako@192.168.0.1", NULL},
        {"ha nako@example.jp", NULL},
        {"a@b@example.jp", NULL},
        {".a@example.jp", NULL},
        {"a@example.jp\nBcc: x@example.jp", NULL},
        {"a\r@example.jp", NULL},
        {"<a@example.jp>", NULL},
        {"a,b@example.jp", NULL},
        {"\"a b\"@example.jp", NULL},
        {"花子@example.jp", NULL},
        {"a@例え.jp", NULL},
        {"a\x7f@example.jp", NULL},
        {"1234567890123456789012345678901234567890123456789012345678901234@a.jp",
         "1234567890123456789012345678901234567890123456789012345678901234@a.jp"},
        {"12345678901234567890123456789012345678901234567890123456789012345@a.jp", NULL},
    };
    walk(cases, COUNT(cases), textkey_email);
    struct arena arena;
    arena_init(&arena, 1 << 18);
    char *p = arena_take(&arena, 5000);
    memset(p, 'a', 5000);
    struct text email = TEXT("");
    assert_false(textkey_email(&arena, (struct text){p, 5000}, &email));
    assert_false(textkey_email(&arena, (struct text){p, 300}, &email));
    arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_that_meet), cmocka_unit_test(kana),   cmocka_unit_test(phones),
        cmocka_unit_test(postal_codes),   cmocka_unit_test(emails),
    };
    return cmocka_run_group_tests_name("sys/textkey", tests, NULL, NULL);
}
