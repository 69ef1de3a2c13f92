#include "service/audit.h"

#include "service/write.h"

static enum rc run_viewed(struct tx *tx, struct call *call, const void *ask, void *outcome) {
    (void)outcome;
    const struct audit_view *view = ask;
    struct text detail = view->count > 0
                             ? text_printf(call->arena, "{\"count\":%lld}", (long long)view->count)
                             : (struct text){0};
    struct audit_entry entry = {.action = view->what,
                                .object = view->object,
                                .object_id = view->object_id,
                                .subject = view->subject,
                                .detail = detail};
    return audit_add(tx, call, &entry);
}

enum rc audit_viewed(struct call *call, const struct audit_view *view) {
    int nothing = 0;
    struct call_work work = {run_viewed, view, &nothing, sizeof nothing};
    return call_write_plain(call, &work);
}
