/* The whole site on a small approved city (service/fixture.h): requests without a server, as somebody.
 *
 *     static void shows(struct engine *e) {
 *         struct desk desk;
 *         desk_setup(&desk, e);
 *         struct asker hana = desk_sign_in(&desk, account, false);
 *         struct answer a = desk_get(&desk, &hana, "/api/v1/me");
 *         assert_int_equal(a.status, 200);
 *         …
 *         desk_teardown(&desk);
 *     } */
#ifndef SANGO_TESTS_WEB_DESK_H
#define SANGO_TESTS_WEB_DESK_H

#include "service/fixture.h"
#include "web/app.h"

struct desk {
    struct fixture fx;
    struct web *web;
    struct arena arena;      /* of all answers */
    uint64_t keys;           /* idempotency keys made so far */
    struct json_t *document; /* OpenAPI, once it was needed */
};
void desk_setup(struct desk *desk, struct engine *engine);
/* With a profile of the test's own (JSON; empty: Hirakata's). */
void desk_setup_with(struct desk *desk, struct engine *engine, struct text profile_json);
void desk_teardown(struct desk *desk); /* checks every invariant */

/* {0}: nobody. Programs hold a bearer token; browsers a cookie and the token of forms. */
struct asker {
    struct text token;
    struct text csrf;
    bool browser;
};
struct asker desk_sign_in(struct desk *desk, struct account_id account, bool browser);

struct send {
    enum http_method method;
    const char *target; /* path and query */
    struct text body;
    const char *type;       /* NULL: JSON under /api, else urlencoded */
    const char *key;        /* Idempotency-Key: NULL makes a fresh one, "" sends none */
    const char *headers[6]; /* name, value, … */
};
struct answer {
    int status;
    struct text type;
    struct text location;
    struct text body;
    const struct http_response *response;
};
struct answer desk_send(struct desk *desk, const struct asker *asker, const struct send *send);
/* A GET as an I/O thread answers it, once the version is known and looks are on record. False: it is a worker's. */
bool desk_quick(struct desk *desk, const struct asker *asker, const char *target, struct answer *ret_answer);
/* The same of what is certain to be kept once a worker has made it: where the version could not be had for a moment, one makes
 * it again. */
bool desk_quick_soon(struct desk *desk, const struct asker *asker, const char *target,
                     struct answer *ret_answer);
struct answer desk_get(struct desk *desk, const struct asker *asker, const char *target);
/* A POST of JSON, or of a page's form (_csrf of who is signed in and _key are added; a body may begin with its own _key). */
struct answer desk_post(struct desk *desk, const struct asker *asker, const char *target, struct text body);
/* Follows the answer's Location after a 303. */
struct answer desk_follow(struct desk *desk, const struct asker *asker, const struct answer *answer);
struct text desk_header(const struct answer *answer, const char *name);

/* "code" of a problem; empty when it is none. */
struct text desk_code(const struct answer *answer);
/* Value of a member of the answer's top object as text: "id", "state", "fee". Empty when it is not there. */
struct text desk_member(const struct answer *answer, const char *name);
/* Fail the test with the answer's text: when the page lacks or has the words; when the status or desk_code() differ. */
void desk_has(const struct answer *answer, const char *words);
void desk_lacks(const struct answer *answer, const char *words);
void desk_problem(const struct answer *answer, int status, const char *code);
/* Fails the test with the page's text when the status or the words differ; the words begin a redirect's Location. */
void desk_expect(const struct answer *answer, int status, const char *says);
/* The first value="…" of the page's input of that name; empty when there is none. */
struct text desk_input(const struct answer *answer, const char *name);
/* Formats into the desk's arena. */
struct text desk_printf(struct desk *desk, const char *fmt, ...) PRINTF_LIKE(2, 3);
struct text desk_id(struct desk *desk, int64_t id);
/* The route's path with `id` for each parameter. */
struct text desk_target(struct desk *desk, const struct route *route, const char *id);

#endif
