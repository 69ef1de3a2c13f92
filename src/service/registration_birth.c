/* The birth, added after a registration during pregnancy: the child's name and day, and the end of the grant that was
 * counted from the due date. */
#include <assert.h>

#include "service/registration_part.h"

struct birth_ask {
    struct registration_id id;
    struct child_id child;
    const struct registration_child *born;
};

/* The end that the rules set for these children; DAY_NONE when they set none or would refuse. */
static struct day end_by_rules(const struct call *call, const struct grant_record *grant,
                               const struct child_record *children, size_t count) {
    const struct programme *programme = programme_at(call->city->rules, grant->valid_from);
    struct decision decision = {.today = grant->valid_from,
                                .household_class = grant->household_class,
                                .child_count = (int32_t)count,
                                .loss = DAY_NONE,
                                .valid_from = grant->valid_from,
                                .valid_to = DAY_NONE};
    for (size_t i = 0; i < count; i++) {
        decision.children[i] = core_child(&children[i]);
    }
    struct grant made;
    struct refused refused;
    if (programme == NULL || !grant_make(programme, &decision, &made, &refused)) {
        return DAY_NONE;
    }
    return made.valid_to;
}

/* An end that the coordinator chose stays; one that came from the rules follows the new facts. */
static enum rc grant_follow(struct tx *tx, struct call *call, struct registration_id id, struct day before,
                            struct day after) {
    struct grant_record grant = {0};
    enum rc rc = grant_load(tx, call->city->id, id, &grant);
    if (rc != RC_OK) {
        return rc;
    }
    bool ours = !day_is_none(before) && day_eq(grant.valid_to, before);
    return ours && !day_is_none(after) && !day_eq(before, after)
               ? grant_set_end(tx, call->city->id, id, after)
               : RC_OK;
}

static enum rc child_save(struct tx *tx, struct call *call, struct registration_id id,
                          struct child_record *children, size_t count, const struct child_record *born) {
    struct grant_record grant = {0};
    enum rc rc = grant_load(tx, call->city->id, id, &grant);
    bool granted = rc == RC_OK;
    if (rc != RC_OK && rc != RC_NONE) {
        return rc;
    }
    struct day before = granted ? end_by_rules(call, &grant, children, count) : DAY_NONE;
    for (size_t i = 0; i < count; i++) {
        if (children[i].id.n == born->id.n) {
            children[i] = *born;
        }
    }
    rc = child_rewrite(tx, call->city->id, born);
    if (rc == RC_OK && granted) {
        rc = grant_follow(tx, call, id, before, end_by_rules(call, &grant, children, count));
    }
    return rc == RC_OK ? registration_touch(tx, call->city->id, id) : rc;
}

static const struct child_record *child_among(const struct child_record *children, size_t count,
                                              struct child_id id) {
    for (size_t i = 0; i < count; i++) {
        if (children[i].id.n == id.n) {
            return &children[i];
        }
    }
    return NULL;
}

static bool actors_own(const struct call *call, const struct registration_record *record) {
    return call->actor.role == ROLE_RESIDENT ? record->account.n == call->actor.account.n
                                             : (registration_actor(call->actor.role) & 1u << ACTOR_CITY) != 0;
}

static enum rc birth_trace(struct tx *tx, struct call *call, struct registration_record *record) {
    record->version++;
    enum rc rc = registration_tell(tx, call, "registration-birth", record, NULL, 0);
    return rc == RC_OK ? registration_audit(tx, call, "registration.birth", record, (struct text){0}) : rc;
}

static enum rc run_birth(struct tx *tx, struct call *call, const void *ask, void *outcome) {
    const struct birth_ask *given = ask;
    struct registration_outcome *out = outcome;
    struct registration_record record = {0};
    struct child_record *children = NULL;
    size_t count = 0;
    enum rc rc = registration_lock(tx, call->city->id, given->id, &record);
    if (rc == RC_OK && !actors_own(call, &record)) {
        rc = RC_NONE;
    }
    if (rc == RC_OK) {
        rc = children_load(tx, call->city->id, record.id, &children, &count);
    }
    if (rc != RC_OK) {
        return rc;
    }
    const struct child_record *old = child_among(children, count, given->child);
    if (old == NULL || !registration_state_parse(record.state, &out->state)) {
        return RC_NONE;
    }
    struct child_record born;
    registration_read_child(call, given->born, TEXT(""), &born, out);
    if (day_is_none(given->born->birth_date)) {
        registration_fault_add(out, "missing", TEXT("/birth_date"));
    }
    born.id = old->id;
    born.ordinal = old->ordinal;
    born.due_date = day_is_none(born.due_date) ? old->due_date : born.due_date;
    out->id = record.id;
    out->version = record.version;
    if (out->fault_count > 0) {
        return RC_OK;
    }
    rc = child_save(tx, call, record.id, children, count, &born);
    if (rc == RC_OK) {
        rc = birth_trace(tx, call, &record);
    }
    out->verdict.allowed = true;
    out->version = record.version;
    return rc;
}

enum rc registration_birth(struct call *call, struct registration_id id, struct child_id child,
                           const struct registration_child *born, struct registration_outcome *ret_outcome) {
    struct birth_ask ask = {id, child, born};
    struct call_work work = {run_birth, &ask, ret_outcome, sizeof *ret_outcome};
    return call_write(call, &work);
}
