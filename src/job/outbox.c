#include "job/outbox.h"

#include <assert.h>
#include <stdio.h>

#include "service/notice.h"
#include "service/write.h"
#include "store/notice.h"

/* One notice at a time: its lease is longer than the channel's own time limit, so that nobody else sends what is under
 * way, and short enough that what a crash left behind goes out within minutes. A turn is bounded, because its memory
 * is given back only at the end. */
enum { TURN_MAX = 100, LEASE_SECONDS = 180, TRIES_MAX = 60, SETTLE_TRIES = 3, CODE_CHARS = 16 };

static enum rc due_run(struct tx *tx, void *arg) {
    const struct instant *now = arg;
    return notice_due_any(tx, *now);
}

static uint32_t jitter(const struct call *call) {
    return (uint32_t)env_below(call->house->env, UINT64_C(1) << 32);
}

static enum rc settle_once(struct call *call, const struct notice_due *due, enum notify_result result,
                           const char *fault) {
    int attempt = (int)due->attempts + 1;
    if (result == NOTIFY_DELIVERED) {
        return notice_settle(call, due->id, NOTICE_SENT, NULL, INSTANT_NONE);
    }
    if (result == NOTIFY_PERMANENT || attempt >= TRIES_MAX) {
        return notice_settle(call, due->id, NOTICE_FAILED, fault, INSTANT_NONE);
    }
    struct instant next = instant_add(call->now, notify_delay(attempt, jitter(call)));
    return notice_settle(call, due->id, NOTICE_LATER, fault, next);
}

/* A success that is not recorded would be sent again, so a fault of the moment is not the last word. */
static enum rc settle(struct call *call, const struct notice_due *due, enum notify_result result, int code) {
    char fault[CODE_CHARS];
    snprintf(fault, sizeof fault, "smtp-%d", code);
    call->now = env_now(call->house->env);
    enum rc rc = RC_FAULT;
    for (int i = 0; i < SETTLE_TRIES && rc == RC_FAULT; i++) {
        rc = settle_once(call, due, result, fault);
    }
    return rc == RC_NONE ? RC_OK : rc; /* somebody else settled it after this lease was over */
}

static enum rc send_one(const struct outbox *outbox, struct call *call, const struct notice_due *due) {
    struct message message = {.id = due->message_id,
                              .from = outbox->from,
                              .from_name = outbox->from_name,
                              .to = due->address,
                              .subject = due->subject,
                              .body = due->body,
                              .date = env_now(call->house->env)};
    int code = 0;
    enum notify_result result = outbox->channel.deliver(outbox->channel.ctx, call->arena, &message, &code);
    if (result != NOTIFY_DELIVERED) {
        log_write(call->house->log, LOG_LEVEL_WARN, "notice",
                  LOG_FIELDS(log_id("id", due->id.n),
                             log_code("result", result == NOTIFY_TEMPORARY ? "later" : "failed"),
                             log_int("reply", code)));
    }
    return settle(call, due, result, code);
}

static enum rc send_due(const struct job_turn *turn, struct call *call, int64_t *ret_done) {
    const struct outbox *outbox = turn->ctx;
    enum rc rc = call_read(call, due_run, &call->now);
    *ret_done = 0;
    for (int i = 0; i < TURN_MAX && rc == RC_OK && !job_stopping(turn); i++) {
        struct notice_due *due;
        size_t count;
        call->now = env_now(call->house->env);
        rc = notice_claim(call, 1, LEASE_SECONDS, &due, &count);
        if (rc != RC_OK || count == 0) {
            break;
        }
        rc = send_one(outbox, call, &due[0]);
        *ret_done += rc == RC_OK;
    }
    return rc == RC_NONE ? RC_OK : rc;
}

const struct job job_mail[] = {{"outbox", 1, send_due}};
const size_t job_mail_count = COUNT(job_mail);
