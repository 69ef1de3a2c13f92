/* Headers are written here and nowhere else; each value is checked before it is put. */
#include "notify/mail.h"

#include <sodium.h>
#include <string.h>

#include "base/buf.h"
#include "sys/textkey.h"

enum {
    ID_MAX = 200,
    NAME_MAX_BYTES = 200,
    SUBJECT_MAX = 500,
    BODY_MAX = 256 * 1024,
    WORD_BYTES = 39, /* 52 characters of base64: "Subject: =?UTF-8?B?…?=" stays under 76 (RFC 2047, 2) */
    LINE_BYTES = 57  /* 76 characters of base64 (RFC 2045, 6.8) */
};

bool mail_address(struct arena *arena, struct text address, struct text *ret_wire) {
    struct text plain = TEXT("");
    if (!textkey_email(arena, address, &plain) || !text_eq(plain, address)) {
        return false;
    }
    size_t at = text_index(plain, '@');
    struct text local = text_part(plain, 0, at);
    bool dot_atom = local.p[local.n - 1] != '.' && !text_has(local, TEXT(".."));
    *ret_wire =
        dot_atom ? plain
                 : text_printf(arena, "\"%.*s\"%.*s", TEXT_F(local), TEXT_F(text_part(plain, at, plain.n)));
    return true;
}

/* dot-atoms on both sides of one @ */
static bool id_ok(struct text id) {
    size_t at = text_index(id, '@');
    if (id.n > ID_MAX || at == 0 || at + 1 >= id.n) {
        return false;
    }
    for (size_t i = 0; i < id.n; i++) {
        char c = id.p[i];
        bool alnum = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!alnum && i != at && (c == '\0' || strchr(".-_+=", c) == NULL)) {
            return false;
        }
    }
    return true;
}

static bool header_ok(struct text t, size_t max) {
    return t.n <= max && text_utf8_ok(t) && text_printable(t, false);
}

static void put_base64(struct buf *buf, struct text bytes) {
    char room[sodium_base64_ENCODED_LEN(LINE_BYTES, sodium_base64_VARIANT_ORIGINAL)];
    sodium_bin2base64(room, sizeof room, (const unsigned char *)bytes.p, bytes.n,
                      sodium_base64_VARIANT_ORIGINAL);
    buf_putz(buf, room);
}

/* As it is when that is safe, else as encoded words cut between characters. */
static void put_words(struct buf *buf, struct text t, const char *safe_signs) {
    bool plain = t.n <= 60;
    for (size_t i = 0; i < t.n; i++) {
        char c = t.p[i];
        bool alnum = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        plain = plain && (alnum || (c != '\0' && strchr(safe_signs, c) != NULL));
    }
    if (plain) {
        buf_put(buf, t);
        return;
    }
    for (size_t from = 0; from < t.n;) {
        size_t to = from + WORD_BYTES < t.n ? from + WORD_BYTES : t.n;
        while (to < t.n && ((unsigned char)t.p[to] & 0xc0) == 0x80) {
            to--;
        }
        buf_putz(buf, from == 0 ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?");
        put_base64(buf, text_part(t, from, to));
        buf_putz(buf, "?=");
        from = to;
    }
}

static void put_date(struct buf *buf, struct instant at) {
    static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct day day = instant_day(at);
    struct ymd ymd = day_ymd(day);
    int32_t minute = instant_minute(at);
    int second = (int)(at.s - day_at(day, minute).s);
    buf_printf(buf, "Date: %s, %d %s %04d %02d:%02d:%02d +0900\r\n", days[day_weekday(day)], ymd.day,
               months[ymd.month - 1], ymd.year, minute / 60, minute % 60, second);
}

/* The body with CRLF at the ends of lines; false for a CR on its own. */
static bool canonical(struct arena *arena, struct text body, struct text *ret_lines) {
    struct buf buf;
    buf_init(&buf, arena);
    for (size_t i = 0; i < body.n; i++) {
        char c = body.p[i];
        if (c == '\r' && (i + 1 == body.n || body.p[i + 1] != '\n')) {
            return false;
        }
        if (c == '\n' && (i == 0 || body.p[i - 1] != '\r')) {
            buf_putc(&buf, '\r');
        }
        buf_putc(&buf, c);
    }
    *ret_lines = buf_text(&buf);
    return true;
}

bool mail_build(struct arena *arena, const struct message *message, struct text *ret_bytes) {
    struct text from = TEXT("");
    struct text to = TEXT("");
    struct text body = TEXT("");
    bool ok = mail_address(arena, message->from, &from) && mail_address(arena, message->to, &to) &&
              id_ok(message->id) && header_ok(message->from_name, NAME_MAX_BYTES) &&
              header_ok(message->subject, SUBJECT_MAX) && message->body.n <= BODY_MAX &&
              text_utf8_ok(message->body) && text_printable(message->body, true) &&
              canonical(arena, message->body, &body);
    if (!ok) {
        return false;
    }
    struct buf buf;
    buf_init(&buf, arena);
    put_date(&buf, message->date);
    buf_putz(&buf, "From: ");
    if (message->from_name.n > 0) {
        put_words(&buf, message->from_name, " -");
        buf_putz(&buf, "\r\n ");
    }
    buf_printf(&buf, "<%.*s>\r\nTo: <%.*s>\r\nMessage-ID: <%.*s>\r\nSubject: ", TEXT_F(from), TEXT_F(to),
               TEXT_F(message->id));
    put_words(&buf, message->subject, " -.,:;!'()/");
    buf_putz(&buf, "\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n"
                   "Content-Transfer-Encoding: base64\r\nAuto-Submitted: auto-generated\r\n\r\n");
    for (size_t i = 0; i < body.n; i += LINE_BYTES) {
        put_base64(&buf, text_part(body, i, i + LINE_BYTES));
        buf_putz(&buf, "\r\n");
    }
    *ret_bytes = buf_text(&buf);
    return true;
}
