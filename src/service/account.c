/* What a person does with her own account: registering, confirming, setting and changing the password. Every public
 * way hashes once and writes once, whether or not the address is known. */
#include "service/account_own.h"
#include "service/link.h"
#include "service/pause.h"
#include "store/session.h"
#include "sys/password.h"
#include "sys/textkey.h"

enum { CONFIRM_SECONDS = 24 * 3600, RESET_SECONDS = 3600, NAME_CHARS_MAX = 100 };

bool account_name_fine(struct text name) {
    struct text trimmed = text_trim(name);
    return trimmed.n > 0 && text_utf8_ok(name) && text_printable(name, false) &&
           text_chars(name) <= NAME_CHARS_MAX;
}

enum rc account_audit(struct tx *tx, const struct call *call, const char *action, struct account_id id) {
    struct audit_entry entry = {.action = action, .object = "account", .object_id = id.n, .subject = id};
    return audit_add(tx, call, &entry);
}

/* ---- registering ---- */

struct register_ask {
    struct account_row row;
    struct pause_try *mails;
};

static enum rc greet_known(struct tx *tx, struct call *call, const struct account_row *known) {
    struct notice_new notice = {.to = known->id,
                                .kind = "account-known",
                                .cause =
                                    text_printf(call->arena, "account:known:%lld", (long long)call->now.s),
                                .path = TEXT("/login")};
    return notice_add(tx, call, &notice);
}

static enum rc register_again(struct tx *tx, struct call *call, const struct account_row *row) {
    struct account_row known = {0};
    enum rc rc = account_by_login(tx, call->city->id, row->login, &known);
    if (rc != RC_OK) {
        return rc == RC_NONE ? RC_RACE : rc;
    }
    if (!text_is(known.state, "unconfirmed")) {
        return text_is(known.state, "active") ? greet_known(tx, call, &known) : RC_OK;
    }
    struct link_ask link = {known.id, LINK_CONFIRM, "account-confirm", CONFIRM_SECONDS};
    rc = account_replace(tx, call->city->id, known.id, row->name, row->password);
    return rc == RC_OK ? link_send(tx, call, &link) : rc;
}

static enum rc run_register(struct tx *tx, struct call *call, const void *ask, void *outcome) {
    (void)outcome; /* the answer is the same for everybody */
    const struct register_ask *given = ask;
    enum rc rc = pause_count(tx, call, given->mails);
    if (rc != RC_OK || given->mails->wait > 0) {
        return rc;
    }
    bool added = false;
    rc = account_insert(tx, call->city->id, &given->row, call->now, &added);
    if (rc != RC_OK) {
        return rc;
    }
    if (!added) {
        return register_again(tx, call, &given->row);
    }
    struct link_ask link = {given->row.id, LINK_CONFIRM, "account-confirm", CONFIRM_SECONDS};
    rc = link_send(tx, call, &link);
    return rc == RC_OK ? account_audit(tx, call, "account.register", given->row.id) : rc;
}

enum rc account_register(struct call *call, const struct account_new *new, enum account_fault *ret_fault) {
    struct text email = {0};
    enum password_fault why;
    if (!textkey_email(call->arena, new->email, &email)) {
        *ret_fault = ACCOUNT_EMAIL;
        return RC_OK;
    }
    if (!account_name_fine(new->name)) {
        *ret_fault = ACCOUNT_NAME;
        return RC_OK;
    }
    if (!password_acceptable(new->password, email, &why)) {
        *ret_fault = ACCOUNT_PASSWORD_WEAK;
        return RC_OK;
    }
    struct text hash = {0};
    enum rc rc = password_hash(call->house->gate, call->arena, new->password, &hash);
    if (rc != RC_OK) {
        return rc;
    }
    struct pause_try mails = {0};
    pause_watch(&mails, call, PAUSE_MAIL, email);
    struct register_ask ask = {.row = {.id = {env_id(call->house->env)},
                                       .role = TEXT("resident"),
                                       .login = email,
                                       .name = new->name,
                                       .password = hash,
                                       .state = TEXT("unconfirmed")},
                               .mails = &mails};
    struct call_work work = {run_register, &ask, ret_fault, sizeof *ret_fault};
    return call_write(call, &work);
}

/* ---- confirming ---- */

