/* The actor's unfinished registration: kept at every step, so that she can stop anywhere and go on on another device.
 * Nothing is judged here; registration_submit() drops it. */
#ifndef SANGO_SERVICE_DRAFT_H
#define SANGO_SERVICE_DRAFT_H

#include "service/call.h"

enum { DRAFT_BYTES_MAX = 32 * 1024 };

struct draft {
    struct text answers; /* name=value pairs, percent-encoded; empty when there is no draft */
    struct instant saved_at;
};
NODISCARD enum rc draft_load(struct call *call, struct draft *ret_draft);
/* Replaces the whole draft. Longer than DRAFT_BYTES_MAX is a bug: callers bound their forms. call->idem is not looked
 * at, because saving twice is saving once. */
NODISCARD enum rc draft_save(struct call *call, struct text answers);
NODISCARD enum rc draft_drop(struct call *call);

#endif
