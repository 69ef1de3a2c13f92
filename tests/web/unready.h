/* With SANGO_FALTER every request of a test is made first at a database that fails it: at its first statement, its second,
 * and so on until it runs through; `once` fails one of them, `lasting` all that follow, too. What the test gets is the
 * answer to the request repeated.
 *   - The answer is 503; of a page also the right one, or one that lacks what may be lacking.
 *   - Nothing was saved, unless the answer says so.
 *   - Nothing that lacks something is kept.
 * Attempts at a password are counted before they are judged, so those requests are left as they are. */
#ifndef SANGO_TESTS_WEB_UNREADY_H
#define SANGO_TESTS_WEB_UNREADY_H

#include "web/desk.h"

/* One attempt at the same request. */
typedef struct answer (*unready_fn)(struct desk *desk, const struct http_request *request);

bool unready_wanted(void);
/* With counted changes, so that pages are kept. */
void unready_open(struct engine *engine);
struct answer unready_send(struct desk *desk, const struct http_request *request, unready_fn fn);

#endif
