/* Answers for one person (routes marked CACHE_OWN): a function of who asks, where, and what is committed, so they are
 * kept for that person until anything of the city that is shown to anybody changes, or the minute is over
 * (service/version.h). The handler makes them without knowing the session's secrets; those are filled into the holes
 * for each request and are kept nowhere. Staff who look at personal data again are recorded again. */
#ifndef SANGO_WEB_OWN_H
#define SANGO_WEB_OWN_H

#include "web/exchange.h"
#include "web/page_cache.h"

/* On a worker. False: no such route, or nothing may be kept; the handler answers. */
NODISCARD bool own_answer(struct exchange *x);

/* What stands for the secrets while an answer is made; random, so that nobody can write it into one. */
struct own_blanks {
    struct text csrf;
    struct text key;
};
struct own_blanks own_blanks_make(struct arena *arena, const struct env *env);

/* On an I/O thread, of somebody who is remembered, with x->call.version: from what is kept, unless the look has to be
 * recorded first. */
NODISCARD bool own_quick(struct exchange *x);
/* The same of what has to be recorded first: the answer, which may be sent when these are. NULL: nothing like it. */
struct audit_looks *own_looks(struct exchange *x);
/* Is there something for own_quick(), of whatever version? */
bool own_may(const struct exchange *x);

#endif
