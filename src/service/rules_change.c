/* Changing a city's rules: the draft, publishing it, withdrawing what has not begun. Whoever publishes holds the city's
 * row, waits for every change that was judged by the rules before, and raises the revision that the next ones are held
 * against (store/audit.h). */
#include "service/fresh.h"
#include "service/rules_part.h"
#include "profile/document.h"
#include "sys/token.h"

const char *rules_fault_code(enum rules_fault fault) {
    static const char *const codes[RULES_FAULT__MAX] = {[RULES_FINE] = "fine",
                                                        [RULES_DRAFT_EXISTS] = "rules-draft-exists",
                                                        [RULES_TOO_LONG] = "rules-too-long",
                                                        [RULES_NOT_JSON] = "rules-not-json",
                                                        [RULES_REASON] = "rules-reason",
                                                        [RULES_DAY_PAST] = "rules-day-past",
                                                        [RULES_FAULTY] = "rules-faulty",
                                                        [RULES_BEGUN] = "rules-begun",
                                                        [RULES_FIRST] = "rules-first"};
    return codes[fault];
}

static enum rc run_as_admin(struct call *call, call_fn run, const void *ask, struct rules_outcome *outcome) {
    struct call_work work = {run, ask, outcome, sizeof *outcome};
    return call->actor.role == ROLE_CITY_ADMIN ? call_write(call, &work) : RC_NONE;
}

static enum rc audit(struct tx *tx, struct call *call, const char *action, int64_t number,
                     struct text detail) {
    struct audit_entry entry = {.action = action, .object = "rules", .object_id = number, .detail = detail};
    return audit_add(tx, call, &entry);
}

static bool reason_fine(struct text reason) {
    return text_trim(reason).n > 0 && text_utf8_ok(reason) && text_chars(reason) <= RULES_REASON_MAX &&
           text_printable(reason, true);
}

/* ---- the draft ---- */

static enum rules_fault draft_read(const struct call *call, struct text json, struct document *ret_document) {
    return json.n > RULES_BYTES_MAX                          ? RULES_TOO_LONG
           : !document_read(call->arena, json, ret_document) ? RULES_NOT_JSON
                                                             : RULES_FINE;
}

static enum rc run_start(struct tx *tx, struct call *call, const void *ask, void *outcome) {
    const struct rules_start *start = ask;
    struct rules_outcome *out = outcome;
    struct rules_row version;
    struct document document;
    bool added = false;
    enum rc rc = rules_one(tx, call->city->id, start->from, &version);
    if (rc != RC_OK) {
        return rc;
    }
    out->fault = draft_read(call, start->document.n > 0 ? start->document : version.document, &document);
    if (out->fault != RULES_FINE) {
        return RC_OK;
    }
    struct rules_draft_row row = {.based_on = start->from,
                                  .document = start->document.n > 0 ? document.json : version.document,
                                  .changed_at = call->now,
                                  .changed_by = call->actor.account};
    rc = rules_draft_insert(tx, call->city->id, &row, &added);
    out->fault = added ? RULES_FINE : RULES_DRAFT_EXISTS;
    out->revision = added;
    out->valid_from = start->document.n > 0 ? document.valid_from : version.valid_from;
    return rc == RC_OK && added ? audit(tx, call, "rules.draft-start", start->from, (struct text){0}) : rc;
}

enum rc rules_draft_start(struct call *call, const struct rules_start *start,
                          struct rules_outcome *ret_outcome) {
    return run_as_admin(call, run_start, start, ret_outcome);
}

static enum rc run_save(struct tx *tx, struct call *call, const void *ask, void *outcome) {
    const struct rules_save *save = ask;
    struct rules_outcome *out = outcome;
    struct document document;
    struct rules_draft_row before;
    out->fault = draft_read(call, save->document, &document);
    if (out->fault != RULES_FINE) {
        return RC_OK;
    }
    enum rc rc = rules_draft_find(tx, call->city->id, &before);
    if (rc != RC_OK) {
        return rc;
    }
    struct rules_draft_row row = {.revision = save->revision,
                                  .document = document.json,
                                  .changed_at = call->now,
                                  .changed_by = call->actor.account};
    rc = rules_draft_update(tx, call->city->id, &row);
    out->revision = save->revision + 1;
    out->valid_from = document.valid_from;
    struct text detail = text_printf(call->arena, "{\"revision\":%lld}", (long long)out->revision);
    return rc == RC_OK     ? audit(tx, call, "rules.draft-save", before.based_on, detail)
           : rc == RC_NONE ? RC_RACE
                           : rc;
}

enum rc rules_draft_save(struct call *call, const struct rules_save *save,
                         struct rules_outcome *ret_outcome) {
    return run_as_admin(call, run_save, save, ret_outcome);
}

static enum rc run_drop(struct tx *tx, struct call *call, const void *ask, void *outcome) {
    const int64_t *revision = ask;
    struct rules_draft_row before;
    (void)outcome;
    enum rc rc = rules_draft_find(tx, call->city->id, &before);
    if (rc != RC_OK) {
        return rc;
    }
    rc = rules_draft_delete(tx, call->city->id, *revision);
    return rc == RC_OK     ? audit(tx, call, "rules.draft-drop", before.based_on, (struct text){0})
           : rc == RC_NONE ? RC_RACE
                           : rc;
}

enum rc rules_draft_drop(struct call *call, int64_t revision) {
    struct rules_outcome nothing;
    return run_as_admin(call, run_drop, &revision, &nothing);
}

/* ---- publishing ---- */

