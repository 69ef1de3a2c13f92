/* GET /static/{name}: the files of web/asset.h. Their names hold a hash, so browsers keep them for ever. */
#ifndef SANGO_WEB_STATIC_H
#define SANGO_WEB_STATIC_H

#include "web/route.h"

extern const struct route_table static_routes;

/* The same without a worker, for I/O threads: false when it is not one of these files. */
NODISCARD bool static_quick(const struct route_match *match, const struct http_request *request,
                            struct http_response *ret_response);

#endif