static enum rc run_confirm(struct tx *tx, struct call *call, const void *ask, void *outcome) {
    enum account_fault *fault = outcome;
    const struct text *token = ask;
    struct account_id id = {0};
    enum rc rc = link_look(tx, call, *token, LINK_CONFIRM, &id);
    if (rc == RC_NONE) {
        *fault = ACCOUNT_LINK;
        return RC_OK;
    }
    if (rc == RC_OK) {
        rc = link_spend(tx, call, *token, LINK_CONFIRM);
    }
    if (rc == RC_OK) {
        rc = account_activate(tx, call->city->id, id, call->now);
    }
    return rc == RC_OK ? account_audit(tx, call, "account.confirm", id) : rc;
}

enum rc account_confirm(struct call *call, struct text token, enum account_fault *ret_fault) {
    struct call_work work = {run_confirm, &token, ret_fault, sizeof *ret_fault};
    return call_write(call, &work);
}

/* ---- forgotten passwords ---- */

struct reset_mail {
    struct text email;
    struct pause_try *mails;
};

static enum rc run_reset_ask(struct tx *tx, struct call *call, const void *ask, void *outcome) {
    (void)outcome;
    const struct reset_mail *given = ask;
    enum rc rc = pause_count(tx, call, given->mails);
    if (rc != RC_OK || given->mails->wait > 0) {
        return rc;
    }
    struct account_row row = {0};
    rc = account_by_login(tx, call->city->id, given->email, &row);
    if (rc == RC_NONE || (rc == RC_OK && !text_is(row.state, "active"))) {
        return RC_OK;
    }
    struct link_ask link = {row.id, LINK_RESET, "account-reset", RESET_SECONDS};
    return rc == RC_OK ? link_send(tx, call, &link) : rc;
}

enum rc account_reset_ask(struct call *call, struct text email) {
    struct reset_mail ask = {0};
    if (!textkey_email(call->arena, email, &ask.email)) {
        return RC_OK;
    }
    struct pause_try mails = {0};
    pause_watch(&mails, call, PAUSE_MAIL, ask.email);
    ask.mails = &mails;
    enum account_fault fault = ACCOUNT_FINE;
    struct call_work work = {run_reset_ask, &ask, &fault, sizeof fault};
    return call_write(call, &work);
}

struct reset_set {
    struct text token;
    struct text password;
    struct text hash;
};

enum rc account_password_save(struct tx *tx, const struct call *call, struct account_id id,
                              struct text hash) {
    enum rc rc = account_set_password(tx, call->city->id, id, hash);
    if (rc == RC_OK) {
        rc = session_delete_all(tx, call->city->id, id);
    }
    if (rc == RC_OK) {
        rc = link_void(tx, call->city->id, id, TEXT("reset"), call->now);
    }
    struct text change = id_format(call->arena, env_id(call->house->env));
    struct notice_new notice = {.to = id,
                                .kind = "account-password",
                                .cause = text_printf(call->arena, "account:password:%.*s", TEXT_F(change)),
                                .path = TEXT("/login")};
    if (rc == RC_OK) {
        rc = notice_add(tx, call, &notice);
    }
    return rc == RC_OK ? account_audit(tx, call, "account.password", id) : rc;
}

static enum rc run_reset(struct tx *tx, struct call *call, const void *ask, void *outcome) {
    enum account_fault *fault = outcome;
    const struct reset_set *set = ask;
    struct account_row row = {0};
    enum password_fault why;
    enum rc rc = link_look(tx, call, set->token, LINK_RESET, &row.id);
    if (rc == RC_OK) {
        rc = account_lock(tx, call->city->id, row.id, &row);
    }
    if (rc == RC_NONE || (rc == RC_OK && !text_is(row.state, "active"))) {
        *fault = ACCOUNT_LINK;
        return RC_OK;
    }
    if (rc == RC_OK && !password_acceptable(set->password, row.login, &why)) {
        *fault = ACCOUNT_PASSWORD_WEAK; /* the link stays good for another try */
        return RC_OK;
    }
    if (rc == RC_OK) {
        rc = link_spend(tx, call, set->token, LINK_RESET);
    }
    return rc == RC_OK ? account_password_save(tx, call, row.id, set->hash) : rc;
}

enum rc account_reset(struct call *call, struct text token, struct text password,
                      enum account_fault *ret_fault) {
    enum password_fault why;
    struct reset_set set = {.token = token, .password = password};
    if (!password_acceptable(password, TEXT(""), &why)) {
        *ret_fault = ACCOUNT_PASSWORD_WEAK;
        return RC_OK;
    }
    enum rc rc = password_hash(call->house->gate, call->arena, password, &set.hash);
    if (rc != RC_OK) {
        return rc;
    }
    struct call_work work = {run_reset, &set, ret_fault, sizeof *ret_fault};
    return call_write(call, &work);
}
