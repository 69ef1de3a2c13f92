/* Delivery against a real server that refuses, stalls, hangs up and repeats itself (tests/notify/smtp_server.py). */
#include "notify/smtp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/num.h"
#include "sys/file.h"

struct server {
    struct arena arena;
    struct text folder;
    struct text url;
    pid_t pid;
    int keep; /* closing it ends the server */
};

static struct text read_port(struct arena *arena, int fd) {
    char *room = arena_take(arena, 32);
    size_t n = 0;
    while (n < 31 && read(fd, room + n, 1) == 1 && room[n] != '\n') {
        n++;
    }
    return (struct text){room, n};
}

static void server_init(struct server *server, const char *mode) {
    int in[2];
    int out[2];
    arena_init(&server->arena, 1 << 24);
    char *folder = arena_take(&server->arena, 64);
    snprintf(folder, 64, "/tmp/sango-smtp-XXXXXX");
    server->folder = text_of(mkdtemp(folder));
    assert_true(server->folder.n > 0 && pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0);
    server->pid = fork();
    assert_true(server->pid >= 0);
    if (server->pid == 0) {
        dup2(in[0], 0);
        dup2(out[1], 1);
        execl("/usr/bin/python3", "/usr/bin/python3", SMTP_SERVER, mode, folder, (char *)NULL);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    server->keep = in[1];
    struct text port = read_port(&server->arena, out[0]);
    close(out[0]);
    int64_t number = 0;
    assert_true(num_parse(port, &number)); /* else: python3-aiosmtpd is missing */
    server->url = text_printf(&server->arena, "smtp://127.0.0.1:%lld", (long long)number);
}

static void server_release(struct server *server) {
    int status = 0;
    close(server->keep);
    assert_int_equal(waitpid(server->pid, &status, 0), server->pid);
    struct text *names = NULL;
    size_t count = 0;
    assert_int_equal(file_list(&server->arena, server->folder, &names, &count), RC_OK);
    for (size_t i = 0; i < count; i++) {
        remove(text_printf(&server->arena, "%s/%s", server->folder.p, names[i].p).p);
    }
    assert_int_equal(rmdir(server->folder.p), 0);
    arena_release(&server->arena);
}

/* The n-th message the server took (1 …); empty when it took fewer. */
static struct text stored(struct server *server, int n) {
    struct text bytes = TEXT("");
    struct text path = text_printf(&server->arena, "%s/%d.txt", server->folder.p, n);
    return file_read(&server->arena, path, 100000, &bytes) == RC_OK ? bytes : TEXT("");
}

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
    struct server server;
    server_init(&server, "accept");
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
    if (!text_eq(stored(&server, 1), expected)) {
        fail_msg("%s\n---\n%s", stored(&server, 1).p, expected.p);
    }
    assert_int_equal(stored(&server, 2).n, 0);
    server_release(&server);
}

struct attempt {
    enum notify_result result;
    int code;
};

static void each_misbehaviour_has_its_answer(void **state) {
    (void)state;
    static const struct {
        const char *mode;
        struct attempt attempts[3];
        int count;
        int stored;
    } cases[] = {
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
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct server server;
        server_init(&server, cases[i].mode);
        /* Only the silent modes use the limit up; without it this test would stand still. */
        bool silent = text_starts(text_of(cases[i].mode), TEXT("mute"));
        struct smtp smtp = {.url = server.url, .tls = SMTP_TLS_OFF, .total_ms = silent ? 1500 : 0};
        struct channel channel = smtp_channel(&smtp);
        for (int a = 0; a < cases[i].count; a++) {
            int code = -1;
            enum notify_result result = channel.deliver(channel.ctx, &server.arena, &message, &code);
            if (result != cases[i].attempts[a].result || code != cases[i].attempts[a].code) {
                fail_msg("%s, attempt %d: %d %d", cases[i].mode, a + 1, (int)result, code);
            }
        }
        for (int n = 1; n <= cases[i].stored; n++) {
            assert_true(
                text_has(stored(&server, n), TEXT("Message-ID: <n0123456789abc@sango.example.jp>\n")));
        }
        assert_int_equal(stored(&server, cases[i].stored + 1).n, 0);
        server_release(&server);
    }
}

static void logging_in(void **state) {
    (void)state;
    struct server server;
    server_init(&server, "login");
    struct smtp smtp = {
        .url = server.url, .tls = SMTP_TLS_OFF, .user = TEXT("sango"), .password = TEXT("wrong")};
    struct channel channel = smtp_channel(&smtp);
    int code = 0;
    /* The operator's mistake; the notice waits until it is put right. */
    assert_int_equal(channel.deliver(channel.ctx, &server.arena, &message, &code), NOTIFY_TEMPORARY);
    assert_int_equal(code, 535);
    smtp.password = TEXT("s3cret");
    assert_int_equal(channel.deliver(channel.ctx, &server.arena, &message, &code), NOTIFY_DELIVERED);
    assert_int_equal(stored(&server, 2).n, 0);
    server_release(&server);
}

static void encryption(void **state) {
    (void)state;
    struct server server;
    server_init(&server, "tls");
    struct smtp smtp = {.url = server.url, .tls = SMTP_TLS_REQUIRE};
    struct channel channel = smtp_channel(&smtp);
    int code = 0;
    assert_int_equal(channel.deliver(channel.ctx, &server.arena, &message, &code), NOTIFY_TEMPORARY);
    assert_int_equal(stored(&server, 1).n, 0); /* nobody vouches for the certificate */
    smtp.ca_file = text_printf(&server.arena, "%s/cert.pem", server.folder.p);
    assert_int_equal(channel.deliver(channel.ctx, &server.arena, &message, &code), NOTIFY_DELIVERED);
    smtp.ca_file = TEXT("");
    smtp.tls = SMTP_TLS_TRY;
    assert_int_equal(channel.deliver(channel.ctx, &server.arena, &message, &code), NOTIFY_DELIVERED);
    assert_true(stored(&server, 2).n > 0);
    server_release(&server);
    server_init(&server, "accept");
    smtp = (struct smtp){.url = server.url, .tls = SMTP_TLS_REQUIRE};
    assert_int_equal(channel.deliver(channel.ctx, &server.arena, &message, &code), NOTIFY_TEMPORARY);
    assert_int_equal(stored(&server, 1).n, 0); /* not offered */
    smtp.tls = SMTP_TLS_TRY;
    assert_int_equal(channel.deliver(channel.ctx, &server.arena, &message, &code), NOTIFY_DELIVERED);
    server_release(&server);
}

static void nobody_there_and_nothing_to_send(void **state) {
    (void)state;
    struct server server;
    server_init(&server, "accept");
    struct smtp smtp = {.url = server.url, .tls = SMTP_TLS_OFF};
    struct channel channel = smtp_channel(&smtp);
    struct message broken = message;
    int code = -1;
    broken.subject = TEXT("a\r\nBcc: b@example.jp");
    assert_int_equal(channel.deliver(channel.ctx, &server.arena, &broken, &code), NOTIFY_PERMANENT);
    assert_int_equal(code, 0);
    assert_int_equal(stored(&server, 1).n, 0);
    smtp.url = TEXT("smtp://127.0.0.1:1");
    assert_int_equal(channel.deliver(channel.ctx, &server.arena, &message, &code), NOTIFY_TEMPORARY);
    assert_int_equal(code, 0);
    server_release(&server);
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
