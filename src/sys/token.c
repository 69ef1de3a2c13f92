#include "sys/token.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

enum { TOKEN_BYTES = 32 };

struct text token_encode(struct arena *arena, struct text bytes) {
    size_t size = sodium_base64_ENCODED_LEN(bytes.n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *p = arena_take(arena, size);
    const unsigned char *from = (const unsigned char *)bytes.p;
    sodium_bin2base64(p, size, from, bytes.n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return (struct text){p, size - 1};
}

bool token_decode(struct arena *arena, struct text t, struct text *ret_bytes) {
    if (t.n == 0) {
        *ret_bytes = TEXT("");
        return true;
    }
    size_t size = t.n / 4 * 3 + 3;
    unsigned char *p = arena_take(arena, size + 1);
    size_t n = 0;
    int failed =
        sodium_base642bin(p, size, t.p, t.n, NULL, &n, NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    if (failed != 0) {
        return false;
    }
    *ret_bytes = (struct text){(const char *)p, n};
    return true;
}

struct text token_new(struct arena *arena, const struct env *env) {
    char bytes[TOKEN_BYTES];
    env->random(env->ctx, bytes, sizeof bytes);
    struct text t = token_encode(arena, (struct text){bytes, sizeof bytes});
    sodium_memzero(bytes, sizeof bytes);
    assert(t.n == TOKEN_CHARS);
    return t;
}

void tokens_new(struct arena *arena, const struct env *env, struct text *ret_tokens, size_t count) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    enum { BASE = 64, COUNTED = 3 };
    if (count == 0) {
        return;
    }
    assert(count <= (size_t)BASE * BASE * BASE);
    struct text first = token_new(arena, env);
    char *p = arena_take(arena, count * TOKEN_CHARS);
    for (size_t i = 0; i < count; i++, p += TOKEN_CHARS) {
        memcpy(p, first.p, TOKEN_CHARS - COUNTED);
        p[TOKEN_CHARS - 3] = digits[i / (BASE * BASE)];
        p[TOKEN_CHARS - 2] = digits[i / BASE % BASE];
        p[TOKEN_CHARS - 1] = digits[i % BASE];
        ret_tokens[i] = (struct text){p, TOKEN_CHARS};
    }
}

bool token_wellformed(struct text t) {
    bool ok = t.n == TOKEN_CHARS;
    for (size_t i = 0; ok && i < t.n; i++) {
        char c = t.p[i];
        ok = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
             c == '_';
    }
    return ok;
}

static struct text hex(struct arena *arena, const unsigned char *bytes, size_t n) {
    char *p = arena_take(arena, n * 2 + 1);
    sodium_bin2hex(p, n * 2 + 1, bytes, n);
    return (struct text){p, n * 2};
}

struct text token_hash(struct arena *arena, struct text t) {
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, (const unsigned char *)(t.n == 0 ? "" : t.p), t.n);
    return hex(arena, hash, sizeof hash);
}

bool token_eq(struct text a, struct text b) {
    return a.n == b.n && (a.n == 0 || sodium_memcmp(a.p, b.p, a.n) == 0);
}

void token_mac(struct text key, struct text message, uint8_t ret_mac[TOKEN_MAC_BYTES]) {
    _Static_assert(TOKEN_MAC_BYTES == crypto_auth_hmacsha256_BYTES, "size of the code");
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)(key.n == 0 ? "" : key.p), key.n);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)(message.n == 0 ? "" : message.p),
                                  message.n);
    crypto_auth_hmacsha256_final(&state, ret_mac);
}

struct text token_mac_hex(struct arena *arena, struct text key, struct text message) {
    uint8_t mac[TOKEN_MAC_BYTES];
    token_mac(key, message, mac);
    return hex(arena, mac, sizeof mac);
}
