/* The record of what staff looked at. Changes write their own audit rows inside their transactions. */
#ifndef SANGO_SERVICE_AUDIT_H
#define SANGO_SERVICE_AUDIT_H

#include "service/call.h"

/* What the actor is shown: personal data of `subject` ({0}: a list of many; then `count` says how many). */
struct audit_view {
    const char *what; /* "registration.view", "booking.list" … */
    const char *object;
    int64_t object_id;
    struct account_id subject;
    int64_t count;
};
/* Records them. Durable before the page is answered: when this fails, the page is not shown. Each showing is a row of its
 * own, also of what is kept (docs/adr/0199); those who look at the same moment share a commit. */
NODISCARD enum rc audit_viewed(struct call *call, const struct audit_view *views, size_t count);
/* The same without waiting: made while the call is at hand, in call->arena, which is nobody else's from audit_looks_ask() on
 * until `told` is called, once, on any thread, maybe before that returns; it must not block. */
struct audit_looks;
struct audit_looks *audit_looks_make(const struct call *call, const struct audit_view *views, size_t count);
typedef void (*audit_told)(void *ctx, bool recorded);
void audit_looks_ask(struct audit_looks *looks, audit_told told, void *ctx);

#endif
