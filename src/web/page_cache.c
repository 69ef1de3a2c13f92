#include "web/page_cache.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <zlib.h>

#include "sys/token.h"

enum { WAYS = 4, GZIP_LEAST = 600, ENTRY_LIMIT = 8 << 20 };

/* One answer in memory of its own, held by the table and by every response being sent. */
struct page {
    struct arena arena;
    _Atomic int holders;
    struct text key;
    struct text type;
    struct text body;
    struct text gzip; /* empty when not worth it */
    struct text etag; /* weak, because it names the plain and the compressed bytes alike */
    uint64_t version;
    int64_t made_ms;
    size_t bytes;
};

struct page_cache {
    struct arena arena;
    pthread_mutex_t lock;
    struct page_cache_limits limits;
    struct page **slots; /* sets of WAYS */
    size_t sets;
    size_t bytes;
};

struct page_cache *page_cache_make(struct page_cache_limits limits) {
    limits.entries = limits.entries == 0 ? 512 : limits.entries;
    limits.bytes = limits.bytes == 0 ? (size_t)32 << 20 : limits.bytes;
    limits.age_ms = limits.age_ms == 0 ? 60000 : limits.age_ms;
    struct arena arena;
    arena_init(&arena, (size_t)64 << 20);
    struct page_cache *cache = arena_new(&arena, struct page_cache);
    cache->limits = limits;
    cache->sets = (limits.entries + WAYS - 1) / WAYS;
    cache->slots = arena_array(&arena, struct page *, cache->sets * WAYS);
    pthread_mutex_init(&cache->lock, NULL);
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

static struct page *find(struct page_cache *cache, struct text key, uint64_t version, int64_t now_ms) {
    struct page *found = NULL;
    pthread_mutex_lock(&cache->lock);
    struct page **set = set_of(cache, key);
    for (size_t i = 0; i < WAYS && found == NULL; i++) {
        struct page *page = set[i];
        if (page == NULL || !text_eq(page->key, key)) {
            continue;
        }
        if (page->version == version && now_ms - page->made_ms < cache->limits.age_ms &&
            now_ms >= page->made_ms) {
            atomic_fetch_add(&page->holders, 1);
            found = page;
        } else if (page->version <= version) {
            slot_clear(cache, &set[i]);
        }
    }
    pthread_mutex_unlock(&cache->lock);
    return found;
}

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

bool page_cache_get(struct page_cache *cache, struct text key, uint64_t version, int64_t now_ms,
                    const struct http_request *request, struct http_response *ret_response) {
    struct page *page = find(cache, key, version, now_ms);
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

static struct page *page_make(struct text key, uint64_t version, int64_t now_ms,
                              const struct http_response *response) {
    struct arena arena;
    arena_init(&arena, (size_t)4 * ENTRY_LIMIT);
    struct page *page = arena_new(&arena, struct page);
    page->key = text_copy(&arena, key);
    page->type = text_copy(&arena, response->type);
    page->body = text_copy(&arena, response->body);
    page->gzip = gzip_of(&arena, page->body);
    page->etag = text_printf(&arena, "W/\"%.*s\"", 32, token_hash(&arena, page->body).p);
    page->version = version;
    page->made_ms = now_ms;
    page->bytes = arena.taken;
    atomic_store(&page->holders, 1);
    page->arena = arena;
    return page;
}

/* Same key, empty, or the oldest of the set. */
static struct page **victim(struct page **set, struct text key) {
    struct page **worst = &set[0];
    for (size_t i = 0; i < WAYS; i++) {
        if (set[i] == NULL || text_eq(set[i]->key, key)) {
            return &set[i];
        }
        if (set[i]->made_ms < (*worst)->made_ms) {
            worst = &set[i];
        }
    }
    return worst;
}

void page_cache_put(struct page_cache *cache, struct text key, uint64_t version, int64_t now_ms,
                    const struct http_response *response) {
    if (response->status != 200 || response->body.n > ENTRY_LIMIT || response->extra_count > 0) {
        return;
    }
    struct page *page = page_make(key, version, now_ms, response);
    pthread_mutex_lock(&cache->lock);
    struct page **set = set_of(cache, key);
    struct page **slot = NULL;
    for (size_t i = 0; i < WAYS; i++) {
        if (set[i] != NULL && text_eq(set[i]->key, key)) {
            slot = &set[i];
        }
    }
    slot = slot == NULL ? victim(set, key) : slot;
    bool newer = *slot != NULL && text_eq((*slot)->key, key) && (*slot)->version > version;
    if (!newer) {
        slot_clear(cache, slot);
        if (cache->bytes + page->bytes <= cache->limits.bytes) {
            cache->bytes += page->bytes;
            *slot = page;
            page = NULL;
        }
    }
    pthread_mutex_unlock(&cache->lock);
    if (page != NULL) {
        page_drop(page);
    }
}
