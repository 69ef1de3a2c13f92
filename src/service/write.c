#include "service/write.h"

#include <assert.h>
#include <string.h>

#include "service/city_load.h"
#include "service/fresh.h"
#include "store/idem.h"

struct write_run {
    struct call *call;
    const struct call_work *work;
    const struct house_city *began; /* what the call came with */
    bool again;                     /* lost a race, perhaps against a change of the rules */
};

static struct idem_key key_of(const struct call *call) {
    return (struct idem_key){call->city->id, call->actor.account.n, call->idem->key};
}

/* Nothing is asked of the key at first: it is taken to be new, and whoever finds it taken when she saves her answer has
 * lost a race and begins again. That time what was answered comes first. */
static enum rc key_look(struct tx *tx, struct call *call, bool again, bool *ret_known) {
    struct idem *idem = call->idem;
    struct idem_key key = key_of(call);
    struct idem_row known = {0};
    idem->replayed = false;
    idem->mismatch = false;
    idem->answer = (struct idem_answer){0};
    *ret_known = false;
    enum rc rc = again ? idem_find(tx, &key, &known) : RC_NONE;
    if (rc != RC_OK) {
        return rc == RC_NONE ? RC_OK : rc;
    }
    *ret_known = true;
    idem->mismatch = !text_eq(known.request_hash, idem->request_hash);
    idem->replayed = !idem->mismatch;
    if (idem->replayed) {
        idem->answer = (struct idem_answer){(int)known.status, text_copy(call->arena, known.location),
                                            text_copy(call->arena, known.content_type),
                                            text_copy(call->arena, known.body)};
    }
    return RC_OK;
}

static enum rc answer_save(struct tx *tx, struct call *call, const void *outcome) {
    struct idem *idem = call->idem;
    struct idem_key key = key_of(call);
    idem->render(idem->ctx, call->arena, outcome, &idem->answer);
    assert(idem->answer.status >= 100 && idem->answer.status < 600);
    struct idem_row row = {.request_hash = idem->request_hash,
                           .status = idem->answer.status,
                           .location = idem->answer.location,
                           .content_type = idem->answer.content_type,
                           .body = idem->answer.body};
    return idem_save(tx, &key, &row, call->now);
}

/* What is not stored must still give way to a key that was known; the row goes with everything else. */
static enum rc key_was_new(struct tx *tx, const struct call *call) {
    struct idem_key key = key_of(call);
    struct idem_row row = {.request_hash = call->idem->request_hash};
    enum rc rc = idem_save(tx, &key, &row, call->now);
    return rc == RC_OK ? db_catch_up(tx) : rc;
}

static enum rc write_run(struct tx *tx, void *arg) {
    struct write_run *run = arg;
    struct call *call = run->call;
    const struct call_work *work = run->work;
    memset(work->outcome, 0, work->outcome_size);
    bool known = false;
    bool again = run->again;
    run->again = true;
    enum rc rc = again ? city_renew_within(tx, call, call->city == run->began) : RC_OK;
    if (rc == RC_OK && call->idem != NULL) {
        rc = key_look(tx, call, again, &known);
    }
    if (rc != RC_OK || known) {
        return rc;
    }
    rc = work->run(tx, call, work->ask, work->outcome);
    if (rc == RC_OK && call->idem != NULL) {
        rc = answer_save(tx, call, work->outcome);
    } else if (rc == RC_NONE && call->idem != NULL) {
        enum rc fresh = key_was_new(tx, call);
        rc = fresh == RC_OK ? rc : fresh;
    }
    return rc;
}

/* A constraint may refuse the second of two requests with one key what it let the first do: what that one was answered
 * comes before the refusal. */
static enum rc run_keyed(struct write_run *run, enum db_error *ret_error) {
    struct call *call = run->call;
    enum rc rc = db_write(call->house->db, call->arena, write_run, run, ret_error);
    bool refused =
        rc == RC_FAULT && (*ret_error == DB_UNIQUE || *ret_error == DB_CHECK || *ret_error == DB_FOREIGN_KEY);
    if (refused && call->idem != NULL) {
        rc = db_write(call->house->db, call->arena, write_run, run, ret_error);
    }
    return rc;
}

static enum rc call_ended(struct call *call, enum rc rc, enum db_error error) {
    call->fault = rc == RC_FAULT ? (int)error : DB_FINE;
    return rc;
}

/* What a booking takes on its way: had here, not while everybody waits for the one who writes. */
enum { WRITE_BYTES = 48 * 1024 };

enum rc call_write(struct call *call, const struct call_work *work) {
    assert(call->idem == NULL || (call->idem->key.n >= 1 && call->idem->key.n <= 200));
    struct write_run run = {.call = call, .work = work, .began = call->city};
    enum db_error error = DB_FINE;
    arena_reserve(call->arena, WRITE_BYTES);
    enum rc rc = run_keyed(&run, &error);
    bool moved = call->city != run.began && call->city->revision > run.began->revision;
    if (moved &&
        rc == RC_OK) { /* committed: everybody's from now on; if not now, then with the next session */
        const struct house_city *held = NULL;
        if (fresh_city(call, call->city->revision, &held) == RC_OK) {
            house_city_let_go(held);
        }
    } else if (rc != RC_OK) {
        call->city = run.began;
    }
    return call_ended(call, rc, error);
}

enum rc call_write_plain(struct call *call, const struct call_work *work) {
    struct idem *idem = call->idem;
    call->idem = NULL;
    enum rc rc = call_write(call, work);
    call->idem = idem;
    return rc;
}

enum rc call_read(struct call *call, db_fn fn, void *arg) {
    enum db_error error = DB_FINE;
    enum rc rc = db_read(call->house->db, call->arena, fn, arg, &error);
    return call_ended(call, rc, error);
}

enum rc call_append(struct call *call, const struct db_append *append) {
    enum db_error error = DB_FINE;
    enum rc rc = db_append(call->house->db, append, &error);
    return call_ended(call, rc, error);
}
