/* Visits to the real site on a real database: the fixture's city behind web_answer(), without a server. A visitor may
 * be signed in; posts carry her form token. Answers live until visit_done(). */
#ifndef SANGO_TESTS_WEB_VISIT_H
#define SANGO_TESTS_WEB_VISIT_H

#include "http/http.h"
#include "service/fixture.h"
#include "web/app.h"

struct visit {
    struct fixture fx;
    struct arena arena; /* of the site */
    struct arena pages; /* of requests and answers */
    struct web *web;
};
void visit_setup(struct visit *v, struct engine *engine);
/* With a profile of the test's own (JSON; empty: Hirakata's). */
void visit_setup_with(struct visit *v, struct engine *engine, struct text profile_json);
void visit_teardown(struct visit *v); /* checks every invariant */

struct visitor {
    struct text token; /* empty: not signed in */
    struct text csrf;
    struct text cookie; /* the whole header */
};
struct visitor visit_as(struct visit *v, struct account_id account);

/* `target` is path and query; `who` NULL: nobody. */
struct http_response visit_get(struct visit *v, const struct visitor *who, const char *target);
struct http_response visit_post(struct visit *v, const struct visitor *who, const char *target,
                                const char *fields);
struct text visit_header(const struct http_response *response, const char *name);

/* Fails the test with the page's text when status or words differ. */
void visit_expect(const struct http_response *response, int status, const char *says);
/* Follows the answer's Location after a 303. */
struct http_response visit_follow(struct visit *v, const struct visitor *who,
                                  const struct http_response *response);
/* The first value="…" of the input of that name; empty when there is none. */
struct text visit_input(const struct http_response *response, const char *name);

#endif
