/* Facilities themselves: making one with its cares, and changing what it says of itself. */
#include "base/buf.h"
#include "service/capacity.h"
#include "service/write.h"
#include "store/facility.h"
#include "sys/textkey.h"

static struct text search_key(struct arena *arena, const struct facility_about *about) {
    struct buf buf;
    buf_init(&buf, arena);
    const struct text parts[] = {about->name, about->kana, about->ward, about->address};
    for (size_t i = 0; i < COUNT(parts); i++) {
        buf_put(&buf, textkey_search(arena, parts[i]));
        buf_putc(&buf, ' ');
    }
    return buf_text(&buf);
}

static enum rc change_run(struct tx *tx, struct call *call, const void *arg, void *out) {
    const struct facility_edit *edit = arg;
    struct capacity_outcome *outcome = out;
    bool own = call->actor.role == ROLE_FACILITY && call->actor.facility.n == edit->facility.n;
    if (!own && call->actor.role != ROLE_CITY_ADMIN) {
        return RC_NONE;
    }
    struct facility_record record;
    enum rc rc = facility_lock(tx, call->city->id, edit->facility, &record);
    if (rc != RC_OK) {
        return rc;
    }
    if (edit->version != 0 && edit->version != record.version) {
        return RC_RACE;
    }
    record.words = edit->words;
    record.suspended = own ? record.suspended : edit->suspended;
    outcome->verdict.allowed = true;
    rc = facility_update(tx, call->city->id, &record);
    return rc == RC_OK ? audit_add(tx, call,
                                   &(struct audit_entry){.action = "facility.change",
                                                         .object = "facility",
                                                         .object_id = edit->facility.n})
                       : rc;
}

enum rc facility_change(struct call *call, const struct facility_edit *edit,
                        struct capacity_outcome *ret_outcome) {
    return call_write(call, &(struct call_work){change_run, edit, ret_outcome, sizeof *ret_outcome});
}

static enum rc add_cares(struct tx *tx, const struct call *call, struct facility_id id,
                         const struct facility_new *new) {
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < new->care_count; i++) {
        rc = facility_care_insert(tx, call->city->id, id, &new->cares[i]);
    }
    return rc;
}

static enum rc add_run(struct tx *tx, struct call *call, const void *arg, void *out) {
    const struct facility_new *new = arg;
    struct facility_id *id = out;
    if (call->actor.role != ROLE_CITY_ADMIN) {
        return RC_NONE;
    }
    struct facility_record record = {.id = {env_id(call->house->env)},
                                     .about = new->about,
                                     .words = new->words,
                                     .search_key = search_key(call->arena, &new->about)};
    bool added;
    enum rc rc = facility_insert(tx, call->city->id, &record, &added);
    if (rc != RC_OK || !added) {
        return rc == RC_OK ? RC_RACE : rc;
    }
    *id = record.id;
    rc = add_cares(tx, call, record.id, new);
    return rc == RC_OK
               ? audit_add(tx, call,
                           &(struct audit_entry){
                               .action = "facility.add", .object = "facility", .object_id = record.id.n})
               : rc;
}

enum rc facility_add(struct call *call, const struct facility_new *new, struct facility_id *ret_id) {
    return call_write(call, &(struct call_work){add_run, new, ret_id, sizeof *ret_id});
}
