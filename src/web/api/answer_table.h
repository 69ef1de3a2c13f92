/* How the tables of answers are written: HAS and MAY rows, alone or as lists. */
#ifndef SANGO_WEB_API_ANSWER_TABLE_H
#define SANGO_WEB_API_ANSWER_TABLE_H

#include "web/form.h"

enum { MANY = 100000 };

/* Always there, and there when there is something to say. */
#define HAS(field, what)                                                                                     \
    { .name = field, .kind = FIELD_##what, .required = true }
#define MAY(field, what)                                                                                     \
    { .name = field, .kind = FIELD_##what }
#define HAS_LIST(field, what)                                                                                \
    { .name = field, .kind = FIELD_##what, .required = true, .max = MANY }
#define MAY_LIST(field, what)                                                                                \
    { .name = field, .kind = FIELD_##what, .max = MANY }
#define HAS_EACH(field, of)                                                                                  \
    { .name = field, .kind = FIELD_OBJECTS, .required = true, .max = MANY, .inner = &answer_##of }
#define MAY_EACH(field, of)                                                                                  \
    { .name = field, .kind = FIELD_OBJECTS, .max = MANY, .inner = &answer_##of }
#define HAS_ONE(field, of)                                                                                   \
    { .name = field, .kind = FIELD_OBJECT, .required = true, .inner = &answer_##of }
#define MAY_ONE(field, of)                                                                                   \
    { .name = field, .kind = FIELD_OBJECT, .inner = &answer_##of }
/* No one type: null when unknown, or an object with members by code. */
#define HAS_ANY(field)                                                                                       \
    { .name = field, .kind = FIELD_KIND__MAX, .required = true }
#define MAY_ANY(field)                                                                                       \
    { .name = field, .kind = FIELD_KIND__MAX }
#define ANSWER(title, array)                                                                                 \
    { .name = title, .fields = (array), .count = COUNT(array) }

#endif
