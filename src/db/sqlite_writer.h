/* The one thread that writes a SQLite file. Waiting writes share one durable commit, and one that fails is undone alone;
 * nobody is answered before the commit, and nobody is acknowledged when it fails. The same thread is the only one
 * that checkpoints (docs/adr/0020). */
#ifndef SANGO_DB_SQLITE_WRITER_H
#define SANGO_DB_SQLITE_WRITER_H

#include <pthread.h>

#include "db/sqlite_conn.h"

struct sqlite_job;

struct sqlite_writer {
    struct db *db;
    const char *path;
    struct sqlite_conn conn; /* the thread's own once it runs */
    int group_max;
    int queue_max;
    pthread_t thread;
    pthread_mutex_t mutex; /* guards the queue and `stopping` */
    pthread_cond_t wake;
    struct sqlite_job *head;
    struct sqlite_job *last;
    int waiting;
    bool stopping;
    int frames;         /* in the WAL after the last commit */
    int frames_checked; /* of those, seen by the last checkpoint */
    bool broken;        /* an I/O error was met: nothing is written before the connection is made anew */
    int64_t retry_at_ms;
    int careful; /* so many groups more run with savepoints */
};

/* `writer->conn` is open and verified already; it and `path` belong to the writer from now on. */
void sqlite_writer_start(struct sqlite_writer *writer, struct db *db, const char *path,
                         const struct db_config *config);
/* Finishes what waits, checkpoints, closes the connection and ends the thread. */
void sqlite_writer_stop(struct sqlite_writer *writer);
NODISCARD enum rc sqlite_writer_run(struct sqlite_writer *writer, struct arena *arena, db_fn fn, void *arg,
                                    enum db_error *ret_error);
void sqlite_writer_append(struct sqlite_writer *writer, struct db_append *append);

#endif
