/* Passwords: argon2id by libsodium (19 MiB, 2 passes, as OWASP's cheat sheet asks), never more than a few at once, so
 * that a storm of log-ins cannot take the machine's memory. Who logs in, and what follows, is decided above. */
#ifndef SANGO_SYS_PASSWORD_H
#define SANGO_SYS_PASSWORD_H

#include <pthread.h>

#include "base/text.h"

/* Bounds the hashing of the whole process: make one, pass it to everybody. */
struct password_gate {
    pthread_mutex_t lock;
    pthread_cond_t freed;
    int slots;       /* hashes at once */
    int waiting_max; /* callers that may wait for a slot */
    int running;
    int waiting;
    uint64_t done;   /* hashes computed since init: every way through a log-in costs the same number */
    char dummy[128]; /* a hash of nothing anybody knows */
};

/* 2 slots suit every machine: each takes 19 MiB and about 20 ms. */
void password_gate_init(struct password_gate *gate, int slots, int waiting_max);
void password_gate_release(struct password_gate *gate);

/* "$argon2id$v=19$m=19456,t=2,p=1$…", with its own salt. RC_RACE: too many are waiting, answer 503;
 * RC_FAULT: no memory. */
NODISCARD enum rc password_hash(struct password_gate *gate, struct arena *arena, struct text password,
                                struct text *ret_hash);
/* RC_OK: it matches; RC_NONE: it does not; RC_RACE: too many are waiting, answer 503.
 * An empty `hash` (unknown account, no password set) is RC_NONE after the same work. */
NODISCARD enum rc password_verify(struct password_gate *gate, struct text hash, struct text password);
/* The hash was made with other parameters than today's: hash again after a successful log-in. */
bool password_needs_rehash(struct text hash);

enum password_fault {
    PASSWORD_SHORT,  /* fewer than PASSWORD_MIN code points */
    PASSWORD_LONG,   /* more than PASSWORD_MAX code points */
    PASSWORD_BYTES,  /* not UTF-8, or control characters */
    PASSWORD_COMMON, /* on the list of the worst, or one short piece over and over, or a plain run */
    PASSWORD_EMAIL,  /* the e-mail address, its local part, or the one with digits behind */
    PASSWORD_FAULT__MAX
};
#define PASSWORD_MIN 12
#define PASSWORD_MAX 256

/* May this password be set? No rules of composition (NIST SP 800-63B 5.1.1.2, ASVS 6.2); the bytes are hashed as
 * typed. `email` may be empty. When false, *ret_fault says why. */
NODISCARD bool password_acceptable(struct text password, struct text email, enum password_fault *ret_fault);

#endif
