/* Views of tmpl/resident/sign_in.html: accounts and sessions. */
#ifndef SANGO_WEB_RESIDENT_SIGN_IN_VIEW_H
#define SANGO_WEB_RESIDENT_SIGN_IN_VIEW_H

#include "web/frame.h"

enum { SIGN_IN_FIELDS_MAX = 4 };

struct sign_in_view {
    struct error_list errors;
    struct form_view form;
    struct field_view fields[SIGN_IN_FIELDS_MAX];
    size_t count;
    struct text hidden; /* the link's token, or where to go afterwards */
};

#endif
