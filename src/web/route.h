/* What the site answers, as rows of const tables: method, path, handler, and what it needs. The guard reads the row
 * before the handler runs; the OpenAPI document and the access-matrix test read the same rows. */
#ifndef SANGO_WEB_ROUTE_H
#define SANGO_WEB_ROUTE_H

#include "service/call.h"
#include "web/form.h"

struct exchange;

/* Who may call: one bit a role. */
enum {
    FOR_PUBLIC = 1 << ROLE_PUBLIC,
    FOR_RESIDENT = 1 << ROLE_RESIDENT,
    FOR_FACILITY = 1 << ROLE_FACILITY,
    FOR_COORDINATOR = 1 << ROLE_COORDINATOR,
    FOR_CITY_ADMIN = 1 << ROLE_CITY_ADMIN,
    FOR_AUDITOR = 1 << ROLE_AUDITOR,
    FOR_CITY = FOR_COORDINATOR | FOR_CITY_ADMIN,
    FOR_STAFF = FOR_CITY | FOR_FACILITY | FOR_AUDITOR,
    FOR_SIGNED_IN = FOR_STAFF | FOR_RESIDENT,
    FOR_ALL = FOR_SIGNED_IN | FOR_PUBLIC,
};

enum route_idempotency {
    IDEM_NONE,     /* no service call with a key behind it */
    IDEM_ACCEPTED, /* call->idem is set when the client sent a key */
    IDEM_REQUIRED, /* refused without a key */
};

enum route_cache {
    CACHE_NEVER, /* no-store */
    CACHE_CITY, /* for everybody the same until something is committed: kept by web/page_cache.h, ETag, no-cache */
    CACHE_RESIDENT, /* its middle part is for all residents the same (web/piece.h); the page itself is never kept */
    CACHE_OWN, /* kept for each person until anything of the city is committed (web/own.h); no-store */
    CACHE_ROUND, /* each look at it changes it: made once for all who look at the same moment (web/round.h); no-store */
    CACHE_FOREVER, /* name holds a hash of the content: static files */
};

/* How urgent, the most urgent first: what gives way when there is more to do than hands (docs/adr/0170). */
enum route_class {
    CLASS_BY_METHOD, /* not named in the row: reading is CLASS_BROWSE, everything else CLASS_BOOKING */
    CLASS_HEALTH,
    CLASS_STAFF,   /* who is here today, and what was arranged for them */
    CLASS_BOOKING, /* somebody in the middle of something, and whatever changes things */
    CLASS_LOGIN,   /* costs a password's hash: never more at once than the gate lets through */
    CLASS_BROWSE,
    CLASS_EXPORT, /* whole tables */
    CLASS__MAX
};

/* Under /api/v1 a route is API: JSON in, JSON or problem+json out, bearer token or cookie with X-CSRF-Token.
 * Everything else is a page: urlencoded in, HTML or a redirect out. */
struct route {
    enum http_method method;
    const char *path; /* "/bookings/{id}/accept"; parameters called id or …_id are row keys */
    void (*handler)(struct exchange *x);
    unsigned roles; /* FOR_… */
    enum route_idempotency idempotency;
    enum route_cache cache;
    enum route_class class;
    bool no_csrf;             /* for machines only (webhooks); a page's POST always needs its token */
    bool cityless;            /* served without a city: /livez, static files */
    size_t body_limit;        /* 0: 64 KiB */
    const struct form *form;  /* body of POST, PUT, PATCH; NULL: must be empty (or {}) */
    const struct form *query; /* query string; NULL: none is looked at */
    /* Pages: answers instead of `handler` when the form has errors, showing it again with every value kept; the guard
     * sets status 422. NULL: `handler` runs and looks at x->body.error_count itself. */
    void (*again)(struct exchange *x);
    /* For the OpenAPI document; pages may leave them out. */
    const char *summary;
    const char *unkeyed;       /* of a POST: why it takes no Idempotency-Key */
    int success;               /* 0: 200 */
    const struct form *answer; /* shape of the JSON answer; NULL: an object */
};

struct route_table {
    const struct route *rows;
    size_t count;
};
/* const struct route_table booking_routes = ROUTES(rows); */
#define ROUTES(array)                                                                                        \
    { .rows = (array), .count = COUNT(array) }

/* Cache-Control of CACHE_FOREVER. */
#define ROUTE_FOREVER TEXT("public, max-age=31536000, immutable")

struct route_tree;

enum { ROUTE_PARAMS_MAX = 4 };

struct route_match {
    const struct route *route; /* NULL: nothing for this method */
    bool path_known;           /* some method answers here: 405 with `allow` rather than 404 */
    unsigned allow;            /* one bit an http_method */
    struct http_field params[ROUTE_PARAMS_MAX];
    size_t param_count;
};

/* Built once at start. Two rows for one method and path, or two parameter names at one place, are bugs. */
const struct route_tree *route_tree_build(struct arena *arena, const struct route_table *const *tables,
                                          size_t count);
/* `path` is decoded and without the city's prefix. Literal segments win over parameters. HEAD finds GET's row. */
struct route_match route_find(const struct route_tree *tree, enum http_method method, struct text path);
/* All rows in the order of the tables. */
size_t route_count(const struct route_tree *tree);
const struct route *route_at(const struct route_tree *tree, size_t i);
bool route_is_api(const struct route *route);
/* Whether what it answers may be in memory already, for everybody or for one person. */
bool route_is_kept(const struct route *route);
/* Never CLASS_BY_METHOD. */
enum route_class route_class(const struct route *route);
/* "GET, HEAD, POST" */
struct text route_allow(struct arena *arena, unsigned allow);

#endif
