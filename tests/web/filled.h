/* What a browser sends of a page's form: everything that stands in it, some of it changed. */
#ifndef SANGO_TESTS_WEB_FILLED_H
#define SANGO_TESTS_WEB_FILLED_H

#include "web/desk.h"

struct change {
    const char *name;
    const char *value; /* NULL: not sent (a box unchecked) */
};

/* The first form of the page's main part that is posted, urlencoded, without the guard's own fields. Of inputs, boxes and
 * lists to choose from; areas only by changes. */
struct text desk_filled(struct desk *desk, const struct answer *page, const struct change *changes,
                        size_t count);

/* The page as it is but for the keys of its forms, which are fresh each time. */
struct text desk_keyless(struct desk *desk, struct text body);

#endif
