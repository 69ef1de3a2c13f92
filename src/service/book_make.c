/* Saves what core allowed: the booking, its price lines, places, units, events; and, for a change that is certain at
 * once, gives up the old booking in the same transaction. */
#include "service/book_make.h"

#include "service/book_part.h"

/* What she told the facility goes with her to the new days. */
static struct text message_of(const struct book_make *make, const struct book_judged *judged) {
    bool kept = judged->changing && (make->proposal || make->ask.message.n == 0);
    return kept ? judged->old.message : make->ask.message;
}

static struct booking row_of(const struct call *call, const struct book_make *make,
                             const struct book_judged *judged) {
    const struct quote *quote = &judged->quote;
    bool asks = !instant_is_none(judged->answer_by);
    return (struct booking){.id = {env_id(call->house->env)},
                            .account = make->ask.resident,
                            .registration = judged->found->registration,
                            .facility = make->ask.facility,
                            .care = make->ask.care,
                            .start = make->ask.start,
                            .end = make->ask.end,
                            .units = quote->units,
                            .fee = quote->total,
                            .contract_price = judged->found->ways.contract_price,
                            .household_class = quote->programme->classes[quote->household_class].code,
                            .programme_from = quote->programme->valid_from,
                            .state = booking_state_code(asks ? BOOKING_REQUESTED : BOOKING_CONFIRMED),
                            .answer_by = judged->answer_by,
                            .lapse_to = judged->lapse_to,
                            .free_cancel_until = quote->free_cancel_until,
                            .change_of = make->ask.change_of,
                            .change_fee = quote->change_cost.fee,
                            .change_units = quote->change_cost.units_charged,
                            .proposed = make->proposal,
                            .message = message_of(make, judged),
                            .origin = text_of(make->origin),
                            .created_at = call->now,
                            .created_by = call->actor.account,
                            .changed_at = call->now,
                            .version = 1,
                            .rules_revision = call->city->revision};
}

/* A night that the old booking has in the same slot is borrowed until the change is decided. */
static bool has_night(const struct book_judged *judged, struct day day) {
    bool same = judged->changing && judged->old.facility.n == judged->range.facility.n &&
                text_eq(judged->old.care, judged->range.care);
    for (size_t i = 0; same && i < judged->old_night_count; i++) {
        if (judged->old_nights[i].active && day_eq(judged->old_nights[i].day, day)) {
            return true;
        }
    }
    return false;
}

static enum rc take_day(struct tx *tx, const struct book_make *make, const struct book_judged *judged,
                        const struct booking *booking, struct day day) {
    bool borrowed = !make->held && has_night(judged, day);
    struct slot_range one = judged->range;
    one.from = day;
    one.to = day;
    enum rc rc = RC_OK;
    if (!borrowed) {
        rc = make->held ? slots_take_held(tx, &one) : slots_take(tx, &one);
    }
    struct booking_night night = {.day = day, .active = true, .side = judged->changing, .borrowed = borrowed};
    return rc == RC_OK ? booking_night_add(tx, judged->range.city, booking, &night) : rc;
}

static enum rc save_nights(struct tx *tx, const struct book_make *make, const struct book_judged *judged,
                           const struct booking *booking) {
    enum rc rc = RC_OK;
    for (struct day day = judged->range.from; rc == RC_OK && !day_before(judged->range.to, day);
         day = day_add(day, 1)) {
        rc = take_day(tx, make, judged, booking, day);
    }
    return rc;
}

static int64_t reserved_before(const struct booking_pool *pools, size_t count, struct text pool) {
    for (size_t i = 0; i < count; i++) {
        if (text_eq(pools[i].pool, pool)) {
            return pools[i].reserved;
        }
    }
    return 0;
}

static bool grant_has(const struct grant *grant, struct text pool) {
    for (int32_t i = 0; i < grant->pool_count; i++) {
        if (text_eq(grant->pools[i].pool, pool)) {
            return true;
        }
    }
    return false;
}

/* A change reserves only what it needs beyond the old booking, whose units stay reserved until it is given up; those
 * that will be charged for it do not come back. */
