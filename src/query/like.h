/* Patterns for LIKE … ESCAPE '!'. */
#ifndef SANGO_QUERY_LIKE_H
#define SANGO_QUERY_LIKE_H

#include "base/text.h"

/* "%key%" with LIKE's own characters escaped by '!'; empty for an empty key. */
struct text like_of(struct arena *arena, struct text key);

#endif
