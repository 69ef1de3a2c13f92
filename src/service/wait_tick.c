/* What the clock does to the waiting list: offers expire and move on, wishes whose days went by close, and whatever
 * became fitting by the passing of time is offered. Each item in a transaction of its own. */
#include "service/wait_part.h"

enum { BATCH = 50 };

struct due {
    struct call *call;
    struct offer_record *offers;
    size_t offer_count;
    struct wait_record *past;
    size_t past_count;
    struct wait_place *places;
    size_t place_count;
};

static enum rc due_run(struct tx *tx, void *arg) {
    struct due *due = arg;
    struct city_id city = due->call->city->id;
    struct day today = instant_day(due->call->now);
    enum rc rc = offer_due(tx, city, due->call->now, BATCH, &due->offers, &due->offer_count);
    rc = rc == RC_OK ? wait_past(tx, city, today, BATCH, &due->past, &due->past_count) : rc;
    return rc == RC_OK ? wait_places_open(tx, city, today, BATCH, &due->places, &due->place_count) : rc;
}

struct moved {
    int64_t n;
};

static enum rc expire_run(struct tx *tx, struct call *call, const void *arg, void *out) {
    const struct offer_record *due = arg;
    struct moved *moved = out;
    struct offer_record offer;
    struct wait_record wait;
    enum rc rc = offer_lock(tx, call->city->id, due->id, &offer);
    rc = rc == RC_OK ? wait_lock(tx, call->city->id, due->wait, &wait) : rc;
    if (rc != RC_OK || offer_record_state(&offer) != OFFER_OPEN ||
        instant_before(call->now, offer.expires_at)) {
        return rc;
    }
    moved->n = 1;
    rc = wait_offer_drop(tx, call, &offer, &wait,
                         &(struct offer_ending){OFFER_EV_EXPIRE, WAIT_EV_EXPIRE, NULL});
    return rc == RC_OK ? wait_tell(tx, call, &offer, "offer-expired") : rc;
}

static enum rc past_run(struct tx *tx, struct call *call, const void *arg, void *out) {
    const struct wait_record *past = arg;
    struct moved *moved = out;
    struct wait_record wait;
    enum rc rc = wait_lock(tx, call->city->id, past->id, &wait);
    if (rc != RC_OK || wait_record_state(&wait) != WAIT_WAITING) {
        return rc;
    }
    moved->n = 1;
    return wait_advance(tx, call, &wait, WAIT_EV_PASS, "past");
}

static enum rc place_run(struct tx *tx, struct call *call, const void *arg, void *out) {
    const struct wait_place *place = arg;
    (void)out;
    struct freed freed = {place->facility, place->care, place->from, place->to};
    return wait_place_freed(tx, call, &freed);
}

/* RC_NONE and RC_RACE: somebody else was faster, which is as good. */
static enum rc step(struct call *call, call_fn fn, const void *ask, int64_t *moved_all) {
    struct moved moved = {0};
    enum rc rc = call_write(call, &(struct call_work){fn, ask, &moved, sizeof moved});
    if (rc == RC_OK) {
        *moved_all += moved.n;
    }
    return rc == RC_FAULT ? rc : RC_OK;
}

enum rc wait_tick(struct call *call, int64_t *ret_moved) {
    struct due due = {.call = call};
    int64_t moved = 0;
    enum rc rc = call_read(call, due_run, &due);
    for (size_t i = 0; rc == RC_OK && i < due.offer_count; i++) {
        rc = step(call, expire_run, &due.offers[i], &moved);
    }
    for (size_t i = 0; rc == RC_OK && i < due.past_count; i++) {
        rc = step(call, past_run, &due.past[i], &moved);
    }
    for (size_t i = 0; rc == RC_OK && i < due.place_count; i++) {
        rc = step(call, place_run, &due.places[i], &moved);
    }
    if (rc == RC_OK) {
        *ret_moved = moved;
    }
    return rc;
}
