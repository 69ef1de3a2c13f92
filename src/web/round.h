/* Pages that every look at them changes (routes marked CACHE_ROUND): nobody is shown what was read before her own look was
 * on record, so nothing that is kept is ever fresh enough. Those who look at the same moment share a round: whoever asked
 * for the same, as the same person, before a round begins is shown what is read in it; who comes later waits for
 * the next. One thread makes them, those who wait for the longest first. Who is told that it could not be made is a worker's. */
#ifndef SANGO_WEB_ROUND_H
#define SANGO_WEB_ROUND_H

#include "web/page_cache.h"

struct web;
struct rounds;

/* Its thread starts at once. */
struct rounds *rounds_start(struct web *web);
/* Makes what is still waited for, and ends; `web` may be served by nobody any more. */
void rounds_stop(struct rounds *rounds);

/* The caller's until it was told. */
struct round_wait {
    struct text key;                    /* of what is asked for, with who asks */
    const struct http_request *request; /* for whichever of them is taken as the one to make it for */
    /* Called once, on the thread of the rounds; must not block. `piece` is the caller's to release; NULL: not made. */
    void (*told)(struct round_wait *wait, const struct page_piece *piece);
    struct round_wait *next;
};
/* After her look was recorded. Never blocks; on any thread. */
void rounds_join(struct rounds *rounds, struct round_wait *wait);

/* Orders what was made: later is greater. */
uint64_t rounds_tick(struct rounds *rounds);

#endif
