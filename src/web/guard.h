/* What happens before a handler runs, read from its route's row: city, session, role, cross-site check, body,
 * idempotency key. Refusals never tell whether a foreign object exists. */
#ifndef SANGO_WEB_GUARD_H
#define SANGO_WEB_GUARD_H

#include "web/exchange.h"

/* The outside the guard asks, replaceable in tests. */
struct guard_hooks {
    void *ctx;
    /* session_find(); RC_NONE: no such session. */
    enum rc (*session)(void *ctx, struct call *call, struct text token, struct session *ret_session);
    /* An error page in the site's frame: answers by exchange_page() with problem->status. NULL: plain text. */
    void (*error_page)(void *ctx, struct exchange *x, const struct problem *problem);
};

/* The city a request is for, by host or path; false: none, or (with a base) one that is not here. *ret_base is
 * "/c/hirakata" or empty. */
bool guard_city(const struct house *house, const struct http_request *request, struct text *ret_base,
                struct city_id *ret_id);
/* "/c/hirakata/search" is "/search" of that city. False: a city that is not here. */
bool guard_find_city(struct exchange *x);
/* Pages for everybody do without the visitor's name when nobody can be asked who it is. */
bool guard_does_without(const struct exchange *x);
/* False when answered. What a session was read with says whether the rules have changed; whoever has none is asked for
 * only where another server may have changed them. */
bool guard_find_rules(struct exchange *x);

/* Answers the request, by its handler or by a refusal: at one moment, on one view of the database, by the rules that the city
 * has at its beginning. */
void guard_run(struct exchange *x);

/* The token of a session, if one came: by cookie, or on API routes as a bearer token. */
NODISCARD bool guard_find_token(struct exchange *x);

/* For the frame of an error page: who asked for what no route answers. */
void guard_recognise(struct exchange *x);

/* City, path and route of a request, for answers that no guard precedes. False: no such city. */
NODISCARD bool guard_locate(struct exchange *x);
/* The browser says that it was our own page that sent this, or says nothing. */
NODISCARD bool guard_same_site(const struct exchange *x);
/* The body is of a form's type. */
NODISCARD bool guard_is_form(const struct exchange *x);

/* Name of the session cookie: "__Host-sango" over https, "sango" on plain http. */
const char *guard_cookie_name(bool https);
/* Sets or (with an empty token) deletes the session cookie. */
void guard_cookie_set(struct exchange *x, struct text token, int64_t max_age);
/* `next` when it is one of our own paths, else `otherwise`. */
struct text guard_next(struct text next, struct text otherwise);

#endif
