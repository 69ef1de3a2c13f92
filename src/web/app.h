/* The whole site put together: every route table, the hooks of the guard, the cache. cli starts a server on it, tests
 * call web_answer() on it. A new area adds its table to the list in app.c. */
#ifndef SANGO_WEB_APP_H
#define SANGO_WEB_APP_H

#include "web/web.h"

/* `house` must outlive it; so must `arena`. */
struct web *app_make(struct arena *arena, const struct house *house);
/* When nobody is served any more: ends its thread and gives the page cache back. */
void app_release(struct web *web);
/* Every route of the site, for tests and documents. */
const struct route_tree *app_routes(struct arena *arena);

#endif
