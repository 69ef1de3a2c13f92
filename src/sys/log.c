#include "sys/log.h"

#include <assert.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/id.h"

/* A line fits into one atomic write to a pipe (PIPE_BUF is 4096). */
enum { LINE_MAX_BYTES = 2048, CODE_MAX = 80, PATIENCE_MS = 50 };

struct line {
    char bytes[LINE_MAX_BYTES];
    size_t n;
    bool cut; /* the rest did not fit */
};

void log_sink_init(struct log_sink *sink, int fd) {
    *sink = (struct log_sink){.fd = fd};
    int failed = pthread_mutex_init(&sink->lock, NULL);
    assert(failed == 0);
}

void log_sink_release(struct log_sink *sink) {
    pthread_mutex_destroy(&sink->lock);
}

struct log log_for(const struct log *log, int64_t request) {
    struct log copy = *log;
    copy.request = request;
    return copy;
}

/* Writes the whole piece or nothing, so that a cut line is still JSON; keeps room for the end. */
PRINTF_LIKE(2, 3) static void put(struct line *line, const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    size_t room = sizeof line->bytes - line->n - 2;
    int n = vsnprintf(line->bytes + line->n, room, fmt, args);
    va_end(args);
    if (n < 0 || (size_t)n >= room) {
        line->cut = true;
    } else if (!line->cut) {
        line->n += (size_t)n;
    }
}

static bool code_ok(const char *code) {
    size_t n = code == NULL ? 0 : strnlen(code, CODE_MAX + 1);
    if (n == 0 || n > CODE_MAX) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        char c = code[i];
        bool alnum = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!alnum && strchr("_-./:{}", c) == NULL) {
            return false;
        }
    }
    return true;
}

static void put_time(struct line *line, int64_t ms) {
    time_t seconds = (time_t)(ms / 1000);
    struct tm tm;
    char day[32] = "";
    if (gmtime_r(&seconds, &tm) == NULL || strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &tm) == 0) {
        return;
    }
    put(line, "\"at\":\"%s.%03d+00:00\"", day, (int)(ms % 1000));
}

static void put_id(struct line *line, const char *name, int64_t id) {
    char chars[ID_CHARS + 1];
    id_write(id, chars);
    put(line, ",\"%s\":\"%s\"", name, chars);
}

static void put_field(struct line *line, const struct log_field *field) {
    const char *name = code_ok(field->name) ? field->name : "?";
    switch (field->kind) {
    case LOG_KIND_INT:
        put(line, ",\"%s\":%lld", name, (long long)field->n);
        break;
    case LOG_KIND_MS:
        put(line, ",\"%s_ms\":%lld", name, (long long)field->n);
        break;
    case LOG_KIND_ID:
        put_id(line, name, field->n);
        break;
    case LOG_KIND_CODE:
        put(line, ",\"%s\":\"%s\"", name, code_ok(field->code) ? field->code : "?");
        break;
    case LOG_KIND__MAX:
    default:
        assert(!"field kind");
    }
}

static void fill(struct line *line, const struct log *log, enum log_level level, const char *event) {
    static const char *const levels[LOG_LEVEL__MAX] = {"debug", "info", "warn", "error"};
    put(line, "{");
    put_time(line, log->env->now_ms(log->env->ctx));
    put(line, ",\"level\":\"%s\",\"event\":\"%s\"", levels[level], code_ok(event) ? event : "?");
    if (log->request != 0) {
        put_id(line, "request", log->request);
    }
}

static void finish(struct line *line) {
    line->bytes[line->n++] = '}';
    line->bytes[line->n++] = '\n';
}

/* A stalled reader costs one caller one short wait; later callers do not wait at all until it reads again. */
static bool send_line(struct log_sink *sink, const struct line *line) {
    struct pollfd poller = {.fd = sink->fd, .events = POLLOUT};
    int ready = poll(&poller, 1, sink->stalled ? 0 : PATIENCE_MS);
    sink->stalled = ready <= 0 || (poller.revents & POLLOUT) == 0;
    if (sink->stalled) {
        return false;
    }
    ssize_t n = write(sink->fd, line->bytes, line->n);
    return n == (ssize_t)line->n;
}

void log_write(const struct log *log, enum log_level level, const char *event, const struct log_field *fields,
               size_t count) {
    assert(level >= 0 && level < LOG_LEVEL__MAX);
    if (level < log->least) {
        return;
    }
    struct line line = {.n = 0};
    fill(&line, log, level, event);
    for (size_t i = 0; i < count; i++) {
        put_field(&line, &fields[i]);
    }
    finish(&line);
    struct log_sink *sink = log->sink;
    pthread_mutex_lock(&sink->lock);
    if (sink->dropped > 0) {
        struct log outside = log_for(log, 0);
        struct line gap = {.n = 0};
        fill(&gap, &outside, LOG_LEVEL_WARN, "log-dropped");
        put(&gap, ",\"lines\":%lld", (long long)sink->dropped);
        finish(&gap);
        if (send_line(sink, &gap)) {
            sink->dropped = 0;
        }
    }
    if (sink->dropped > 0 || !send_line(sink, &line)) {
        sink->dropped++;
    }
    pthread_mutex_unlock(&sink->lock);
}
