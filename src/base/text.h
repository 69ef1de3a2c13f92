/* The only string type: bytes with a length, never owned. Whatever an arena or a literal made is also followed
 * by a NUL, so `p` may be handed to C functions; pieces cut by text_part() and text_next() are not. */
#ifndef SANGO_BASE_TEXT_H
#define SANGO_BASE_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

struct text {
    const char *p;
    size_t n;
};

#define TEXT(literal) ((struct text){"" literal, sizeof(literal) - 1})
#define TEXT_INIT(literal)                                                                                   \
    { "" literal, sizeof(literal) - 1 }
/* For printf: printf("%.*s", TEXT_F(t)). */
#define TEXT_F(t) (int)(t).n, (t).p

struct text text_of(const char *z); /* NULL becomes the empty text */
bool text_eq(struct text a, struct text b);
bool text_is(struct text a, const char *z);
int text_cmp(struct text a, struct text b); /* by bytes */
bool text_starts(struct text t, struct text prefix);
bool text_ends(struct text t, struct text suffix);
bool text_has(struct text t, struct text piece);
/* Index of the first byte `c`, or t.n. */
size_t text_index(struct text t, char c);
/* Bytes [from, to), cut to the text's length. */
struct text text_part(struct text t, size_t from, size_t to);
/* Without white space (ASCII and U+3000) at both ends. */
struct text text_trim(struct text t);
/* Takes the piece before `sep` off *rest; false when *rest was used up. */
bool text_next(struct text *rest, char sep, struct text *ret_piece);

struct text text_copy(struct arena *arena, struct text t);
struct text text_join(struct arena *arena, struct text a, struct text b);
/* The pieces one after the other: TEXT_CAT(arena, base, TEXT("/bookings/"), id). */
struct text text_cat(struct arena *arena, const struct text *pieces, size_t count);
#define TEXT_CAT(arena, ...)                                                                                 \
    text_cat(arena, (const struct text[]){__VA_ARGS__},                                                      \
             sizeof((const struct text[]){__VA_ARGS__}) / sizeof(struct text))
struct text text_printf(struct arena *arena, const char *fmt, ...) PRINTF_LIKE(2, 3);
struct text text_lower(struct arena *arena, struct text t); /* ASCII only */

/* Well-formed UTF-8 (RFC 3629): no surrogates, no overlong forms, no NUL. */
bool text_utf8_ok(struct text t);
/* Code points; the text must be well-formed. */
size_t text_chars(struct text t);
/* No control characters other than, when `lines`, CR, LF and TAB. */
bool text_printable(struct text t, bool lines);

#endif
