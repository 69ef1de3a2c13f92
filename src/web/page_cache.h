/* Answers that are the same for everybody until something is committed: vacancy pages and their API, and the middle
 * parts of such pages, which are framed anew for whoever is signed in. Exact: an entry is used only while its version
 * (service/version.h) and its minute are the present ones; deadlines pass, and "now" stands on pages, by the minute.
 * Bounded; read on I/O threads. A key names everything an answer depends on; for one person (web/own.h) it names her. */
#ifndef SANGO_WEB_PAGE_CACHE_H
#define SANGO_WEB_PAGE_CACHE_H

#include "http/http.h"
#include "service/audit.h"

struct page_cache;

struct page_cache_limits {
    size_t entries; /* 0: 1024 */
    size_t bytes;   /* of all entries, 0: 16 MiB */
};
/* Lives until the process ends (or page_cache_release in tests). */
struct page_cache *page_cache_make(struct page_cache_limits limits);
void page_cache_release(struct page_cache *cache);

/* What an entry must be of: `now_ms` is the moment the answer shows. */
struct page_want {
    struct text key;
    uint64_t version;
    int64_t now_ms;
};
/* False: not there, or not of that version and minute. Otherwise *ret_response holds the bytes until its release() was
 * called; 304 when the request's If-None-Match names them, gzip when accepted. */
NODISCARD bool page_cache_get(struct page_cache *cache, const struct page_want *want,
                              const struct http_request *request, struct http_response *ret_response);
/* An entry of that key and minute, of whatever version. */
bool page_cache_has(struct page_cache *cache, struct text key, int64_t now_ms);
/* Keeps a copy of a 200 answer without headers of its own. `want->version` was read *before* the facts were. */
void page_cache_put(struct page_cache *cache, const struct page_want *want,
                    const struct http_response *response);

/* One makes what many want: true when the caller shall make it, and call page_cache_done() afterwards, made or not.
 * False after waiting for somebody else who made the same: look again. */
NODISCARD bool page_cache_begin(struct page_cache *cache, const struct page_want *want);
void page_cache_done(struct page_cache *cache, const struct page_want *want);

/* An answer for one person: its secrets stand in holes. */
struct page_hole {
    size_t at; /* of the body */
    bool key;  /* for a form's fresh key, else for the session's token */
};
struct page_own {
    struct text type;
    struct text body;
    const struct page_hole *holes; /* in the order of `at` */
    size_t hole_count;
    size_t key_count;                /* of the holes, those for keys */
    const struct audit_view *looked; /* what is recorded each time it is shown */
    size_t look_count;
};
/* Keeps a copy. */
void page_cache_put_own(struct page_cache *cache, const struct page_want *want, const struct page_own *own);

/* The middle of a page, or an answer for one person. */
struct page_piece {
    struct text title; /* of the page, as the frame wants it */
    struct text body;
    struct page_own own;
    void (*release)(void *owner); /* call it when done */
    void *owner;
};
NODISCARD bool page_cache_get_piece(struct page_cache *cache, const struct page_want *want,
                                    struct page_piece *ret_piece);
/* The same of whatever version and minute. */
NODISCARD bool page_cache_get_any(struct page_cache *cache, struct text key, struct page_piece *ret_piece);
void page_cache_put_piece(struct page_cache *cache, const struct page_want *want, struct text title,
                          struct text body);

#endif
