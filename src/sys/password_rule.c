/* Which passwords may be set (contract in sys/password.h). Twelve characters keep most of the usual lists out; what is
 * left of them are favourite words stretched with digits, repeated pieces and runs over the keyboard. */
#include "sys/password.h"

#include <ctype.h>
#include <string.h>

/* Favourites, in lower case, without the digits and signs around them. */
static const char *const worst[] = {
    "password",
    "passw0rd",
    "p@ssword",
    "p@ssw0rd",
    "pass",
    "passwd",
    "pasuwado",
    "pasuwa-do",
    "qwerty",
    "qwertyuiop",
    "qwertyuiopasdf",
    "qwertyasdfgh",
    "asdfgh",
    "asdfghjkl",
    "asdfghjklzxcvbnm",
    "zxcvbnm",
    "qazwsx",
    "qazwsxedc",
    "qazwsxedcrfv",
    "1qaz2wsx",
    "1q2w3e4r5t6y",
    "1q2w3e4r5t",
    "1qaz2wsx3edc",
    "zaq12wsx",
    "abc",
    "abcdef",
    "abcdefg",
    "admin",
    "administrator",
    "root",
    "user",
    "guest",
    "welcome",
    "letmein",
    "login",
    "master",
    "monkey",
    "dragon",
    "sunshine",
    "princess",
    "football",
    "baseball",
    "superman",
    "batman",
    "pokemon",
    "iloveyou",
    "trustno",
    "whatever",
    "changeme",
    "secret",
    "test",
    "testtest",
    "sakura",
    "sakurasaku",
    "doraemon",
    "pikachu",
    "naruto",
    "onepiece",
    "totoro",
    "kitty",
    "hellokitty",
    "snoopy",
    "disney",
    "arashi",
    "takahiro",
    "kenji",
    "takeshi",
    "makoto",
    "hiroshi",
    "momotaro",
    "nihon",
    "nippon",
    "japan",
    "tokyo",
    "osaka",
    "kyoto",
    "hirakata",
    "sango",
    "sangocare",
    "sangokea",
    "ikuji",
    "akachan",
    "mama",
    "himitsu",
    "aishiteru",
    "daisuki",
    "arigatou",
    "arigatougozaimasu",
    "konnichiwa",
    "ohayou",
    "watashi",
    "kazoku",
    "anpanman",
    "yoroshiku",
    "yoroshikuonegaishimasu",
    "nandemonai",
    "aiueo",
    "aiueokakikukeko",
    "iroha",
    "パスワード",
    "ぱすわーど",
    "あいうえお",
    "あいうえおかきくけこ",
    "あいうえおかきくけこさしすせそ",
    "あかさたなはまやらわ",
    "いろはにほへと",
    "いろはにほへとちりぬるを",
    "さくら",
    "ありがとう",
    "ありがとうございます",
    "よろしくおねがいします",
    "あいしてる",
    "だいすき",
    "産後ケア",
    "枚方市",
    "わたしのぱすわーど",
    "なんでもいい",
    "暗証番号",
    "合言葉",
};

/* The piece that the text repeats over and over; the text itself when there is none. */
static struct text period(struct text t) {
    for (size_t p = 1; p <= t.n / 2; p++) {
        if (t.n % p == 0 && memcmp(t.p, t.p + p, t.n - p) == 0) {
            return text_part(t, 0, p);
        }
    }
    return t;
}

static bool is_padding(char c) {
    return isascii((unsigned char)c) && !isalpha((unsigned char)c);
}

/* Without ASCII digits and signs at both ends. */
static struct text stem(struct text t) {
    while (t.n > 0 && is_padding(t.p[0])) {
        t = text_part(t, 1, t.n);
    }
    while (t.n > 0 && is_padding(t.p[t.n - 1])) {
        t.n--;
    }
    return t;
}

/* 123456789012, abcdefghijkl, 987654321098 */
static bool is_run(struct text t) {
    bool up = true;
    bool down = true;
    for (size_t i = 1; i < t.n; i++) {
        int step = t.p[i] - t.p[i - 1];
        up = up && (step == 1 || (t.p[i] == '0' && t.p[i - 1] == '9'));
        down = down && (step == -1 || (t.p[i] == '9' && t.p[i - 1] == '0'));
    }
    return up || down;
}

static bool is_common(struct text lower) {
    struct text piece = period(lower);
    if ((piece.n < lower.n && text_chars(piece) < 6) || is_run(lower)) {
        return true;
    }
    struct text candidates[] = {lower, piece, stem(lower), period(stem(lower)), stem(piece)};
    for (size_t c = 0; c < COUNT(candidates); c++) {
        for (size_t i = 0; i < COUNT(worst); i++) {
            if (text_is(candidates[c], worst[i])) {
                return true;
            }
        }
    }
    return false;
}

static bool is_email(struct text lower, struct text email) {
    struct text local = text_part(email, 0, text_index(email, '@'));
    struct text name = stem(local);
    return text_eq(lower, email) || text_eq(lower, local) ||
           (name.n > 0 && text_eq(stem(period(lower)), name)) || (name.n > 0 && text_eq(stem(lower), name));
}

/* Lower-case copy on the caller's stack: nothing of a password stays in an arena. */
static struct text lowered(char *room, size_t size, struct text t) {
    size_t n = t.n < size ? t.n : size;
    for (size_t i = 0; i < n; i++) {
        room[i] = (char)tolower((unsigned char)t.p[i]);
    }
    return (struct text){room, n};
}

bool password_acceptable(struct text password, struct text email, enum password_fault *ret_fault) {
    char password_room[PASSWORD_MAX * 4];
    char email_room[256];
    struct text address = lowered(email_room, sizeof email_room, email);
    enum password_fault fault = PASSWORD_FAULT__MAX;
    if (!text_utf8_ok(password) || !text_printable(password, false)) {
        fault = PASSWORD_BYTES;
    } else if (text_chars(password) > PASSWORD_MAX) {
        fault = PASSWORD_LONG;
    } else if (text_chars(password) < PASSWORD_MIN) {
        fault = PASSWORD_SHORT;
    } else {
        struct text lower = lowered(password_room, sizeof password_room, password);
        if (is_common(lower)) {
            fault = PASSWORD_COMMON;
        } else if (address.n > 0 && is_email(lower, address)) {
            fault = PASSWORD_EMAIL;
        }
    }
    explicit_bzero(password_room, sizeof password_room);
    if (fault != PASSWORD_FAULT__MAX) {
        *ret_fault = fault;
    }
    return fault == PASSWORD_FAULT__MAX;
}
