/* One-time codes of authenticator apps (RFC 6238: SHA-1, 30 seconds, 6 digits) by liboath. */
#ifndef SANGO_SYS_TOTP_H
#define SANGO_SYS_TOTP_H

#include "sys/env.h"

enum { TOTP_SECRET_BYTES = 20 };
/* 160 bits in base 32, 32 characters without padding: random ones, or given ones that nobody can guess. */
struct text totp_secret(struct arena *arena, const struct env *env);
struct text totp_secret_of(struct arena *arena, const uint8_t bytes[TOTP_SECRET_BYTES]);
/* otpauth://totp/ISSUER:ACCOUNT?secret=…&issuer=… for the QR code. */
struct text totp_uri(struct arena *arena, struct text issuer, struct text account, struct text secret);
/* The code at an instant; empty when the secret is not base 32. For enrolment tests and the demo. */
struct text totp_code(struct arena *arena, struct text secret, struct instant at);
/* Is `code` right now, one step earlier or one later, and of a step after `last_step` (0: none used yet)?
 * Full-width digits and spaces are taken. When true the caller stores *ret_step with the account, in the same
 * transaction as the log-in: that makes each code good once (RFC 6238, section 5.2). */
NODISCARD bool totp_verify(struct text secret, struct text code, struct instant now, int64_t last_step,
                           int64_t *ret_step);

#endif
