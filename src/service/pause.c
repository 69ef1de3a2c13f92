#include "service/pause.h"

#include <assert.h>

#include "sys/token.h"

static const char *const prefixes[PAUSE__MAX] = {
    [PAUSE_LOGIN] = "login", [PAUSE_PEER] = "peer", [PAUSE_MAIL] = "mail"};
static const int64_t free_tries[PAUSE__MAX] = {[PAUSE_LOGIN] = 3, [PAUSE_PEER] = 20};

enum { PAUSE_SECONDS_MAX = 900, PAUSE_FORGOTTEN_SECONDS = 24 * 3600 };

int64_t pause_seconds(enum pause_kind kind, int64_t failures) {
    int64_t counted = failures - free_tries[kind];
    if (counted <= 0) {
        return 0;
    }
    return counted > 10 ? PAUSE_SECONDS_MAX : INT64_C(1) << (counted - 1);
}

void pause_watch(struct pause_try *attempt, const struct call *call, enum pause_kind kind, struct text who) {
    assert(attempt->count < PAUSE_SUBJECTS_MAX);
    assert(attempt->count == 0 || attempt->subjects[attempt->count - 1].kind < kind);
    struct text message = text_printf(call->arena, "pause:%s:%.*s", prefixes[kind], TEXT_F(who));
    attempt->subjects[attempt->count++] = (struct pause_subject){
        .kind = kind, .hash = token_mac_hex(call->arena, call->house->secret, message)};
}

static int64_t seconds_left(const struct call *call, const struct pause_subject *subject) {
    int64_t pause = pause_seconds(subject->kind, subject->before.failures);
    int64_t left = subject->before.last_at.s + pause - call->now.s;
    /* A clock that was set back must not turn a pause of seconds into one of years. */
    return left > pause ? pause : left;
}

static enum rc subject_load(struct tx *tx, const struct call *call, struct pause_subject *subject) {
    enum rc rc = backoff_lock(tx, call->city->id, subject->hash, call->now, &subject->before);
    if (rc == RC_OK && subject->before.last_at.s < call->now.s - PAUSE_FORGOTTEN_SECONDS) {
        subject->before.failures = 0;
    }
    return rc;
}

enum rc pause_count(struct tx *tx, const struct call *call, struct pause_try *attempt) {
    attempt->wait = 0;
    for (size_t i = 0; i < attempt->count; i++) {
        enum rc rc = subject_load(tx, call, &attempt->subjects[i]);
        if (rc != RC_OK) {
            return rc;
        }
        int64_t left = seconds_left(call, &attempt->subjects[i]);
        attempt->wait = left > attempt->wait ? left : attempt->wait;
    }
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && attempt->wait == 0 && i < attempt->count; i++) {
        struct backoff_row counted = {attempt->subjects[i].before.failures + 1, call->now};
        rc = backoff_set(tx, call->city->id, attempt->subjects[i].hash, &counted);
    }
    return rc;
}

enum rc pause_return(struct tx *tx, const struct call *call, const struct pause_try *attempt, bool clear) {
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < attempt->count; i++) {
        const struct pause_subject *subject = &attempt->subjects[i];
        rc = clear && subject->kind == PAUSE_LOGIN
                 ? backoff_clear(tx, call->city->id, subject->hash)
                 : backoff_return(tx, call->city->id, subject->hash, call->now, subject->before.last_at);
    }
    return rc;
}
