/* Between the files of the rules' page: a section under construction. */
#ifndef SANGO_WEB_RESIDENT_RULES_PART_H
#define SANGO_WEB_RESIDENT_RULES_PART_H

#include "web/resident/rules.h"
#include "web/rules_words.h"

struct rules {
    struct arena *arena;
    const struct programme *programme;
    const struct calendar *calendar;
    struct rules_section *sections;
    size_t count;
    struct summary_row *rows; /* of the section being written */
};

void rules_section(struct rules *r, struct text title);
/* A sentence above the section's rows. */
void rules_line(struct rules *r, struct text line);
/* Nothing for an empty value. */
void rules_row(struct rules *r, struct text label, struct text value);

void rules_put_cares(struct rules *r);
void rules_put_money(struct rules *r); /* pools, limits, additions, reductions */

#endif
