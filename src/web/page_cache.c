#include "web/page_cache.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <zlib.h>

#include "sys/token.h"

enum { WAYS = 4, GZIP_LEAST = 600, ENTRY_LIMIT = 2 << 20, MAKERS = 64, MINUTE_MS = 60000 };

/* One answer in memory of its own, held by the table and by every response being sent. */
struct page {
    struct arena arena;
    _Atomic int holders;
    struct text key;
    struct text type;
    struct text body;
    struct text gzip;  /* empty when not worth it */
    struct text etag;  /* weak, because it names the plain and the compressed bytes alike */
    struct text title; /* of a piece */
    struct page_own own;
    uint64_t version;
    int64_t minute;
    uint64_t used; /* the clock of uses when it was last wanted */
    size_t bytes;
};

struct page_cache {
    struct arena arena;
    pthread_mutex_t lock;
    struct page_cache_limits limits;
    struct page **slots; /* sets of WAYS */
    size_t sets;
    size_t bytes;
    uint64_t uses;
    const struct page_want *makers[MAKERS]; /* what is being made; theirs until page_cache_done() */
    pthread_cond_t made;
};

struct page_cache *page_cache_make(struct page_cache_limits limits) {
    limits.entries = limits.entries == 0 ? 1024 : limits.entries;
    limits.bytes = limits.bytes == 0 ? (size_t)16 << 20 : limits.bytes;
    struct arena arena;
    arena_init(&arena, (size_t)64 << 20);
    struct page_cache *cache = arena_new(&arena, struct page_cache);
    cache->limits = limits;
    cache->sets = (limits.entries + WAYS - 1) / WAYS;
    cache->slots = arena_array(&arena, struct page *, cache->sets * WAYS);
    pthread_mutex_init(&cache->lock, NULL);
    pthread_cond_init(&cache->made, NULL);
    cache->arena = arena;
    return cache;
}

static void page_drop(struct page *page) {
    int before = atomic_fetch_sub(&page->holders, 1);
    assert(before > 0);
    if (before == 1) {
        struct arena arena = page->arena;
        arena_release(&arena);
    }
}

static void page_done(void *owner) {
    page_drop(owner);
}

/* Called with the lock held. */
static void slot_clear(struct page_cache *cache, struct page **slot) {
    if (*slot != NULL) {
        cache->bytes -= (*slot)->bytes;
        page_drop(*slot);
        *slot = NULL;
    }
}

void page_cache_release(struct page_cache *cache) {
    for (size_t i = 0; i < cache->sets * WAYS; i++) {
        slot_clear(cache, &cache->slots[i]);
    }
    pthread_cond_destroy(&cache->made);
    pthread_mutex_destroy(&cache->lock);
    struct arena arena = cache->arena;
    arena_release(&arena);
}

/* FNV-1a. Whoever makes keys collide only throws out other pages. */
static struct page **set_of(struct page_cache *cache, struct text key) {
    uint64_t hash = 14695981039346656037U;
    for (size_t i = 0; i < key.n; i++) {
        hash = (hash ^ (unsigned char)key.p[i]) * 1099511628211U;
    }
    return &cache->slots[hash % cache->sets * WAYS];
}

static bool is_present(const struct page *page, const struct page_want *want) {
    return page->version == want->version && page->minute == want->now_ms / MINUTE_MS;
}

/* Held for the caller, or NULL. `want` NULL: of any version and minute. */
static struct page *find(struct page_cache *cache, struct text key, const struct page_want *want) {
    struct page *found = NULL;
    pthread_mutex_lock(&cache->lock);
    struct page **set = set_of(cache, key);
    for (size_t i = 0; i < WAYS && found == NULL; i++) {
        if (set[i] != NULL && text_eq(set[i]->key, key) && (want == NULL || is_present(set[i], want))) {
            found = set[i];
            found->used = ++cache->uses;
            atomic_fetch_add(&found->holders, 1);
        }
    }
    pthread_mutex_unlock(&cache->lock);
    return found;
}

bool page_cache_has(struct page_cache *cache, struct text key, int64_t now_ms) {
    bool found = false;
    pthread_mutex_lock(&cache->lock);
    struct page **set = set_of(cache, key);
    for (size_t i = 0; i < WAYS && !found; i++) {
        found = set[i] != NULL && set[i]->minute == now_ms / MINUTE_MS && text_eq(set[i]->key, key);
    }
    pthread_mutex_unlock(&cache->lock);
    return found;
}

