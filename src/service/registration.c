/* What residents do with their registration: send it, send it again when it came back, withdraw it. */
#include "service/registration.h"

#include "service/registration_part.h"
#include "store/account.h"
#include "store/draft.h"

/* ---- sending ---- */

static enum rc details_save(struct tx *tx, const struct call *call, struct registration_id id,
                            const struct registration_typed *typed, const struct registration_form *form) {
    struct city_id city = call->city->id;
    enum rc rc = children_drop(tx, city, id);
    for (size_t i = 0; rc == RC_OK && i < typed->child_count; i++) {
        struct child_record child = typed->children[i];
        child.id = (struct child_id){env_id(call->house->env)};
        rc = child_insert(tx, city, id, &child);
    }
    if (rc == RC_OK) {
        rc = consents_drop(tx, city, id);
    }
    for (size_t i = 0; rc == RC_OK && i < form->consent_count; i++) {
        rc = consent_insert(tx, city, id, form->consents[i], call->now);
    }
    return rc;
}

static enum rc submit_trace(struct tx *tx, const struct call *call, const struct registration_record *record,
                            size_t children) {
    struct text id = id_format(call->arena, record->id.n);
    struct notice_arg args[] = {{"name", record->mother_name}};
    enum rc rc = registration_tell(tx, call, "registration-submitted", record, args, COUNT(args));
    struct notice_new arrived = {.kind = "registration-arrived",
                                 .cause = text_printf(call->arena, "registration:%.*s:%lld:arrived",
                                                      TEXT_F(id), (long long)record->version),
                                 .path = text_printf(call->arena, "/city/registrations/%.*s", TEXT_F(id))};
    if (rc == RC_OK) {
        rc = notice_add_role(tx, call, ROLE_COORDINATOR, &arrived);
    }
    return rc == RC_OK ? registration_audit(tx, call, "registration.submit", record,
                                            text_printf(call->arena, "{\"children\":%zu}", children))
                       : rc;
}

static enum rc submit_save(struct tx *tx, const struct call *call, const struct registration_form *form,
                           struct registration_typed *typed, enum registration_state before) {
    bool again = before != REGISTRATION_NEW;
    struct registration_record *record = &typed->record;
    enum rc rc = again ? registration_rewrite(tx, call->city->id, record, call->now)
                       : registration_insert(tx, call->city->id, record, call->now);
    record->version = again ? record->version + 1 : 1;
    if (rc == RC_OK) {
        rc = details_save(tx, call, record->id, typed, form);
    }
    if (rc == RC_OK) {
        rc = draft_delete(tx, call->city->id, record->account, DRAFT_REGISTRATION);
    }
    return rc == RC_OK ? submit_trace(tx, call, record, typed->child_count) : rc;
}

/* The open registration of the actor, NEW when there is none. */
static enum rc submit_before(struct tx *tx, const struct call *call, struct registration_record *ret_open,
                             enum registration_state *ret_state) {
    struct account_row account = {0};
    /* Locked, so that two first submissions of one person come one after the other. */
    enum rc rc = account_lock(tx, call->city->id, call->actor.account, &account);
    if (rc != RC_OK) {
        return rc;
    }
    rc = registration_lock_open(tx, call->city->id, call->actor.account, ret_open);
    *ret_state = REGISTRATION_NEW;
    if (rc == RC_NONE) {
        ret_open->id = (struct registration_id){env_id(call->house->env)};
        return RC_OK;
    }
    return rc == RC_OK && !registration_state_parse(ret_open->state, ret_state) ? RC_FAULT : rc;
}

/* Once for each birth: a second approval for the same child would grant its days twice. */
static enum rc submit_known(struct tx *tx, const struct call *call, const struct registration_typed *typed,
                            struct registration_outcome *out) {
    enum rc rc = RC_OK;
    int64_t known = 0;
    for (size_t i = 0; rc == RC_OK && known == 0 && i < typed->child_count; i++) {
        rc = children_approved(tx, call->city->id, call->actor.account, &typed->children[i], &known);
    }
    if (rc == RC_OK && known > 0) {
        out->verdict.allowed = false;
        out->verdict.refused = refused_of(REFUSAL_STATE);
        refused_text(&out->verdict.refused, "state", registration_state_code(REGISTRATION_APPROVED));
        refused_text(&out->verdict.refused, "event", registration_event_code(REGISTRATION_EV_SUBMIT));
    }
    return rc;
}

static enum rc run_submit(struct tx *tx, struct call *call, const void *ask, void *outcome) {
    const struct registration_form *form = ask;
    struct registration_outcome *out = outcome;
    struct registration_typed typed;
    registration_read(call, form, &typed, out);
    registration_judge(call, form, &typed, out);
    if (out->fault_count > 0 || !out->verdict.allowed) {
        out->verdict.allowed = false;
        return RC_OK;
    }
    struct registration_record open = {0};
    enum registration_state before;
    enum registration_state next;
    enum rc rc = submit_before(tx, call, &open, &before);
    if (rc != RC_OK || !registration_may_move(before, REGISTRATION_EV_SUBMIT, out, &next)) {
        return rc;
    }
    rc = submit_known(tx, call, &typed, out);
    if (rc != RC_OK || !out->verdict.allowed) {
        return rc;
    }
    typed.record.id = open.id;
    typed.record.version = open.version;
    typed.record.account = call->actor.account;
    typed.record.state = registration_state_code(next);
    rc = submit_save(tx, call, form, &typed, before);
    out->id = typed.record.id;
    out->state = next;
    out->version = typed.record.version;
    return rc;
}

enum rc registration_submit(struct call *call, const struct registration_form *form,
                            struct registration_outcome *ret_outcome) {
    if (call->actor.role != ROLE_RESIDENT) {
        return RC_NONE;
    }
    struct call_work work = {run_submit, form, ret_outcome, sizeof *ret_outcome};
    return call_write(call, &work);
}

/* ---- withdrawing ---- */

static enum rc run_withdraw(struct tx *tx, struct call *call, const void *ask, void *outcome) {
    const struct registration_step *step = ask;
    struct registration_outcome *out = outcome;
    struct registration_record record = {0};
    enum registration_state next;
    enum rc rc = registration_step_begin(tx, call, step, &record, &next, out);
    if (rc != RC_OK || !out->verdict.allowed) {
        return rc;
    }
    struct registration_verdict verdict = {
        .id = record.id, .state = registration_state_code(next), .at = call->now, .by = call->actor.account};
    rc = registration_decide(tx, call->city->id, &verdict);
    record.version++;
    struct notice_arg args[] = {{"name", record.mother_name}};
    if (rc == RC_OK) {
        rc = registration_tell(tx, call, "registration-withdrawn", &record, args, COUNT(args));
    }
    if (rc == RC_OK) {
        rc = registration_audit(tx, call, "registration.withdraw", &record, (struct text){0});
    }
    out->state = next;
    out->version = record.version;
    return rc;
}

enum rc registration_withdraw(struct call *call, struct registration_id id,
                              struct registration_outcome *ret_outcome) {
    struct registration_step step = {.id = id, .event = REGISTRATION_EV_WITHDRAW};
    struct call_work work = {run_withdraw, &step, ret_outcome, sizeof *ret_outcome};
    return call_write(call, &work);
}
