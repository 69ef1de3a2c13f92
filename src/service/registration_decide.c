/* What the city does with a registration: talk, return, reject, approve. */
#include <assert.h>

#include "base/buf.h"
#include "service/registration_part.h"

enum { REASON_CHARS = 1000, INTERVIEW_CHARS = 4000, NEED_CHARS = 40 };

/* Used where the rules set no end: later than any day the house accepts would be. */
#define NO_END ((struct ymd){2199, 12, 31})

/* ---- the talk ---- */

struct interview_ask {
    struct registration_id id;
    struct text note;
    const struct text *needs;
    size_t need_count;
};

static bool code_like(struct text t) {
    for (size_t i = 0; i < t.n; i++) {
        char c = t.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_')) {
            return false;
        }
    }
    return t.n > 0 && t.n <= NEED_CHARS;
}

static struct text needs_read(const struct call *call, const struct interview_ask *ask,
                              struct registration_outcome *outcome) {
    struct buf needs;
    buf_init(&needs, call->arena);
    for (size_t i = 0; i < ask->need_count; i++) {
        if (!code_like(ask->needs[i])) {
            registration_fault_add(outcome, "unknown", text_printf(call->arena, "/needs/%zu", i));
            continue;
        }
        buf_putz(&needs, i == 0 ? "" : " ");
        buf_put(&needs, ask->needs[i]);
    }
    return buf_text(&needs);
}

static enum rc run_interview(struct tx *tx, struct call *call, const void *ask, void *outcome) {
    const struct interview_ask *given = ask;
    struct registration_outcome *out = outcome;
    struct registration_record record = {0};
    enum rc rc = registration_lock(tx, call->city->id, given->id, &record);
    if (rc != RC_OK) {
        return rc;
    }
    if (!registration_state_parse(record.state, &out->state)) {
        return RC_FAULT;
    }
    out->id = record.id;
    out->version = record.version;
    registration_read_text(given->note, INTERVIEW_CHARS, TEXT("/note"), out);
    struct interview_insert row = {.city = call->city->id,
                                   .id = env_id(call->house->env),
                                   .registration = record.id,
                                   .by = call->actor.account,
                                   .at = call->now,
                                   .note = given->note,
                                   .needs = needs_read(call, given, out)};
    if (out->fault_count > 0) {
        return RC_OK;
    }
    out->verdict.allowed = true;
    rc = interview_insert(tx, &row);
    return rc == RC_OK ? registration_audit(tx, call, "registration.interview", &record, (struct text){0})
                       : rc;
}

enum rc registration_interview(struct call *call, struct registration_id id, struct text note,
                               const struct text *needs, size_t need_count,
                               struct registration_outcome *ret_outcome) {
    assert(need_count <= REGISTRATION_NEEDS_MAX);
    if ((registration_actor(call->actor.role) & 1u << ACTOR_CITY) == 0) {
        return RC_NONE;
    }
    struct interview_ask ask = {id, note, needs, need_count};
    struct call_work work = {run_interview, &ask, ret_outcome, sizeof *ret_outcome};
    return call_write(call, &work);
}

/* ---- returning and rejecting ---- */

struct negative {
    const struct registration_decision *decision;
    enum registration_event event;
    const char *kind;
    const char *action;
};

static enum rc run_negative(struct tx *tx, struct call *call, const void *ask, void *outcome) {
    const struct negative *given = ask;
    struct registration_outcome *out = outcome;
    struct registration_step step = {given->decision->id, given->decision->version, given->event};
    struct registration_record record = {0};
    enum registration_state next;
    enum rc rc = registration_step_begin(tx, call, &step, &record, &next, out);
    if (rc != RC_OK || !out->verdict.allowed) {
        return rc;
    }
    registration_read_text(given->decision->reason, REASON_CHARS, TEXT("/reason"), out);
    if (out->fault_count > 0) {
        out->verdict.allowed = false;
        return RC_OK;
    }
    struct registration_verdict verdict = {.id = record.id,
                                           .state = registration_state_code(next),
                                           .at = call->now,
                                           .by = call->actor.account,
                                           .reason = given->decision->reason};
    rc = registration_decide(tx, call->city->id, &verdict);
    record.version++;
    out->state = next;
    out->version = record.version;
    struct notice_arg args[] = {{"name", record.mother_name}};
    if (rc == RC_OK) {
        rc = registration_tell(tx, call, given->kind, &record, args, COUNT(args));
    }
    return rc == RC_OK ? registration_audit(tx, call, given->action, &record, (struct text){0}) : rc;
}

enum rc registration_return(struct call *call, const struct registration_decision *decision,
                            struct registration_outcome *ret_outcome) {
    struct negative ask = {decision, REGISTRATION_EV_RETURN, "registration-returned", "registration.return"};
    struct call_work work = {run_negative, &ask, ret_outcome, sizeof *ret_outcome};
    return call_write(call, &work);
}

enum rc registration_reject(struct call *call, const struct registration_decision *decision,
                            struct registration_outcome *ret_outcome) {
    struct negative ask = {decision, REGISTRATION_EV_REJECT, "registration-rejected", "registration.reject"};
    struct call_work work = {run_negative, &ask, ret_outcome, sizeof *ret_outcome};
    return call_write(call, &work);
}

/* ---- approving ---- */

/* The class that counts: the coordinator's, else the one claimed, else the programme's when nothing is proven. */
static struct text class_of(const struct programme *programme, const struct registration_decision *decision,
                            const struct registration_record *record) {
    if (decision->household_class.n > 0) {
        return decision->household_class;
    }
    if (record->household_class.n > 0 || programme->class_default < 0) {
        return record->household_class;
    }
    return programme->classes[programme->class_default].code;
}

