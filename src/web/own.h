/* Answers for one person (routes marked CACHE_OWN, and CACHE_ROUND): a function of who asks, where, and what is committed, so they are
 * kept for that person until anything of the city that is shown to anybody changes, or the minute is over
 * (service/version.h). The handler makes them without knowing the session's secrets; those are filled into the holes
 * for each request and are kept nowhere. Staff who look at personal data again are recorded again. */
#ifndef SANGO_WEB_OWN_H
#define SANGO_WEB_OWN_H

#include "http/server.h"
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

/* On an I/O thread, of somebody who is remembered. HTTP_SOON: without x->call.version, there is something of some version;
 * with *ret_unseen, its looks have to be recorded first. */
struct own_unseen;
enum http_quick own_quick(struct exchange *x, struct own_unseen **ret_unseen);

/* What is kept and may be shown when its looks are on record: all that waits for it. The kept bytes are held by the response
 * that own_quick() was given. */
struct own_unseen {
    struct audit_looks *looks; /* to be asked for (service/audit.h) */
    struct page_own own;
    struct text form_token;
    struct text
        round_key; /* not empty: it is made in a round once they are recorded (web/round.h), and then: */
};
void own_made(struct own_unseen *unseen, const struct page_piece *piece, struct http_response *response);
/* Then this: fills the same response. */
void own_show(const struct own_unseen *unseen, struct arena *arena, const struct env *env,
              struct http_response *response);

#endif
