#include "service/known.h"

#include <assert.h>
#include <pthread.h>
#include <string.h>

#include "sys/token.h"

enum { SETS = 512, WAYS = 4, NAME_BYTES = 120, CSRF_BYTES = 2 * TOKEN_MAC_BYTES };

struct entry {
    char hash[TOKEN_HASH_CHARS];
    struct city_id city; /* {0}: empty */
    uint64_t whole;
    struct instant until;
    uint64_t used;          /* the clock of uses when it was last wanted */
    struct session session; /* its texts are the next three */
    char name[NAME_BYTES];
    char facility_name[NAME_BYTES];
    char csrf[CSRF_BYTES];
};

struct known {
    pthread_mutex_t lock;
    uint64_t uses;
    struct entry entries[SETS * WAYS];
};

struct known *known_make(struct arena *arena) {
    struct known *known = arena_new(arena, struct known);
    pthread_mutex_init(&known->lock, NULL);
    return known;
}

void known_release(struct known *known) {
    pthread_mutex_destroy(&known->lock);
}

/* Tokens are random, so their hashes spread by themselves. */
static struct entry *set_of(struct known *known, const struct known_key *key) {
    uint64_t hash = (uint64_t)key->city.n;
    assert(key->token_hash.n == TOKEN_HASH_CHARS);
    for (size_t i = 0; i < 12; i++) {
        hash = hash * 31 + (unsigned char)key->token_hash.p[i];
    }
    return &known->entries[hash % SETS * WAYS];
}

static bool is_of(const struct entry *entry, const struct known_key *key) {
    return entry->city.n == key->city.n && memcmp(entry->hash, key->token_hash.p, sizeof entry->hash) == 0;
}

bool known_find(struct known *known, const struct known_key *key, const uint64_t *whole, struct instant now,
                struct arena *arena, struct session *ret_session) {
    struct entry *set = set_of(known, key);
    bool found = false;
    pthread_mutex_lock(&known->lock);
    for (size_t i = 0; i < WAYS && !found; i++) {
        struct entry *entry = &set[i];
        found = is_of(entry, key) && (whole == NULL || entry->whole == *whole) && now.s < entry->until.s;
        if (found) {
            entry->used = ++known->uses;
            *ret_session = entry->session;
            ret_session->name = text_copy(arena, entry->session.name);
            ret_session->facility_name = text_copy(arena, entry->session.facility_name);
            ret_session->csrf = text_copy(arena, entry->session.csrf);
        }
    }
    pthread_mutex_unlock(&known->lock);
    return found;
}

/* The entry of that key, an empty one, or what was not wanted for the longest time. */
static struct entry *place_for(struct entry *set, const struct known_key *key) {
    struct entry *best = &set[0];
    for (size_t i = 0; i < WAYS; i++) {
        if (is_of(&set[i], key)) {
            return &set[i];
        }
        best = set[i].used < best->used ? &set[i] : best;
    }
    return best;
}

static struct text text_keep(char *bytes, struct text t) {
    memcpy(bytes, t.n > 0 ? t.p : "", t.n);
    return (struct text){bytes, t.n};
}

void known_keep(struct known *known, const struct known_key *key, uint64_t whole, struct instant until,
                const struct session *session) {
    struct entry *set = set_of(known, key);
    if (session->name.n > NAME_BYTES || session->facility_name.n > NAME_BYTES ||
        session->csrf.n > CSRF_BYTES) {
        return;
    }
    pthread_mutex_lock(&known->lock);
    struct entry *entry = place_for(set, key);
    if (!is_of(entry, key) || entry->whole <= whole) {
        entry->city = key->city;
        memcpy(entry->hash, key->token_hash.p, sizeof entry->hash);
        entry->whole = whole;
        entry->until = until;
        entry->used = ++known->uses;
        entry->session = *session;
        entry->session.name = text_keep(entry->name, session->name);
        entry->session.facility_name = text_keep(entry->facility_name, session->facility_name);
        entry->session.csrf = text_keep(entry->csrf, session->csrf);
    }
    pthread_mutex_unlock(&known->lock);
}