static enum rc save_pools(struct tx *tx, const struct call *call, const struct book_judged *judged,
                          const struct booking *booking) {
    struct booking_pool *old = NULL;
    size_t old_count = 0;
    enum rc rc = RC_OK;
    if (judged->changing) {
        rc = booking_pools(tx, call->city->id, judged->old.id, &old, &old_count);
    }
    for (int32_t i = 0; rc == RC_OK && i < judged->quote.pool_count; i++) {
        const struct pool_change *change = &judged->quote.pools[i];
        int64_t units = change->left_before - change->left_after;
        int64_t comes_back = reserved_before(old, old_count, change->pool) - booking->change_units;
        int64_t beyond = units - (comes_back > 0 ? comes_back : 0);
        bool same = judged->changing && judged->old.registration.n == booking->registration.n;
        struct booking_pool pool = {.pool = change->pool, .units = units, .reserved = units};
        if (same) {
            pool.reserved = beyond > 0 ? beyond : 0;
        }
        if (!grant_has(&judged->found->facts.grant, change->pool)) {
            rc = booking_grant_pool(tx, call->city->id, booking->registration, change->pool, change->granted);
        }
        if (rc == RC_OK) {
            rc = booking_pool_add(tx, call->city->id, booking, &pool);
        }
    }
    return rc;
}

static enum rc save_lines(struct tx *tx, const struct call *call, const struct quote *quote,
                          const struct booking *booking) {
    enum rc rc = RC_OK;
    for (int32_t i = 0; rc == RC_OK && i < quote->line_count; i++) {
        rc = booking_line_add(tx, call->city->id, booking->id, i + 1, &quote->lines[i]);
    }
    return rc;
}

static enum rc save(struct tx *tx, struct call *call, const struct book_make *make,
                    struct book_judged *judged, struct booking *booking) {
    bool certain = instant_is_none(booking->answer_by);
    enum booking_event event = certain ? BOOKING_EV_CONFIRM : BOOKING_EV_REQUEST;
    enum book_kind kind = make->proposal ? BOOK_PROPOSAL : judged->changing ? BOOK_CHANGE : BOOK_ALONE;
    struct book_freed freed = {.count = 0};
    enum rc rc = booking_add(tx, call->city->id, booking);
    if (rc == RC_OK) {
        rc = save_lines(tx, call, &judged->quote, booking);
    }
    if (rc == RC_OK) {
        rc = save_nights(tx, make, judged, booking);
    }
    if (rc == RC_OK) {
        rc = save_pools(tx, call, judged, booking);
    }
    if (rc == RC_OK) {
        rc = book_first(tx, call, booking, event, make->proposal ? make->ask.message : TEXT(""));
    }
    if (rc == RC_OK && judged->changing && certain) {
        rc = book_change_settle(tx, call, booking, &judged->old, &freed);
    }
    if (rc == RC_OK) {
        rc = book_tell(tx, call, &(struct book_news){booking, event, kind, judged->found->facility_name});
    }
    if (rc == RC_OK && certain) {
        rc = wait_booked(tx, call, booking->account, make->wish);
    }
    return rc == RC_OK ? book_tell_freed(tx, call, &freed) : rc;
}

void book_refuse(const struct book_make *make, const struct quote *quote, struct book_outcome *outcome) {
    outcome->verdict = (struct verdict){.allowed = false, .refused = quote->refusals[0]};
    outcome->wished = make->ask;
    outcome->answer_by = INSTANT_NONE;
    outcome->wait_possible = true;
    for (int32_t i = 0; i < quote->refusal_count; i++) {
        outcome->wait_possible = outcome->wait_possible && quote->refusals[i].code == REFUSAL_FULL;
    }
}

enum rc book_make(struct tx *tx, struct call *call, const struct book_make *make,
                  struct book_outcome *outcome) {
    struct book_judged *judged = arena_new(tx->arena, struct book_judged);
    enum rc rc = book_judge(tx, call, make, true, judged);
    if (rc != RC_OK) {
        return rc;
    }
    if (!judged->quote.allowed) {
        book_refuse(make, &judged->quote, outcome);
        return RC_OK;
    }
    struct booking booking = row_of(call, make, judged);
    rc = save(tx, call, make, judged, &booking);
    if (rc == RC_OK) {
        *outcome = (struct book_outcome){.verdict.allowed = true,
                                         .id = booking.id,
                                         .state = booking_row_state(&booking),
                                         .units = booking.units,
                                         .fee = booking.fee,
                                         .answer_by = booking.answer_by,
                                         .proposed = booking.proposed,
                                         .cancel_fee = booking.change_fee,
                                         .units_charged = booking.change_units,
                                         .version = booking.version};
    }
    return rc;
}

enum rc book_would(struct tx *tx, struct call *call, const struct book_make *make,
                   struct book_quote *ret_quote) {
    struct book_judged *judged = arena_new(tx->arena, struct book_judged);
    enum rc rc = book_judge(tx, call, make, false, judged);
    if (rc == RC_OK) {
        ret_quote->quote = judged->quote;
        ret_quote->answer_by = judged->answer_by;
    }
    return rc;
}
