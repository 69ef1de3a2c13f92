#include "web/round.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

#include "web/exchange.h"
#include "web/guard.h"
#include "web/web.h"

enum { ROUND_BYTES = 64 << 20 };

struct rounds {
    struct arena arena;
    struct web *web;
    pthread_t thread;
    pthread_mutex_t mutex; /* guards the next three */
    pthread_cond_t wake;
    struct round_wait *first;
    bool stopping;
    struct round_wait **end;
    _Atomic uint64_t tick;
};

/* ---- one round ---- */

/* All that wait for the same as the first, in their order; NULL: nobody will ask any more. */
static struct round_wait *round_take(struct rounds *rounds) {
    struct round_wait *taken = NULL;
    struct round_wait **last = &taken;
    pthread_mutex_lock(&rounds->mutex);
    while (rounds->first == NULL && !rounds->stopping) {
        pthread_cond_wait(&rounds->wake, &rounds->mutex);
    }
    const struct text key = rounds->first == NULL ? TEXT("") : rounds->first->key;
    struct round_wait **at = &rounds->first;
    while (*at != NULL) {
        struct round_wait *wait = *at;
        if (text_eq(wait->key, key)) {
            *at = wait->next;
            *last = wait;
            last = &wait->next;
        } else {
            at = &wait->next;
        }
    }
    *last = NULL;
    rounds->end = at;
    pthread_mutex_unlock(&rounds->mutex);
    return taken;
}

/* As a worker would for one of them, who may be any: what is kept names nobody's session. What it is kept as, or without a
 * key when it is not. */
static struct page_want round_make(struct rounds *rounds, struct arena *arena,
                                   const struct round_wait *for_whom) {
    struct http_request request = *for_whom->request;
    struct http_response response = {0};
    struct page_want made = {0};
    request.arena = arena;
    struct exchange *x = exchange_new(rounds->web, &request, &response);
    x->round = &made;
    guard_run(x);
    if (response.release != NULL) {
        response.release(response.owner);
    }
    return made;
}

static void round_run(struct rounds *rounds, struct arena *arena, struct round_wait *list) {
    struct page_cache *own = rounds->web->own;
    struct page_want made = round_make(rounds, arena, list);
    while (list != NULL) {
        struct round_wait *wait = list;
        struct page_piece piece;
        list = list->next; /* gone once it is told */
        bool there =
            made.key.n > 0 && text_eq(made.key, wait->key) && page_cache_get_piece(own, &made, &piece);
        wait->told(wait, there ? &piece : NULL);
    }
}

static void *round_main(void *ctx) {
    struct rounds *rounds = ctx;
    struct arena arena;
    arena_init(&arena, ROUND_BYTES);
    for (struct round_wait *list = round_take(rounds); list != NULL; list = round_take(rounds)) {
        round_run(rounds, &arena, list);
        arena_clear(&arena);
    }
    arena_release(&arena);
    return NULL;
}

/* ---- who asks ---- */

struct rounds *rounds_start(struct web *web) {
    struct arena arena;
    arena_init(&arena, 1 << 16);
    struct rounds *rounds = arena_new(&arena, struct rounds);
    rounds->web = web;
    rounds->end = &rounds->first;
    pthread_mutex_init(&rounds->mutex, NULL);
    pthread_cond_init(&rounds->wake, NULL);
    rounds->arena = arena;
    int failed = pthread_create(&rounds->thread, NULL, round_main, rounds);
    assert(failed == 0);
    return rounds;
}

void rounds_stop(struct rounds *rounds) {
    pthread_mutex_lock(&rounds->mutex);
    rounds->stopping = true;
    pthread_cond_signal(&rounds->wake);
    pthread_mutex_unlock(&rounds->mutex);
    pthread_join(rounds->thread, NULL);
    pthread_cond_destroy(&rounds->wake);
    pthread_mutex_destroy(&rounds->mutex);
    struct arena arena = rounds->arena;
    arena_release(&arena);
}

void rounds_join(struct rounds *rounds, struct round_wait *wait) {
    wait->next = NULL;
    pthread_mutex_lock(&rounds->mutex);
    if (rounds->first == NULL) {
        pthread_cond_signal(&rounds->wake);
    }
    *rounds->end = wait;
    rounds->end = &wait->next;
    pthread_mutex_unlock(&rounds->mutex);
}

uint64_t rounds_tick(struct rounds *rounds) {
    return atomic_fetch_add(&rounds->tick, 1) + 1;
}
