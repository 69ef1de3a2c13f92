#include "db/sqlite_writer.h"

#include <assert.h>
#include <semaphore.h>

#include "db/wait.h"

enum {
    CHECKPOINT_FRAMES = 1000, /* 4 MiB of new pages: time to copy them into the database */
    BUSY_FRAMES = 4000,       /* while somebody waits: a page written again and again is copied once */
    RESTART_FRAMES = 16000,   /* 64 MiB: wait for the readers, so that the WAL begins anew */
    REOPEN_MS = 1000,
    CAREFUL_GROUPS = 64,
};

struct sqlite_job { /* on the waiting caller's stack, or in an append's arena */
    db_fn fn;
    void *arg;
    struct arena *arena;
    enum rc rc;
    enum db_error error;
    struct db_change change;
    sem_t done;
    struct db_append *append; /* told instead of `done` */
    struct sqlite_job *next;
};

/* ---- the group ---- */

static void jobs_answer(struct sqlite_job *job) {
    while (job != NULL) {
        struct sqlite_job *next = job->next; /* the job is gone once its caller wakes */
        if (job->append != NULL) {
            job->append->done(job->append, job->rc, job->error);
        } else {
            sem_post(&job->done);
        }
        job = next;
    }
}

static void jobs_fail(struct sqlite_job *group, enum db_error error) {
    for (struct sqlite_job *job = group; job != NULL; job = job->next) {
        job->rc = RC_FAULT;
        job->error = error;
    }
}

static bool fks_open(struct sqlite_writer *writer) {
    int open = 0;
    int high;
    return sqlite3_db_status(writer->conn.handle, SQLITE_DBSTATUS_DEFERRED_FKS, &open, &high, 0) !=
               SQLITE_OK ||
           open != 0;
}

static bool job_undo(struct sqlite_writer *writer) {
    return sqlite_conn_control(&writer->conn, SQLITE_SAVE_BACK) &&
           sqlite_conn_control(&writer->conn, SQLITE_SAVE_END);
}

/* The function once, between here and the next job. False: the whole group's transaction is lost, *ret_error says why. */
static bool job_call(struct sqlite_writer *writer, struct sqlite_job *job, enum db_error *ret_error) {
    struct sqlite_conn *conn = &writer->conn;
    struct tx tx = {.arena = job->arena, .conn = &conn->base, .writing = true};
    job->rc = tx_call(&tx, job->fn, job->arg);
    job->error = tx.error;
    job->change = (struct db_change){tx.scope, tx.touched, tx.shows};
    bool gone = sqlite3_get_autocommit(conn->handle) != 0;
    if (gone || tx.error == DB_FULL || tx.error == DB_IO) {
        *ret_error = tx.error == DB_FINE ? DB_OTHER : tx.error;
        return false;
    }
    if (job->rc == RC_OK && fks_open(writer)) { /* would fail the commit of everybody else */
        job->rc = RC_FAULT;
        job->error = DB_FOREIGN_KEY;
    }
    return true;
}

static bool job_try_saved(struct sqlite_writer *writer, struct sqlite_job *job, enum db_error *ret_error) {
    struct sqlite_conn *conn = &writer->conn;
    bool begun = sqlite_conn_control(conn, SQLITE_SAVE);
    if (begun && !job_call(writer, job, ret_error)) {
        return false;
    }
    if (begun && (job->rc == RC_OK ? sqlite_conn_control(conn, SQLITE_SAVE_END) : job_undo(writer))) {
        return true;
    }
    *ret_error = sqlite_error_of(conn->handle);
    return false;
}

/* Without a savepoint: what failed after it had changed something cannot be undone alone (*ret_spoilt). */
static bool job_try_bare(struct sqlite_writer *writer, struct sqlite_job *job, bool *ret_spoilt,
                         enum db_error *ret_error) {
    sqlite3 *handle = writer->conn.handle;
    sqlite3_int64 before = sqlite3_total_changes64(handle);
    if (!job_call(writer, job, ret_error)) {
        return false;
    }
    *ret_spoilt = job->rc != RC_OK && sqlite3_total_changes64(handle) != before;
    return true;
}

static bool job_run(struct sqlite_writer *writer, struct sqlite_job *job, bool saved, bool *ret_spoilt,
                    enum db_error *ret_error) {
    for (int attempt = 0; attempt < DB_ATTEMPTS; attempt++) {
        if (saved ? !job_try_saved(writer, job, ret_error)
                  : !job_try_bare(writer, job, ret_spoilt, ret_error)) {
            return false;
        }
        if (job->rc != RC_RACE || *ret_spoilt) {
            return true;
        }
    }
    job->error = DB_RACE;
    return true;
}

