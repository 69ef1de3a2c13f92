/* Pages for everybody, shown to somebody signed in: their middle part is the same for all residents, so it is kept and
 * only framed anew with her name, menu and token. */
#ifndef SANGO_WEB_PIECE_H
#define SANGO_WEB_PIECE_H

#include "http/server.h"
#include "web/exchange.h"

/* False: not such a page or not kept; the handler answers. The middle part is made by the route's handler as a resident
 * without account, name or token, so that nothing of a person can get into it. */
NODISCARD bool piece_answer(struct exchange *x);

/* On an I/O thread, of somebody who is remembered: from what is kept. HTTP_SOON: without x->call.version, there is something
 * of some version. */
enum http_quick piece_quick(struct exchange *x);

#endif
