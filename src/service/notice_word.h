/* Words of the notices, by kind. Neutral on purpose: a notice may be read over somebody's shoulder, so it says what to
 * do next and where, never why somebody needs care. */
#ifndef SANGO_SERVICE_NOTICE_WORD_H
#define SANGO_SERVICE_NOTICE_WORD_H

#include "base/text.h"

enum notice_part { NOTICE_WORD_SUBJECT, NOTICE_WORD_BODY };
struct notice_arg;

/* Words of `kind` with its {places} filled. A kind without words, or a place without its argument, is a bug. */
struct text notice_word(struct arena *arena, const char *kind, enum notice_part part,
                        const struct notice_arg *args, size_t count);

#endif
