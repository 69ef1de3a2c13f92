/* The gate counts running and waiting callers under one lock; libsodium does the rest. */
#include "sys/password.h"

#include <assert.h>
#include <errno.h>
#include <sodium.h>
#include <string.h>

/* 19 MiB, two passes. Changing these makes password_needs_rehash() true for older hashes. */
#define OPS 2
#define MEMORY ((size_t)19 * 1024 * 1024)
/* What is longer was never accepted; hashing megabytes would be a gift to attackers. */
#define BYTES_MAX ((size_t)PASSWORD_MAX * 4)

void password_gate_init(struct password_gate *gate, int slots, int waiting_max) {
    assert(slots > 0 && waiting_max >= 0);
    int failed = sodium_init();
    assert(failed >= 0);
    *gate = (struct password_gate){.slots = slots, .waiting_max = waiting_max};
    failed = pthread_mutex_init(&gate->lock, NULL) | pthread_cond_init(&gate->freed, NULL);
    assert(failed == 0);
    char secret[32];
    randombytes_buf(secret, sizeof secret);
    _Static_assert(sizeof gate->dummy >= crypto_pwhash_STRBYTES, "room for a hash");
    failed =
        crypto_pwhash_str_alg(gate->dummy, secret, sizeof secret, OPS, MEMORY, crypto_pwhash_ALG_ARGON2ID13);
    assert(failed == 0);
    sodium_memzero(secret, sizeof secret);
}

void password_gate_release(struct password_gate *gate) {
    assert(gate->running == 0 && gate->waiting == 0);
    pthread_cond_destroy(&gate->freed);
    pthread_mutex_destroy(&gate->lock);
}

static enum rc enter(struct password_gate *gate) {
    enum rc rc = RC_OK;
    pthread_mutex_lock(&gate->lock);
    if (gate->running == gate->slots) {
        if (gate->waiting == gate->waiting_max) {
            rc = RC_RACE;
        } else {
            gate->waiting++;
            while (gate->running == gate->slots) {
                pthread_cond_wait(&gate->freed, &gate->lock);
            }
            gate->waiting--;
        }
    }
    if (rc == RC_OK) {
        gate->running++;
    }
    pthread_mutex_unlock(&gate->lock);
    return rc;
}

static void leave(struct password_gate *gate) {
    pthread_mutex_lock(&gate->lock);
    gate->running--;
    gate->done++;
    pthread_cond_signal(&gate->freed);
    pthread_mutex_unlock(&gate->lock);
}

enum rc password_hash(struct password_gate *gate, struct arena *arena, struct text password,
                      struct text *ret_hash) {
    assert(password.n <= BYTES_MAX);
    enum rc rc = enter(gate);
    if (rc != RC_OK) {
        return rc;
    }
    char hash[crypto_pwhash_STRBYTES];
    int failed = crypto_pwhash_str_alg(hash, password.n == 0 ? "" : password.p, password.n, OPS, MEMORY,
                                       crypto_pwhash_ALG_ARGON2ID13);
    leave(gate);
    if (failed != 0) {
        return RC_FAULT;
    }
    *ret_hash = text_copy(arena, text_of(hash));
    return RC_OK;
}

enum rc password_verify(struct password_gate *gate, struct text hash, struct text password) {
    char known[crypto_pwhash_STRBYTES] = {0};
    bool usable = hash.n > 0 && hash.n < sizeof known && password.n <= BYTES_MAX;
    if (usable) {
        memcpy(known, hash.p, hash.n);
    } else {
        memcpy(known, gate->dummy, sizeof known);
        password = TEXT("");
    }
    enum rc rc = enter(gate);
    if (rc != RC_OK) {
        return rc;
    }
    errno = 0;
    int differs = crypto_pwhash_str_verify(known, password.n == 0 ? "" : password.p, password.n);
    bool starved = differs != 0 && errno == ENOMEM;
    leave(gate);
    if (starved) {
        return RC_FAULT;
    }
    return usable && differs == 0 ? RC_OK : RC_NONE;
}

bool password_needs_rehash(struct text hash) {
    char known[crypto_pwhash_STRBYTES] = {0};
    if (hash.n >= sizeof known) {
        return true;
    }
    memcpy(known, hash.p == NULL ? "" : hash.p, hash.n);
    return crypto_pwhash_str_needs_rehash(known, OPS, MEMORY) != 0;
}
