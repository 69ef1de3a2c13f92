/* Where in the HTML a template stands: fed with the literal bytes, it says what may be interpolated next and how
 * it must be escaped. It accepts a strict subset of HTML (double-quoted attributes, explicit end tags, no comments,
 * no inline script or style), so that browsers cannot read a page differently from this machine. */
#ifndef SANGO_TOOLS_TMPL_CONTEXT_H
#define SANGO_TOOLS_TMPL_CONTEXT_H

#include "tmpl.h"

enum { CONTEXT_NAME = 32, CONTEXT_ELEMENTS = 64 };

enum context_state {
    AT_TEXT,
    AT_PLAIN,     /* inside <textarea> or <title>: text, but no tags */
    AT_CODE,      /* inside <script> or <style>: only blanks */
    AT_OPEN,      /* after '<' */
    AT_BANG,      /* after '<!' */
    AT_NAME,      /* in the name of a start tag */
    AT_END_NAME,  /* in the name of an end tag */
    AT_SPACE,     /* in a start tag, an attribute may begin */
    AT_EDGE,      /* in a start tag, a name or value just ended: blank, '/' or '>' must follow */
    AT_ATTRIBUTE, /* in an attribute's name */
    AT_EQUALS,    /* after '=' */
    AT_VALUE,     /* between the quotes */
    AT_SLASH      /* after '/' in a start tag */
};

/* How the value of the attribute is read by the browser. */
enum context_value {
    VALUE_PLAIN,
    VALUE_URL,      /* nothing but `prefix` of a URL seen yet */
    VALUE_URL_REST, /* its scheme and host, or their absence, are decided */
    VALUE_CLOSED    /* nothing may be interpolated */
};

struct context_name {
    char z[CONTEXT_NAME]; /* lower case, NUL-terminated */
};

struct context {
    enum context_state state;
    enum context_value value;
    struct context_name tag;       /* being read, or whose attributes are being read */
    struct context_name attribute; /* likewise */
    struct context_name prefix;    /* literal beginning of the URL */
    struct context_name elements[CONTEXT_ELEMENTS];
    int depth;
    int foreign; /* depth of the outermost <svg> or <math>, or 0 */
};

enum context_escape { ESCAPE_TEXT, ESCAPE_ATTRIBUTE, ESCAPE_URL, ESCAPE_URL_PART };

NODISCARD bool context_literal(struct context *c, struct text literal, int line, struct tmpl_fault *fault);
/* How a value must be escaped here; the context moves behind it. */
NODISCARD bool context_value(struct context *c, int line, enum context_escape *ret_escape,
                             struct tmpl_fault *fault);
/* A {% tag %} stands here: names being read end. */
NODISCARD bool context_settle(struct context *c, int line, struct tmpl_fault *fault);
/* `into` and `other` are the ends of two ways to the same place. */
NODISCARD bool context_join(struct context *into, const struct context *other, int line,
                            struct tmpl_fault *fault);

/* element.c: names and the stack of open elements. */
bool name_is(const struct context_name *name, const char *z);
/* Does the space-separated `list` (with a space at both ends) hold the name? */
bool name_in(const struct context_name *name, const char *list);
bool name_add(struct context_name *name, char c); /* false when full */
NODISCARD bool element_open(struct context *c, struct context_name name, int line, struct tmpl_fault *fault);
NODISCARD bool element_close(struct context *c, struct context_name name, int line, struct tmpl_fault *fault);
bool element_is_void(const struct context_name *name);

#endif
