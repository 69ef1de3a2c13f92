/* Cuts a template into literal runs, {{ values }} and {% tags %}. Comments {# #} vanish here, and so does the
 * indentation and line end of a line that holds nothing but one tag or comment. */
#ifndef SANGO_TOOLS_TMPL_SCAN_H
#define SANGO_TOOLS_TMPL_SCAN_H

#include "tmpl.h"

enum piece_kind { PIECE_LITERAL, PIECE_VALUE, PIECE_TAG, PIECE_END };

struct piece {
    enum piece_kind kind;
    int line;         /* of its first byte */
    struct text text; /* without the brackets, trimmed (literals are not) */
};

struct scanner {
    struct text source;
    size_t at;
    int line;
};

/* PIECE_END after the last. Literals are never empty. */
NODISCARD bool scan_next(struct scanner *s, struct piece *ret_piece, struct tmpl_fault *fault);

/* Is `code` an expression (or a declaration, or a list of arguments) that can be pasted into C without swallowing what
 * follows: brackets and quotes balanced, no comment, no '#', no stray backslash, exactly `semicolons` of ';'? */
NODISCARD bool scan_code(struct text code, int line, int semicolons, struct tmpl_fault *fault);

#endif
