/* One way out for notices: e-mail by SMTP, files in a folder, later others. The caller owns retries and records;
 * a channel tries once and says how it ended. */
#ifndef SANGO_NOTIFY_CHANNEL_H
#define SANGO_NOTIFY_CHANNEL_H

#include "base/date.h"

/* All texts UTF-8. The id is chosen once, when the notice is recorded, and stays through every retry. */
struct message {
    struct text id;        /* Message-ID without brackets: "n0123456789abc@sango.example.jp" */
    struct text from;      /* one address */
    struct text from_name; /* shown name; may be empty */
    struct text to;        /* one address */
    struct text subject;
    struct text body; /* lines end with LF */
    struct instant date;
};

enum notify_result {
    NOTIFY_DELIVERED, /* the server took responsibility */
    NOTIFY_TEMPORARY, /* try again later with the same id: 4xx, no connection, no answer in time, log-in refused.
                         When the answer got lost the server may have the message: a duplicate has the same id */
    NOTIFY_PERMANENT, /* never try again: 5xx for this recipient or this message, or it cannot be written */
    NOTIFY__MAX
};

struct channel {
    /* *ret_code: reply code of the server (250, 451 …), 0 when there was none. Blocks up to the channel's time
     * limit. Threads may call at once, each with its own arena. */
    enum notify_result (*deliver)(void *ctx, struct arena *arena, const struct message *message,
                                  int *ret_code);
    void *ctx;
};

/* Seconds to wait after the `attempt`-th failed try (1 …): 30 s doubling to 1 h at most, then 3/4 to 5/4 of it by
 * `jitter` (any 32 bits), so that a recovered server is not met by everybody in one second. */
int64_t notify_delay(int attempt, uint32_t jitter);

#endif
