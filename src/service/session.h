/* Sessions: opening with password and code, finding by token, closing here or everywhere.
 * Tokens are 256 random bits; the database keeps their hashes. Idle limits: residents 24 h, staff 60 min; absolute:
 * residents 30 days, staff 12 h; bearer tokens, which programs hold, know the absolute limit only. A failed try costs
 * the account and the address a growing pause (1 s, 2 s, 4 s … 15 min), never a lock-out: a pause only delays, and a
 * correct password after it always works. */
#ifndef SANGO_SERVICE_SESSION_H
#define SANGO_SERVICE_SESSION_H

#include "service/call.h"

struct session_ask {
    struct text login;
    struct text password;
    struct text otp;  /* empty when not given */
    struct text peer; /* address of the client */
    bool bearer;
};
enum session_fault {
    SESSION_FINE,
    SESSION_WRONG,      /* unknown, unconfirmed, disabled, wrong password or wrong code: one answer for all */
    SESSION_OTP_NEEDED, /* the password is right; the code is missing */
    SESSION_WAIT,       /* too many failed tries; *ret_retry_after says seconds */
    SESSION_FAULT__MAX
};
struct session_opened {
    enum session_fault fault;
    int64_t retry_after;
    struct text token;
    struct text csrf; /* as in struct session */
    struct instant expires_at;
    struct caller actor;
};
/* Counts the try before judging it. call->idem is not looked at: a token is never kept for repeating. RC_RACE: too many
 * passwords are being hashed, answer 503. */
NODISCARD enum rc session_open(struct call *call, const struct session_ask *ask,
                               struct session_opened *ret_opened);

/* For the demo and tests: a session without asking for anything, alive for `seconds`. */
NODISCARD enum rc session_issue(struct call *call, struct account_id account, bool bearer, int64_t seconds,
                                struct session_opened *ret_opened);

struct session {
    struct caller actor;
    struct text name;          /* for the page's head */
    struct text csrf;          /* HMAC of the token: form token of this session */
    struct text facility_name; /* for facility staff */
    int64_t notices_unread;    /* a resident's; staff have many and no page of them */
    struct instant expires_at;
    int64_t rules_revision; /* of the city, as of now */
};
/* RC_NONE: no such session, idle or absolute limit over, account disabled. Renews `seen_at` at most once a minute. With
 * call->version what is remembered may answer (service/known.h). */
NODISCARD enum rc session_find(struct call *call, struct text token, struct session *ret_session);
/* What is remembered of it at that version of the city, or at whatever version (NULL). Reads nothing. */
NODISCARD bool session_recall(const struct call *call, struct text token, const struct version *version,
                              struct session *ret_session);
NODISCARD enum rc session_close(struct call *call, struct text token);
NODISCARD enum rc session_close_all(struct call *call); /* of the actor's account */
/* Jobs: drops sessions, links, back-off rows and idempotency keys (24 h) that are past. */
NODISCARD enum rc session_sweep(struct call *call, int64_t *ret_dropped);

#endif
