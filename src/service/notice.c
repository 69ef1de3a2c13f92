/* The sender's side of the outbox, and marking as read. */
#include "service/notice.h"

#include <assert.h>
#include <string.h>

#include "service/link.h"
#include "store/notice.h"

struct mark_ask {
    struct notice_id id;
};

static enum rc run_read(struct tx *tx, struct call *call, const void *ask, void *outcome) {
    const struct mark_ask *given = ask;
    int64_t *changed = outcome;
    return notice_mark_read(tx, call->city->id, call->actor.account, given->id, call->now, changed);
}

enum rc notice_read(struct call *call, struct notice_id id) {
    struct mark_ask ask = {id};
    int64_t changed = 0;
    struct call_work work = {run_read, &ask, &changed, sizeof changed};
    return call_write(call, &work);
}

/* ---- claiming ---- */

struct claim_ask {
    size_t max;
    int64_t lease_seconds;
};
struct claim_outcome {
    struct notice_waiting *rows;
    size_t count;
};

/* Nothing is mailed to an account that was closed in the meantime. */
static enum rc drop_closed(struct tx *tx, struct call *call, struct claim_outcome *out) {
    size_t kept = 0;
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < out->count; i++) {
        if (text_is(out->rows[i].account_state, "disabled")) {
            rc = notice_mark_failed(tx, call->city->id, out->rows[i].id, TEXT("account-disabled"));
        } else {
            out->rows[kept++] = out->rows[i];
        }
    }
    out->count = kept;
    return rc;
}

static enum rc run_claim(struct tx *tx, struct call *call, const void *ask, void *outcome) {
    const struct claim_ask *given = ask;
    struct claim_outcome *out = outcome;
    enum rc rc = notice_take(tx, call->city->id, call->now, instant_add(call->now, given->lease_seconds),
                             given->max, &out->rows, &out->count);
    return rc == RC_OK ? drop_closed(tx, call, out) : rc;
}

/* With several cities on one server, links begin with the city. */
static struct text url_of(const struct call *call, struct text path) {
    struct text base = call->house->public_url;
    if (house_city_count(call->house) > 1) {
        base = text_printf(call->arena, "%.*s/c/%.*s", TEXT_F(base), TEXT_F(call->city->code));
    }
    return text_join(call->arena, base, path);
}

static struct notice_due due_of(const struct call *call, const struct notice_waiting *row) {
    struct text path = row->path;
    (void)link_of_cause(call, row->cause, &path);
    struct text url = url_of(call, path);
    struct text body = text_printf(call->arena, "%.*s\n\n%.*s\n\n%.*s\n", TEXT_F(row->body), TEXT_F(url),
                                   TEXT_F(call->city->name));
    return (struct notice_due){.id = row->id,
                               .address = row->login,
                               .name = row->name,
                               .subject = row->subject,
                               .body = body,
                               .message_id = row->message_id,
                               .attempts = row->attempts};
}

enum rc notice_claim(struct call *call, size_t max, int64_t lease_seconds, struct notice_due **ret_due,
                     size_t *ret_count) {
    struct claim_ask ask = {max, lease_seconds};
    struct claim_outcome taken = {0};
    struct call_work work = {run_claim, &ask, &taken, sizeof taken};
    enum rc rc = call_write_plain(call, &work);
    if (rc != RC_OK) {
        return rc;
    }
    struct notice_due *due = arena_array(call->arena, struct notice_due, taken.count + 1);
    for (size_t i = 0; i < taken.count; i++) {
        due[i] = due_of(call, &taken.rows[i]);
    }
    *ret_due = due;
    *ret_count = taken.count;
    return RC_OK;
}

/* ---- settling ---- */

struct settle_ask {
    const struct notice_settled *rows;
    size_t count;
};

static enum rc settle_one(struct tx *tx, struct call *call, const struct notice_settled *row) {
    struct city_id city = call->city->id;
    switch (row->result) {
    case NOTICE_SENT:
        return notice_mark_sent(tx, city, row->id, call->now);
    case NOTICE_LATER:
        return notice_mark_later(tx, city, row->id, row->fault, row->next_at);
    case NOTICE_FAILED:
        return notice_mark_failed(tx, city, row->id, row->fault);
    case NOTICE_BACK:
        return notice_give_back(tx, city, row->id, call->now);
    }
    assert(false && "an unknown result");
    return RC_FAULT;
}

static enum rc run_settle(struct tx *tx, struct call *call, const void *ask, void *outcome) {
    (void)outcome;
    const struct settle_ask *given = ask;
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < given->count; i++) {
        rc = settle_one(tx, call, &given->rows[i]);
    }
    return rc;
}

enum rc notice_settle(struct call *call, const struct notice_settled *rows, size_t count) {
    struct settle_ask ask = {rows, count};
    int nothing = 0;
    struct call_work work = {run_settle, &ask, &nothing, sizeof nothing};
    return call_write_plain(call, &work);
}
