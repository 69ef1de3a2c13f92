/* Staff accounts, made and disabled by the city, and ready accounts for the demo, imports and tests. */
#include "service/account_own.h"
#include "service/link.h"
#include "store/session.h"
#include "sys/password.h"
#include "sys/textkey.h"
#include "sys/totp.h"

enum { INVITE_SECONDS = 7 * 24 * 3600 };

static enum rc run_staff_add(struct tx *tx, struct call *call, const void *ask, void *outcome) {
    const struct account_row *row = ask;
    enum account_fault *fault = outcome;
    bool added = false;
    enum rc rc = account_insert(tx, call->city->id, row, call->now, &added);
    if (rc != RC_OK) {
        return rc;
    }
    if (!added) {
        *fault = ACCOUNT_LOGIN_TAKEN;
        return RC_OK;
    }
    struct link_ask link = {row->id, LINK_RESET, "account-invite", INVITE_SECONDS};
    rc = link_send(tx, call, &link);
    return rc == RC_OK ? account_audit(tx, call, "account.staff-add", row->id) : rc;
}

enum rc account_staff_add(struct call *call, const struct staff_new *new, enum account_fault *ret_fault,
                          struct staff_made *ret_made) {
    struct text email = {0};
    if (call->actor.role != ROLE_CITY_ADMIN || !role_is_staff(new->role)) {
        return RC_NONE;
    }
    if (!textkey_email(call->arena, new->email, &email)) {
        *ret_fault = ACCOUNT_EMAIL;
        return RC_OK;
    }
    if (!account_name_fine(new->name)) {
        *ret_fault = ACCOUNT_NAME;
        return RC_OK;
    }
    struct account_row row = {.id = {env_id(call->house->env)},
                              .role = text_of(role_code(new->role)),
                              .login = email,
                              .name = new->name,
                              .totp_secret = totp_secret(call->arena, call->house->env),
                              .facility =
                                  new->role == ROLE_FACILITY ? new->facility : (struct facility_id){0},
                              .state = TEXT("active")};
    struct call_work work = {run_staff_add, &row, ret_fault, sizeof *ret_fault};
    enum rc rc = call_write_plain(call, &work);
    if (rc == RC_OK && *ret_fault == ACCOUNT_FINE) {
        *ret_made = (struct staff_made){row.id, row.totp_secret,
                                        totp_uri(call->arena, call->city->name, email, row.totp_secret)};
    }
    return rc;
}

struct disable_ask {
    struct account_id id;
    bool disabled;
};

static enum rc run_disable(struct tx *tx, struct call *call, const void *ask, void *outcome) {
    (void)outcome;
    const struct disable_ask *given = ask;
    struct account_row row = {0};
    enum rc rc = account_lock(tx, call->city->id, given->id, &row);
    if (rc != RC_OK) {
        return rc;
    }
    if (text_is(row.state, "unconfirmed")) {
        return RC_NONE;
    }
    rc = account_set_state(tx, call->city->id, row.id, given->disabled ? TEXT("disabled") : TEXT("active"));
    if (rc == RC_OK && given->disabled) {
        rc = session_delete_all(tx, call->city->id, row.id);
    }
    return rc == RC_OK
               ? account_audit(tx, call, given->disabled ? "account.disable" : "account.enable", row.id)
               : rc;
}

enum rc account_disable(struct call *call, struct account_id id, bool disabled) {
    if (call->actor.role != ROLE_CITY_ADMIN || id.n == call->actor.account.n) {
        return RC_NONE;
    }
    struct disable_ask ask = {id, disabled};
    int nothing = 0;
    struct call_work work = {run_disable, &ask, &nothing, sizeof nothing};
    return call_write(call, &work);
}

struct renew_ask {
    struct account_id id;
    struct text secret; /* for staff */
};

static enum rc run_renew(struct tx *tx, struct call *call, const void *ask, void *outcome) {
    const struct renew_ask *given = ask;
    struct staff_made *made = outcome;
    struct account_row row = {0};
    enum rc rc = account_lock(tx, call->city->id, given->id, &row);
    if (rc != RC_OK) {
        return rc;
    }
    bool staff = !text_is(row.role, "resident");
    made->id = row.id;
    made->totp_secret = staff ? given->secret : (struct text){0};
    made->totp_uri =
        staff ? totp_uri(call->arena, call->city->name, row.login, given->secret) : (struct text){0};
    rc = account_set_totp(tx, call->city->id, row.id, made->totp_secret, 0);
    if (rc == RC_OK) {
        rc = session_delete_all(tx, call->city->id, row.id);
    }
    struct text change = id_format(call->arena, env_id(call->house->env));
    struct notice_new notice = {.to = row.id,
                                .kind = staff ? "account-totp-renewed" : "account-totp-off",
                                .cause = text_printf(call->arena, "account:totp:%.*s", TEXT_F(change)),
                                .path = TEXT("/account")};
    if (rc == RC_OK) {
        rc = notice_add(tx, call, &notice);
    }
    return rc == RC_OK ? account_audit(tx, call, "account.totp-renew", row.id) : rc;
}

enum rc account_totp_renew(struct call *call, struct account_id id, struct staff_made *ret_made) {
    if (call->actor.role != ROLE_CITY_ADMIN || id.n == call->actor.account.n) {
        return RC_NONE;
    }
    struct renew_ask ask = {id, totp_secret(call->arena, call->house->env)};
    struct call_work work = {run_renew, &ask, ret_made, sizeof *ret_made};
    return call_write_plain(call, &work);
}

static enum rc run_seed(struct tx *tx, struct call *call, const void *ask, void *outcome) {
    (void)outcome;
    bool added = false;
    enum rc rc = account_insert(tx, call->city->id, ask, call->now, &added);
    return rc == RC_OK && !added ? RC_RACE : rc;
}

enum rc account_seed(struct call *call, const struct account_seed *seed, struct account_id *ret_id) {
    struct text email = {0};
    struct text hash = seed->hash;
    if (!textkey_email(call->arena, seed->email, &email)) {
        return RC_NONE;
    }
    enum rc rc = hash.n > 0 ? RC_OK : password_hash(call->house->gate, call->arena, seed->password, &hash);
    if (rc != RC_OK) {
        return rc;
    }
    struct account_row row = {.id = {env_id(call->house->env)},
                              .role = text_of(role_code(seed->role)),
                              .login = email,
                              .name = seed->name,
                              .password = hash,
                              .totp_secret = seed->totp_secret.n == 0 ? (struct text){0} : seed->totp_secret,
                              .facility = seed->facility,
                              .state = TEXT("active")};
    int nothing = 0;
    struct call_work work = {run_seed, &row, &nothing, sizeof nothing};
    rc = call_write_plain(call, &work);
    if (rc == RC_OK) {
        *ret_id = row.id;
    }
    return rc;
}