/* False with the fault in *out. */
static bool may_publish(const struct rules_publish *ask, const struct rules_check *check,
                        struct rules_outcome *out) {
    out->bookings = check->bookings;
    out->valid_from = check->valid_from;
    if (!reason_fine(ask->reason)) {
        out->fault = RULES_REASON;
    } else if (!check->sound) {
        out->fault = RULES_FAULTY;
        out->pointer = check->faults.rows[0].pointer;
        out->sentence = check->faults.rows[0].sentence;
    } else if (!check->day_possible) {
        out->fault = RULES_DAY_PAST;
        out->valid_from = check->first_possible;
    }
    return out->fault == RULES_FINE;
}

static enum rc replace_old(struct tx *tx, struct call *call, const struct rules_check *check, int64_t since) {
    struct rules_end end = {.city = call->city->id,
                            .number = check->replaces,
                            .how = "replaced",
                            .since = since,
                            .at = call->now,
                            .by = call->actor.account};
    return check->replaces > 0 ? rules_end(tx, &end) : RC_OK;
}

static enum rc insert_new(struct tx *tx, struct call *call, const struct rules_publish *ask,
                          const struct rules_check *check, struct rules_outcome *out) {
    struct text document = document_dated(call->arena, check->draft.document, check->valid_from);
    struct rules_row row = {.valid_from = check->valid_from,
                            .document = document,
                            .digest = token_hash(call->arena, document),
                            .since = call->city->revision + 1,
                            .published_at = call->now,
                            .published_day = instant_day(call->now),
                            .published_by = call->actor.account,
                            .reason = text_trim(ask->reason)};
    enum rc rc = replace_old(tx, call, check, row.since);
    rc = rc == RC_OK ? rules_insert(tx, call->city->id, &row, &out->number) : rc;
    out->replaced = check->replaces;
    struct text day = day_format(call->arena, check->valid_from);
    struct text detail =
        text_printf(call->arena, "{\"valid_from\":\"%.*s\",\"replaced\":%lld,\"bookings\":%lld}", TEXT_F(day),
                    (long long)check->replaces, (long long)check->bookings);
    return rc == RC_OK ? audit(tx, call, "rules.publish", out->number, detail) : rc;
}

/* Last of all: the audit row is held against the revision before. */
static enum rc raise(struct tx *tx, struct call *call) {
    int64_t revision = 0;
    enum rc rc = city_rules_raise(tx, call->city->id, &revision);
    return rc == RC_OK && revision != call->city->revision + 1 ? RC_RACE : rc;
}

static enum rc run_publish(struct tx *tx, struct call *call, const void *ask, void *outcome) {
    const struct rules_publish *publish = ask;
    struct rules_outcome *out = outcome;
    struct rules_check *check = arena_new(call->arena, struct rules_check);
    struct rules_draft_row draft;
    enum rc rc = city_lock(tx, call->city->id);
    rc = rc == RC_OK ? rules_draft_find(tx, call->city->id, &draft) : rc;
    if (rc != RC_OK || draft.revision != publish->revision) {
        return rc != RC_OK ? rc : RC_RACE;
    }
    check->draft = (struct rules_draft){.revision = draft.revision, .document = draft.document};
    rc = rules_judge(tx, call, publish->valid_from, check);
    if (rc != RC_OK || !may_publish(publish, check, out)) {
        return rc;
    }
    rc = insert_new(tx, call, publish, check, out);
    rc = rc == RC_OK ? rules_draft_delete(tx, call->city->id, draft.revision) : rc;
    return rc == RC_OK ? raise(tx, call) : rc;
}

/* On this server everybody is moved on before the answer; on others whoever comes is. */
static enum rc moved_on(struct call *call, enum rc rc, const struct rules_outcome *outcome) {
    bool replayed = call->idem != NULL && (call->idem->replayed || call->idem->mismatch);
    if (rc == RC_OK && !replayed && outcome->fault == RULES_FINE) {
        fresh_after(call);
    }
    return rc;
}

enum rc rules_publish(struct call *call, const struct rules_publish *ask, struct rules_outcome *ret_outcome) {
    return moved_on(call, run_as_admin(call, run_publish, ask, ret_outcome), ret_outcome);
}

/* ---- withdrawing ---- */

static enum rc run_withdraw(struct tx *tx, struct call *call, const void *ask, void *outcome) {
    const struct rules_withdraw *withdraw = ask;
    struct rules_outcome *out = outcome;
    struct rules_row row;
    enum rc rc = city_lock(tx, call->city->id);
    rc = rc == RC_OK ? rules_one(tx, call->city->id, withdraw->number, &row) : rc;
    if (rc != RC_OK) {
        return rc;
    }
    bool begun = !day_before(instant_day(call->now), row.valid_from);
    out->number = row.number;
    out->valid_from = row.valid_from;
    out->fault = !reason_fine(withdraw->reason)  ? RULES_REASON
                 : begun || row.ended_how.n > 0  ? RULES_BEGUN
                 : call->city->rules->count == 1 ? RULES_FIRST
                                                 : RULES_FINE;
    if (out->fault != RULES_FINE) {
        return RC_OK;
    }
    struct rules_end end = {.city = call->city->id,
                            .number = row.number,
                            .how = "withdrawn",
                            .since = call->city->revision + 1,
                            .at = call->now,
                            .by = call->actor.account,
                            .reason = text_trim(withdraw->reason)};
    rc = rules_end(tx, &end);
    struct text day = day_format(call->arena, row.valid_from);
    struct text detail = text_printf(call->arena, "{\"valid_from\":\"%.*s\"}", TEXT_F(day));
    rc = rc == RC_OK ? audit(tx, call, "rules.withdraw", row.number, detail) : rc;
    return rc == RC_OK ? raise(tx, call) : rc;
}

enum rc rules_withdraw(struct call *call, const struct rules_withdraw *ask,
                       struct rules_outcome *ret_outcome) {
    return moved_on(call, run_as_admin(call, run_withdraw, ask, ret_outcome), ret_outcome);
}
