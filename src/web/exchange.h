/* One request being answered: what the guard found out about it, and the ways to answer. Handlers read x->call, the
 * typed bodies and the parameters, call one service or query, and answer exactly once. */
#ifndef SANGO_WEB_EXCHANGE_H
#define SANGO_WEB_EXCHANGE_H

#include "base/json_out.h"
#include "service/audit.h"
#include "service/session.h"
#include "web/html.h"
#include "web/problem.h"
#include "web/route.h"

struct web;
struct page_want;

/* Pages that show more kinds of personal data than this are not kept. */
enum { EXCHANGE_LOOKS_MOST = 2 };

struct exchange {
    struct web *web;
    const struct http_request *request;
    struct http_response *response;
    const struct route *route;
    struct route_match match;
    struct arena *arena;
    struct text base; /* "/c/hirakata", or empty when the city is implied: goes before every path in links */
    struct text path; /* of the request without `base` */

    const struct house_city *held; /* call.city, or what was it before this request changed the rules */
    struct call call;              /* for services; call.idem is set when a key came */
    struct version version;        /* call.version */
    bool signed_in;
    struct session session; /* when signed in */
    struct text token;      /* the session's secret */
    bool bearer;            /* came as a bearer token, not as a cookie */
    struct text form_token; /* goes into every form as _csrf; empty when not signed in */
    struct idem idem;
    /* set by exchange_will_render() */
    void (*render)(void *ctx, struct arena *arena, const void *outcome, struct idem_answer *ret_answer);
    void *kept; /* what a handler read beforehand for its render */

    struct text title; /* of the page, once it was framed */
    bool partial;      /* something that is shown elsewhere could not be read: kept for nobody */
    bool blind;        /* made to be kept for this person: the session's secrets are not known (web/own.h) */
    /* Made for all whose looks are on record already, so that none is recorded again; says what it is kept as. NULL: for the
     * one who asks (web/round.h). */
    struct page_want *round;
    struct audit_view looked[EXCHANGE_LOOKS_MOST]; /* the first of what was recorded of what is shown */
    size_t looks;                                  /* recorded, maybe more than there is room for */
    struct form_input body;                        /* body.value is the typed struct */
    struct form_input query;
    bool answered;
};

/* ---- reading ---- */

/* Of a request nobody has looked at yet; what it comes to hold lives in request->arena, and so does exchange_new()'s. */
void exchange_init(struct exchange *x, struct web *web, const struct http_request *request,
                   struct http_response *response);
struct exchange *exchange_new(struct web *web, const struct http_request *request,
                              struct http_response *response);
/* The typed struct of route->form or route->query; never NULL when the route has one. */
const void *exchange_body(const struct exchange *x);
const void *exchange_query(const struct exchange *x);
struct text exchange_param(const struct exchange *x, const char *name);
/* A parameter called id or …_id; the guard has answered 404 when it was none. */
int64_t exchange_id(const struct exchange *x, const char *name);
/* The version an If-Match header or a _version field names; 0: none. */
int64_t exchange_version(const struct exchange *x);
/* Records what staff are shown; false when answered because it cannot be. */
NODISCARD bool exchange_looked(struct exchange *x, struct audit_view view);
/* A fresh key for a form's hidden field _key; the same one again when the form is shown again. */
struct text exchange_form_key(struct exchange *x);
/* base + path, for links and redirects. */
struct text exchange_link(const struct exchange *x, const char *path);
/* What a GET or HEAD asks for: path and query as they came; empty for anything else. */
struct text exchange_address(const struct exchange *x);
struct text exchange_linkf(const struct exchange *x, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* ---- answering: exactly one of these ---- */

void exchange_page(struct exchange *x, int status, html_t page);
/* A page of which some parts are lent, until `release`. */
struct exchange_loan {
    const struct http_part *parts;
    size_t part_count;
    void (*release)(void *owner);
    void *owner;
};
void exchange_lend(struct exchange *x, struct text type, const struct exchange_loan *loan);
void exchange_json(struct exchange *x, int status, struct buf *json);
/* 303 to one of our own paths (with base already in it). */
void exchange_redirect(struct exchange *x, struct text path);
void exchange_empty(struct exchange *x); /* 204 */
/* Bytes shown as they are: style, image. */
void exchange_bytes(struct exchange *x, struct text type, struct text bytes);
/* A file: PDF, CSV, calendar. `name` is the ASCII file name, `title` the real one (RFC 6266). */
void exchange_file(struct exchange *x, const char *type, const char *name, struct text title,
                   struct text bytes);

/* Refusals. On API routes problem+json, on pages the error page; `code` is stable. */
void exchange_problem(struct exchange *x, const struct problem *problem);
/* The same with the catalogue's words for that code. */
void exchange_fail(struct exchange *x, int status, const char *code);
void exchange_not_found(struct exchange *x);
void exchange_forbidden(struct exchange *x);
/* API: 400 or 422 with errors[] from x->body (or x->query when that is where they are). */
void exchange_form_errors(struct exchange *x);
/* What the world did: RC_NONE 404, RC_RACE 412, RC_FAULT 503 (also of a query) or 500 by x->call.fault. Never called with RC_OK. */
void exchange_failed(struct exchange *x, enum rc rc);

/* ---- around a changing use-case ---- */

/* Before the service call: how its outcome becomes the answer, which an idempotency key repeats byte for byte. `render`
 * gets the exchange as ctx; it must be pure and fill ret_answer (status, location or content type and body). */
typedef void (*exchange_render)(void *ctx, struct arena *arena, const void *outcome,
                                struct idem_answer *ret_answer);
void exchange_will_render(struct exchange *x, exchange_render render);
/* After it: sends the rendered or the stored answer; a mismatched key is 422; other rc as exchange_failed(). */
void exchange_done(struct exchange *x, enum rc rc, const void *outcome);

/* Inside `render`: */
void answer_redirect(struct idem_answer *answer, struct text path);
void answer_json(struct idem_answer *answer, int status, struct buf *json);
void answer_empty(struct idem_answer *answer); /* 204 */
void answer_page(struct idem_answer *answer, int status, html_t page);
/* For API routes; pages render the form again instead. */
void answer_problem(struct arena *arena, struct idem_answer *answer, const struct problem *problem);

#endif
