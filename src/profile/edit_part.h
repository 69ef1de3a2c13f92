/* Between the files of edit.h: a place in the document, with its way back to the root. */
#ifndef SANGO_PROFILE_EDIT_PART_H
#define SANGO_PROFILE_EDIT_PART_H

#include "profile/edit.h"

struct edit_spot {
    const struct edit_spot *up;
    const struct shape *shape; /* that `field` is a member of */
    const struct shape_field *field;
    json_t *json;    /* NULL: absent */
    const char *key; /* in an object; NULL: in a list, or the value of a table that is one for all */
    size_t index;
    bool itself; /* the value of a table that is no object: what stands here is the table */
    struct text name;
};

/* The whole document. */
struct edit_spot edit_root(const struct edit *edit);
/* The next piece of a name. False: nothing of the table is called so. `spot` must outlive *ret_spot. */
NODISCARD bool edit_step(struct arena *arena, const struct edit_spot *spot, struct text piece,
                         struct edit_spot *ret_spot);
/* Along a whole name without '@'. */
NODISCARD bool edit_find(const struct edit *edit, struct text name, struct edit_spot *ret_spot);
/* The form of an object that is really something else: a price that is a number. Else `field` itself. */
const struct shape_field *edit_as(const struct edit_spot *spot, const struct shape **ret_shape);
/* Code of the care in whose row this stands: the default of some lists. */
struct text edit_own_care(const struct edit_spot *spot);
/* Takes the reference. NULL: removes it. Objects above are made when they are absent. */
void edit_put(const struct edit_spot *spot, json_t *value);

/* One for all classes: no table, or only an entry "all". */
bool edit_for_all(const json_t *table);
/* Everywhere in the version: `from` of a table ("cares") becomes `to`, or is dropped (NULL). */
void edit_recode(json_t *version, const char *table, struct text from, const char *to);

/* A JSON value of the field's kind; NULL with a fault. */
json_t *edit_read(struct arena *arena, const struct edit_spot *spot, const json_t *version, struct text typed,
                  enum word *ret_fault);

#endif
