/* Files that are not UTF-8. The Cabinet Office and most offices' spreadsheets still write CP932 (Shift_JIS as Windows has
 * it). */
#ifndef SANGO_SYS_CHARSET_H
#define SANGO_SYS_CHARSET_H

#include "base/arena.h"
#include "base/text.h"

/* The same text in UTF-8: as it is when it already is UTF-8, else read as CP932. False: it is neither. */
NODISCARD bool charset_utf8(struct arena *arena, struct text bytes, struct text *ret_text);

#endif
