/* Setting capacity, and blocking and unblocking beds: lock the days, move the counters, list what is now promised
 * beyond capacity, and hand what became free to the waiting list. */
#include "service/capacity.h"

#include <assert.h>

#include "service/write.h"
#include "store/facility.h"
#include "store/slot.h"

enum { BEDS_MAX = 500 };

/* Staff touch their own facility only; the city's admin any. */
static bool may_manage(const struct call *call, struct facility_id facility) {
    return (call->actor.role == ROLE_FACILITY && call->actor.facility.n == facility.n) ||
           call->actor.role == ROLE_CITY_ADMIN || call->actor.role == ROLE_COORDINATOR;
}

static struct facility_id facility_meant(const struct call *call, struct facility_id asked) {
    return asked.n == 0 ? call->actor.facility : asked;
}

static bool days_ok(struct day from, struct day to) {
    return day_sane(from) && day_sane(to) && !day_before(to, from) && day_diff(to, from) < CAPACITY_DAYS_MAX;
}

static void refuse_days(struct verdict *verdict, struct day from, struct day to) {
    verdict->refused = refused_of(REFUSAL_DATES);
    refused_day(&verdict->refused, "start", from);
    refused_day(&verdict->refused, "end", to);
    refused_int(&verdict->refused, "maximum", CAPACITY_DAYS_MAX);
}

/* RC_OK with verdict allowed, or refused because the facility does not offer the care; RC_NONE for a facility that is
 * not there or not the actor's. */
static enum rc care_check(struct tx *tx, const struct call *call, const struct slot_range *range,
                          struct verdict *verdict) {
    struct facility_record record;
    enum rc rc = may_manage(call, range->facility) ? facility_lock(tx, range->city, range->facility, &record)
                                                   : RC_NONE;
    if (rc != RC_OK) {
        return rc;
    }
    rc = facility_care_find(tx, range->city, range->facility, range->care);
    if (rc == RC_NONE) {
        verdict->refused = refused_of(REFUSAL_CARE_NOT_OFFERED);
        refused_text(&verdict->refused, "care", range->care);
        return RC_OK;
    }
    verdict->allowed = rc == RC_OK;
    return rc;
}

static enum rc list_shortfalls(struct tx *tx, const struct slot_range *range,
                               struct capacity_outcome *outcome) {
    struct shortfall_ask ask = {range->facility, range->care, range->from, range->to};
    struct shortfall_row *rows;
    size_t count;
    enum rc rc = shortfall_bookings(tx, range->city, &ask, CAPACITY_SHORTFALLS_MAX, &rows, &count);
    for (size_t i = 0; rc == RC_OK && i < count; i++) {
        outcome->shortfalls[i] = rows[i].booking;
    }
    outcome->shortfall_count = rc == RC_OK ? count : 0;
    return rc;
}

static enum rc free_places(struct tx *tx, struct call *call, const struct slot_range *range) {
    struct freed freed = {range->facility, range->care, range->from, range->to};
    return wait_place_freed(tx, call, &freed);
}

static enum rc note(struct tx *tx, const struct call *call, const char *action,
                    const struct slot_range *range, int64_t number) {
    struct text from = day_format(call->arena, range->from);
    struct text to = day_format(call->arena, range->to);
    return audit_add(
        tx, call,
        &(struct audit_entry){.action = action,
                              .object = "facility",
                              .object_id = range->facility.n,
                              .detail = text_printf(call->arena,
                                                    "{\"care\":\"%.*s\",\"from\":\"%.*s\",\"to\":\"%.*s\","
                                                    "\"number\":%lld}",
                                                    TEXT_F(range->care), TEXT_F(from), TEXT_F(to),
                                                    (long long)number)});
}

static enum rc set_run(struct tx *tx, struct call *call, const void *arg, void *out) {
    const struct capacity_ask *ask = arg;
    struct capacity_outcome *outcome = out;
    struct slot_range range = {call->city->id, facility_meant(call, ask->facility), ask->care, ask->from,
                               ask->to};
    enum rc rc = care_check(tx, call, &range, &outcome->verdict);
    if (rc != RC_OK || !outcome->verdict.allowed) {
        return rc;
    }
    rc = slots_lock_all(tx, &range, 1);
    rc = rc == RC_OK ? slots_capacity_set(tx, &range, ask->capacity, ask->weekdays, &outcome->days_changed)
                     : rc;
    rc = rc == RC_OK ? note(tx, call, "capacity.set", &range, ask->capacity) : rc;
    rc = rc == RC_OK ? free_places(tx, call, &range) : rc;
    return rc == RC_OK ? list_shortfalls(tx, &range, outcome) : rc;
}

