/* Closing sessions, here or everywhere, and sweeping what is past. */
#include "service/session.h"
#include "service/write.h"
#include "store/backoff.h"
#include "store/idem.h"
#include "store/session.h"
#include "sys/token.h"

enum { DAY_SECONDS = 24 * 3600 };

static enum rc run_close(struct tx *tx, struct call *call, const void *ask, void *outcome) {
    (void)outcome;
    const struct text *hash = ask;
    return session_delete(tx, call->city->id, *hash);
}

enum rc session_close(struct call *call, struct text token) {
    if (!token_wellformed(token)) {
        return RC_NONE;
    }
    struct text hash = token_hash(call->arena, token);
    int nothing = 0;
    struct call_work work = {run_close, &hash, &nothing, sizeof nothing};
    return call_write_plain(call, &work);
}

static enum rc run_close_all(struct tx *tx, struct call *call, const void *ask, void *outcome) {
    (void)ask;
    (void)outcome;
    enum rc rc = session_delete_all(tx, call->city->id, call->actor.account);
    struct audit_entry entry = {.action = "session.close-all",
                                .object = "account",
                                .object_id = call->actor.account.n,
                                .subject = call->actor.account};
    return rc == RC_OK ? audit_add(tx, call, &entry) : rc;
}

enum rc session_close_all(struct call *call) {
    int nothing = 0;
    struct call_work work = {run_close_all, NULL, &nothing, sizeof nothing};
    return call_write(call, &work);
}

static enum rc run_sweep(struct tx *tx, struct call *call, const void *ask, void *outcome) {
    (void)ask;
    int64_t *dropped = outcome;
    struct city_id city = call->city->id;
    struct instant yesterday = instant_add(call->now, -DAY_SECONDS);
    int64_t each[4] = {0};
    enum rc rc = session_drop_expired(tx, city, call->now, &each[0]);
    if (rc == RC_OK) {
        rc = link_drop_expired(tx, city, yesterday, &each[1]);
    }
    if (rc == RC_OK) {
        rc = backoff_drop_old(tx, city, yesterday, &each[2]);
    }
    if (rc == RC_OK) {
        rc = idem_sweep(tx, city, yesterday, &each[3]);
    }
    *dropped = each[0] + each[1] + each[2] + each[3];
    return rc;
}

enum rc session_sweep(struct call *call, int64_t *ret_dropped) {
    struct call_work work = {run_sweep, NULL, ret_dropped, sizeof *ret_dropped};
    return call_write_plain(call, &work);
}
