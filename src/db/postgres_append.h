/* Appends on PostgreSQL (db.h): one thread takes all that wait and writes them in one transaction and one round trip, while
 * the next gather behind it (docs/adr/0208). */
#ifndef SANGO_DB_POSTGRES_APPEND_H
#define SANGO_DB_POSTGRES_APPEND_H

#include <pthread.h>

#include "db/engine.h"

struct postgres_append {
    struct db *db;
    int queue_max;
    pthread_t thread;
    pthread_mutex_t mutex; /* guards the rest */
    pthread_cond_t wake;
    struct db_append *head;
    struct db_append *last;
    int waiting;
    bool stopping;
};

void postgres_append_start(struct postgres_append *append, struct db *db, int queue_max);
/* Finishes what waits and ends the thread. */
void postgres_append_stop(struct postgres_append *append);
void postgres_append_put(struct postgres_append *append, struct db_append *one);

#endif
