/* Open addressing without deletion by tombstones: a row that empties is refilled from behind it. */
#include "http/crowd.h"

#include <arpa/inet.h>
#include <assert.h>
#include <string.h>

struct crowd_row {
    uint64_t client; /* 0: free */
    unsigned count;
};

enum { ADDRESS_MAX = INET6_ADDRSTRLEN };

static uint64_t mix(uint64_t n) {
    n ^= n >> 33;
    n *= 0xff51afd7ed558ccdULL;
    n ^= n >> 33;
    return n;
}

/* Never 0. What is no address (a Unix socket's peer) is one client. */
static uint64_t client_of(struct text address) {
    char z[ADDRESS_MAX] = {0};
    struct in6_addr six;
    struct in_addr four;
    uint64_t n = 0;
    if (address.n < sizeof z && address.n > 0) {
        memcpy(z, address.p, address.n);
    }
    if (inet_pton(AF_INET, z, &four) == 1) {
        n = ((uint64_t)1 << 32) + ntohl(four.s_addr);
    } else if (inet_pton(AF_INET6, z, &six) == 1) {
        memcpy(&n, &six, sizeof n);
    }
    return n == 0 ? 1 : n;
}

void crowd_init(struct crowd *crowd, struct arena *arena, unsigned most, size_t clients) {
    *crowd = (struct crowd){.most = most, .slots = 16};
    while (crowd->slots < 2 * clients) {
        crowd->slots *= 2;
    }
    crowd->rows = most == 0 ? NULL : arena_array(arena, struct crowd_row, crowd->slots);
    pthread_mutex_init(&crowd->lock, NULL);
}

void crowd_release(struct crowd *crowd) {
    pthread_mutex_destroy(&crowd->lock);
}

/* Its row, or the free one where it belongs. */
static size_t row_of(const struct crowd *crowd, uint64_t client) {
    size_t i = mix(client) & (crowd->slots - 1);
    for (size_t n = 0; crowd->rows[i].client != client && crowd->rows[i].client != 0; n++) {
        assert(n < crowd->slots);
        i = (i + 1) & (crowd->slots - 1);
    }
    return i;
}

/* Those behind the freed row move up if they would no longer be found. */
static void row_free(struct crowd *crowd, size_t i) {
    size_t mask = crowd->slots - 1;
    crowd->rows[i] = (struct crowd_row){0};
    for (i = (i + 1) & mask; crowd->rows[i].client != 0; i = (i + 1) & mask) {
        struct crowd_row row = crowd->rows[i];
        crowd->rows[i] = (struct crowd_row){0};
        crowd->rows[row_of(crowd, row.client)] = row;
    }
}

bool crowd_enter(struct crowd *crowd, struct text address) {
    if (crowd->most == 0) {
        return true;
    }
    uint64_t client = client_of(address);
    pthread_mutex_lock(&crowd->lock);
    struct crowd_row *row = &crowd->rows[row_of(crowd, client)];
    bool place = row->count < crowd->most;
    if (place) {
        row->client = client;
        row->count++;
    }
    pthread_mutex_unlock(&crowd->lock);
    return place;
}

void crowd_leave(struct crowd *crowd, struct text address) {
    if (crowd->most == 0) {
        return;
    }
    uint64_t client = client_of(address);
    pthread_mutex_lock(&crowd->lock);
    size_t i = row_of(crowd, client);
    assert(crowd->rows[i].count > 0);
    crowd->rows[i].count--;
    if (crowd->rows[i].count == 0) {
        row_free(crowd, i);
    }
    pthread_mutex_unlock(&crowd->lock);
}
