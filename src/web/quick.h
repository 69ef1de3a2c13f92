/* What is kept for somebody signed in, answered on an I/O thread: her session is remembered (service/known.h), and the
 * page is one for her alone (web/own.h) or one for all residents in her frame (web/piece.h). Reads nothing and never
 * waits; what has to be recorded first is told so, and whatever is not known by heart is a worker's. */
#ifndef SANGO_WEB_QUICK_H
#define SANGO_WEB_QUICK_H

#include "web/route.h"

struct web;
struct http_request;
struct http_response;

/* Exact at that version of the city. */
NODISCARD bool quick_answer(struct web *web, const struct http_request *request, const struct route *route,
                            const struct version *version, struct http_response *ret_response);
/* The same of what staff may be shown again once that is on record: *ret_response is filled, and may be sent when these
 * are recorded (service/audit.h). NULL: nothing like it. */
struct audit_looks;
struct audit_looks *quick_looks(struct web *web, const struct http_request *request,
                                const struct route *route, const struct version *version,
                                struct http_response *ret_response);
/* Would it at some version? */
bool quick_may(struct web *web, const struct http_request *request, const struct route *route);

#endif
