/* Opening a session: the try is counted in one transaction, the password judged outside of any, and the session made
 * in another. Unknown logins go the same way. */
#include "service/session.h"

#include "service/known.h"
#include "service/pause.h"
#include "service/write.h"
#include "store/account.h"
#include "store/session.h"
#include "sys/password.h"
#include "sys/textkey.h"
#include "sys/token.h"
#include "sys/totp.h"

enum {
    RESIDENT_SECONDS = 30 * 24 * 3600,
    STAFF_SECONDS = 12 * 3600,
    RESIDENT_IDLE_SECONDS = 24 * 3600,
    STAFF_IDLE_SECONDS = 3600,
    TOUCH_SECONDS = 60,
};

/* ---- opening ---- */

static struct text csrf_of(const struct call *call, struct text token) {
    return token_mac_hex(call->arena, call->house->secret, text_join(call->arena, TEXT("csrf:"), token));
}

struct open_try {
    struct pause_try attempt;
    bool known;
    struct account_row row;
};

static enum rc run_try(struct tx *tx, struct call *call, const void *ask, void *outcome) {
    const struct session_ask *given = ask;
    struct open_try *try = outcome;
    struct text login = {0};
    bool wellformed = textkey_email(call->arena, given->login, &login);
    if (!wellformed) {
        login = token_hash(call->arena, given->login); /* of any length and bytes */
    }
    pause_watch(&try->attempt, call, PAUSE_LOGIN, login);
    pause_watch(&try->attempt, call, PAUSE_PEER, given->peer);
    enum rc rc = pause_count(tx, call, &try->attempt);
    if (rc != RC_OK || try->attempt.wait > 0) {
        return rc;
    }
    rc = account_by_login(tx, call->city->id, login, &try->row);
    try->known = rc == RC_OK && text_is(try->row.state, "active");
    return rc == RC_NONE ? RC_OK : rc;
}

/* The account of the outcome's actor as a caller. */
static struct caller caller_of(struct account_id id, struct text role, struct facility_id facility) {
    struct caller caller = {.account = id, .facility = facility};
    bool known = role_parse(role, &caller.role);
    return known ? caller : (struct caller){0};
}

static enum rc session_make(struct tx *tx, struct call *call, struct session_opened *opened, bool bearer,
                            int64_t seconds) {
    opened->token = token_new(call->arena, call->house->env);
    opened->csrf = csrf_of(call, opened->token);
    opened->expires_at = instant_add(call->now, seconds);
    struct session_insert row = {.city = call->city->id,
                                 .token_hash = token_hash(call->arena, opened->token),
                                 .account = opened->actor.account,
                                 .kind = bearer ? TEXT("bearer") : TEXT("cookie"),
                                 .at = call->now,
                                 .expires_at = opened->expires_at};
    enum rc rc = session_insert(tx, &row);
    if (rc != RC_OK) {
        return rc;
    }
    struct call as = *call;
    as.actor = opened->actor;
    struct audit_entry entry = {.action = "session.open",
                                .object = "account",
                                .object_id = opened->actor.account.n,
                                .subject = opened->actor.account};
    return audit_add(tx, &as, &entry);
}

struct open_end {
    const struct session_ask *ask;
    const struct open_try *try;
    struct text rehash; /* {NULL, 0}: the stored hash is fine */
};

/* The row is read again under lock: a code is good once, also for two who show it at the same moment. */
static enum rc code_judge(struct tx *tx, struct call *call, const struct open_end *end, bool *ret_right) {
    struct account_row row = {0};
    enum rc rc = account_lock(tx, call->city->id, end->try->row.id, &row);
    int64_t step = 0;
    if (rc != RC_OK) {
        return rc;
    }
    *ret_right = totp_verify(row.totp_secret, end->ask->otp, call->now, row.totp_used, &step);
    if (!*ret_right && call->house->ahead_seconds != 0) {
        /* An app on somebody's telephone does not follow a demo's clock; its steps say nothing about ours. */
        struct instant machine = instant_add(call->now, -call->house->ahead_seconds);
        *ret_right = totp_verify(row.totp_secret, end->ask->otp, machine, 0, &step);
        return RC_OK;
    }
    return *ret_right ? account_set_totp(tx, call->city->id, row.id, row.totp_secret, step) : RC_OK;
}

static enum rc run_end(struct tx *tx, struct call *call, const void *ask, void *outcome) {
    const struct open_end *end = ask;
    const struct account_row *row = &end->try->row;
    struct session_opened *opened = outcome;
    enum rc rc = RC_OK;
    if (row->totp_secret.p != NULL && end->ask->otp.n == 0) {
        opened->fault = SESSION_OTP_NEEDED;
        return pause_return(tx, call, &end->try->attempt, false);
    }
    bool right = true;
    if (row->totp_secret.p != NULL) {
        rc = code_judge(tx, call, end, &right);
    }
    if (rc == RC_OK && !right) {
        opened->fault = SESSION_WRONG; /* it was counted at the beginning */
        return RC_OK;
    }
    if (rc == RC_OK) {
        rc = pause_return(tx, call, &end->try->attempt, true);
    }
    if (rc == RC_OK && end->rehash.p != NULL) {
        rc = account_set_password(tx, call->city->id, row->id, end->rehash);
    }
    opened->fault = SESSION_FINE;
    opened->actor = caller_of(row->id, row->role, row->facility);
    int64_t seconds = opened->actor.role == ROLE_RESIDENT ? RESIDENT_SECONDS : STAFF_SECONDS;
    return rc == RC_OK ? session_make(tx, call, opened, end->ask->bearer, seconds) : rc;
}

