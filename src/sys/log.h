/* One JSON object a line on a file descriptor. Fields are numbers, row keys, durations and code words only: there is
 * no way to log a name, an address or anything a client typed. Writing never holds a request up: when the reader
 * stalls, lines are dropped, and their number is logged once it reads again. */
#ifndef SANGO_SYS_LOG_H
#define SANGO_SYS_LOG_H

#include <pthread.h>

#include "sys/env.h"

enum log_level { LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARN, LOG_LEVEL_ERROR, LOG_LEVEL__MAX };

/* Shared by all threads of the process. */
struct log_sink {
    pthread_mutex_t lock;
    int fd;
    bool stalled;
    int64_t dropped; /* since the last line that got out */
};
void log_sink_init(struct log_sink *sink, int fd);
void log_sink_release(struct log_sink *sink); /* does not close the descriptor */

/* A cheap value: copied for each request with its number. */
struct log {
    struct log_sink *sink;
    const struct env *env;
    enum log_level least; /* lower levels are not written */
    int64_t request;      /* 0: outside a request */
};
struct log log_for(const struct log *log, int64_t request);

enum log_kind { LOG_KIND_INT, LOG_KIND_ID, LOG_KIND_CODE, LOG_KIND_MS, LOG_KIND__MAX };
struct log_field {
    const char *name;
    enum log_kind kind;
    int64_t n;
    const char *code;
};
static inline struct log_field log_int(const char *name, int64_t n) {
    return (struct log_field){name, LOG_KIND_INT, n, NULL};
}
static inline struct log_field log_id(const char *name, int64_t id) { /* written as base/id.h does */
    return (struct log_field){name, LOG_KIND_ID, id, NULL};
}
static inline struct log_field log_ms(const char *name, int64_t milliseconds) { /* the name gains "_ms" */
    return (struct log_field){name, LOG_KIND_MS, milliseconds, NULL};
}
/* A word of the program's own: route template, refusal, SQLSTATE. At most 80 of A-Z a-z 0-9 _ - . / : { }; anything
 * else is written as "?". */
static inline struct log_field log_code(const char *name, const char *code) {
    return (struct log_field){name, LOG_KIND_CODE, 0, code};
}
#define LOG_FIELDS(...)                                                                                      \
    ((const struct log_field[]){__VA_ARGS__}),                                                               \
        (sizeof((const struct log_field[]){__VA_ARGS__}) / sizeof(struct log_field))
#define LOG_NO_FIELDS NULL, 0

/* log_write(log, LOG_LEVEL_INFO, "request", LOG_FIELDS(log_code("route", row->path), log_int("status", 200)));
 * {"at":"2026-11-20T08:00:00.123+00:00","level":"info","event":"request","request":"…","route":…,"status":200} */
void log_write(const struct log *log, enum log_level level, const char *event, const struct log_field *fields,
               size_t count);

#endif
