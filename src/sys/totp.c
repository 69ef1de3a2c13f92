#include "sys/totp.h"

#include <liboath/oath.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "sys/textkey.h"
#include "sys/token.h"

#define STEP_SECONDS 30
#define DIGITS 6
#define SECRET_CHARS_MAX 128

struct text totp_secret_of(struct arena *arena, const uint8_t bytes[TOTP_SECRET_BYTES]) {
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    char *p = arena_take(arena, TOTP_SECRET_BYTES * 8 / 5 + 1);
    for (size_t i = 0; i < TOTP_SECRET_BYTES * 8 / 5; i++) {
        size_t bit = i * 5;
        unsigned pair =
            (unsigned)bytes[bit / 8] << 8 | (bit / 8 + 1 < TOTP_SECRET_BYTES ? bytes[bit / 8 + 1] : 0);
        p[i] = alphabet[pair >> (11 - bit % 8) & 31];
    }
    return (struct text){p, TOTP_SECRET_BYTES * 8 / 5};
}

struct text totp_secret(struct arena *arena, const struct env *env) {
    uint8_t bytes[TOTP_SECRET_BYTES];
    env->random(env->ctx, bytes, sizeof bytes);
    return totp_secret_of(arena, bytes);
}

static void put_escaped(struct buf *buf, struct text t) {
    for (size_t i = 0; i < t.n; i++) {
        char c = t.p[i];
        bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                     memchr("-._~", c, 4) != NULL;
        if (plain) {
            buf_putc(buf, c);
        } else {
            buf_printf(buf, "%%%02X", (unsigned)(unsigned char)c);
        }
    }
}

struct text totp_uri(struct arena *arena, struct text issuer, struct text account, struct text secret) {
    struct buf buf;
    buf_init(&buf, arena);
    buf_putz(&buf, "otpauth://totp/");
    put_escaped(&buf, issuer);
    buf_putc(&buf, ':');
    put_escaped(&buf, account);
    buf_putz(&buf, "?secret=");
    put_escaped(&buf, secret);
    buf_putz(&buf, "&issuer=");
    put_escaped(&buf, issuer);
    buf_putz(&buf, "&algorithm=SHA1&digits=6&period=30");
    return buf_text(&buf);
}

/* The code of one 30-second step. */
static bool code_of(struct text secret, int64_t step, char ret_code[DIGITS + 1]) {
    char *raw = NULL;
    size_t raw_n = 0;
    if (secret.n == 0 || secret.n > SECRET_CHARS_MAX || step < 0 ||
        oath_base32_decode(secret.p, secret.n, &raw, &raw_n) != OATH_OK) {
        return false;
    }
    time_t at = (time_t)(step * STEP_SECONDS);
    int failed = oath_totp_generate(raw, raw_n, at, STEP_SECONDS, 0, DIGITS, ret_code);
    explicit_bzero(raw, raw_n);
    free(raw);
    return failed == OATH_OK;
}

struct text totp_code(struct arena *arena, struct text secret, struct instant at) {
    char code[DIGITS + 1] = "";
    return code_of(secret, at.s / STEP_SECONDS, code) ? text_copy(arena, text_of(code)) : TEXT("");
}

bool totp_verify(struct text secret, struct text code, struct instant now, int64_t last_step,
                 int64_t *ret_step) {
    struct arena arena;
    arena_init(&arena, 64 * 1024);
    struct text digits = TEXT("");
    int64_t found = -1;
    if (code.n <= 64 && textkey_digits(&arena, code, &digits) && digits.n == DIGITS) {
        int64_t here = now.s / STEP_SECONDS;
        for (int64_t step = here - 1; step <= here + 1; step++) {
            char right[DIGITS + 1] = "";
            if (step > last_step && code_of(secret, step, right) && token_eq(digits, text_of(right))) {
                found = step;
            }
        }
    }
    arena_release(&arena);
    if (found < 0) {
        return false;
    }
    *ret_step = found;
    return true;
}