enum rc session_open(struct call *call, const struct session_ask *ask, struct session_opened *ret_opened) {
    struct open_try try = {0};
    struct call_work counted = {run_try, ask, &try, sizeof try};
    enum rc rc = call_write_plain(call, &counted);
    if (rc != RC_OK) {
        return rc;
    }
    if (try.attempt.wait > 0) {
        *ret_opened = (struct session_opened){.fault = SESSION_WAIT, .retry_after = try.attempt.wait};
        return RC_OK;
    }
    struct text hash = try.known ? try.row.password : TEXT("");
    rc = password_verify(call->house->gate, hash, ask->password);
    if (rc == RC_NONE) {
        *ret_opened = (struct session_opened){.fault = SESSION_WRONG};
        return RC_OK;
    }
    struct open_end end = {.ask = ask, .try = &try};
    if (rc == RC_OK && password_needs_rehash(hash)) {
        rc = password_hash(call->house->gate, call->arena, ask->password, &end.rehash);
    }
    if (rc != RC_OK) {
        return rc;
    }
    struct call_work ended = {run_end, &end, ret_opened, sizeof *ret_opened};
    return call_write_plain(call, &ended);
}

struct issue_ask {
    struct account_id account;
    bool bearer;
    int64_t seconds;
};

static enum rc run_issue(struct tx *tx, struct call *call, const void *ask, void *outcome) {
    const struct issue_ask *given = ask;
    struct session_opened *opened = outcome;
    struct account_row row = {0};
    enum rc rc = account_by_id(tx, call->city->id, given->account, &row);
    if (rc != RC_OK) {
        return rc;
    }
    opened->actor = caller_of(row.id, row.role, row.facility);
    return session_make(tx, call, opened, given->bearer, given->seconds);
}

enum rc session_issue(struct call *call, struct account_id account, bool bearer, int64_t seconds,
                      struct session_opened *ret_opened) {
    struct issue_ask ask = {account, bearer, seconds};
    struct call_work work = {run_issue, &ask, ret_opened, sizeof *ret_opened};
    return call_write_plain(call, &work);
}

/* ---- finding ---- */

struct find_arg {
    struct city_id city;
    struct text hash;
    struct session_row row;
};

static enum rc find_run(struct tx *tx, void *arg) {
    struct find_arg *find = arg;
    return session_load(tx, find->city, find->hash, &find->row);
}

static enum rc run_touch(struct tx *tx, struct call *call, const void *ask, void *outcome) {
    (void)outcome;
    const struct text *hash = ask;
    return session_touch(tx, call->city->id, *hash, call->now);
}

static bool session_alive(const struct session_row *row, struct instant now, enum role role) {
    int64_t idle = role == ROLE_RESIDENT ? RESIDENT_IDLE_SECONDS : STAFF_IDLE_SECONDS;
    bool awake = text_is(row->kind, "bearer") || now.s < row->seen_at.s + idle;
    return awake && now.s < row->expires_at.s && text_is(row->account_state, "active");
}

bool session_recall(const struct call *call, struct text token, const struct version *version,
                    struct session *ret_session) {
    if (call->house->known == NULL || !token_wellformed(token)) {
        return false;
    }
    struct known_key key = {call->city->id, token_hash(call->arena, token)};
    return known_find(call->house->known, &key, version == NULL ? NULL : &version->whole, call->now,
                      call->arena, ret_session);
}

/* Until it must be marked as seen again, which needs the database anyway. */
static void remember(const struct call *call, const struct find_arg *find, struct instant seen_at,
                     const struct session *session) {
    struct instant until = instant_add(seen_at, TOUCH_SECONDS);
    until.s = until.s < find->row.expires_at.s ? until.s : find->row.expires_at.s;
    if (call->house->known != NULL && call->version != NULL) {
        struct known_key key = {call->city->id, find->hash};
        known_keep(call->house->known, &key, call->version->whole, until, session);
    }
}

/* When the session was seen last, at most a minute ago if it can be written. Programs' sessions do not end by idling:
 * nobody asks when theirs were seen, and each of their first requests would wait for a commit. */
static struct instant see(struct call *call, struct find_arg *find) {
    if (text_is(find->row.kind, "bearer")) {
        return call->now;
    }
    if (call->now.s < find->row.seen_at.s + TOUCH_SECONDS) {
        return find->row.seen_at;
    }
    int nothing = 0;
    struct call_work work = {run_touch, &find->hash, &nothing, sizeof nothing};
    if (call_write_plain(call, &work) == RC_OK) {
        return call->now;
    }
    /* Reading must work while writing cannot (disk full): the session just counts as idle a little longer. */
    call->fault = DB_FINE;
    return find->row.seen_at;
}

enum rc session_find(struct call *call, struct text token, struct session *ret_session) {
    if (!token_wellformed(token)) {
        return RC_NONE;
    }
    if (call->version != NULL && session_recall(call, token, call->version, ret_session)) {
        return RC_OK;
    }
    struct find_arg find = {.city = call->city->id, .hash = token_hash(call->arena, token)};
    enum rc rc = call_read(call, find_run, &find);
    if (rc != RC_OK) {
        return rc;
    }
    struct caller actor = caller_of(find.row.account, find.row.role, find.row.facility);
    if (!session_alive(&find.row, call->now, actor.role)) {
        return RC_NONE;
    }
    struct instant seen_at = see(call, &find);
    *ret_session = (struct session){.actor = actor,
                                    .name = find.row.name,
                                    .csrf = csrf_of(call, token),
                                    .facility_name = find.row.facility_name,
                                    .notices_unread = find.row.unread,
                                    .expires_at = find.row.expires_at,
                                    .rules_revision = find.row.rules_revision};
    remember(call, &find, seen_at, ret_session);
    return RC_OK;
}
