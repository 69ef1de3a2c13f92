/* What is kept for somebody signed in, on an I/O thread: her session is remembered (service/known.h), and the page is one
 * for her alone (web/own.h) or one for all residents in her frame (web/piece.h). Reads nothing and never waits; what has to
 * be asked or recorded first is told so, and whatever is not known by heart is a worker's. */
#ifndef SANGO_WEB_QUICK_H
#define SANGO_WEB_QUICK_H

#include "web/own.h"

/* Exact at that version of the city. HTTP_SOON: with *ret_unseen, it is what staff may be shown again once its looks are on
 * record; NULL there, `version` was NULL and there is something at some version, to be asked for and then come again. */
enum http_quick quick_answer(struct web *web, const struct http_request *request, const struct route *route,
                             const struct version *version, struct http_response *ret_response,
                             struct own_unseen **ret_unseen);

#endif
