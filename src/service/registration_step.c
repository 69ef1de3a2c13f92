/* What every step of a registration does alike: whose it is, which move the table allows, the rows it leaves behind. */
#include "service/registration_part.h"

struct child core_child(const struct child_record *record) {
    return (struct child){.birth = record->birth_date,
                          .due = record->due_date,
                          .gestation_days = (int32_t)record->gestation_days,
                          .weight_g = (int32_t)record->weight_g};
}

actor_mask registration_actor(enum role role) {
    static const actor_mask masks[ROLE__MAX] = {[ROLE_RESIDENT] = 1u << ACTOR_RESIDENT,
                                                [ROLE_COORDINATOR] = 1u << ACTOR_CITY,
                                                [ROLE_CITY_ADMIN] = 1u << ACTOR_CITY};
    return masks[role];
}

bool registration_may_move(enum registration_state state, enum registration_event event,
                           struct registration_outcome *outcome, enum registration_state *ret_next) {
    *ret_next = registration_next[state][event];
    outcome->verdict.allowed = *ret_next != REGISTRATION_NEW;
    if (!outcome->verdict.allowed) {
        outcome->verdict.refused = refused_of(REFUSAL_STATE);
        refused_text(&outcome->verdict.refused, "state", registration_state_code(state));
        refused_text(&outcome->verdict.refused, "event", registration_event_code(event));
    }
    return outcome->verdict.allowed;
}

enum rc registration_step_begin(struct tx *tx, struct call *call, const struct registration_step *step,
                                struct registration_record *ret_record, enum registration_state *ret_next,
                                struct registration_outcome *outcome) {
    actor_mask actor = registration_actor(call->actor.role);
    if ((registration_actors[step->event] & actor) == 0) {
        return RC_NONE;
    }
    enum rc rc = registration_lock(tx, call->city->id, step->id, ret_record);
    if (rc != RC_OK) {
        return rc;
    }
    bool own = ret_record->account.n == call->actor.account.n;
    if (call->actor.role == ROLE_RESIDENT && !own) {
        return RC_NONE;
    }
    if (step->version != 0 && step->version != ret_record->version) {
        return RC_RACE;
    }
    enum registration_state state;
    if (!registration_state_parse(ret_record->state, &state)) {
        return RC_FAULT;
    }
    outcome->id = ret_record->id;
    outcome->state = state;
    outcome->version = ret_record->version;
    (void)registration_may_move(state, step->event, outcome, ret_next);
    return RC_OK;
}

enum rc registration_audit(struct tx *tx, const struct call *call, const char *action,
                           const struct registration_record *record, struct text detail) {
    struct audit_entry entry = {.action = action,
                                .object = "registration",
                                .object_id = record->id.n,
                                .subject = record->account,
                                .detail = detail};
    return audit_add(tx, call, &entry);
}

enum rc registration_tell(struct tx *tx, const struct call *call, const char *kind,
                          const struct registration_record *record, const struct notice_arg *args,
                          size_t arg_count) {
    struct text id = id_format(call->arena, record->id.n);
    struct notice_new notice = {.to = record->account,
                                .kind = kind,
                                .cause = text_printf(call->arena, "registration:%.*s:%lld:%s", TEXT_F(id),
                                                     (long long)record->version, kind),
                                .path = TEXT("/me/registration"),
                                .args = args,
                                .arg_count = arg_count};
    return notice_add(tx, call, &notice);
}
