/* Lines are JSON, injection is impossible, and a stalled reader stops nobody. */
#include "sys/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct bench {
    struct env_test clock;
    struct env env;
    struct log_sink sink;
    struct log log;
    int reader;
    int writer;
};

static void bench_init(struct bench *bench) {
    int ends[2];
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    bench->reader = ends[0];
    bench->writer = ends[1];
    assert_int_equal(fcntl(bench->reader, F_SETFL, O_NONBLOCK), 0);
    bench->clock = (struct env_test){.now_ms = 1795161600123, .seed = 1};
    bench->env = env_test(&bench->clock);
    log_sink_init(&bench->sink, bench->writer);
    bench->log = (struct log){.sink = &bench->sink, .env = &bench->env, .least = LOG_LEVEL_INFO};
}

static void bench_release(struct bench *bench) {
    log_sink_release(&bench->sink);
    close(bench->reader);
    close(bench->writer);
}

static struct text read_some(struct bench *bench, char *room, size_t size) {
    ssize_t n = read(bench->reader, room, size);
    return (struct text){room, n < 0 ? 0 : (size_t)n};
}

static void a_line(void **state) {
    (void)state;
    struct bench bench;
    bench_init(&bench);
    struct log log = log_for(&bench.log, 33);
    log_write(&log, LOG_LEVEL_WARN, "request",
              LOG_FIELDS(log_code("route", "/c/{city}/bookings/{id}"), log_int("status", -503),
                         log_ms("took", 12), log_id("booking", 32)));
    log_write(&log, LOG_LEVEL_DEBUG, "not-written", LOG_NO_FIELDS);
    log_write(&bench.log, LOG_LEVEL_ERROR, "alone", LOG_NO_FIELDS);
    char room[8192];
    struct text out = read_some(&bench, room, sizeof room);
    assert_true(
        text_is(out, "{\"at\":\"2026-11-20T08:00:00.123+00:00\",\"level\":\"warn\",\"event\":\"request\","
                     "\"request\":\"0000000000011\",\"route\":\"/c/{city}/bookings/{id}\",\"status\":-503,"
                     "\"took_ms\":12,\"booking\":\"0000000000010\"}\n"
                     "{\"at\":\"2026-11-20T08:00:00.123+00:00\",\"level\":\"error\",\"event\":\"alone\"}\n"));
    bench_release(&bench);
}

static void nothing_gets_in(void **state) {
    (void)state;
    static const char *const bad[] = {"a\nb",   "a\"b", "a\\b",    "a b", "山田花子",
                                      "a@b.jp", "",     "\x1b[2J", NULL};
    struct bench bench;
    bench_init(&bench);
    char room[8192];
    for (size_t i = 0; i < COUNT(bad); i++) {
        log_write(&bench.log, LOG_LEVEL_INFO, "x", LOG_FIELDS(log_code("code", bad[i])));
        struct text out = read_some(&bench, room, sizeof room);
        assert_true(text_ends(out, TEXT(",\"code\":\"?\"}\n")));
    }
    struct log_field many[100];
    for (size_t i = 0; i < COUNT(many); i++) {
        many[i] = log_code("field",
                           "eighty-characters-eighty-characters-eighty-characters-eighty-characters-eighty");
    }
    log_write(&bench.log, LOG_LEVEL_INFO, "long", many, COUNT(many));
    struct text out = read_some(&bench, room, sizeof room);
    assert_true(out.n <= 2048 && text_ends(out, TEXT("eighty\"}\n")));
    bench_release(&bench);
}

static void a_stalled_reader_stops_nobody(void **state) {
    (void)state;
    struct bench bench;
    bench_init(&bench);
    assert_true(fcntl(bench.writer, F_SETPIPE_SZ, 16384) >= 4096);
    for (int i = 0; i < 5000; i++) { /* more than the pipe takes: this test would hang */
        log_write(&bench.log, LOG_LEVEL_INFO, "filler", LOG_FIELDS(log_int("i", i)));
    }
    assert_true(bench.sink.dropped > 1000);
    char expected[64];
    snprintf(expected, sizeof expected, "\"event\":\"log-dropped\",\"lines\":%lld}\n",
             (long long)bench.sink.dropped);
    static char room[1 << 20];
    read_some(&bench, room, sizeof room);
    log_write(&bench.log, LOG_LEVEL_INFO, "after", LOG_NO_FIELDS);
    struct text out = read_some(&bench, room, sizeof room);
    assert_true(text_has(out, text_of(expected)));
    assert_true(text_ends(out, TEXT("\"event\":\"after\"}\n")));
    assert_int_equal(bench.sink.dropped, 0);
    bench_release(&bench);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line),
        cmocka_unit_test(nothing_gets_in),
        cmocka_unit_test(a_stalled_reader_stops_nobody),
    };
    return cmocka_run_group_tests_name("sys/log", tests, NULL, NULL);
}
