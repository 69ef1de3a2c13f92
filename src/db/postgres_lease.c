#include "db/postgres_lease.h"

#include <string.h>

#include "db/wait.h"

void leases_init(struct leases *leases) {
    memset(leases->rows, 0, sizeof leases->rows);
    pthread_mutex_init(&leases->mutex, NULL);
}

void leases_release(struct leases *leases) {
    pthread_mutex_destroy(&leases->mutex);
}

static struct lease *row_of(struct leases *leases, int64_t scope) {
    _Static_assert(LEASES == 1 << 8, "the shift below");
    return &leases->rows[(uint64_t)scope * UINT64_C(0x9e3779b97f4a7c15) >> (64 - 8)];
}

void lease_give(struct leases *leases, const struct lease *given) {
    pthread_mutex_lock(&leases->mutex);
    *row_of(leases, given->scope) = *given;
    pthread_mutex_unlock(&leases->mutex);
}

bool lease_find(struct leases *leases, int64_t scope, struct db_version here,
                struct db_version *ret_version) {
    pthread_mutex_lock(&leases->mutex);
    struct lease *lease = row_of(leases, scope);
    bool valid = lease->scope == scope && lease->here.common == here.common &&
                 lease->here.whole == here.whole && wait_boot_ms() < lease->until;
    if (valid) {
        lease->used = true;
        *ret_version = lease->version;
    }
    pthread_mutex_unlock(&leases->mutex);
    return valid;
}

size_t leases_take_used(struct leases *leases, int64_t *ret_scopes, size_t max) {
    size_t n = 0;
    pthread_mutex_lock(&leases->mutex);
    for (size_t i = 0; i < LEASES; i++) {
        struct lease *lease = &leases->rows[i];
        if (lease->used && n < max) {
            ret_scopes[n++] = lease->scope;
        }
        lease->used = false;
    }
    pthread_mutex_unlock(&leases->mutex);
    return n;
}

bool leases_used(struct leases *leases) {
    bool used = false;
    pthread_mutex_lock(&leases->mutex);
    for (size_t i = 0; i < LEASES && !used; i++) {
        used = leases->rows[i].used;
    }
    pthread_mutex_unlock(&leases->mutex);
    return used;
}

void leases_end(struct leases *leases) {
    pthread_mutex_lock(&leases->mutex);
    memset(leases->rows, 0, sizeof leases->rows);
    pthread_mutex_unlock(&leases->mutex);
}

void leases_outlast(int64_t joined) {
    int64_t left = joined + LEASE_OVER_MS - wait_boot_ms();
    while (left > 0) {
        wait_sleep_ms(left);
        left = joined + LEASE_OVER_MS - wait_boot_ms();
    }
}
