/* Steps that every change of state takes: row, event, audit, units, places. Core's table is the only source of the
 * next state, and its weights say what becomes of units and places. */
#include <assert.h>

#include "base/json_out.h"
#include "service/book_part.h"

bool book_actor(const struct call *call, enum actor *ret_actor) {
    switch (call->actor.role) {
    case ROLE_RESIDENT:
        *ret_actor = ACTOR_RESIDENT;
        return true;
    case ROLE_FACILITY:
        *ret_actor = ACTOR_FACILITY;
        return true;
    case ROLE_COORDINATOR:
    case ROLE_CITY_ADMIN:
        *ret_actor = ACTOR_CITY;
        return true;
    case ROLE_CLOCK:
        *ret_actor = ACTOR_CLOCK;
        return true;
    default:
        return false;
    }
}

bool book_touches(const struct call *call, const struct booking *booking) {
    switch (call->actor.role) {
    case ROLE_RESIDENT:
        return booking->account.n == call->actor.account.n;
    case ROLE_FACILITY:
        return booking->facility.n == call->actor.facility.n;
    case ROLE_COORDINATOR:
    case ROLE_CITY_ADMIN:
    case ROLE_CLOCK:
        return true;
    default:
        return false;
    }
}

/* ---- places ---- */

bool book_night_range(const struct call *call, const struct booking *booking,
                      const struct booking_night *nights, size_t count, struct slot_range *ret_range) {
    struct slot_range range = {.city = call->city->id, .facility = booking->facility, .care = booking->care};
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        if (nights[i].active) {
            range.from = any ? range.from : nights[i].day;
            range.to = nights[i].day;
            any = true;
        }
    }
    if (any) {
        *ret_range = range;
    }
    return any;
}

/* Days that are over cannot be offered to anybody. */
static void freed_add(const struct call *call, const struct slot_range *range, struct book_freed *freed) {
    struct day from = day_max(range->from, instant_day(call->now));
    if (day_before(range->to, from)) {
        return;
    }
    assert(freed->count < BOOK_FREED_MAX);
    freed->rows[freed->count++] =
        (struct freed){.facility = range->facility, .care = range->care, .from = from, .to = range->to};
}

enum rc book_release(struct tx *tx, struct call *call, const struct booking *booking,
                     const struct booking_nights_kept *nights, struct book_freed *freed) {
    struct slot_range run = {.city = call->city->id, .facility = booking->facility, .care = booking->care};
    bool open = false;
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i <= nights->count; i++) {
        const struct booking_night *night = i < nights->count ? &nights->rows[i] : NULL;
        bool gives = night != NULL && night->active && !night->borrowed && !nights->kept[i];
        bool follows = open && gives && day_diff(night->day, run.to) == 1;
        if (open && !follows) {
            rc = slots_release(tx, &run);
            freed_add(call, &run, freed);
            open = false;
        }
        if (gives) {
            run.from = follows ? run.from : night->day;
            run.to = night->day;
            open = true;
        }
    }
    return rc == RC_OK ? booking_nights_end(tx, call->city->id, booking->id) : rc;
}

static enum rc release_all(struct tx *tx, struct call *call, const struct booking *booking,
                           struct book_freed *freed) {
    struct booking_nights_kept nights = {0};
    enum rc rc = booking_nights(tx, call->city->id, booking->id, &nights.rows, &nights.count);
    return rc == RC_OK ? book_release(tx, call, booking, &nights, freed) : rc;
}

enum rc book_tell_freed(struct tx *tx, struct call *call, const struct book_freed *freed) {
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < freed->count; i++) {
        rc = wait_place_freed(tx, call, &freed->rows[i]);
    }
    return rc;
}

/* ---- units ---- */

static enum rc weigh(struct tx *tx, struct call *call, const struct booking *booking,
                     enum booking_weight weight, int64_t units_used) {
    struct booking_pool *pools = NULL;
    size_t count = 0;
    if (weight == WEIGHS_BOOKED) {
        return RC_OK;
    }
    enum rc rc = booking_pools(tx, call->city->id, booking->id, &pools, &count);
    for (size_t i = 0; rc == RC_OK && i < count; i++) {
        int64_t used = units_used < pools[i].units ? units_used : pools[i].units;
        pools[i].reserved = 0;
        pools[i].used = weight == WEIGHS_USED ? used : 0;
        rc = booking_pool_set(tx, call->city->id, booking, &pools[i]);
    }
    return rc;
}

/* ---- traces ---- */

static enum rc trace(struct tx *tx, struct call *call, const struct booking *booking,
                     const struct booking_event_new *event) {
    struct buf buf;
    struct json_out json;
    buf_init(&buf, tx->arena);
    json_out_init(&json, &buf);
    json_put_object(&json, NULL);
    json_put_int(&json, "no", booking->version);
    json_put_text(&json, "state", booking->state);
    json_put_id(&json, "facility", booking->facility.n);
    json_put_text(&json, "care", booking->care);
    json_put_day(&json, "start", booking->start);
    json_put_day(&json, "end", booking->end);
    json_put_int(&json, "units", booking->units);
    json_put_int(&json, "fee", booking->fee.n);
    json_put_int(&json, "cancel_fee", booking->cancel_fee.n);
    json_put_object_end(&json);
    struct text action = text_join(tx->arena, TEXT("booking."), booking_event_code(event->event));
    struct audit_entry entry = {.action = action.p,
                                .object = "booking",
                                .object_id = booking->id.n,
                                .subject = booking->account,
                                .detail = buf_text(&buf)};
    enum rc rc = booking_event_add(tx, call->city->id, booking, event);
    return rc == RC_OK ? audit_add(tx, call, &entry) : rc;
}

enum rc book_first(struct tx *tx, struct call *call, struct booking *booking, enum booking_event event,
                   struct text reason) {
    struct booking_event_new first = {
        .actor = call->actor.account, .event = event, .from = BOOKING_NEW, .reason = reason};
    return trace(tx, call, booking, &first);
}

enum rc book_move(struct tx *tx, struct call *call, struct booking *booking, const struct book_move *move,
                  struct book_freed *freed) {
    enum booking_state from = booking_row_state(booking);
    enum booking_state to = booking_next[from][move->event];
    assert(to != BOOKING_NEW);
    booking->state = booking_state_code(to);
    booking->answer_by = INSTANT_NONE;
    booking->reason = move->reason.n > 0 ? move->reason : booking->reason;
    booking->cancel_fee = move->fee;
    booking->changed_at = call->now;
    struct booking_event_new event = {
        .actor = call->actor.account, .event = move->event, .from = from, .reason = move->reason};
    enum rc rc = booking_save(tx, call->city->id, booking, move->charged);
    if (rc == RC_OK) {
        rc = trace(tx, call, booking, &event);
    }
    if (rc == RC_OK) {
        rc = weigh(tx, call, booking, booking_weighs(to, move->units_used > 0), move->units_used);
    }
    if (rc == RC_OK && booking_occupies(from) && !booking_occupies(to) && !move->keep_nights) {
        rc = release_all(tx, call, booking, freed);
    }
    return rc;
}
