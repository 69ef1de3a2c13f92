/* Secrets made by machines: session and link tokens, their hashes for the database, message authentication.
 * How long a token lives and what it opens is decided above. */
#ifndef SANGO_SYS_TOKEN_H
#define SANGO_SYS_TOKEN_H

#include "sys/env.h"

#define TOKEN_CHARS 43      /* of token_new */
#define TOKEN_HASH_CHARS 64 /* of token_hash */
#define TOKEN_MAC_BYTES 32

/* 256 random bits as base64url without padding: fits into URLs, cookies and headers. */
struct text token_new(struct arena *arena, const struct env *env);
/* Many of that shape, the price of one: who knows one knows the others, so for one person and no secrets (keys of forms). They
 * differ from each other in their last characters, at most 262,144 of them, and from all others by 240 random bits. */
void tokens_new(struct arena *arena, const struct env *env, struct text *ret_tokens, size_t count);
/* The shape of token_new; asked before hashing what a client sent. */
bool token_wellformed(struct text t);
/* SHA-256 in lower-case hex. Tables keep this and never the token. */
struct text token_hash(struct arena *arena, struct text t);
/* Equal, in a time that depends on the lengths only. */
bool token_eq(struct text a, struct text b);

/* HMAC-SHA-256 (RFC 2104) with a key of any length. */
void token_mac(struct text key, struct text message, uint8_t ret_mac[TOKEN_MAC_BYTES]);
struct text token_mac_hex(struct arena *arena, struct text key, struct text message);

/* base64url without padding (RFC 4648, section 5), and back; *ret_bytes is in `arena`. */
struct text token_encode(struct arena *arena, struct text bytes);
NODISCARD bool token_decode(struct arena *arena, struct text t, struct text *ret_bytes);

#endif
