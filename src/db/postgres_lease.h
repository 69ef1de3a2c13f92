/* Counts that hold for a moment without being read again: leases of a server that writes alone (docs/adr/0203).
 * Every connection that may write holds an advisory lock with its server's number for as long as it lives. A read that first
 * finds no number but its own may lease its counts. Whoever comes later commits nothing before all leases from before its
 * coming have ended: each side measures by its own clock, from before its look and from after its lock. */
#ifndef SANGO_DB_POSTGRES_LEASE_H
#define SANGO_DB_POSTGRES_LEASE_H

#include <pthread.h>

#include "db/db.h"

enum { LEASE_MS = 60, LEASE_OVER_MS = 75, LEASES = 256 };

struct lease {
    int64_t scope;
    struct db_version version;
    struct db_version
        here;      /* what this process had counted before the read: a commit of its own ends the lease */
    int64_t until; /* wait_boot_ms(); 0: none */
    bool used;     /* since it was given: worth renewing */
};

struct leases {
    pthread_mutex_t mutex;
    struct lease rows[LEASES]; /* scopes that share a row only take it from one another */
};

void leases_init(struct leases *leases);
void leases_release(struct leases *leases);
/* Replaces the one of its scope; unused. */
void lease_give(struct leases *leases, const struct lease *given);
bool lease_find(struct leases *leases, int64_t scope, struct db_version here, struct db_version *ret_version);
/* Which were used since they were given; at most `max`, and the rest is forgotten. */
size_t leases_take_used(struct leases *leases, int64_t *ret_scopes, size_t max);
bool leases_used(struct leases *leases);
void leases_end(struct leases *leases);
/* Sleeps until nobody holds a lease from before `joined` (wait_boot_ms()). */
void leases_outlast(int64_t joined);

#endif
