/* What compiled templates call: a page under construction and the ways a value may enter it. Which way is chosen
 * by the value's C type (here, at compile time) and by its place in the HTML (by tools/tmpl). A type without a way
 * is a compile error at the template's line. */
#ifndef SANGO_WEB_HTML_H
#define SANGO_WEB_HTML_H

#include "base/buf.h"
#include "base/date.h"
#include "base/id.h"
#include "base/num.h"

struct html {
    struct buf buf;
};

/* Text that is HTML already. Made only by html_done() and HTML_LITERAL, never from input. */
typedef struct html_safe {
    struct text t;
} html_t;

/* Where the city's pages begin: "" or "/c/hirakata". Written at the start of URLs: href="{{ f->base }}/bookings". */
struct link_base {
    struct text t;
};

#define HTML_LITERAL(literal) ((html_t){TEXT(literal)})

void html_init(struct html *out, struct arena *arena);
/* The finished piece; valid as long as the arena. */
html_t html_done(struct html *out);

static inline void html_literal(struct html *out, const char *p, size_t n) {
    buf_put(&out->buf, (struct text){p, n});
}

/* Every block sees `out` and the arena of the page, for day_short(arena, d) and the like. */
#define HTML_BLOCK(out) struct arena *arena __attribute__((unused)) = (out)->buf.arena;

/* Text and quoted attributes: & < > " ' become references. */
void html_put_text(struct html *out, struct text t);
void html_put_z(struct html *out, const char *z); /* NULL is empty */
void html_put_int(struct html *out, int64_t n);
void html_put_uint(struct html *out, uint64_t n);
void html_put_yen(struct html *out, struct yen yen);       /* 3,100 */
void html_put_day(struct html *out, struct day day);       /* 2026-11-22; DAY_NONE is empty */
void html_put_instant(struct html *out, struct instant t); /* RFC 3339; INSTANT_NONE is empty */
void html_put_id(struct html *out, int64_t id);            /* 13 characters; 0 is empty */
void html_put_safe(struct html *out, html_t safe);

/* A whole URL at the start of an attribute: our own paths, '?', '#', http:, https:, mailto:, tel: and otpauth://totp/
 * pass, anything else becomes "#". */
void html_url_text(struct html *out, struct text url);
void html_url_z(struct html *out, const char *url);
/* Empty stays empty; anything but a path of ours is a bug. */
void html_url_base(struct html *out, struct link_base base);

/* One component behind a URL's beginning: all but unreserved characters (RFC 3986) are percent-encoded. "." and ".."
 * and nothing between slashes could climb or leave the site; they become "%252E" and "-". */
void html_part_text(struct html *out, struct text t);
void html_part_z(struct html *out, const char *z);

#define HTML_ID_TYPES(X)                                                                                     \
    X(city_id)                                                                                               \
    X(account_id)                                                                                            \
    X(facility_id)                                                                                           \
    X(registration_id)                                                                                       \
    X(child_id)                                                                                              \
    X(booking_id)                                                                                            \
    X(wait_id)                                                                                               \
    X(offer_id)                                                                                              \
    X(notice_id)
#define HTML_ID_PUT(type)                                                                                    \
    static inline void html_put_##type(struct html *out, struct type id) {                                   \
        html_put_id(out, id.n);                                                                              \
    }
HTML_ID_TYPES(HTML_ID_PUT)
#undef HTML_ID_PUT

#define HTML_INTEGERS                                                                                        \
    signed char : html_put_int,                                                                              \
                  unsigned char : html_put_uint,                                                             \
                                  short : html_put_int,                                                      \
                                          unsigned short : html_put_uint,                                    \
                                                           int : html_put_int,                               \
                                                                 unsigned : html_put_uint,                   \
                                                                            long : html_put_int,             \
                                                                                   unsigned long             \
        : html_put_uint,                                                                                     \
          long long : html_put_int,                                                                          \
                      unsigned long long : html_put_uint
#define HTML_IDS                                                                                             \
    struct city_id : html_put_city_id,                                                                       \
                     struct account_id : html_put_account_id,                                                \
                                         struct facility_id : html_put_facility_id,                          \
                                                              struct registration_id                         \
        : html_put_registration_id,                                                                          \
          struct child_id : html_put_child_id,                                                               \
                            struct booking_id : html_put_booking_id,                                         \
                                                struct wait_id : html_put_wait_id,                           \
                                                                 struct offer_id : html_put_offer_id,        \
                                                                                   struct notice_id          \
        : html_put_notice_id

/* What tools/tmpl writes for {{ x }} in text, in a quoted attribute, as a URL, and inside a URL. Numbers, days and
 * ids consist of characters that need no escaping anywhere (an instant's '+' and ':' do, so it is no URL part). */
#define html_text(out, x)                                                                                    \
    _Generic((x), HTML_INTEGERS, HTML_IDS, struct text                                                       \
             : html_put_text, const char *                                                                   \
             : html_put_z, char *                                                                            \
             : html_put_z, struct yen                                                                        \
             : html_put_yen, struct day                                                                      \
             : html_put_day, struct instant                                                                  \
             : html_put_instant, html_t                                                                      \
             : html_put_safe)(out, x)
#define html_attribute(out, x)                                                                               \
    _Generic((x), HTML_INTEGERS, HTML_IDS, struct text                                                       \
             : html_put_text, const char *                                                                   \
             : html_put_z, char *                                                                            \
             : html_put_z, struct yen                                                                        \
             : html_put_yen, struct day                                                                      \
             : html_put_day, struct instant                                                                  \
             : html_put_instant)(out, x)
#define html_url(out, x)                                                                                     \
    _Generic((x), struct text                                                                                \
             : html_url_text, const char *                                                                   \
             : html_url_z, char *                                                                            \
             : html_url_z, struct link_base                                                                  \
             : html_url_base)(out, x)
#define html_url_part(out, x)                                                                                \
    _Generic((x), HTML_INTEGERS, HTML_IDS, struct text                                                       \
             : html_part_text, const char *                                                                  \
             : html_part_z, char *                                                                           \
             : html_part_z, struct day                                                                       \
             : html_put_day)(out, x)

#endif
