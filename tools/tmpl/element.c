/* The stack of open elements. End tags are never implied: what a block opens it closes, unless it says otherwise. */
#include "context.h"

#include <string.h>

bool name_is(const struct context_name *name, const char *z) {
    return strcmp(name->z, z) == 0;
}

bool name_in(const struct context_name *name, const char *list) {
    size_t n = strlen(name->z);
    for (const char *at = list; n > 0 && (at = strstr(at, name->z)) != NULL; at++) {
        if (at > list && at[-1] == ' ' && at[n] == ' ') {
            return true;
        }
    }
    return false;
}

bool name_add(struct context_name *name, char c) {
    size_t n = strlen(name->z);
    if (n + 1 >= sizeof(name->z)) {
        return false;
    }
    name->z[n] = c;
    name->z[n + 1] = '\0';
    return true;
}

bool element_is_void(const struct context_name *name) {
    return name_in(name, " area base br col embed hr img input link meta source track wbr ");
}

/* Browsers close an open <p> before these. */
static bool ends_paragraph(const struct context_name *name) {
    return name_in(
        name, " address article aside blockquote details dialog div dl fieldset figcaption figure footer "
              "form h1 h2 h3 h4 h5 h6 header hgroup hr main menu nav ol p pre search section table ul ");
}

bool element_open(struct context *c, struct context_name name, int line, struct tmpl_fault *fault) {
    if (name_in(&name, " plaintext xmp noembed noframes frameset frame applet marquee ")) {
        return tmpl_refuse(fault, line, "<%s> is not allowed", name.z);
    }
    if (c->depth > 0 && name_is(&c->elements[c->depth - 1], "p") && ends_paragraph(&name)) {
        return tmpl_refuse(fault, line, "<%s> cannot stand inside <p>", name.z);
    }
    if (element_is_void(&name) && c->foreign == 0) {
        return true;
    }
    if (c->depth == CONTEXT_ELEMENTS) {
        return tmpl_refuse(fault, line, "elements nest deeper than %d", CONTEXT_ELEMENTS);
    }
    c->elements[c->depth++] = name;
    if (c->foreign == 0 && (name_is(&name, "svg") || name_is(&name, "math"))) {
        c->foreign = c->depth;
    }
    return true;
}

bool element_close(struct context *c, struct context_name name, int line, struct tmpl_fault *fault) {
    if (c->depth == 0) {
        return tmpl_refuse(fault, line, "</%s> closes nothing that this block opened", name.z);
    }
    const struct context_name *open = &c->elements[c->depth - 1];
    if (!name_is(open, name.z)) {
        return tmpl_refuse(fault, line, "</%s> stands where </%s> is due", name.z, open->z);
    }
    c->depth--;
    c->foreign = c->foreign > c->depth ? 0 : c->foreign;
    return true;
}
