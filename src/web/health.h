/* Is the server there, and can it work? For probes and proxies; says nothing about the site. */
#ifndef SANGO_WEB_HEALTH_H
#define SANGO_WEB_HEALTH_H

#include "web/route.h"

extern const struct route_table health_routes;

/* On an I/O thread: /livez, which says no more than that the threads turn. */
NODISCARD bool health_quick(const struct route_match *match, struct http_response *ret_response);

/* Answered even when no more connections can be had. */
#define HEALTH_LIVE "/livez"

#endif
