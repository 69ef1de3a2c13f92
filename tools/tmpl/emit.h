/* Writes the C of one template: literal runs are gathered and appended with one call, code from the template is
 * preceded by #line so that the C compiler's complaints name the template. */
#ifndef SANGO_TOOLS_TMPL_EMIT_H
#define SANGO_TOOLS_TMPL_EMIT_H

#include "base/buf.h"
#include "tmpl.h"

struct emitter {
    struct buf code;
    struct buf header;
    struct buf run; /* literal bytes not yet written */
    struct text path;
};

void emit_begin(struct emitter *e, struct arena *arena, const struct tmpl_job *job);
void emit_literal(struct emitter *e, struct text literal);
/* Pastes `before`, `code`, `after` as one statement of the template's line. */
void emit_code(struct emitter *e, int line, const char *before, struct text code, const char *after);
void emit_include(struct emitter *e, struct text file);
/* `parameters` may be empty. */
void emit_block(struct emitter *e, int line, struct text name, struct text parameters);
struct tmpl_output emit_end(struct emitter *e);

#endif
