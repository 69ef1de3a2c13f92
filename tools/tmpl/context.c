#include "context.h"

#include <string.h>

static bool is_blank(char ch) {
    return ch == ' ' || ch == '\t' || ch == '\n';
}

static bool is_letter(char ch) {
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');
}

static bool is_name(char ch) {
    return is_letter(ch) || (ch >= '0' && ch <= '9') || ch == '-' || ch == '_' || ch == ':' || ch == '.';
}

static char lower(char ch) {
    return ch >= 'A' && ch <= 'Z' ? (char)(ch + ('a' - 'A')) : ch;
}

/* Where the browser fetches code, style or a frame: only from our own paths. */
static bool loads_code(const struct context *c) {
    return name_in(&c->tag, " script link iframe object embed base frame use image ");
}

static enum context_value value_kind(const struct context *c) {
    const struct context_name *a = &c->attribute;
    if (name_in(a, " srcset imagesrcset ping http-equiv attributename ") ||
        (name_is(a, "content") && name_is(&c->tag, "meta")) ||
        (name_in(&c->tag, " animate animatetransform animatemotion set ") && !name_is(a, "id"))) {
        return VALUE_CLOSED;
    }
    return name_in(a, " href src action formaction poster cite data background longdesc manifest xlink:href ")
               ? VALUE_URL
               : VALUE_PLAIN;
}

/* The name of an attribute is complete. */
static bool end_attribute(struct context *c, int line, struct tmpl_fault *fault) {
    const struct context_name *a = &c->attribute;
    if (a->z[0] == 'o' && a->z[1] == 'n') {
        return tmpl_refuse(fault, line,
                           "event handler %s is not allowed: behaviour belongs to static/enhance.js", a->z);
    }
    if (name_is(a, "style") || name_is(a, "srcdoc")) {
        return tmpl_refuse(fault, line, "attribute %s is not allowed: looks belong to static/sango.css",
                           a->z);
    }
    return true;
}

static bool end_start_tag(struct context *c, bool slash, int line, struct tmpl_fault *fault) {
    if (slash && !element_is_void(&c->tag) && c->foreign == 0) {
        return tmpl_refuse(fault, line, "<%s/> is not closed by its slash: write </%s>", c->tag.z, c->tag.z);
    }
    bool raw = c->foreign == 0;
    c->state = AT_TEXT;
    if (slash) {
        return c->foreign > 0 || element_open(c, c->tag, line, fault);
    }
    if (!element_open(c, c->tag, line, fault)) {
        return false;
    }
    if (name_in(&c->tag, " script style ")) {
        c->state = AT_CODE;
    } else if (raw && name_in(&c->tag, " textarea title ")) {
        c->state = AT_PLAIN;
    }
    return true;
}

static bool take_open(struct context *c, char ch, int line, struct tmpl_fault *fault) {
    c->tag.z[0] = '\0';
    if (ch == '/') {
        c->state = AT_END_NAME;
        return true;
    }
    if (c->depth > 0 && name_in(&c->elements[c->depth - 1], " textarea title script style ") &&
        c->foreign == 0) {
        return tmpl_refuse(fault, line, "no tags inside <%s>", c->elements[c->depth - 1].z);
    }
    if (ch == '!') {
        c->state = AT_BANG;
        return true;
    }
    if (!is_letter(ch)) {
        return tmpl_refuse(fault, line, "'<' begins no tag here: write &lt;");
    }
    c->state = AT_NAME;
    return name_add(&c->tag, lower(ch));
}

/* <!doctype html> and nothing else. */
static bool take_bang(struct context *c, char ch, int line, struct tmpl_fault *fault) {
    static const char doctype[] = "doctype html>";
    size_t n = strlen(c->tag.z);
    if (lower(ch) != doctype[n]) {
        return tmpl_refuse(fault, line, "only <!doctype html> may follow '<!' (comments are {# #})");
    }
    if (ch == '>') {
        c->state = AT_TEXT;
        return true;
    }
    return name_add(&c->tag, lower(ch));
}

static bool take_end_name(struct context *c, char ch, int line, struct tmpl_fault *fault) {
    if (ch == '>') {
        c->state = AT_TEXT;
        return element_close(c, c->tag, line, fault);
    }
    if (!is_name(ch) || !name_add(&c->tag, lower(ch))) {
        return tmpl_refuse(fault, line, "the end tag </%s is not well-formed", c->tag.z);
    }
    return true;
}

