/* The whole site behind one set of http hooks: routes, guard, cache. cli builds it once at start. */
#ifndef SANGO_WEB_WEB_H
#define SANGO_WEB_WEB_H

#include "http/server.h"
#include "web/guard.h"
#include "web/page_cache.h"

struct web {
    const struct house *house;
    const struct route_tree *routes;
    struct page_cache *cache; /* NULL: none */
    /* Counts commits (db_commits of house->db); read before facts are. NULL: nothing is cached. */
    uint64_t (*version)(void *ctx);
    void *version_ctx;
    struct guard_hooks guard;
};

/* Every table of the site, and how many. web/tables.c lists them. */
extern const struct route_table *const web_tables[];
extern const size_t web_table_count;

struct http_hooks web_hooks(struct web *web);

#endif
