/* Pages for everybody, shown to somebody signed in: their middle part is the same for all residents, so it is kept and
 * only framed anew with her name, menu and token. */
#ifndef SANGO_WEB_PIECE_H
#define SANGO_WEB_PIECE_H

#include "web/exchange.h"

/* False: not such a page or not kept; the handler answers. The middle part is made by the route's handler as a resident
 * without account, name or token, so that nothing of a person can get into it. */
NODISCARD bool piece_answer(struct exchange *x);

/* On an I/O thread, of somebody whom is remembered, with x->call.version: from what is kept. */
NODISCARD bool piece_quick(struct exchange *x);
/* Is there something, of whatever version? */
bool piece_may(const struct exchange *x);

#endif