/* Inside a start tag, after a name, a value or a blank. */
static bool take_in_tag(struct context *c, char ch, int line, struct tmpl_fault *fault) {
    if (is_blank(ch)) {
        c->state = AT_SPACE;
        return true;
    }
    if (ch == '>') {
        return end_start_tag(c, false, line, fault);
    }
    if (ch == '/') {
        c->state = AT_SLASH;
        return true;
    }
    if (c->state == AT_SPACE && is_letter(ch)) {
        c->state = AT_ATTRIBUTE;
        c->attribute.z[0] = '\0';
        return name_add(&c->attribute, lower(ch));
    }
    return tmpl_refuse(fault, line,
                       "'%c' is misplaced inside <%s>: write name=\"value\" with a space before it", ch,
                       c->tag.z);
}

static bool take_tag_name(struct context *c, char ch, int line, struct tmpl_fault *fault) {
    if (!is_name(ch)) {
        c->state = AT_EDGE;
        return take_in_tag(c, ch, line, fault);
    }
    return name_add(&c->tag, lower(ch)) ||
           tmpl_refuse(fault, line, "the tag name <%s… is too long", c->tag.z);
}

static bool take_attribute(struct context *c, char ch, int line, struct tmpl_fault *fault) {
    if (is_name(ch)) {
        return name_add(&c->attribute, lower(ch)) ||
               tmpl_refuse(fault, line, "the attribute name %s… is too long", c->attribute.z);
    }
    if (!end_attribute(c, line, fault)) {
        return false;
    }
    if (ch == '=') {
        c->state = AT_EQUALS;
        return true;
    }
    c->state = AT_EDGE;
    return take_in_tag(c, ch, line, fault);
}

static void take_value(struct context *c, char ch) {
    if (ch == '"') {
        c->state = AT_EDGE;
    } else if (c->value == VALUE_URL) {
        (void)name_add(&c->prefix, ch); /* its first bytes decide; more are not needed */
    }
}

static bool take(struct context *c, char ch, int line, struct tmpl_fault *fault) {
    switch (c->state) {
    case AT_TEXT:
    case AT_PLAIN:
        c->state = ch == '<' ? AT_OPEN : c->state;
        return true;
    case AT_CODE:
        c->state = ch == '<' ? AT_OPEN : AT_CODE;
        return ch == '<' || is_blank(ch) ||
               tmpl_refuse(fault, line, "<%s> must be empty: code and style are files in static/", c->tag.z);
    case AT_OPEN:
        return take_open(c, ch, line, fault);
    case AT_BANG:
        return take_bang(c, ch, line, fault);
    case AT_NAME:
        return take_tag_name(c, ch, line, fault);
    case AT_END_NAME:
        return take_end_name(c, ch, line, fault);
    case AT_SPACE:
    case AT_EDGE:
        return take_in_tag(c, ch, line, fault);
    case AT_ATTRIBUTE:
        return take_attribute(c, ch, line, fault);
    case AT_EQUALS:
        c->state = AT_VALUE;
        c->value = value_kind(c);
        c->prefix.z[0] = '\0';
        return ch == '"' || tmpl_refuse(fault, line, "attribute %s needs double quotes", c->attribute.z);
    case AT_VALUE:
        take_value(c, ch);
        return true;
    case AT_SLASH:
        return ch == '>' ? end_start_tag(c, true, line, fault)
                         : tmpl_refuse(fault, line, "'>' must follow '/' in <%s>", c->tag.z);
    }
    return false;
}

bool context_literal(struct context *c, struct text literal, int line, struct tmpl_fault *fault) {
    for (size_t i = 0; i < literal.n; i++) {
        if (!take(c, literal.p[i], line, fault)) {
            return false;
        }
        line += literal.p[i] == '\n';
    }
    return true;
}

/* Does the literal beginning of a URL leave a value behind it no say in where the URL leads? Values there are
 * percent-encoded, so they can bring neither ':' nor '/'. */
static bool prefix_is_safe(const struct context *c) {
    const char *prefix = c->prefix.z;
    if (strpbrk(prefix, "\\ \t\n") != NULL) {
        return false;
    }
    size_t head = strcspn(prefix, "/?#");
    if (loads_code(c)) {
        return prefix[0] == '/' && prefix[1] != '/';
    }
    if (memchr(prefix, '&', head) != NULL) {
        return false; /* could spell a scheme in character references */
    }
    return memchr(prefix, ':', head) == NULL || strncmp(prefix, "https://", 8) == 0 ||
           strncmp(prefix, "http://", 7) == 0 || strncmp(prefix, "mailto:", 7) == 0 ||
           strncmp(prefix, "tel:", 4) == 0;
}

static bool url_value(struct context *c, int line, enum context_escape *ret_escape,
                      struct tmpl_fault *fault) {
    bool whole = c->value == VALUE_URL && c->prefix.z[0] == '\0' && !loads_code(c);
    if (c->value == VALUE_URL && !whole && !prefix_is_safe(c)) {
        return tmpl_refuse(fault, line, "no value may follow the beginning \"%s\" of %s in <%s>", c->prefix.z,
                           c->attribute.z, c->tag.z);
    }
    *ret_escape = whole ? ESCAPE_URL : ESCAPE_URL_PART;
    c->value = VALUE_URL_REST;
    return true;
}

