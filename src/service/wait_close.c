/* Closes wishes that can no longer be fulfilled because their person has booked the days herself, in the transaction of
 * that booking, so that the list stays honest: who stands on it can still be helped. */
#include "service/wait_part.h"

struct closing {
    struct tx *tx;
    struct call *call; /* the clock's: nobody in person closes these */
};

/* A swap ends with the booking that it was to replace. */
static enum rc swap_gone(const struct closing *c, const struct wait_record *wait, bool *ret_gone) {
    struct booking swapped;
    *ret_gone = false;
    if (wait->swap_for.n == 0) {
        return RC_OK;
    }
    enum rc rc = booking_load(c->tx, c->call->city->id, wait->swap_for, &swapped);
    if (rc == RC_OK) {
        *ret_gone = !booking_open(booking_row_state(&swapped));
    }
    return rc;
}

static enum rc judge(const struct closing *c, const struct wait_record *wait, bool *ret_hopeful) {
    const struct programme *programme;
    const struct care *care;
    bool gone;
    enum rc rc = swap_gone(c, wait, &gone);
    if (rc != RC_OK || gone) {
        *ret_hopeful = false;
        return rc;
    }
    if (!wait_care(c->call, wait->care, wait->from, &programme, &care)) {
        *ret_hopeful = true; /* nothing is known of it: leave it to its last day */
        return RC_OK;
    }
    struct wait_days_ask ask = {wait->account, wait->swap_for, wait->from, wait->to};
    struct day *busy;
    size_t count;
    rc = wait_busy_days(c->tx, c->call->city->id, &ask, &busy, &count);
    if (rc == RC_OK) {
        struct wish wish = {care->kind, wait->from, wait->to, (int32_t)wait->nights,
                            (int32_t)wait->notice_hours};
        *ret_hopeful =
            count == 0 || wait_hopeful(&wish, busy, (int32_t)count, care->start_minute, c->call->now);
    }
    return rc;
}

static enum rc tell(const struct closing *c, const struct wait_record *wait) {
    struct text id = id_format(c->call->arena, wait->id.n);
    return notice_add(
        c->tx, c->call,
        &(struct notice_new){.to = wait->account,
                             .kind = "wait-closed-booked",
                             .cause = text_printf(c->call->arena, "wait:%.*s:closed", TEXT_F(id)),
                             .path = TEXT("/me/waits")});
}

static enum rc close_one(const struct closing *c, struct wait_id id) {
    static const char why[] = "booked-elsewhere";
    struct wait_record wait;
    struct offer_record offer;
    enum rc rc = wait_lock(c->tx, c->call->city->id, id, &wait);
    if (rc != RC_OK) {
        return rc;
    }
    if (wait_record_state(&wait) == WAIT_OFFERED) {
        rc = offer_open_lock(c->tx, c->call->city->id, id, &offer);
        rc = rc == RC_OK ? wait_offer_drop(c->tx, c->call, &offer, &wait,
                                           &(struct offer_ending){OFFER_EV_WITHDRAW, WAIT_EV_PASS, why})
                         : rc;
    } else if (wait_record_state(&wait) == WAIT_WAITING) {
        rc = wait_advance(c->tx, c->call, &wait, WAIT_EV_PASS, why);
    } else {
        return RC_OK;
    }
    return rc == RC_OK ? tell(c, &wait) : rc;
}

enum rc wait_booked(struct tx *tx, struct call *call, struct account_id account, struct wait_id fulfilled) {
    struct call clock = *call;
    clock.actor = (struct caller){.role = ROLE_CLOCK};
    clock.idem = NULL;
    struct closing c = {tx, &clock};
    struct wait_record *waits;
    size_t count;
    enum rc rc = wait_of_person(tx, call->city->id, account, &waits, &count);
    for (size_t i = 0; rc == RC_OK && i < count; i++) {
        bool hopeful = true;
        if (waits[i].id.n != fulfilled.n) {
            rc = judge(&c, &waits[i], &hopeful);
        }
        if (rc == RC_OK && !hopeful) {
            rc = close_one(&c, waits[i].id);
        }
    }
    return rc;
}
