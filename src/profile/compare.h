/* Two versions of a programme beside each other: one row for everything that differs, in the order of the table of
 * shape.h. Rows of lists are matched by their code, tables by class by what holds for each class; what is left out is
 * what its leaving out means. Whether a document is right is not asked. */
#ifndef SANGO_PROFILE_COMPARE_H
#define SANGO_PROFILE_COMPARE_H

#include "base/text.h"

struct compare_row {
    struct text section; /* サービス, 減額 … */
    struct text label;   /* 宿泊型・自己負担・課税世帯 */
    struct text before;  /* in words, lines kept */
    struct text after;
    struct text pointer; /* JSON pointer into `after`, or into `before` for what is gone */
};

struct comparison {
    struct compare_row *rows;
    size_t count;
};

/* JSON documents of versions, as in profile/profile.h's "versions". False: one of them is no JSON object. Everything
 * lives in `arena`. */
NODISCARD bool compare_versions(struct arena *arena, struct text before, struct text after,
                                struct comparison *ret_comparison);

#endif
