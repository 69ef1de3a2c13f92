/* The whole site behind one set of http hooks: routes, guard, cache. cli builds it once at start. */
#ifndef SANGO_WEB_WEB_H
#define SANGO_WEB_WEB_H

#include "http/server.h"
#include "web/busy.h"
#include "web/guard.h"
#include "web/keep.h"
#include "web/own.h"
#include "web/round.h"

struct web {
    const struct house *house;
    const struct route_tree *routes;
    struct page_cache *cache; /* NULL: none */
    struct page_cache *own;   /* answers for one person; NULL: none */
    struct rounds *rounds;    /* NULL: none */
    struct own_blanks blanks;
    const struct keep_versions *versions; /* NULL: nothing is kept */
    struct busy_pages busy;
    struct guard_hooks guard;
};

/* Classes of the server's queue for so many workers, in the order of enum route_class. */
enum { WEB_CLASSES = CLASS__MAX - 1 };
void web_classes(unsigned workers, struct http_class *ret_classes);

/* Hooks for http_server_start(); `web` must outlive the server. */
struct http_hooks web_hooks(struct web *web);

/* One request, answered: what the hooks do on a worker. Tests call it without a server. */
void web_answer(struct web *web, const struct http_request *request, struct http_response *response);

#endif
