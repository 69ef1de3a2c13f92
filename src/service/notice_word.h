/* Words of the notices by kind, from the catalogue: notice.KIND.subject and notice.KIND.body (words/ja.words). */
#ifndef SANGO_SERVICE_NOTICE_WORD_H
#define SANGO_SERVICE_NOTICE_WORD_H

#include "base/text.h"

enum notice_part { NOTICE_WORD_SUBJECT, NOTICE_WORD_BODY };
struct notice_arg;

/* Words of `kind` with its {places} filled. A kind without words, or a place without its argument, is a bug;
 * arguments without a place are left out. */
struct text notice_word(struct arena *arena, const char *kind, enum notice_part part,
                        const struct notice_arg *args, size_t count);

#endif
