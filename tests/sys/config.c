/* A good file, and every way of getting one wrong with the sentence the operator sees. */
#include "sys/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "sys/file.h"

/* The keys without a fallback. */
#define NEEDED                                                                                               \
    "database = sqlite:/var/lib/sango/sango.db\n"                                                            \
    "public_url = https://sango.example.jp\n"                                                                \
    "city = cities/hirakata.json\n"                                                                          \
    "mail = smtp://mail.example.jp:587\n"                                                                    \
    "mail_from = sango@example.jp\n"

static void a_good_file(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 20);
    struct config config;
    struct text why = TEXT("");
    enum rc rc =
        config_parse(&arena, TEXT("/etc/sango/sango.conf"),
                     TEXT("\xef\xbb\xbf# 枚方市\r\n" NEEDED "\n  city=/srv/neyagawa.json  \n"
                          "listen = [::1]:8080\nworkers = 16\ndemo = yes\nsmtp_tls = try\n"
                          "mail_from_name = 枚方市 産後ケア # 1\nsmtp_user =\ntrusted_proxy = 10.0.0.7"),
                     &config, &why);
    if (rc != RC_OK) {
        fail_msg("%s", why.p);
    }
    assert_true(text_is(config.database, "sqlite:/var/lib/sango/sango.db"));
    assert_int_equal(config.city_count, 2);
    assert_true(text_is(config.cities[0], "/etc/sango/cities/hirakata.json"));
    assert_true(text_is(config.cities[1], "/srv/neyagawa.json"));
    assert_true(text_is(config.listen, "[::1]:8080"));
    assert_int_equal(config.workers, 16);
    assert_true(config.demo);
    assert_int_equal(config.smtp_tls, CONFIG_TLS_TRY);
    assert_true(text_is(config.mail_from_name, "枚方市 産後ケア # 1"));
    assert_int_equal(config.smtp_user.n, 0);
    arena_release(&arena);
}

static void fallbacks(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 20);
    struct config config;
    struct text why = TEXT("");
    assert_int_equal(config_parse(&arena, TEXT("sango.conf"), TEXT(NEEDED), &config, &why), RC_OK);
    assert_true(text_is(config.listen, "unix:/run/sango/http.sock"));
    assert_true(text_is(config.cities[0], "cities/hirakata.json"));
    assert_int_equal(config.workers, 8);
    assert_int_equal(config.smtp_tls, CONFIG_TLS_REQUIRE);
    assert_false(config.demo);
    assert_int_equal(config.trusted_proxy.n, 0);
    arena_release(&arena);
}

static void what_is_wrong_is_said(void **state) {
    (void)state;
    static const struct {
        const char *source;
        const char *says;
    } cases[] = {
        {"", "c.conf: database（データベース）がありません。「database = …」の行を足してください"},
        {NEEDED "listn = 1\n",
         "c.conf の6行目: 「listn」という項目はありません。使える項目: listen、database"},
        {NEEDED "workers\n", "c.conf の6行目: 「workers」に = がありません"},
        {NEEDED "workers = 0\n",
         "6行目: workers（同時に処理する要求の数）の値「0」が正しくありません。1 から 256"},
        {NEEDED "workers = 8x\n", "値「8x」が正しくありません"},
        {NEEDED "workers =\n", "値「」が正しくありません"},
        {NEEDED "workers = 8\nworkers = 9\n",
         "7行目: workers は6行目にもあります。どちらかを消してください。"},
        {NEEDED "demo = 1\n", "demo"},
        {NEEDED "listen = 8080\n", "listen"},
        {NEEDED "listen = ::1:8080\n", "listen"},
        {NEEDED "listen = 127.0.0.1:70000\n", "listen"},
        {NEEDED "listen = unix:sock\n", "listen"},
        {NEEDED "smtp_tls = maybe\n", "require、try、off"},
        {NEEDED "trusted_proxy = proxy.example.jp\n", "IP アドレス と書いてください"},
        {NEEDED "mail_from_name = a\x01\n", "6行目: 読めない文字があります"},
        {NEEDED "mail_from_name = \x83\x54\n", "6行目: 読めない文字があります"},
        {NEEDED "smtp_user = sango\n", "smtp_password_file がありません"},
        {NEEDED "smtp_user = sango\nsmtp_password_file = pw\nsmtp_tls = off\n",
         "smtp_tls = require にしてください"},
        {"database = mysql://x\n", "1行目: database"},
        {"database = sqlite:sango.db\n", "1行目: database"},
        {"public_url = https://sango.example.jp/\n", "1行目: public_url"},
        {"public_url = sango.example.jp\n", "1行目: public_url"},
        {"mail = mail.example.jp\n", "1行目: mail"},
        {"mail = smtp://mail.example.jp\n", "1行目: mail"},
        {"mail_from = 産後ケア <a@b.jp>\n", "1行目: mail_from"},
        {"database = sqlite:/a\npublic_url = http://sango.example.jp\ncity = a\nmail = dir:/m\nmail_from = a@b.jp\n",
         "https:// にしてください"},
        {"database = sqlite:/a\npublic_url = http://127.0.0.1.example.jp\ncity = a\nmail = dir:/m\n"
         "mail_from = a@b.jp\n",
         "https:// にしてください"},
    };
    struct arena arena;
    arena_init(&arena, 1 << 24);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct config config = {.workers = 77};
        struct text why = TEXT("");
        assert_int_equal(config_parse(&arena, TEXT("c.conf"), text_of(cases[i].source), &config, &why),
                         RC_FAULT);
        if (!text_has(why, text_of(cases[i].says))) {
            fail_msg("%zu: %.*s", i, TEXT_F(why));
        }
        assert_true(text_utf8_ok(why) && text_printable(why, false));
        assert_int_equal(config.workers, 77);
    }
    arena_release(&arena);
}

