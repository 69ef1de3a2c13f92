/* Delivery against a real server that refuses, stalls, hangs up and repeats itself (tests/notify/smtp_server.py). */
#include "notify/smtp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdio.h>

#include "mail_server.h"

static const struct message message = {
    .id = TEXT_INIT("n0123456789abc@sango.example.jp"),
    .from = TEXT_INIT("sango@example.jp"),
    .from_name = TEXT_INIT("枚方市 産後ケア"),
    .to = TEXT_INIT("ha..nako@docomo.ne.jp"),
    .subject =
        TEXT_INIT("【枚方市】ショートステイの予約が確定しました（11月20日から2泊、お部屋と持ち物のご案内）"),
    .body = TEXT_INIT("予約が確定しました。\n\n.\n.. 点で始まる行\n"),
    .date = {1795161605},
};

static void what_another_program_reads(void **state) {
    (void)state;
    struct mail_server server;
    mail_server_init(&server, "accept");
    struct smtp smtp = {.url = server.url, .tls = SMTP_TLS_OFF};
    struct channel channel = smtp_channel(&smtp);
    int code = 0;
    assert_int_equal(channel.deliver(channel.ctx, &server.arena, &message, &code), NOTIFY_DELIVERED);
    assert_int_equal(code, 250);
    struct text expected = text_printf(
        &server.arena,
        "MAIL: sango@example.jp\nRCPT: ha..nako@docomo.ne.jp\n"
        "From: 枚方市 産後ケア <sango@example.jp>\nTo: ha..nako@docomo.ne.jp\n"
        "Message-ID: <n0123456789abc@sango.example.jp>\nSubject: %s\n"
        "Date: Fri, 20 Nov 2026 17:00:05 +0900\nAuto-Submitted: auto-generated\n"
        "Content-Type: text/plain; charset=\"UTF-8\"\nDefects: 0\n\n%s", /* the body in its canonical form */
        message.subject.p, "予約が確定しました。\r\n\r\n.\r\n.. 点で始まる行\r\n");
    if (!text_eq(mail_server_stored(&server, 1), expected)) {
        fail_msg("%s\n---\n%s", mail_server_stored(&server, 1).p, expected.p);
    }
    assert_int_equal(mail_server_stored(&server, 2).n, 0);
    mail_server_release(&server);
}

struct attempt {
    enum notify_result result;
    int code;
};

struct misbehaviour {
    const char *mode;
    struct attempt attempts[3];
    int count;
    int stored;
};

static bool is_answered(const struct misbehaviour *kind, int total_ms) {
    struct mail_server server;
    mail_server_init(&server, kind->mode);
    struct smtp smtp = {.url = server.url, .tls = SMTP_TLS_OFF, .total_ms = total_ms};
    struct channel channel = smtp_channel(&smtp);
    bool right = true;
    for (int a = 0; a < kind->count && right; a++) {
        int code = -1;
        enum notify_result result = channel.deliver(channel.ctx, &server.arena, &message, &code);
        right = result == kind->attempts[a].result && code == kind->attempts[a].code;
        if (!right) {
            print_message("%s, attempt %d of %d ms: %d %d\n", kind->mode, a + 1, total_ms, (int)result, code);
        }
    }
    for (int n = 1; n <= kind->stored; n++) {
        right = right && text_has(mail_server_stored(&server, n),
                                  TEXT("Message-ID: <n0123456789abc@sango.example.jp>\n"));
    }
    right = right && mail_server_stored(&server, kind->stored + 1).n == 0;
    mail_server_release(&server);
    return right;
}

/* Only the silent modes use their time up; what else they have to do in it may take longer on a machine that is busy, so
 * that they are given more and more. */
static void each_misbehaviour_has_its_answer(void **state) {
    (void)state;
    static const struct misbehaviour kinds[] = {
        {"accept", {{NOTIFY_DELIVERED, 250}}, 1, 1},
        {"slow", {{NOTIFY_DELIVERED, 250}}, 1, 1},
        {"twice", {{NOTIFY_DELIVERED, 250}}, 1, 1},
        {"mute-quit", {{NOTIFY_DELIVERED, 250}}, 1, 1},
        {"busy:2", {{NOTIFY_TEMPORARY, 451}, {NOTIFY_TEMPORARY, 451}, {NOTIFY_DELIVERED, 250}}, 3, 1},
        {"unknown", {{NOTIFY_PERMANENT, 550}}, 1, 0},
        {"spam", {{NOTIFY_PERMANENT, 554}}, 1, 0},
        {"closed", {{NOTIFY_TEMPORARY, 554}}, 1, 0},
        {"sender", {{NOTIFY_TEMPORARY, 550}}, 1, 0},
        {"mute", {{NOTIFY_TEMPORARY, 0}, {NOTIFY_TEMPORARY, 0}}, 2, 0},
        {"mute-data", {{NOTIFY_TEMPORARY, 0}}, 1, 1},
        {"drop:1", {{NOTIFY_TEMPORARY, 0}, {NOTIFY_DELIVERED, 250}}, 2, 2},
    };
    for (size_t i = 0; i < COUNT(kinds); i++) {
        bool silent = text_starts(text_of(kinds[i].mode), TEXT("mute"));
        bool right = is_answered(&kinds[i], silent ? 1000 : 0);
        for (int ms = 4000; !right && silent && ms < 100000; ms *= 4) {
            right = is_answered(&kinds[i], ms);
        }
        if (!right) {
            fail_msg("%s", kinds[i].mode);
        }
    }
}

