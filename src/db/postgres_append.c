#include "db/postgres_append.h"

#include <assert.h>

enum { GROUP_MAX = 64, GROUP_BYTES = 8 << 20 };

static void *group_main(void *ctx);

void postgres_append_start(struct postgres_append *append, struct db *db, int queue_max) {
    *append = (struct postgres_append){.db = db, .queue_max = queue_max};
    pthread_mutex_init(&append->mutex, NULL);
    pthread_cond_init(&append->wake, NULL);
    int failed = pthread_create(&append->thread, NULL, group_main, append);
    assert(failed == 0);
}

void postgres_append_stop(struct postgres_append *append) {
    pthread_mutex_lock(&append->mutex);
    append->stopping = true;
    pthread_cond_signal(&append->wake);
    pthread_mutex_unlock(&append->mutex);
    pthread_join(append->thread, NULL);
    pthread_cond_destroy(&append->wake);
    pthread_mutex_destroy(&append->mutex);
}

void postgres_append_put(struct postgres_append *append, struct db_append *one) {
    pthread_mutex_lock(&append->mutex);
    bool room = append->waiting < append->queue_max;
    if (room) {
        if (append->head == NULL) {
            append->head = one;
            pthread_cond_signal(&append->wake);
        } else {
            append->last->next = one;
        }
        append->last = one;
        append->waiting++;
    }
    pthread_mutex_unlock(&append->mutex);
    if (!room) {
        one->done(one, RC_FAULT, DB_BUSY);
    }
}

/* ---- the thread ---- */

static struct db_append *group_take(struct postgres_append *append) {
    pthread_mutex_lock(&append->mutex);
    while (append->head == NULL && !append->stopping) {
        pthread_cond_wait(&append->wake, &append->mutex);
    }
    struct db_append *group = append->head;
    struct db_append *last = group;
    for (int n = 1; last != NULL; n++) {
        append->waiting--;
        append->head = last->next;
        if (n == GROUP_MAX || last->next == NULL) {
            last->next = NULL;
            break;
        }
        last = last->next;
    }
    pthread_mutex_unlock(&append->mutex);
    return group;
}

/* Do all of them know how to be written together? */
static bool is_alike(const struct db_append *group) {
    const struct db_append *one = group;
    while (one != NULL && one->all != NULL && one->all == group->all) {
        one = one->next;
    }
    return one == NULL;
}

/* What each asks for lies in its own arena, until the group is done. */
static enum rc group_write(struct tx *tx, void *arg) {
    struct arena *arena = tx->arena;
    enum rc rc = RC_OK;
    if (is_alike(arg)) {
        return ((const struct db_append *)arg)->all(tx, arg);
    }
    for (struct db_append *one = arg; rc == RC_OK && one != NULL; one = one->next) {
        tx->arena = one->arena;
        rc = one->fn(tx, one->arg);
    }
    tx->arena = arena;
    return rc;
}

/* Would each alone fare as the group did? */
static bool fails_all(enum rc rc, enum db_error error) {
    return rc == RC_FAULT && (error == DB_IO || error == DB_BUSY || error == DB_FULL);
}

static void group_run(struct postgres_append *append, struct arena *arena, struct db_append *group) {
    enum db_error error = DB_FINE;
    enum rc rc = db_write(append->db, arena, group_write, group, &error);
    bool alone = rc != RC_OK && group->next != NULL && !fails_all(rc, error);
    while (group != NULL) {
        struct db_append *one = group;
        group = group->next; /* gone once it is done */
        if (alone) {
            rc = db_write(append->db, arena, one->fn, one->arg, &error);
        }
        one->done(one, rc, error);
    }
}

static void *group_main(void *ctx) {
    struct postgres_append *append = ctx;
    struct arena arena;
    arena_init(&arena, GROUP_BYTES);
    for (struct db_append *group = group_take(append); group != NULL; group = group_take(append)) {
        group_run(append, &arena, group);
        arena_clear(&arena);
    }
    arena_release(&arena);
    return NULL;
}
