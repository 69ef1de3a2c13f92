/* The connections to PostgreSQL. A keeper thread makes them, so that nobody else ever waits for a dead host: while
 * no connection lives and none can be made callers are told at once, and the keeper goes on trying. As long as one lives, a
 * further one that cannot be had, or not soon, is nobody's failure: callers stand in line for those there are. */
#ifndef SANGO_DB_POSTGRES_POOL_H
#define SANGO_DB_POSTGRES_POOL_H

#include <pthread.h>

#include "db/postgres_conn.h"

struct postgres_waiter;

struct postgres_pool {
    struct db *db;
    const char *uri;
    int size;
    int writing_max; /* at once */
    int ready;       /* so many are made, and made ready, before anybody asks */
    pthread_t keeper;
    pthread_mutex_t mutex;        /* guards everything below */
    pthread_cond_t wanted;        /* for the keeper */
    struct postgres_conn *opened; /* what the database was opened with, until the keeper has begun */
    struct postgres_conn *idle;
    struct postgres_waiter
        *first; /* callers in line, the longest waiting first; each is handed what it waits for */
    struct postgres_waiter *last;
    int live;     /* made and not yet dropped, idle or in use */
    int writing;  /* in use for writing */
    bool refused; /* the last attempt to make one failed */
    bool stopping;
    int64_t heard_ms;    /* when one came back in order, or was made */
    uint64_t generation; /* raised when a connection breaks: its idle sisters are not trusted either */
};

struct postgres_pool_size {
    int working;
    int resting; /* more that wait for the disk */
    int ready;   /* of those working */
};
/* `first` is open and verified; it belongs to the pool from now on. */
void postgres_pool_start(struct postgres_pool *pool, struct db *db, const char *uri,
                         struct postgres_pool_size size, struct postgres_conn *first);
/* All connections must have been given back. */
void postgres_pool_stop(struct postgres_pool *pool);
/* Waits in line, about a second, and longer only while others come back and the pool is smaller than it may be. NULL:
 * *ret_error is DB_IO (none lives) or DB_BUSY (all in use). Writing takes no more than `writing_max`; a quarter more is for
 * reading, so that pages are shown while a slow disk holds up the commits. */
struct postgres_conn *postgres_pool_take(struct postgres_pool *pool, bool writing, enum db_error *ret_error);
/* Does the server answer others? A connection that is silent meanwhile says nothing about them. */
bool postgres_pool_hears(struct postgres_pool *pool);
/* Back into the pool, or dropped when lost. */
void postgres_pool_give(struct postgres_pool *pool, struct postgres_conn *conn);

/* Gives a connection that will write its own part of change_count, as long as it lives; when all are taken, two share
 * one. False: the connection is lost. */
NODISCARD bool postgres_conn_part(struct postgres_conn *conn);
/* A new connection, configured, outside any pool. NULL and a reason. */
struct postgres_conn *postgres_conn_new(struct db *db, const char *uri, char *ret_code, size_t size);
void postgres_conn_free(struct postgres_conn *conn);

#endif
