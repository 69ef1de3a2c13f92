/* Between the files of compare.h: the walk over two versions. */
#ifndef SANGO_PROFILE_COMPARE_PART_H
#define SANGO_PROFILE_COMPARE_PART_H

#include "profile/compare.h"
#include "profile/shape.h"

struct walk {
    struct arena *arena;
    const json_t *old; /* the versions, for names */
    const json_t *new;
    struct compare_row *rows;
    size_t count;
    size_t room;
    struct text section;
};

/* Where two values stand. */
struct spot {
    const struct shape *shape; /* of the object that `field` is a member of */
    const struct shape_field *field;
    const json_t *before; /* NULL: absent */
    const json_t *after;
    struct text label;
    struct text pointer;
};

/* A value of any kind: rows for what differs in it. */
void compare_value(struct walk *w, const struct spot *spot);
void compare_members(struct walk *w, const struct shape *shape, const struct spot *spot);
void compare_rows(struct walk *w, const struct spot *spot);
void compare_put(struct walk *w, const struct compare_row *row);
/* "宿泊型・自己負担" */
struct text compare_below(struct walk *w, struct text label, struct text more);
/* The row's code; "" without one. */
const char *compare_code(const json_t *row);

#endif