/* Runs the jobs in one transaction, up to the first that spoilt it. */
static bool group_try(struct sqlite_writer *writer, struct sqlite_job *group, bool saved, bool *ret_spoilt,
                      enum db_error *ret_error) {
    *ret_spoilt = false;
    if (!sqlite_conn_control(&writer->conn, SQLITE_WRITE_BEGIN)) {
        *ret_error = sqlite_error_of(writer->conn.handle);
        return false;
    }
    for (struct sqlite_job *job = group; job != NULL && !*ret_spoilt; job = job->next) {
        if (!job_run(writer, job, saved, ret_spoilt, ret_error)) {
            return false;
        }
    }
    return true;
}

/* Nearly every write succeeds, so a group first runs without savepoints; when one fails that had changed something,
 * all begin again with them, and so does the next little while. */
static bool group_run_all(struct sqlite_writer *writer, struct sqlite_job *group, enum db_error *ret_error) {
    bool spoilt = false;
    bool saved = writer->careful > 0;
    writer->careful -= saved;
    if (!group_try(writer, group, saved, &spoilt, ret_error)) {
        return false;
    }
    if (!spoilt) {
        return true;
    }
    writer->careful = CAREFUL_GROUPS;
    if (!sqlite_conn_control(&writer->conn, SQLITE_TX_ROLLBACK)) {
        *ret_error = sqlite_error_of(writer->conn.handle);
        return false;
    }
    return group_try(writer, group, true, &spoilt, ret_error);
}

/* Runs all jobs and commits; false when nothing of the group was saved. */
static bool group_commit(struct sqlite_writer *writer, struct sqlite_job *group, enum db_error *ret_error) {
    struct sqlite_conn *conn = &writer->conn;
    uint64_t saved = 0;
    if (!group_run_all(writer, group, ret_error)) {
        return false;
    }
    for (struct sqlite_job *job = group; job != NULL; job = job->next) {
        saved += job->rc == RC_OK;
    }
    if (!sqlite_conn_control(conn, saved > 0 ? SQLITE_TX_COMMIT : SQLITE_TX_ROLLBACK)) {
        *ret_error = sqlite_error_of(conn->handle);
        return false;
    }
    atomic_fetch_add(&writer->db->commits, saved);
    atomic_store(&writer->db->together, (int)saved);
    for (struct sqlite_job *job = group; job != NULL; job = job->next) {
        if (job->rc == RC_OK) {
            db_count_change(writer->db, job->change);
        }
    }
    return true;
}

/* ---- trouble ---- */

static void break_off(struct sqlite_writer *writer) {
    writer->broken = true;
    writer->retry_at_ms = wait_now_ms() + REOPEN_MS;
}

static int on_commit(void *ctx, sqlite3 *handle, const char *name, int frames) {
    (void)handle;
    (void)name;
    struct sqlite_writer *writer = ctx;
    writer->frames = frames;
    return SQLITE_OK;
}

/* The result of every sync that a checkpoint makes is looked at here and nowhere swallowed. */
static bool checkpoint(struct sqlite_writer *writer, int mode) {
    sqlite3 *handle = writer->conn.handle;
    int log;
    int copied;
    int code = sqlite3_wal_checkpoint_v2(handle, NULL, mode, &log, &copied);
    writer->frames_checked = writer->frames;
    if (code == SQLITE_OK || (code & 0xff) == SQLITE_BUSY) {
        return true;
    }
    enum db_error error = sqlite_error_of(handle);
    db_report(writer->db, error, sqlite_code_name(code));
    if (error == DB_IO) {
        break_off(writer);
    }
    return error == DB_FULL; /* the WAL keeps everything; a later checkpoint will copy it */
}

/* Fail-stop: after an I/O error the old connection is given up, and a new one first has to prove that the disk takes
 * what was committed before. */
static bool writer_ready(struct sqlite_writer *writer) {
    if (!writer->broken) {
        return true;
    }
    if (wait_now_ms() < writer->retry_at_ms) {
        return false;
    }
    sqlite_conn_close(&writer->conn);
    if (!sqlite_conn_open(&writer->conn, writer->db, writer->path, true)) {
        break_off(writer);
        return false;
    }
    sqlite3_wal_hook(writer->conn.handle, on_commit, writer);
    writer->broken = false;
    return checkpoint(writer, SQLITE_CHECKPOINT_PASSIVE) && !writer->broken;
}

static void group_undo(struct sqlite_writer *writer, enum db_error error) {
    struct sqlite_conn *conn = &writer->conn;
    db_report(writer->db, error, sqlite_code_name(sqlite3_extended_errcode(conn->handle)));
    bool undone = sqlite3_get_autocommit(conn->handle) != 0 ||
                  sqlite_conn_control(conn, SQLITE_TX_ROLLBACK) || sqlite3_get_autocommit(conn->handle) != 0;
    if (error == DB_IO || !undone) {
        break_off(writer);
    }
}