bool context_value(struct context *c, int line, enum context_escape *ret_escape, struct tmpl_fault *fault) {
    switch (c->state) {
    case AT_TEXT:
    case AT_PLAIN:
        *ret_escape = c->state == AT_TEXT ? ESCAPE_TEXT : ESCAPE_ATTRIBUTE;
        return true;
    case AT_VALUE:
        if (c->value == VALUE_CLOSED) {
            return tmpl_refuse(fault, line, "no value may stand in attribute %s of <%s>", c->attribute.z,
                               c->tag.z);
        }
        if (c->value == VALUE_PLAIN) {
            *ret_escape = ESCAPE_ATTRIBUTE;
            return true;
        }
        return url_value(c, line, ret_escape, fault);
    case AT_CODE:
        return tmpl_refuse(fault, line, "no value may stand inside <%s>", c->tag.z);
    case AT_EQUALS:
        return tmpl_refuse(fault, line, "attribute %s needs double quotes around its value", c->attribute.z);
    case AT_BANG:
        return tmpl_refuse(fault, line, "no value may stand behind '<!'");
    case AT_OPEN:
    case AT_NAME:
    case AT_END_NAME:
        return tmpl_refuse(fault, line, "no value may stand in a tag's name");
    case AT_SPACE:
    case AT_EDGE:
    case AT_ATTRIBUTE:
    case AT_SLASH:
        break;
    }
    return tmpl_refuse(fault, line, "no value may stand in <%s> outside an attribute's quotes", c->tag.z);
}

bool context_settle(struct context *c, int line, struct tmpl_fault *fault) {
    switch (c->state) {
    case AT_ATTRIBUTE:
        c->state = AT_EDGE;
        return end_attribute(c, line, fault);
    case AT_NAME:
        c->state = AT_EDGE;
        return true;
    case AT_VALUE:
        if (c->value == VALUE_URL && strpbrk(c->prefix.z, "/?#") != NULL && prefix_is_safe(c)) {
            c->value = VALUE_URL_REST; /* so that ways with different literals can meet */
        }
        return true;
    case AT_TEXT:
    case AT_PLAIN:
    case AT_SPACE:
    case AT_EDGE:
        return true;
    default:
        return tmpl_refuse(fault, line, "a {%% tag %%} cannot stand here");
    }
}

static bool same_elements(const struct context *a, const struct context *b) {
    for (int i = 0; i < a->depth && i < b->depth; i++) {
        if (!name_is(&a->elements[i], b->elements[i].z)) {
            return false;
        }
    }
    return a->depth == b->depth && a->foreign == b->foreign;
}

static const char *where(const struct context *c) {
    static const char *const words[] = {[AT_TEXT] = "text",      [AT_PLAIN] = "text without tags",
                                        [AT_CODE] = "code",      [AT_OPEN] = "a tag",
                                        [AT_BANG] = "a tag",     [AT_NAME] = "a tag",
                                        [AT_END_NAME] = "a tag", [AT_SPACE] = "a tag",
                                        [AT_EDGE] = "a tag",     [AT_ATTRIBUTE] = "a tag",
                                        [AT_EQUALS] = "a tag",   [AT_VALUE] = "an attribute's value",
                                        [AT_SLASH] = "a tag"};
    return words[c->state];
}

static bool in_tag(const struct context *c) {
    return c->state == AT_SPACE || c->state == AT_EDGE;
}

bool context_join(struct context *into, const struct context *other, int line, struct tmpl_fault *fault) {
    bool tags = in_tag(into) && in_tag(other);
    if (into->state != other->state && !tags) {
        return tmpl_refuse(fault, line, "one way ends in %s, another in %s", where(into), where(other));
    }
    if (!same_elements(into, other)) {
        return tmpl_refuse(fault, line, "one way leaves <%s> open, another <%s>",
                           into->depth > 0 ? into->elements[into->depth - 1].z : "nothing",
                           other->depth > 0 ? other->elements[other->depth - 1].z : "nothing");
    }
    if (tags) {
        into->state = into->state == AT_SPACE && other->state == AT_SPACE ? AT_SPACE : AT_EDGE;
        return name_is(&into->tag, other->tag.z) ||
               tmpl_refuse(fault, line, "the ways end in different tags");
    }
    if (into->state == AT_VALUE && (!name_is(&into->attribute, other->attribute.z) ||
                                    !name_is(&into->tag, other->tag.z) || into->value != other->value ||
                                    (into->value == VALUE_URL && !name_is(&into->prefix, other->prefix.z)))) {
        return tmpl_refuse(fault, line, "the ways end in attribute values that are read differently");
    }
    return true;
}
