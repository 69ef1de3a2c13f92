/* The OpenAPI 3.1 document, made from the route and field tables, so that it cannot disagree with them. */
#ifndef SANGO_WEB_OPENAPI_H
#define SANGO_WEB_OPENAPI_H

#include "web/route.h"

/* Every API route of the tree. */
struct text openapi_json(struct arena *arena, const struct route_tree *tree);

/* GET /api/openapi.json */
extern const struct route_table openapi_routes;

#endif
