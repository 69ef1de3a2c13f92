/* What people type, made comparable. Names are stored byte for byte as typed; these keys stand beside them.
 * Input of any form (full width, half width, hiragana) is taken; refusing it for its width is never right. */
#ifndef SANGO_SYS_TEXTKEY_H
#define SANGO_SYS_TEXTKEY_H

#include "base/text.h"

/* Key for finding and sorting: NFKC, hiragana to katakana, without spaces, middle dots and variation selectors,
 * hyphens and wave dashes in one form, lower case, written variants of a character folded to one (髙 to 高, 﨑 to 崎, 邉邊 to 辺 …).
 * Compare keys with keys only. Ill-formed UTF-8 gives the empty key. */
struct text textkey_search(struct arena *arena, struct text t);

/* Reading of a name in full-width katakana with single ordinary spaces between. False: something else than kana. */
NODISCARD bool textkey_kana(struct arena *arena, struct text t, struct text *ret_kana);
/* Japanese telephone number as 10 or 11 digits beginning with 0; +81 and any hyphens, brackets, spaces taken. */
NODISCARD bool textkey_phone(struct arena *arena, struct text t, struct text *ret_digits);
/* Postal code as 7 digits; 〒 and hyphens taken. */
NODISCARD bool textkey_postal(struct arena *arena, struct text t, struct text *ret_digits);
/* Address of one mailbox: trimmed, full width made narrow, all in lower case. At most 254 bytes, ASCII, a dot in the
 * domain, never CR or LF. Old carrier addresses with dots in a row or at the end of the local part pass. */
NODISCARD bool textkey_email(struct arena *arena, struct text t, struct text *ret_email);
/* Digits only, after NFKC, without spaces: one-time codes, numbers typed with a Japanese keyboard. */
NODISCARD bool textkey_digits(struct arena *arena, struct text t, struct text *ret_digits);

#endif
