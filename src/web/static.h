/* GET /static/{name}: the files of web/asset.h. Their names hold a hash, so browsers keep them for ever. */
#ifndef SANGO_WEB_STATIC_H
#define SANGO_WEB_STATIC_H

#include "web/route.h"

extern const struct route_table static_routes;

#endif
