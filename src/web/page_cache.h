/* Answers that are the same for everybody until something is committed: vacancy pages and their API. Exact by
 * version: an entry is used only while the committed version it was made from is still the newest, and never longer
 * than a minute, because "now" stands on these pages too. Bounded; read on I/O threads. */
#ifndef SANGO_WEB_PAGE_CACHE_H
#define SANGO_WEB_PAGE_CACHE_H

#include "http/http.h"

struct page_cache;

struct page_cache_limits {
    size_t entries; /* 0: 512 */
    size_t bytes;   /* of all bodies, 0: 32 MiB */
    int64_t age_ms; /* 0: 60 000 */
};
/* Lives until the process ends (or page_cache_release in tests). */
struct page_cache *page_cache_make(struct page_cache_limits limits);
void page_cache_release(struct page_cache *cache);

/* False: not there, or of another version. Otherwise *ret_response holds the bytes until its release() was called;
 * 304 when the request's If-None-Match names them, gzip when accepted. */
NODISCARD bool page_cache_get(struct page_cache *cache, struct text key, uint64_t version, int64_t now_ms,
                              const struct http_request *request, struct http_response *ret_response);
/* Keeps a copy of a 200 answer. `version` is the committed version read *before* the facts were. */
void page_cache_put(struct page_cache *cache, struct text key, uint64_t version, int64_t now_ms,
                    const struct http_response *response);

#endif
