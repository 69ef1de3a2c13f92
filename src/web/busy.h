/* What a person gets when there is too much to do: what to do next, and the form she filled in, ready to be sent again
 * with the same key (docs/adr/0171). Made without asking the database. */
#ifndef SANGO_WEB_BUSY_H
#define SANGO_WEB_BUSY_H

#include "http/server.h"
#include "web/exchange.h"

/* Which prepared answer a route's requests get. */
enum busy { BUSY_PAGE, BUSY_API, BUSY__MAX };

struct busy_pages {
    struct http_busy pages[BUSY__MAX];
};

struct busy_field {
    struct text name;
    struct text value;
};

struct busy_view {
    struct text action; /* where the form goes again; empty: nothing was kept */
    struct text again;  /* where an empty form is, when what was typed must not be kept; may be empty */
    const struct busy_field *fields;
    size_t count;
    bool keyed; /* sent twice it counts once */
};

/* Made once; lives in `arena`. */
void busy_prepare(struct arena *arena, struct web *web, struct busy_pages *ret_pages);
/* Answers with the page that keeps x->body. False, without an answer: an API call, or no form of ours. */
NODISCARD bool busy_keep(struct exchange *x);
/* The same for a request that no guard has looked at: http_hooks.keep. */
bool busy_keep_request(struct web *web, const struct http_request *request, struct http_response *response);

#endif
