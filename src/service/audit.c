#include "service/audit.h"

#include <string.h>

#include "base/buf.h"
#include "service/recent.h"
#include "service/write.h"
#include "sys/token.h"

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

/* Everything that the row would say but for its second, and what was asked for. */
static struct recent_key key_of(const struct call *call, const struct audit_view *view) {
    struct buf buf;
    uint8_t mac[TOKEN_MAC_BYTES];
    struct recent_key key;
    buf_init(&buf, call->arena);
    buf_printf(&buf, "%lld %lld %d %s %s %lld %lld %lld ", (long long)call->city->id.n,
               (long long)call->actor.account.n, (int)call->actor.role, view->what, view->object,
               (long long)view->object_id, (long long)view->subject.n, (long long)view->count);
    buf_put(&buf, view->where);
    token_mac(call->house->secret, buf_text(&buf), mac);
    memcpy(key.bytes, mac, sizeof key.bytes);
    return key;
}

bool audit_is_recorded(const struct call *call, const struct audit_view *view) {
    struct recent *recent = view->where.n > 0 ? call->house->recent : NULL;
    return recent != NULL && recent_has(recent, key_of(call, view), call->now);
}

enum rc audit_viewed(struct call *call, const struct audit_view *view) {
    int nothing = 0;
    struct call_work work = {run_viewed, view, &nothing, sizeof nothing};
    struct recent *recent = view->where.n > 0 ? call->house->recent : NULL;
    struct recent_key key = {{0}};
    if (recent != NULL) {
        key = key_of(call, view);
        if (recent_has(recent, key, call->now)) {
            return RC_OK;
        }
    }
    enum rc rc = call_write_plain(call, &work);
    if (rc == RC_OK && recent != NULL) {
        recent_note(recent, key, call->now);
    }
    return rc;
}
