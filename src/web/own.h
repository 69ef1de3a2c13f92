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

/* The key under which the answer for this person is kept. In the request's arena. */
struct text own_key(const struct http_request *request, struct city_id city, const struct caller *who,
                    bool bearer);
/* On an I/O thread: from what is kept, unless looking must be recorded. */
NODISCARD bool own_quick(const struct web *web, const struct http_request *request,
                         const struct page_want *want, const struct session *session,
                         struct http_response *ret_response);

#endif