static void logging_in(void **state) {
    (void)state;
    struct mail_server server;
    mail_server_init(&server, "login");
    struct smtp smtp = {
        .url = server.url, .tls = SMTP_TLS_OFF, .user = TEXT("sango"), .password = TEXT("wrong")};
    struct channel channel = smtp_channel(&smtp);
    int code = 0;
    /* The operator's mistake; the notice waits until it is put right. */
    assert_int_equal(channel.deliver(channel.ctx, &server.arena, &message, &code), NOTIFY_TEMPORARY);
    assert_int_equal(code, 535);
    smtp.password = TEXT("s3cret");
    assert_int_equal(channel.deliver(channel.ctx, &server.arena, &message, &code), NOTIFY_DELIVERED);
    assert_int_equal(mail_server_stored(&server, 2).n, 0);
    mail_server_release(&server);
}

static void encryption(void **state) {
    (void)state;
    struct mail_server server;
    mail_server_init(&server, "tls");
    struct smtp smtp = {.url = server.url, .tls = SMTP_TLS_REQUIRE};
    struct channel channel = smtp_channel(&smtp);
    int code = 0;
    assert_int_equal(channel.deliver(channel.ctx, &server.arena, &message, &code), NOTIFY_TEMPORARY);
    assert_int_equal(mail_server_stored(&server, 1).n, 0); /* nobody vouches for the certificate */
    smtp.ca_file = text_printf(&server.arena, "%s/cert.pem", server.folder.p);
    assert_int_equal(channel.deliver(channel.ctx, &server.arena, &message, &code), NOTIFY_DELIVERED);
    smtp.ca_file = TEXT("");
    smtp.tls = SMTP_TLS_TRY;
    assert_int_equal(channel.deliver(channel.ctx, &server.arena, &message, &code), NOTIFY_DELIVERED);
    assert_true(mail_server_stored(&server, 2).n > 0);
    mail_server_release(&server);
    mail_server_init(&server, "accept");
    smtp = (struct smtp){.url = server.url, .tls = SMTP_TLS_REQUIRE};
    assert_int_equal(channel.deliver(channel.ctx, &server.arena, &message, &code), NOTIFY_TEMPORARY);
    assert_int_equal(mail_server_stored(&server, 1).n, 0); /* not offered */
    smtp.tls = SMTP_TLS_TRY;
    assert_int_equal(channel.deliver(channel.ctx, &server.arena, &message, &code), NOTIFY_DELIVERED);
    mail_server_release(&server);
}

static void nobody_there_and_nothing_to_send(void **state) {
    (void)state;
    struct mail_server server;
    mail_server_init(&server, "accept");
    struct smtp smtp = {.url = server.url, .tls = SMTP_TLS_OFF};
    struct channel channel = smtp_channel(&smtp);
    struct message broken = message;
    int code = -1;
    broken.subject = TEXT("a\r\nBcc: b@example.jp");
    assert_int_equal(channel.deliver(channel.ctx, &server.arena, &broken, &code), NOTIFY_PERMANENT);
    assert_int_equal(code, 0);
    assert_int_equal(mail_server_stored(&server, 1).n, 0);
    smtp.url = TEXT("smtp://127.0.0.1:1");
    assert_int_equal(channel.deliver(channel.ctx, &server.arena, &message, &code), NOTIFY_TEMPORARY);
    assert_int_equal(code, 0);
    mail_server_release(&server);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_another_program_reads),
        cmocka_unit_test(each_misbehaviour_has_its_answer),
        cmocka_unit_test(logging_in),
        cmocka_unit_test(encryption),
        cmocka_unit_test(nobody_there_and_nothing_to_send),
    };
    (void)signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests_name("notify/smtp", tests, NULL, NULL);
}
