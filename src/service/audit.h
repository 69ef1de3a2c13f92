/* The record of what staff looked at. Changes write their own audit rows inside their transactions. */
#ifndef SANGO_SERVICE_AUDIT_H
#define SANGO_SERVICE_AUDIT_H

#include "service/call.h"

/* Records that the actor is shown personal data of `subject` ({0}: a list of many; then `count` says how many).
 * Durable before the page is answered: when this fails, the page is not shown. Each showing is a row of its own, also
 * of what is kept (docs/adr/0199). */
struct audit_view {
    const char *what; /* "registration.view", "booking.list" … */
    const char *object;
    int64_t object_id;
    struct account_id subject;
    int64_t count;
};
NODISCARD enum rc audit_viewed(struct call *call, const struct audit_view *view);

#endif
