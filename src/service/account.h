/* Accounts: residents register themselves and confirm by a link; staff are made by the city. The public answers are the
 * same, and take the same time, whether or not an address is known. */
#ifndef SANGO_SERVICE_ACCOUNT_H
#define SANGO_SERVICE_ACCOUNT_H

#include "service/call.h"

struct account_new {
    struct text email; /* as typed; normalised here */
    struct text password;
    struct text name;
};
enum account_fault {
    ACCOUNT_FINE,
    ACCOUNT_EMAIL,          /* not an address */
    ACCOUNT_PASSWORD_WEAK,  /* sys/password says why */
    ACCOUNT_LINK,           /* link unknown, used or too old */
    ACCOUNT_PASSWORD_WRONG, /* the present password does not match */
    ACCOUNT_OTP,            /* the code does not match */
    ACCOUNT_LOGIN_TAKEN,    /* only told to city admins */
    ACCOUNT_NAME,           /* empty, too long, or control characters */
    ACCOUNT_WAIT,           /* too many wrong passwords: try again later */
    ACCOUNT_FAULT__MAX
};

/* Makes an unconfirmed account and mails a link (24 h); a known address gets a mail that says so instead. Asked again
 * before the link was opened, the newer name and password count and the older link ends. RC_RACE: too many passwords
 * are being hashed, answer 503. Links lead to /account/confirm?token= and /account/reset?token=; opening the page uses
 * nothing up, posting its form does. */
NODISCARD enum rc account_register(struct call *call, const struct account_new *new,
                                   enum account_fault *ret_fault);
NODISCARD enum rc account_confirm(struct call *call, struct text token, enum account_fault *ret_fault);

/* Mails a link (1 h) if the address has an active account; says nothing either way. */
NODISCARD enum rc account_reset_ask(struct call *call, struct text email);
/* Sets the password, ends every session of the account. Staff still need their code afterwards. */
NODISCARD enum rc account_reset(struct call *call, struct text token, struct text password,
                                enum account_fault *ret_fault);
NODISCARD enum rc account_password_change(struct call *call, struct text old_password,
                                          struct text new_password, enum account_fault *ret_fault);

/* Two-step sign-in for residents: begin gives a secret (base 32), the same for an hour (docs/adr/0218); confirm stores it if the
 * code fits.
 * RC_NONE: it is set already; it is removed first, with the password. */
NODISCARD enum rc account_totp_begin(struct call *call, struct text *ret_secret, struct text *ret_uri);
NODISCARD enum rc account_totp_confirm(struct call *call, struct text secret, struct text code,
                                       enum account_fault *ret_fault);
NODISCARD enum rc account_totp_remove(struct call *call, struct text password, enum account_fault *ret_fault);

/* City admin (anybody else: RC_NONE). The TOTP secret is shown once; the password is set by the person through a link
 * that is mailed at once (7 days). Secrets are never kept for an idempotency key: call->idem is not looked at. */
struct staff_new {
    enum role role;
    struct text email;
    struct text name;
    struct facility_id facility; /* for facility staff */
};
struct staff_made {
    struct account_id id;
    struct text totp_secret;
    struct text totp_uri;
};
NODISCARD enum rc account_staff_add(struct call *call, const struct staff_new *new,
                                    enum account_fault *ret_fault, struct staff_made *ret_made);
/* For who lost the device, by the city admin after making sure who is asking: staff get a new secret, shown once;
 * residents sign in with the password alone again. Ends the account's sessions and tells the person. RC_NONE: not
 * there, or the actor's own. */
NODISCARD enum rc account_totp_renew(struct call *call, struct account_id id, struct staff_made *ret_made);
/* RC_NONE: not there, or the actor's own. Ends the account's sessions. */
NODISCARD enum rc account_disable(struct call *call, struct account_id id, bool disabled);

/* For the demo, imports and tests: an active account at once, with a given password and TOTP secret (may be empty for
 * residents). RC_RACE: the login is taken. */
struct account_seed {
    enum role role;
    struct text email;
    struct text name;
    struct text password;
    struct text hash; /* instead of the password, when it is hashed already; else empty */
    struct text totp_secret;
    struct facility_id facility;
};
NODISCARD enum rc account_seed(struct call *call, const struct account_seed *seed, struct account_id *ret_id);

#endif