static enum rc approve_judge(struct tx *tx, struct call *call, const struct registration_decision *given,
                             const struct registration_record *record, struct decision *decision,
                             struct grant *ret_grant, struct refused *ret_refused) {
    struct child_record *children = NULL;
    size_t count = 0;
    enum rc rc = children_load(tx, call->city->id, record->id, &children, &count);
    const struct programme *programme = programme_at(call->city->rules, instant_day(call->now));
    if (rc != RC_OK) {
        return rc;
    }
    if (programme == NULL || count > CHILDREN_MAX) {
        *ret_refused = refused_of(programme == NULL ? REFUSAL_NO_PROGRAMME : REFUSAL_MULTIPLES);
        return RC_NONE;
    }
    *decision = (struct decision){.today = instant_day(call->now),
                                  .household_class = class_of(programme, given, record),
                                  .child_count = (int32_t)count,
                                  .loss = DAY_NONE,
                                  .valid_from = given->valid_from,
                                  .valid_to = given->valid_to,
                                  .extra_count = (int32_t)given->extra_count,
                                  .before_count = (int32_t)given->before_count};
    for (size_t i = 0; i < count; i++) {
        decision->children[i] = core_child(&children[i]);
    }
    for (size_t i = 0; i < given->extra_count; i++) {
        bool sane = given->extra[i].units >= 0 && given->extra[i].units <= INT32_MAX;
        decision->extra[i].pool = given->extra[i].pool;
        decision->extra[i].units = sane ? (int32_t)given->extra[i].units : -1;
    }
    for (size_t i = 0; i < given->before_count; i++) {
        bool sane = given->before[i].units >= 0 && given->before[i].units <= INT32_MAX;
        decision->before[i] = (struct decided_before){.what = given->before[i].what,
                                                      .code = given->before[i].code,
                                                      .units = sane ? (int32_t)given->before[i].units : -1};
    }
    return grant_make(programme, decision, ret_grant, ret_refused) ? RC_OK : RC_NONE;
}

static enum rc grant_save(struct tx *tx, struct call *call, struct grant_record *record,
                          const struct grant *grant, const struct decision *decision) {
    struct city_id city = call->city->id;
    enum rc rc = grant_next_number(tx, city, &record->number);
    if (rc == RC_OK) {
        rc = grant_insert(tx, city, record, call->actor.account, call->now);
    }
    for (int32_t i = 0; rc == RC_OK && i < grant->pool_count; i++) {
        const struct pool_balance *pool = &grant->pools[i];
        rc = grant_pool_insert(tx, city, record->registration, pool->pool,
                               (int64_t)pool->granted + pool->extra, pool->used);
    }
    for (int32_t i = 0; rc == RC_OK && i < decision->before_count; i++) {
        const struct decided_before *before = &decision->before[i];
        rc = before->units == 0 ? RC_OK
                                : grant_before_insert(tx, city, record->registration,
                                                      before_code(before->what), before->code, before->units);
    }
    return rc;
}

static enum rc approve_trace(struct tx *tx, struct call *call, const struct registration_record *record,
                             const struct grant_record *grant) {
    struct notice_arg args[] = {
        {"name", record->mother_name},
        {"number", text_printf(call->arena, "%lld", (long long)grant->number)},
        {"from", day_era(call->arena, grant->valid_from)},
        {"to", day_era(call->arena, grant->valid_to)},
    };
    enum rc rc = registration_tell(tx, call, "registration-approved", record, args, COUNT(args));
    return rc == RC_OK
               ? registration_audit(tx, call, "registration.approve", record,
                                    text_printf(call->arena, "{\"number\":%lld}", (long long)grant->number))
               : rc;
}

static enum rc run_approve(struct tx *tx, struct call *call, const void *ask, void *outcome) {
    const struct registration_decision *given = ask;
    struct registration_outcome *out = outcome;
    struct registration_step step = {given->id, given->version, REGISTRATION_EV_APPROVE};
    struct registration_record record = {0};
    enum registration_state next;
    enum rc rc = registration_step_begin(tx, call, &step, &record, &next, out);
    if (rc != RC_OK || !out->verdict.allowed) {
        return rc;
    }
    if (!registration_proven_sane(call, given, out)) {
        out->verdict.allowed = false;
        return RC_OK;
    }
    struct decision decision;
    struct grant grant;
    rc = approve_judge(tx, call, given, &record, &decision, &grant, &out->verdict.refused);
    if (rc == RC_NONE) {
        out->verdict.allowed = false;
        return RC_OK;
    }
    if (rc != RC_OK) {
        return rc;
    }
    struct grant_record saved = {.registration = record.id,
                                 .account = record.account,
                                 .household_class = decision.household_class,
                                 .class_proven = registration_proven(call, given),
                                 .valid_from = grant.valid_from,
                                 .valid_to = day_is_none(grant.valid_to) ? day_of(NO_END) : grant.valid_to};
    struct registration_verdict verdict = {
        .id = record.id, .state = registration_state_code(next), .at = call->now, .by = call->actor.account};
    rc = registration_decide(tx, call->city->id, &verdict);
    if (rc == RC_OK) {
        rc = grant_save(tx, call, &saved, &grant, &decision);
    }
    record.version++;
    out->state = next;
    out->version = record.version;
    return rc == RC_OK ? approve_trace(tx, call, &record, &saved) : rc;
}

enum rc registration_approve(struct call *call, const struct registration_decision *decision,
                             struct registration_outcome *ret_outcome) {
    assert(decision->extra_count <= PROGRAMME_POOLS_MAX && decision->before_count <= GRANT_BEFORE_MAX);
    struct call_work work = {run_approve, decision, ret_outcome, sizeof *ret_outcome};
    return call_write(call, &work);
}