static void secrets_of_one_reader(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 20);
    char z[] = "/tmp/sango-secret-XXXXXX";
    int fd = mkstemp(z);
    assert_true(fd >= 0);
    close(fd);
    static const struct {
        mode_t mode;
        const char *bytes;
        enum rc rc;
        const char *says;
    } cases[] = {
        {0600, "s3cret\n", RC_OK, "s3cret"},       {0640, "s3cret", RC_OK, "s3cret"},
        {0644, "s3cret\n", RC_FAULT, "chmod 600"}, {0602, "s3cret\n", RC_FAULT, "chmod 600"},
        {0600, "\n", RC_FAULT, "1行目が空"},       {0600, "", RC_FAULT, "1行目が空"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct text secret = TEXT("");
        struct text why = TEXT("");
        assert_int_equal(file_write(text_of(z), text_of(cases[i].bytes), cases[i].mode), RC_OK);
        assert_int_equal(config_secret(&arena, text_of(z), &secret, &why), cases[i].rc);
        assert_true(text_has(cases[i].rc == RC_OK ? secret : why, text_of(cases[i].says)));
    }
    unlink(z);
    struct text secret = TEXT("");
    struct text why = TEXT("");
    assert_int_equal(config_secret(&arena, text_of(z), &secret, &why), RC_FAULT);
    struct config config;
    assert_int_equal(config_read(&arena, text_of(z), &config, &why), RC_FAULT);
    assert_true(text_has(why, TEXT("がありません")));
    arena_release(&arena);
}

static void a_password_in_a_public_file(void **state) {
    (void)state;
    static const struct {
        const char *database;
        mode_t mode;
        enum rc rc;
    } cases[] = {
        {"postgresql://sango:s3cret@db/sango", 0644, RC_FAULT},
        {"postgresql://sango:s3cret@db/sango", 0640, RC_OK},
        {"postgresql://sango@db:5432/sango", 0644, RC_OK},
        {"postgresql:///sango?password=x", 0644, RC_FAULT},
        {"sqlite:/var/lib/a:b@c", 0644, RC_OK},
    };
    struct arena arena;
    arena_init(&arena, 1 << 24);
    char z[] = "/tmp/sango-conf-XXXXXX";
    int fd = mkstemp(z);
    assert_true(fd >= 0);
    close(fd);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct config config;
        struct text why = TEXT("");
        struct text source = text_printf(
            &arena, "database = %s\npublic_url = https://a.jp\ncity = a\nmail = dir:/m\nmail_from = a@b.jp",
            cases[i].database);
        assert_int_equal(file_write(text_of(z), source, cases[i].mode), RC_OK);
        assert_int_equal(config_read(&arena, text_of(z), &config, &why), cases[i].rc);
        assert_true(cases[i].rc == RC_OK || text_has(why, TEXT("chmod 640")));
    }
    unlink(z);
    arena_release(&arena);
}

/* "#key = value" becomes "key = value" unless the key stands in the file already. */
static struct text uncommented(struct arena *arena, struct text source) {
    struct buf buf;
    buf_init(&buf, arena);
    struct text rest = source;
    struct text line = TEXT("");
    while (text_next(&rest, '\n', &line)) {
        struct text name = text_trim(text_part(line, 1, text_index(line, '=')));
        struct text needed = text_printf(arena, "\n%.*s = ", TEXT_F(name));
        bool key =
            text_starts(line, TEXT("#")) && !text_starts(line, TEXT("# ")) && !text_has(source, needed);
        buf_put(&buf, text_part(line, key ? 1 : 0, line.n));
        buf_putc(&buf, '\n');
    }
    return buf_text(&buf);
}

/* The example and the guide name every key, and the values shown as defaults are the defaults. */
static void the_example_fits_the_program(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 24);
    struct text example = TEXT("");
    struct text guide = TEXT("");
    struct text why = TEXT("");
    struct config config;
    assert_int_equal(file_read(&arena, TEXT(SOURCE_ROOT "/deploy/sango.conf"), 100000, &example), RC_OK);
    assert_int_equal(file_read(&arena, TEXT(SOURCE_ROOT "/docs/deploy.md"), 100000, &guide), RC_OK);
    assert_int_equal(config_parse(&arena, TEXT("sango.conf"), example, &config, &why), RC_OK);
    enum rc rc = config_parse(&arena, TEXT("sango.conf"), uncommented(&arena, example), &config, &why);
    if (rc != RC_OK) {
        fail_msg("%s", why.p);
    }
    for (size_t i = 0; i < config_key_count; i++) {
        const struct config_key *key = &config_keys[i];
        struct text shown = key->fallback == NULL
                                ? text_printf(&arena, "\n%s = ", key->name)
                                : text_printf(&arena, "\n#%s =%s%s\n", key->name,
                                              key->fallback[0] == '\0' ? "" : " ", key->fallback);
        if (!text_has(example, shown) || !text_has(guide, text_printf(&arena, "| `%s` | ", key->name))) {
            fail_msg("%s", key->name);
        }
    }
    arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_file),
        cmocka_unit_test(fallbacks),
        cmocka_unit_test(what_is_wrong_is_said),
        cmocka_unit_test(secrets_of_one_reader),
        cmocka_unit_test(a_password_in_a_public_file),
        cmocka_unit_test(the_example_fits_the_program),
    };
    return cmocka_run_group_tests_name("sys/config", tests, NULL, NULL);
}
