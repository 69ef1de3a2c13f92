#include "job/outbox.h"

#include "service/notice.h"
#include "service/write.h"
#include "store/notice.h"

/* A batch at a time: its lease is longer than the time it may take and the channel's own time limit, so that nobody else
 * sends what is under way, and short enough that what a crash left behind goes out within minutes. What was sent is
 * recorded within about a second, so that a crash repeats no more than that. */
enum {
    BATCH_MAX = 32,
    BATCH_SECONDS = 60,
    RECORD_SECONDS = 1,
    TURN_MAX = 1024, /* of one city, before the next has its turn */
    CROWD = 4,       /* writes at once */
    CROWD_SECONDS = 5,
    LEASE_SECONDS = 180,
    TRIES_MAX = 60,
    SETTLE_TRIES = 3,
    CODE_CHARS = 16
};

struct batch {
    const struct outbox *outbox;
    struct call *call;
    struct instant claimed;
    struct instant recorded;
    struct notice_settled rows[BATCH_MAX]; /* not recorded yet */
    size_t count;
};

static enum rc due_run(struct tx *tx, void *arg) {
    const struct instant *now = arg;
    return notice_due_any(tx, *now);
}

static uint32_t jitter(const struct call *call) {
    return (uint32_t)env_below(call->house->env, UINT64_C(1) << 32);
}

static struct notice_settled settled_of(const struct call *call, const struct notice_due *due,
                                        enum notify_result result, int code) {
    struct notice_settled row = {.id = due->id, .result = NOTICE_SENT, .next_at = INSTANT_NONE};
    int attempt = (int)due->attempts + 1;
    if (result == NOTIFY_DELIVERED) {
        return row;
    }
    row.fault = text_printf(call->arena, "smtp-%d", code);
    row.result = result == NOTIFY_PERMANENT || attempt >= TRIES_MAX ? NOTICE_FAILED : NOTICE_LATER;
    if (row.result == NOTICE_LATER) {
        row.next_at = instant_add(env_now(call->house->env), notify_delay(attempt, jitter(call)));
    }
    return row;
}

/* A success that is not recorded would be sent again, so a fault of the moment is not the last word. */
static enum rc record(struct batch *batch) {
    enum rc rc = batch->count == 0 ? RC_OK : RC_FAULT;
    batch->call->now = env_now(batch->call->house->env);
    for (int i = 0; i < SETTLE_TRIES && rc == RC_FAULT; i++) {
        rc = notice_settle(batch->call, batch->rows, batch->count);
    }
    batch->count = 0;
    batch->recorded = batch->call->now;
    return rc;
}

static struct notice_settled send_one(const struct batch *batch, const struct notice_due *due) {
    const struct call *call = batch->call;
    const struct outbox *outbox = batch->outbox;
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
    return settled_of(call, due, result, code);
}

static bool passed(const struct batch *batch, struct instant since, int64_t seconds) {
    return env_now(batch->call->house->env).s - since.s >= seconds;
}

/* What there is no time for any more goes back, for whoever comes next. */
static enum rc send_batch(const struct job_turn *turn, struct batch *batch, const struct notice_due *due,
                          size_t count) {
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < count; i++) {
        bool late = job_stopping(turn) || passed(batch, batch->claimed, BATCH_SECONDS);
        batch->rows[batch->count++] =
            late ? (struct notice_settled){.id = due[i].id, .result = NOTICE_BACK} : send_one(batch, &due[i]);
        if (passed(batch, batch->recorded, RECORD_SECONDS)) {
            rc = record(batch);
        }
    }
    return rc == RC_OK ? record(batch) : rc;
}

/* People wait for their commits, which a mail's two would make longer. */
static bool crowded(const struct call *call) {
    return db_together(call->house->db) >= CROWD;
}

/* Mails go behind those people, unless one has been due for CROWD_SECONDS: then a batch goes between them, and more when
 * they are gone. */
static enum rc send_due(const struct job_turn *turn, struct call *call, int64_t *ret_done) {
    bool behind = crowded(call);
    struct instant by = behind ? instant_add(call->now, -CROWD_SECONDS) : call->now;
    enum rc rc = call_read(call, due_run, &by);
    bool more = true;
    *ret_done = 0;
    while (rc == RC_OK && more && *ret_done < TURN_MAX && !job_stopping(turn)) {
        struct notice_due *due;
        size_t count;
        call->now = env_now(call->house->env);
        struct batch batch = {.outbox = turn->ctx, .call = call, .claimed = call->now, .recorded = call->now};
        rc = notice_claim(call, BATCH_MAX, LEASE_SECONDS, &due, &count);
        if (rc != RC_OK || count == 0) {
            break;
        }
        rc = send_batch(turn, &batch, due, count);
        *ret_done += rc == RC_OK ? (int64_t)count : 0;
        arena_clear(call->arena);
        more = !crowded(call);
    }
    return rc == RC_NONE ? RC_OK : rc;
}

const struct job job_mail[] = {{"outbox", 1, send_due}};
const size_t job_mail_count = COUNT(job_mail);
