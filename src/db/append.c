/* Waiting for what is being written, for callers that have nothing else to do. */
#include "db/engine.h"
#include "db/wait.h"

struct append_call {
    struct db_append append;
    sem_t done;
    enum rc rc;
    enum db_error error;
};

static void call_done(struct db_append *append, enum rc rc, enum db_error error) {
    struct append_call *call = (struct append_call *)append;
    call->rc = rc;
    call->error = error;
    sem_post(&call->done);
}

void db_append_ask(struct db *db, struct db_append *append) {
    append->next = NULL;
    db->engine->append(db, append);
}

void db_wait_written(const struct db *db, sem_t *done) {
    if (db->wait != NULL) {
        db->wait(db->wait_ctx, true);
    }
    wait_posted(done);
    if (db->wait != NULL) {
        db->wait(db->wait_ctx, false);
    }
}

enum rc db_append(struct db *db, const struct db_append *append, enum db_error *ret_error) {
    struct append_call call = {.append = *append};
    call.append.done = call_done;
    sem_init(&call.done, 0, 0);
    db_append_ask(db, &call.append);
    db_wait_written(db, &call.done);
    sem_destroy(&call.done);
    *ret_error = call.error;
    return call.rc;
}
