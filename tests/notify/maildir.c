/* One message, one file, whole; again replaces itself. */
#include "notify/maildir.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "notify/mail.h"
#include "sys/file.h"

static void messages_become_files(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 20);
    char root[] = "/tmp/sango-maildir-XXXXXX";
    assert_non_null(mkdtemp(root));
    struct maildir maildir = {text_printf(&arena, "%s/mail", root)};
    struct channel channel = maildir_channel(&maildir);
    struct message message = {
        .id = TEXT("n=1@sango.example.jp"),
        .from = TEXT("sango@example.jp"),
        .to = TEXT("hanako@example.jp"),
        .subject = TEXT("承認のお知らせ"),
        .body = TEXT("承認しました。\n"),
        .date = {1795161605},
    };
    int code = -1;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(channel.deliver(channel.ctx, &arena, &message, &code), NOTIFY_DELIVERED);
        assert_int_equal(code, 0);
    }
    struct text *names = NULL;
    size_t count = 0;
    assert_int_equal(file_list(&arena, maildir.path, &names, &count), RC_OK);
    assert_int_equal(count, 1);
    assert_true(text_is(names[0], "1795161605-n_1@sango.example.jp.eml"));
    struct text path = text_printf(&arena, "%.*s/%.*s", TEXT_F(maildir.path), TEXT_F(names[0]));
    struct text bytes = TEXT("");
    struct text expected = TEXT("");
    mode_t mode = 0;
    assert_true(mail_build(&arena, &message, &expected));
    assert_int_equal(file_read(&arena, path, 10000, &bytes), RC_OK);
    assert_true(text_eq(bytes, expected));
    assert_int_equal(file_mode(path, &mode), RC_OK);
    assert_int_equal(mode, 0600);
    message.to = TEXT("a@b.jp\nBcc: c@d.jp");
    assert_int_equal(channel.deliver(channel.ctx, &arena, &message, &code), NOTIFY_PERMANENT);
    /* A folder that cannot be made may be there later. */
    message.to = TEXT("a@b.jp");
    struct maildir nowhere = {text_printf(&arena, "%.*s/x", TEXT_F(path))};
    struct channel lost = maildir_channel(&nowhere);
    assert_int_equal(lost.deliver(lost.ctx, &arena, &message, &code), NOTIFY_TEMPORARY);
    assert_int_equal(file_remove(path), RC_OK);
    remove(maildir.path.p);
    assert_int_equal(remove(root), 0);
    arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(messages_become_files)};
    return cmocka_run_group_tests_name("notify/maildir", tests, NULL, NULL);
}
