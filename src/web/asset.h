/* Static files inside the program: style, script, icon. Names hold a hash of the bytes, so answers may be kept for
 * ever (Cache-Control: public, max-age=31536000, immutable). The table is made by tools/assets.py. */
#ifndef SANGO_WEB_ASSET_H
#define SANGO_WEB_ASSET_H

#include "base/text.h"

struct asset {
    struct text name; /* below /static/ */
    struct text type; /* Content-Type */
    struct text bytes;
    struct text gzip; /* the same, compressed */
};

extern const struct asset assets[];
extern const size_t asset_count;

/* NULL when there is no such file. */
const struct asset *asset_find(struct text name);

#endif