static enum rc run(struct call *call, call_fn fn, const void *ask, struct capacity_outcome *ret_outcome) {
    return call_write(call, &(struct call_work){fn, ask, ret_outcome, sizeof *ret_outcome});
}

/* A refusal of the days needs no facts, but must be kept under its key like any answer. */
static enum rc refused_run(struct tx *tx, struct call *call, const void *arg, void *out) {
    (void)tx;
    (void)call;
    const struct slot_range *range = arg;
    refuse_days(&((struct capacity_outcome *)out)->verdict, range->from, range->to);
    return RC_OK;
}

enum rc capacity_set(struct call *call, const struct capacity_ask *ask,
                     struct capacity_outcome *ret_outcome) {
    assert(ask->capacity >= 0 && ask->capacity <= BEDS_MAX);
    if (!days_ok(ask->from, ask->to)) {
        return run(call, refused_run, &(struct slot_range){.from = ask->from, .to = ask->to}, ret_outcome);
    }
    return run(call, set_run, ask, ret_outcome);
}

static enum rc block_run(struct tx *tx, struct call *call, const void *arg, void *out) {
    const struct block_ask *ask = arg;
    struct capacity_outcome *outcome = out;
    struct slot_range range = {call->city->id, facility_meant(call, ask->facility), ask->care, ask->from,
                               ask->to};
    enum rc rc = care_check(tx, call, &range, &outcome->verdict);
    if (rc != RC_OK || !outcome->verdict.allowed) {
        return rc;
    }
    struct block_record record = {.id = env_id(call->house->env),
                                  .facility = range.facility,
                                  .care = ask->care,
                                  .from = ask->from,
                                  .to = ask->to,
                                  .beds = ask->beds,
                                  .reason = ask->reason,
                                  .created_at = call->now,
                                  .created_by = call->actor.account};
    rc = slots_lock_all(tx, &range, 1);
    rc = rc == RC_OK ? slots_block(tx, &range, ask->beds) : rc;
    rc = rc == RC_OK ? block_insert(tx, range.city, &record) : rc;
    rc = rc == RC_OK ? note(tx, call, "block.add", &range, ask->beds) : rc;
    outcome->block = record.id;
    outcome->days_changed = slot_range_days(&range);
    return rc == RC_OK ? list_shortfalls(tx, &range, outcome) : rc;
}

enum rc capacity_block(struct call *call, const struct block_ask *ask, struct capacity_outcome *ret_outcome) {
    assert(ask->beds >= 1 && ask->beds <= BEDS_MAX);
    if (!days_ok(ask->from, ask->to)) {
        return run(call, refused_run, &(struct slot_range){.from = ask->from, .to = ask->to}, ret_outcome);
    }
    return run(call, block_run, ask, ret_outcome);
}

static enum rc unblock_run(struct tx *tx, struct call *call, const void *arg, void *out) {
    const int64_t *id = arg;
    struct capacity_outcome *outcome = out;
    struct block_record record;
    enum rc rc = block_lock(tx, call->city->id, *id, &record);
    if (rc != RC_OK) {
        return rc;
    }
    if (!may_manage(call, record.facility)) {
        return RC_NONE;
    }
    struct slot_range range = {call->city->id, record.facility, record.care, record.from, record.to};
    outcome->verdict.allowed = true;
    outcome->block = record.id;
    outcome->days_changed = slot_range_days(&range);
    rc = slots_lock_all(tx, &range, 1);
    rc = rc == RC_OK ? slots_block(tx, &range, -record.beds) : rc;
    rc = rc == RC_OK ? block_lift(tx, range.city, record.id, call->now) : rc;
    rc = rc == RC_OK ? note(tx, call, "block.lift", &range, record.beds) : rc;
    rc = rc == RC_OK ? free_places(tx, call, &range) : rc;
    return rc == RC_OK ? list_shortfalls(tx, &range, outcome) : rc;
}

enum rc capacity_unblock(struct call *call, int64_t block, struct capacity_outcome *ret_outcome) {
    return run(call, unblock_run, &block, ret_outcome);
}