static int frames_wanted(struct sqlite_writer *writer) {
    pthread_mutex_lock(&writer->mutex);
    bool idle = writer->head == NULL;
    pthread_mutex_unlock(&writer->mutex);
    return idle ? CHECKPOINT_FRAMES : BUSY_FRAMES;
}

static void writer_checkpoint(struct sqlite_writer *writer) {
    if (writer->frames < writer->frames_checked) { /* the WAL began anew */
        writer->frames_checked = 0;
    }
    if (writer->broken || writer->frames - writer->frames_checked < frames_wanted(writer)) {
        return;
    }
    int mode = writer->frames >= RESTART_FRAMES ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE;
    bool copied = checkpoint(writer, mode);
    (void)copied; /* a failure was reported and breaks the writer off */
}

static void group_run(struct sqlite_writer *writer, struct sqlite_job *group) {
    enum db_error error = DB_IO;
    if (!writer_ready(writer)) {
        jobs_fail(group, DB_IO);
    } else if (!group_commit(writer, group, &error)) {
        group_undo(writer, error);
        jobs_fail(group, error);
    }
    jobs_answer(group);
    writer_checkpoint(writer);
}

/* ---- the thread ---- */

static struct sqlite_job *group_take(struct sqlite_writer *writer) {
    pthread_mutex_lock(&writer->mutex);
    while (writer->head == NULL && !writer->stopping) {
        pthread_cond_wait(&writer->wake, &writer->mutex);
    }
    struct sqlite_job *group = writer->head;
    struct sqlite_job *last = group;
    for (int n = 1; last != NULL; n++) {
        writer->waiting--;
        writer->head = last->next;
        if (n == writer->group_max || last->next == NULL) {
            last->next = NULL;
            break;
        }
        last = last->next;
    }
    pthread_mutex_unlock(&writer->mutex);
    return group;
}

static void *writer_main(void *ctx) {
    struct sqlite_writer *writer = ctx;
    for (struct sqlite_job *group = group_take(writer); group != NULL; group = group_take(writer)) {
        group_run(writer, group);
    }
    if (!writer->broken) {
        bool copied = checkpoint(writer, SQLITE_CHECKPOINT_TRUNCATE);
        (void)copied; /* reported; the WAL stays and is read at the next start */
    }
    sqlite_conn_close(&writer->conn);
    return NULL;
}

void sqlite_writer_start(struct sqlite_writer *writer, struct db *db, const char *path,
                         const struct db_config *config) {
    writer->db = db;
    writer->path = path;
    writer->group_max = config->group_max;
    writer->queue_max = config->queue_max;
    sqlite3_wal_hook(writer->conn.handle, on_commit, writer);
    pthread_mutex_init(&writer->mutex, NULL);
    pthread_cond_init(&writer->wake, NULL);
    int failed = pthread_create(&writer->thread, NULL, writer_main, writer);
    assert(failed == 0);
}

void sqlite_writer_stop(struct sqlite_writer *writer) {
    pthread_mutex_lock(&writer->mutex);
    writer->stopping = true;
    pthread_cond_signal(&writer->wake);
    pthread_mutex_unlock(&writer->mutex);
    pthread_join(writer->thread, NULL);
    pthread_cond_destroy(&writer->wake);
    pthread_mutex_destroy(&writer->mutex);
}

static bool job_queue(struct sqlite_writer *writer, struct sqlite_job *job) {
    pthread_mutex_lock(&writer->mutex);
    bool room = writer->waiting < writer->queue_max;
    if (room) {
        if (writer->head == NULL) {
            writer->head = job;
            pthread_cond_signal(&writer->wake);
        } else {
            writer->last->next = job;
        }
        writer->last = job;
        writer->waiting++;
    }
    pthread_mutex_unlock(&writer->mutex);
    return room;
}

enum rc sqlite_writer_run(struct sqlite_writer *writer, struct arena *arena, db_fn fn, void *arg,
                          enum db_error *ret_error) {
    struct sqlite_job job = {.fn = fn, .arg = arg, .arena = arena};
    sem_init(&job.done, 0, 0);
    if (job_queue(writer, &job)) {
        db_wait_written(writer->db, &job.done);
    } else {
        job.rc = RC_FAULT;
        job.error = DB_BUSY;
    }
    sem_destroy(&job.done);
    *ret_error = job.error;
    return job.rc;
}

void sqlite_writer_append(struct sqlite_writer *writer, struct db_append *append) {
    struct sqlite_job *job = arena_new(append->arena, struct sqlite_job);
    *job =
        (struct sqlite_job){.fn = append->fn, .arg = append->arg, .arena = append->arena, .append = append};
    if (!job_queue(writer, job)) {
        append->done(append, RC_FAULT, DB_BUSY);
    }
}
