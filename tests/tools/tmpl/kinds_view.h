/* The view of kinds.html. */
#ifndef SANGO_TESTS_TMPL_KINDS_VIEW_H
#define SANGO_TESTS_TMPL_KINDS_VIEW_H

#include "web/html.h"

struct kinds {
    const struct text *names;
    size_t count;
    struct text t;
    bool on;
    const char *z;
    int i;
    int64_t n;
    uint16_t u;
    size_t size;
    struct yen yen;
    struct day day;
    struct instant at;
    struct booking_id id;
    html_t safe;
};

#endif