/* ---- one makes it ---- */

static const struct page_want **maker_of(struct page_cache *cache, const struct page_want *want) {
    for (size_t i = 0; i < MAKERS; i++) {
        const struct page_want *made = cache->makers[i];
        if (made != NULL && made->version == want->version &&
            made->now_ms / MINUTE_MS == want->now_ms / MINUTE_MS && text_eq(made->key, want->key)) {
            return &cache->makers[i];
        }
    }
    return NULL;
}

bool page_cache_begin(struct page_cache *cache, const struct page_want *want) {
    bool waited = false;
    pthread_mutex_lock(&cache->lock);
    while (maker_of(cache, want) != NULL) {
        waited = true;
        pthread_cond_wait(&cache->made, &cache->lock);
    }
    for (size_t i = 0; !waited && i < MAKERS; i++) {
        if (cache->makers[i] == NULL) {
            cache->makers[i] = want;
            break; /* without a place many make it: not wrong */
        }
    }
    pthread_mutex_unlock(&cache->lock);
    return !waited;
}

void page_cache_done(struct page_cache *cache, const struct page_want *want) {
    pthread_mutex_lock(&cache->lock);
    for (size_t i = 0; i < MAKERS; i++) {
        if (cache->makers[i] == want) {
            cache->makers[i] = NULL;
            pthread_cond_broadcast(&cache->made);
        }
    }
    pthread_mutex_unlock(&cache->lock);
}

/* ---- serving ---- */

/* A whole member of a comma list, parameters aside: "gzip;q=0" counts as refused. */
static bool lists(struct text header, struct text wanted) {
    struct text piece;
    struct text rest = header.n == 0 ? (struct text){0} : header;
    while (text_next(&rest, ',', &piece)) {
        size_t semicolon = text_index(piece, ';');
        struct text name = text_trim(text_part(piece, 0, semicolon));
        struct text weight = text_trim(text_part(piece, semicolon + 1, piece.n));
        if (text_starts(name, TEXT("W/"))) {
            name = text_part(name, 2, name.n);
        }
        if (text_eq(name, wanted)) {
            return !text_is(weight, "q=0") && !text_is(weight, "q=0.0") && !text_is(weight, "q=0.00") &&
                   !text_is(weight, "q=0.000");
        }
    }
    return false;
}

bool page_cache_get(struct page_cache *cache, const struct page_want *want,
                    const struct http_request *request, struct http_response *ret_response) {
    struct page *page = find(cache, want->key, want);
    if (page == NULL) {
        return false;
    }
    struct http_response response = {
        .status = 200, .type = page->type, .body = page->body, .release = page_done, .owner = page};
    response.cache_control = TEXT("no-cache");
    http_response_add(&response, "Vary", TEXT("Accept-Encoding, Cookie"));
    http_response_add(&response, "ETag", page->etag);
    if (lists(http_header(request, "If-None-Match"), text_part(page->etag, 2, page->etag.n))) {
        response.status = 304;
        response.type = TEXT("");
        response.body = TEXT("");
    } else if (page->gzip.n > 0 && lists(http_header(request, "Accept-Encoding"), TEXT("gzip"))) {
        response.body = page->gzip;
        http_response_add(&response, "Content-Encoding", TEXT("gzip"));
    }
    *ret_response = response;
    return true;
}

/* The page stays held until the piece is released. */
static bool piece_of(struct page *page, struct page_piece *ret_piece) {
    if (page != NULL) {
        *ret_piece = (struct page_piece){page->title, page->body, page->own, page_done, page};
    }
    return page != NULL;
}

bool page_cache_get_piece(struct page_cache *cache, const struct page_want *want,
                          struct page_piece *ret_piece) {
    return piece_of(find(cache, want->key, want), ret_piece);
}

bool page_cache_get_any(struct page_cache *cache, struct text key, struct page_piece *ret_piece) {
    return piece_of(find(cache, key, NULL), ret_piece);
}

/* ---- keeping ---- */

