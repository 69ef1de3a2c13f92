/* Messages byte by byte, and everything that must not become one. How other programs read them is tests/notify/smtp.c. */
#include "notify/mail.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

static struct message plain(void) {
    return (struct message){
        .id = TEXT("n0123@sango.example.jp"),
        .from = TEXT("sango@example.jp"),
        .from_name = TEXT("Sango"),
        .to = TEXT("hanako@example.jp"),
        .subject = TEXT("Hello"),
        .body = TEXT("a\nb\n"),
        .date = {1795161605},
    };
}

static void a_message(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 20);
    struct message message = plain();
    struct text bytes = TEXT("");
    assert_true(mail_build(&arena, &message, &bytes));
    assert_true(text_is(bytes, "Date: Fri, 20 Nov 2026 17:00:05 +0900\r\n"
                               "From: Sango\r\n <sango@example.jp>\r\n"
                               "To: <hanako@example.jp>\r\n"
                               "Message-ID: <n0123@sango.example.jp>\r\n"
                               "Subject: Hello\r\n"
                               "MIME-Version: 1.0\r\n"
                               "Content-Type: text/plain; charset=UTF-8\r\n"
                               "Content-Transfer-Encoding: base64\r\n"
                               "Auto-Submitted: auto-generated\r\n"
                               "\r\n"
                               "YQ0KYg0K\r\n"));
    message.subject = TEXT("予約が確定しました");
    message.from_name = TEXT("枚方市");
    assert_true(mail_build(&arena, &message, &bytes));
    assert_true(text_has(bytes, TEXT("Subject: =?UTF-8?B?5LqI57SE44GM56K65a6a44GX44G+44GX44Gf?=\r\n")));
    assert_true(text_has(bytes, TEXT("From: =?UTF-8?B?5p6a5pa55biC?=\r\n <sango@example.jp>\r\n")));
    arena_release(&arena);
}

static void lines_are_short_and_ascii(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 24);
    struct message message = plain();
    char *subject = arena_take(&arena, 500);
    char *body = arena_take(&arena, 100000);
    for (size_t i = 0; i + 3 <= 500; i += 3) {
        memcpy(subject + i, "産", 3);
    }
    for (size_t i = 0; i + 4 <= 100000; i += 4) {
        memcpy(body + i, "\xf0\xa0\xae\xb7", 4);
    }
    message.subject = (struct text){subject, 498};
    message.body = (struct text){body, 100000};
    struct text bytes = TEXT("");
    assert_true(mail_build(&arena, &message, &bytes));
    size_t column = 0;
    for (size_t i = 0; i < bytes.n; i++) {
        assert_true((unsigned char)bytes.p[i] < 0x7f);
        column = bytes.p[i] == '\n' ? 0 : column + 1;
        assert_true(column <= 77); /* with the CR */
    }
    arena_release(&arena);
}

static void what_must_not_become_a_message(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 24);
    char *huge = arena_take(&arena, 300000);
    memset(huge, 'a', 299999);
#define WITH(field, value)                                                                                   \
    do {                                                                                                     \
        struct message message = plain();                                                                    \
        struct text bytes = TEXT("untouched");                                                               \
        message.field = value;                                                                               \
        assert_false(mail_build(&arena, &message, &bytes));                                                  \
        assert_true(text_is(bytes, "untouched"));                                                            \
    } while (0)
    WITH(to, TEXT(""));
    WITH(to, TEXT("hanako"));
    WITH(to, TEXT("a@example.jp\r\nBcc: b@example.jp"));
    WITH(to, TEXT("a@example.jp, b@example.jp"));
    WITH(to, TEXT("a@example.jp> SIZE=1"));
    WITH(to, TEXT(" a@example.jp"));
    WITH(from, TEXT("a@example.jp\n"));
    WITH(from, TEXT(""));
    WITH(from_name, TEXT("枚方市\r\nBcc: b@example.jp"));
    WITH(from_name, TEXT("a\0b"));
    WITH(subject, TEXT("a\nBcc: b@example.jp"));
    WITH(subject, TEXT("a\rb"));
    WITH(subject, TEXT("a\xc2\x85"));
    WITH(subject, TEXT("a\xff"));
    WITH(subject, ((struct text){huge, 501}));
    WITH(id, TEXT(""));
    WITH(id, TEXT("a"));
    WITH(id, TEXT("@a"));
    WITH(id, TEXT("a@"));
    WITH(id, TEXT("a@b>\r\nX: y"));
    WITH(id, TEXT("a@b@c"));
    WITH(id, TEXT("産@b"));
    WITH(id, ((struct text){huge, 201}));
    WITH(body, TEXT("a\rb"));
    WITH(body, TEXT("a\0b"));
    WITH(body, TEXT("a\x1b[2J"));
    WITH(body, TEXT("a\xe7\x94"));
    WITH(body, ((struct text){huge, 256 * 1024 + 1}));
#undef WITH
    arena_release(&arena);
}

static void addresses_on_the_wire(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 16);
    struct text wire = TEXT("");
    assert_true(mail_address(&arena, TEXT("a.b@docomo.ne.jp"), &wire));
    assert_true(text_is(wire, "a.b@docomo.ne.jp"));
    assert_true(mail_address(&arena, TEXT("a..b@docomo.ne.jp"), &wire));
    assert_true(text_is(wire, "\"a..b\"@docomo.ne.jp"));
    assert_true(mail_address(&arena, TEXT("ab.@docomo.ne.jp"), &wire));
    assert_true(text_is(wire, "\"ab.\"@docomo.ne.jp"));
    arena_release(&arena);
}

static void waits_between_tries(void **state) {
    (void)state;
    static const int64_t middle[] = {30, 60, 120, 240, 480, 960, 1920, 3600, 3600};
    for (int i = 0; i < (int)COUNT(middle); i++) {
        assert_int_equal(notify_delay(i + 1, 0), middle[i] * 3 / 4);
        assert_int_equal(notify_delay(i + 1, UINT32_C(1) << 31), middle[i] * 3 / 4 + middle[i] / 4);
        assert_true(notify_delay(i + 1, UINT32_MAX) <= middle[i] * 5 / 4);
    }
    assert_int_equal(notify_delay(1000000, 0), 2700);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message),
        cmocka_unit_test(lines_are_short_and_ascii),
        cmocka_unit_test(what_must_not_become_a_message),
        cmocka_unit_test(addresses_on_the_wire),
        cmocka_unit_test(waits_between_tries),
    };
    return cmocka_run_group_tests_name("notify/mail", tests, NULL, NULL);
}
