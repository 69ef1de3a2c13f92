/* The household class of a grant, found again: each year the new tax year decides (core/programme.h, class_month). */
#include <assert.h>

#include "service/registration_part.h"

struct day registration_proven(const struct call *call, const struct registration_decision *decision) {
    return day_is_none(decision->class_proven) ? instant_day(call->now) : decision->class_proven;
}

bool registration_proven_sane(const struct call *call, const struct registration_decision *decision,
                              struct registration_outcome *outcome) {
    struct day proven = registration_proven(call, decision);
    if (!day_sane(proven) || day_before(instant_day(call->now), proven)) {
        registration_fault_add(outcome, "future", TEXT("/class_proven"));
        return false;
    }
    return true;
}

/* What the rules grant to the one class more or less than to the other. */
static enum rc shift_pools(struct tx *tx, struct call *call, const struct programme *programme,
                           const struct grant_record *grant, int32_t class) {
    int32_t old = programme_class(programme, grant->household_class);
    struct child_record *children = NULL;
    size_t count = 0;
    enum rc rc = children_load(tx, call->city->id, grant->registration, &children, &count);
    for (int32_t i = 0; rc == RC_OK && old >= 0 && i < programme->pool_count; i++) {
        int32_t more = pool_granted(programme, i, class, (int32_t)count) -
                       pool_granted(programme, i, old, (int32_t)count);
        if (more != 0) {
            rc = grant_pool_shift(tx, call->city->id, grant->registration, programme->pools[i].code, more);
        }
    }
    return rc;
}

static enum rc save(struct tx *tx, struct call *call, const struct registration_decision *given,
                    struct registration_record *record, const struct grant_record *grant) {
    const struct programme *programme = programme_at(call->city->rules, instant_day(call->now));
    int32_t class = programme_class(programme, given->household_class);
    struct day proven = registration_proven(call, given);
    enum rc rc = grant_set_class(tx, call->city->id, record->id, given->household_class, proven);
    rc = rc == RC_OK ? shift_pools(tx, call, programme, grant, class) : rc;
    rc = rc == RC_OK ? registration_touch(tx, call->city->id, record->id) : rc;
    record->version++;
    struct notice_arg args[] = {{"name", record->mother_name},
                                {"class", programme->classes[class].name},
                                {"proven", day_era(call->arena, proven)}};
    rc = rc == RC_OK ? registration_tell(tx, call, "registration-class", record, args, COUNT(args)) : rc;
    return rc == RC_OK ? registration_audit(
                             tx, call, "registration.class", record,
                             text_printf(call->arena, "{\"class\":\"%.*s\"}", TEXT_F(given->household_class)))
                       : rc;
}

static enum rc run_class(struct tx *tx, struct call *call, const void *ask, void *outcome) {
    const struct registration_decision *given = ask;
    struct registration_outcome *out = outcome;
    struct registration_record record = {0};
    struct grant_record grant = {0};
    enum rc rc = registration_lock(tx, call->city->id, given->id, &record);
    if (rc == RC_OK && given->version != 0 && given->version != record.version) {
        rc = RC_RACE;
    }
    if (rc != RC_OK) {
        return rc;
    }
    if (!registration_state_parse(record.state, &out->state)) {
        return RC_FAULT;
    }
    out->id = record.id;
    out->version = record.version;
    rc = grant_load(tx, call->city->id, record.id, &grant);
    if (rc == RC_NONE) {
        out->verdict.refused = refused_of(REFUSAL_STATE);
        refused_text(&out->verdict.refused, "state", record.state);
        refused_text(&out->verdict.refused, "event", TEXT("class"));
        return RC_OK;
    }
    const struct programme *programme = programme_at(call->city->rules, instant_day(call->now));
    if (programme == NULL || programme_class(programme, given->household_class) < 0) {
        registration_fault_add(out, "class-unknown", TEXT("/household_class"));
    }
    if (rc != RC_OK || !registration_proven_sane(call, given, out) || out->fault_count > 0) {
        return rc;
    }
    rc = save(tx, call, given, &record, &grant);
    out->verdict.allowed = true;
    out->version = record.version;
    return rc;
}

enum rc registration_class(struct call *call, const struct registration_decision *decision,
                           struct registration_outcome *ret_outcome) {
    if ((registration_actor(call->actor.role) & 1u << ACTOR_CITY) == 0) {
        return RC_NONE;
    }
    struct call_work work = {run_class, decision, ret_outcome, sizeof *ret_outcome};
    return call_write(call, &work);
}