/* Into the page's arena; empty when zlib fails or nothing is gained. */
static struct text gzip_of(struct arena *arena, struct text body) {
    z_stream stream = {0};
    if (body.n < GZIP_LEAST || deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
        return TEXT("");
    }
    size_t room = deflateBound(&stream, body.n);
    unsigned char *out = arena_take(arena, room);
    stream.next_in = (unsigned char *)(uintptr_t)body.p; /* only read */
    stream.avail_in = (unsigned)body.n;
    stream.next_out = out;
    stream.avail_out = (unsigned)room;
    bool good = deflate(&stream, Z_FINISH) == Z_STREAM_END && stream.total_out < body.n;
    size_t n = stream.total_out;
    deflateEnd(&stream);
    return good ? (struct text){(const char *)out, n} : TEXT("");
}

static struct page *page_make(const struct page_want *want) {
    struct arena arena;
    arena_init(&arena, (size_t)4 * ENTRY_LIMIT);
    struct page *page = arena_new(&arena, struct page);
    page->key = text_copy(&arena, want->key);
    page->version = want->version;
    page->minute = want->now_ms / MINUTE_MS;
    atomic_store(&page->holders, 1);
    page->arena = arena;
    return page;
}

/* The entry of that key, an empty place, or what was not wanted for the longest time. */
static struct page **place_for(struct page **set, struct text key) {
    struct page **best = &set[0];
    for (size_t i = 0; i < WAYS; i++) {
        if (set[i] != NULL && text_eq(set[i]->key, key)) {
            return &set[i];
        }
        if (*best != NULL && (set[i] == NULL || set[i]->used < (*best)->used)) {
            best = &set[i];
        }
    }
    return best;
}

/* Room for so many bytes: what was made in other minutes goes first, then whatever is met. */
static bool room_make(struct page_cache *cache, size_t bytes, int64_t minute) {
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < cache->sets * WAYS && cache->bytes + bytes > cache->limits.bytes; i++) {
            if (cache->slots[i] != NULL && (round > 0 || cache->slots[i]->minute != minute)) {
                slot_clear(cache, &cache->slots[i]);
            }
        }
    }
    return cache->bytes + bytes <= cache->limits.bytes;
}

/* The page belongs to the table afterwards, or is gone. */
static void page_place(struct page_cache *cache, struct page *page) {
    page->bytes = page->arena.taken;
    pthread_mutex_lock(&cache->lock);
    struct page **place = place_for(set_of(cache, page->key), page->key);
    bool newer = *place != NULL && text_eq((*place)->key, page->key) && (*place)->version > page->version;
    if (!newer) {
        slot_clear(cache, place);
    }
    if (!newer && room_make(cache, page->bytes, page->minute)) {
        cache->bytes += page->bytes;
        page->used = ++cache->uses;
        *place = page;
        page = NULL;
    }
    pthread_mutex_unlock(&cache->lock);
    if (page != NULL) {
        page_drop(page);
    }
}

void page_cache_put(struct page_cache *cache, const struct page_want *want,
                    const struct http_response *response) {
    if (response->status != 200 || response->body.n > ENTRY_LIMIT || response->extra_count > 0) {
        return;
    }
    struct page *page = page_make(want);
    struct arena *arena = &page->arena;
    page->type = text_copy(arena, response->type);
    page->body = text_copy(arena, response->body);
    page->gzip = gzip_of(arena, page->body);
    page->etag = text_printf(arena, "W/\"%.*s\"", 32, token_hash(arena, page->body).p);
    page_place(cache, page);
}

void page_cache_put_piece(struct page_cache *cache, const struct page_want *want, struct text title,
                          struct text body) {
    struct page *page = page_make(want);
    page->title = text_copy(&page->arena, title);
    page->body = text_copy(&page->arena, body);
    page_place(cache, page);
}

void page_cache_put_own(struct page_cache *cache, const struct page_want *want, const struct page_own *own) {
    struct page *page = page_make(want);
    struct arena *arena = &page->arena;
    struct page_hole *holes = arena_array(arena, struct page_hole, own->hole_count + 1);
    for (size_t i = 0; i < own->hole_count; i++) {
        holes[i] = own->holes[i];
    }
    page->own = (struct page_own){.type = text_copy(arena, own->type),
                                  .body = text_copy(arena, own->body),
                                  .holes = holes,
                                  .hole_count = own->hole_count,
                                  .key_count = own->key_count};
    struct audit_view *looked = arena_array(arena, struct audit_view, own->look_count + 1);
    for (size_t i = 0; i < own->look_count; i++) {
        looked[i] = own->looked[i];
    }
    page->own.looked = looked;
    page->own.look_count = own->look_count;
    page_place(cache, page);
}
