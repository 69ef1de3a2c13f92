/* Versions on PostgreSQL, where other servers write too: each commit counts itself in the table change_count, and a
 * thread with a connection of its own reads the counts for all who ask (docs/adr/0160). */
#ifndef SANGO_DB_POSTGRES_COUNT_H
#define SANGO_DB_POSTGRES_COUNT_H

#include <pthread.h>

#include "db/postgres_conn.h"
#include "db/postgres_lease.h"

struct postgres_count {
    struct db *db;
    const char *uri;
    bool started; /* nothing is watched: nobody asks */
    pthread_t thread;
    pthread_mutex_t mutex;         /* guards the next three */
    struct db_version_wait *first; /* who asked since the last read began */
    bool up;                       /* a read may be tried; else everybody hears at once that nobody knows */
    bool stopping;
    struct leases leases;
    int wake; /* eventfd */
    uint64_t
        epoch; /* of the connection: what was counted before it broke is not compared with what comes after */
    struct postgres_conn *conn; /* the thread's, like the rest */
    int64_t look_at;            /* for other writers, not earlier than this */
    bool leased;                /* something was leased by the last read */
};

void postgres_count_start(struct postgres_count *count, struct db *db, const char *uri,
                          const struct db_config *config);
/* Everybody who still waits hears that nobody knows. */
void postgres_count_stop(struct postgres_count *count);
bool postgres_count_near(struct postgres_count *count, int64_t scope, struct db_version *ret_version);
void postgres_count_ask(struct postgres_count *count, struct db_version_wait *wait);

/* Queues the PREPARE of the statement that counts, named "count", unless this connection has it. */
NODISCARD bool postgres_count_ready(struct postgres_conn *conn);
/* COMMIT, and with it the count of what the transaction changed. */
NODISCARD enum rc postgres_count_commit(struct tx *tx);

#endif
