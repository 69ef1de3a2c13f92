/* Requests that nobody answered in time, settled to the side that the rule names. One transaction each, so that a fault
 * in one does not hold back the others and no writer waits long. */
#include "service/book_part.h"
#include "service/book_step.h"

enum { LAPSE_BATCH = 32 };

struct due_run {
    struct call *call;
    struct booking_id *ids;
    size_t count;
};

static enum rc due_run(struct tx *tx, void *arg) {
    struct due_run *run = arg;
    return booking_due(tx, run->call->city->id, run->call->now, LAPSE_BATCH, &run->ids, &run->count);
}

/* RC_NONE: somebody answered meanwhile. */
static enum rc lapse_run(struct tx *tx, struct call *call, const void *ask, void *outcome) {
    struct book_step step = *(const struct book_step *)ask;
    struct booking booking;
    enum rc rc = booking_load(tx, call->city->id, step.id, &booking);
    if (rc != RC_OK) {
        return rc;
    }
    if (booking_row_state(&booking) != BOOKING_REQUESTED || instant_before(call->now, booking.answer_by)) {
        return RC_NONE;
    }
    bool accepts = text_is(booking.lapse_to, "accept");
    step.event = accepts ? BOOKING_EV_LAPSE_ACCEPT : BOOKING_EV_LAPSE;
    return book_step_run(tx, call, &step, outcome);
}

/* RC_OK too when somebody was faster; then there is nothing to settle. */
static enum rc lapse(struct call *call, struct booking_id id, int64_t *settled) {
    struct book_step step = {.id = id};
    struct book_outcome outcome = {0};
    struct call_work work = {
        .run = lapse_run, .ask = &step, .outcome = &outcome, .outcome_size = sizeof outcome};
    enum rc rc = call_write(call, &work);
    *settled += rc == RC_OK && outcome.verdict.allowed;
    return rc == RC_NONE ? RC_OK : rc;
}

enum rc book_lapse_due(struct call *call, int64_t *ret_settled) {
    struct due_run due = {.call = call};
    enum rc rc = call_read(call, due_run, &due);
    if (rc != RC_OK) {
        return rc;
    }
    int64_t settled = 0;
    for (size_t i = 0; i < due.count; i++) {
        enum rc one = lapse(call, due.ids[i], &settled);
        rc = one == RC_OK ? rc : one;
    }
    /* A fault is told only when it held everything back; otherwise the next call meets it again. */
    if (settled > 0 || rc == RC_OK) {
        *ret_settled = settled;
        return RC_OK;
    }
    return rc;
}
