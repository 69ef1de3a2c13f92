/* Which requests are answered with what everybody gets, and how: at once on the I/O thread where the version is known
 * here, after one shared question where other servers may have written or once a look is on record, else made by one worker for all who wait. */
#ifndef SANGO_WEB_KEEP_H
#define SANGO_WEB_KEEP_H

#include "http/server.h"
#include "service/version.h"
#include "web/page_cache.h"
#include "web/route.h"

struct web;

/* service/version.h, replaceable in tests. */
struct keep_versions {
    bool (*near)(const struct house *house, struct city_id city, struct version *ret_version);
    bool (*wait)(const struct house *house, struct city_id city, struct version *ret_version);
    void (*ask)(const struct house *house, struct city_id city, struct arena *arena, version_told told,
                void *ctx);
};
extern const struct keep_versions keep_real;

/* May this request be answered with what everybody gets? API answers never depend on who asks; pages show the name of
 * whoever is signed in. */
bool keep_common(const struct http_request *request, const struct route *route);
/* Near or waiting; false: not known, keep nothing. */
NODISCARD bool keep_version(const struct web *web, struct city_id city, struct version *ret_version);
/* Everything a common answer may depend on, behind a word for its kind. In the request's arena. */
struct text keep_key(const char *kind, const struct http_request *request, struct city_id city);

/* On an I/O thread, common answers and those for somebody signed in (web/quick.h), as http_hooks' quick, ask and finish
 * (http/server.h): what is kept is sent at once, or after the version was asked for where other servers may have written,
 * or after it is on record who looks. */
struct keep_asked;
enum http_quick keep_quick(struct web *web, const struct http_request *request, const struct route *route,
                           struct http_response *ret_response, struct keep_asked **ret_asked);
void keep_ask(const struct web *web, struct keep_asked *asked, struct http_ticket *ticket);
enum http_quick keep_finish(struct web *web, const struct http_request *request, struct keep_asked *asked,
                            struct http_response *ret_response);

/* On a worker, around making an answer. */
struct keeping {
    bool on;
    bool partial; /* struct exchange's: nothing of it is kept */
    struct page_want want;
};
/* True when it is there by now: *ret_response is filled. Otherwise make it, then keep_end() in any case. */
NODISCARD bool keep_begin(const struct web *web, const struct http_request *request,
                          const struct route *route, struct keeping *ret_keeping,
                          struct http_response *ret_response);
void keep_end(const struct web *web, const struct http_request *request, const struct keeping *keeping,
              struct http_response *response);

#endif
