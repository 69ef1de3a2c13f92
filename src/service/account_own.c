/* What the signed-in person does after showing her password again: a new password, two-step sign-in. */
#include "service/account_own.h"

#include "service/pause.h"
#include "sys/password.h"
#include "sys/token.h"
#include "sys/totp.h"

/* ---- showing the password again ---- */

static enum rc run_own_try(struct tx *tx, struct call *call, const void *ask, void *outcome) {
    struct pause_try *attempt = outcome;
    const struct account_row *row = ask;
    pause_watch(attempt, call, PAUSE_LOGIN, row->login);
    return pause_count(tx, call, attempt);
}

static enum rc run_own_return(struct tx *tx, struct call *call, const void *ask, void *outcome) {
    (void)outcome;
    return pause_return(tx, call, ask, true);
}

struct own_load {
    const struct call *call;
    struct account_row row;
};

static enum rc own_load(struct tx *tx, void *arg) {
    struct own_load *load = arg;
    return account_by_id(tx, load->call->city->id, load->call->actor.account, &load->row);
}

enum rc account_own_check(struct call *call, struct text password, struct account_row *ret_row,
                          enum account_fault *ret_fault) {
    struct own_load load = {.call = call};
    enum rc rc = call_read(call, own_load, &load);
    if (rc != RC_OK) {
        return rc;
    }
    struct pause_try attempt = {0};
    struct call_work count = {run_own_try, &load.row, &attempt, sizeof attempt};
    rc = call_write_plain(call, &count);
    if (rc != RC_OK) {
        return rc;
    }
    if (attempt.wait > 0) {
        *ret_fault = ACCOUNT_WAIT;
        return RC_OK;
    }
    rc = password_verify(call->house->gate, load.row.password, password);
    if (rc == RC_NONE) {
        *ret_fault = ACCOUNT_PASSWORD_WRONG;
        return RC_OK;
    }
    if (rc != RC_OK) {
        return rc;
    }
    int nothing = 0;
    struct call_work give_back = {run_own_return, &attempt, &nothing, sizeof nothing};
    *ret_row = load.row;
    *ret_fault = ACCOUNT_FINE;
    return call_write_plain(call, &give_back);
}

/* ---- a new password ---- */

static enum rc run_password_change(struct tx *tx, struct call *call, const void *ask, void *outcome) {
    (void)outcome;
    const struct text *hash = ask;
    return account_password_save(tx, call, call->actor.account, *hash);
}

enum rc account_password_change(struct call *call, struct text old_password, struct text new_password,
                                enum account_fault *ret_fault) {
    struct account_row row = {0};
    enum account_fault fault = ACCOUNT_FINE;
    enum password_fault why;
    enum rc rc = account_own_check(call, old_password, &row, &fault);
    if (rc != RC_OK || fault != ACCOUNT_FINE) {
        *ret_fault = fault;
        return rc;
    }
    if (!password_acceptable(new_password, row.login, &why)) {
        *ret_fault = ACCOUNT_PASSWORD_WEAK;
        return RC_OK;
    }
    struct text hash = {0};
    rc = password_hash(call->house->gate, call->arena, new_password, &hash);
    if (rc != RC_OK) {
        return rc;
    }
    struct call_work work = {run_password_change, &hash, ret_fault, sizeof *ret_fault};
    return call_write(call, &work);
}

/* ---- two-step sign-in ---- */

/* The same for an hour, wherever she asks, so that nothing is lost by going back or loading the page again; then another, for
 * whoever may have seen it meanwhile. Another as well once one was used, also after it was removed. */
static struct text secret_offered(const struct call *call, const struct account_row *row) {
    enum { HOUR_S = 3600 };
    uint8_t mac[TOKEN_MAC_BYTES];
    struct text message = text_printf(call->arena, "totp:%lld:%lld:%lld:%lld", (long long)call->city->id.n,
                                      (long long)call->actor.account.n, (long long)row->totp_used,
                                      (long long)(call->now.s / HOUR_S));
    token_mac(call->house->secret, message, mac);
    return totp_secret_of(call->arena, mac);
}

enum rc account_totp_begin(struct call *call, struct text *ret_secret, struct text *ret_uri) {
    struct own_load load = {.call = call};
    enum rc rc = call_read(call, own_load, &load);
    if (rc == RC_OK && load.row.totp_secret.p != NULL) {
        return RC_NONE;
    }
    if (rc == RC_OK) {
        *ret_secret = secret_offered(call, &load.row);
        *ret_uri = totp_uri(call->arena, call->city->name, load.row.login, *ret_secret);
    }
    return rc;
}

struct totp_set {
    struct text secret; /* {NULL, 0}: remove */
    struct text code;
};

static enum rc run_totp(struct tx *tx, struct call *call, const void *ask, void *outcome) {
    const struct totp_set *set = ask;
    enum account_fault *fault = outcome;
    struct account_row row = {0};
    enum rc rc = account_lock(tx, call->city->id, call->actor.account, &row);
    int64_t step = row.totp_used; /* stays when it is removed: the next secret is another */
    if (rc != RC_OK || (set->secret.p != NULL && row.totp_secret.p != NULL)) {
        return rc == RC_OK ? RC_NONE : rc;
    }
    if (set->secret.p != NULL && !totp_verify(set->secret, set->code, call->now, 0, &step)) {
        *fault = ACCOUNT_OTP;
        return RC_OK;
    }
    rc = account_set_totp(tx, call->city->id, call->actor.account, set->secret, step);
    if (rc != RC_OK) {
        return rc;
    }
    struct text change = id_format(call->arena, env_id(call->house->env));
    struct notice_new notice = {.to = call->actor.account,
                                .kind = set->secret.p == NULL ? "account-totp-off" : "account-totp-on",
                                .cause = text_printf(call->arena, "account:totp:%.*s", TEXT_F(change)),
                                .path = TEXT("/account")};
    rc = notice_add(tx, call, &notice);
    return rc == RC_OK
               ? account_audit(tx, call, set->secret.p == NULL ? "account.totp-off" : "account.totp-on",
                               call->actor.account)
               : rc;
}

enum rc account_totp_confirm(struct call *call, struct text secret, struct text code,
                             enum account_fault *ret_fault) {
    struct totp_set set = {secret.p == NULL ? TEXT("") : secret, code};
    struct call_work work = {run_totp, &set, ret_fault, sizeof *ret_fault};
    return call_write(call, &work);
}

enum rc account_totp_remove(struct call *call, struct text password, enum account_fault *ret_fault) {
    struct account_row row = {0};
    enum account_fault fault = ACCOUNT_FINE;
    enum rc rc = account_own_check(call, password, &row, &fault);
    if (rc != RC_OK || fault != ACCOUNT_FINE) {
        *ret_fault = fault;
        return rc;
    }
    if (!text_is(row.role, "resident")) {
        return RC_NONE; /* staff always sign in with a code; the table's CHECK says so too */
    }
    struct totp_set set = {0};
    struct call_work work = {run_totp, &set, ret_fault, sizeof *ret_fault};
    return call_write(call, &work);
}
