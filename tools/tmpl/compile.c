/* Walks the pieces of a template: blocks, branches, loops, values. What a tag may contain is judged by scan.c, where
 * it may stand by context.c; what it becomes is written by emit.c. */
#include "tmpl.h"

#include <stdarg.h>
#include <stdio.h>

#include "compile.h"
#include "scan.h"

bool tmpl_refuse(struct tmpl_fault *fault, int line, const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    fault->line = line;
    vsnprintf(fault->message, sizeof(fault->message), fmt, args);
    va_end(args);
    return false;
}

static struct frame *top(struct compiler *c) {
    return c->depth == 0 ? NULL : &c->frames[c->depth - 1];
}

/* The branch that ends here joins those before it. */
static bool join_branch(struct compiler *c, struct frame *f) {
    if (!f->any) {
        f->joined = c->context;
        f->any = true;
        return true;
    }
    return context_join(&f->joined, &c->context, c->line, c->fault);
}

static bool do_if(struct compiler *c, struct text condition) {
    if (!scan_code(condition, c->line, 0, c->fault) || !compile_push(c, FRAME_IF)) {
        return false;
    }
    emit_code(&c->emitter, c->line, "if (", condition, ") {");
    return condition.n > 0 || compile_refuse(c, "'if' needs a condition");
}

static bool do_else(struct compiler *c, struct text rest) {
    struct frame *f = top(c);
    if (f == NULL || f->kind != FRAME_IF) {
        return compile_refuse(c, "'else' without 'if'");
    }
    if (!join_branch(c, f)) {
        return false;
    }
    c->context = f->entry;
    if (rest.n == 0) {
        f->kind = FRAME_ELSE;
        emit_code(&c->emitter, c->line, "} else {", TEXT(""), "");
        return true;
    }
    if (!text_is(tag_word(&rest), "if") || rest.n == 0) {
        return compile_refuse(c, "only 'if' and a condition may follow 'else'");
    }
    emit_code(&c->emitter, c->line, "} else if (", rest, ") {");
    return scan_code(rest, c->line, 0, c->fault);
}

static bool do_for(struct compiler *c, struct text head) {
    if (!scan_code(head, c->line, 2, c->fault) || !compile_push(c, FRAME_FOR)) {
        return false;
    }
    emit_code(&c->emitter, c->line, "for (", head, ") {");
    return true;
}

static bool do_end(struct compiler *c) {
    struct frame *f = top(c);
    if (f == NULL) {
        return compile_refuse(c, "'end' ends nothing");
    }
    c->depth--;
    if (f->kind == FRAME_BLOCK) {
        return block_end(c);
    }
    if (f->kind == FRAME_FOR) {
        emit_code(&c->emitter, c->line, "}", TEXT(""), "");
        return context_join(&c->context, &f->entry, c->line, c->fault);
    }
    if (!join_branch(c, f)) {
        return false;
    }
    c->context = f->joined;
    emit_code(&c->emitter, c->line, "}", TEXT(""), "");
    return f->kind == FRAME_ELSE || context_join(&c->context, &f->entry, c->line, c->fault);
}

static bool do_call(struct compiler *c, struct text rest) {
    struct text name;
    struct text arguments;
    if (!tag_call(c, &rest, &name, &arguments)) {
        return false;
    }
    if (rest.n > 0) {
        return compile_refuse(c, "nothing may follow the call");
    }
    if (c->context.state != AT_TEXT) {
        return compile_refuse(c, "a block may be called only where text may stand");
    }
    struct text head = text_part(name, 0, name.n);
    struct buf *code = &c->emitter.code;
    emit_code(&c->emitter, c->line, "tmpl_", head, arguments.n > 0 ? "(out," : "(out");
    buf_put(code, arguments);
    buf_putz(code, ");\n");
    struct context_name pair;
    if (block_pair(name, "_begin", &pair)) {
        return element_open(&c->context, pair, c->line, c->fault);
    }
    return !block_pair(name, "_end", &pair) || element_close(&c->context, pair, c->line, c->fault);
}

static bool do_let(struct compiler *c, struct text declaration) {
    if (text_index(declaration, '=') == declaration.n) {
        return compile_refuse(c, "'let' needs a declaration with '='");
    }
    emit_code(&c->emitter, c->line, "", declaration, ";");
    return scan_code(declaration, c->line, 0, c->fault);
}

static bool do_include(struct compiler *c, struct text rest) {
    bool quoted = rest.n > 2 && rest.p[0] == '"' && rest.p[rest.n - 1] == '"';
    struct text file = quoted ? text_part(rest, 1, rest.n - 1) : TEXT("");
    for (size_t i = 0; i < file.n; i++) {
        if (!tag_is_word(file.p[i]) && file.p[i] != '/' && file.p[i] != '.') {
            file.n = 0;
        }
    }
    if (file.n == 0) {
        return compile_refuse(c, "include needs \"floor/file.h\"");
    }
    emit_include(&c->emitter, file);
    return true;
}

static bool do_inside(struct compiler *c, struct text word, struct text rest) {
    if (!context_settle(&c->context, c->line, c->fault)) {
        return false;
    }
    if (text_is(word, "if")) {
        return do_if(c, rest);
    }
    if (text_is(word, "else")) {
        return do_else(c, rest);
    }
    if (text_is(word, "for")) {
        return do_for(c, rest);
    }
    if (text_is(word, "let")) {
        return do_let(c, rest);
    }
    if (text_is(word, "call")) {
        return do_call(c, rest);
    }
    if (text_is(word, "end")) {
        return rest.n == 0 ? do_end(c) : compile_refuse(c, "nothing may follow 'end'");
    }
    return compile_refuse(c, "unknown tag: block, include, if, else, for, let, call, end are known");
}

static bool do_tag(struct compiler *c, struct text tag) {
    struct text rest = tag;
    struct text word = tag_word(&rest);
    bool outside = c->depth == 0;
    if (text_is(word, "block") || text_is(word, "include")) {
        if (!outside) {
            return compile_refuse(c, "'block' and 'include' stand outside blocks");
        }
        return text_is(word, "block") ? block_begin(c, rest) : do_include(c, rest);
    }
    return outside ? compile_refuse(c, "this tag must stand inside a block") : do_inside(c, word, rest);
}

static bool do_value(struct compiler *c, struct text code) {
    static const char *const calls[] = {[ESCAPE_TEXT] = "html_text(out, (",
                                        [ESCAPE_ATTRIBUTE] = "html_attribute(out, (",
                                        [ESCAPE_URL] = "html_url(out, (",
                                        [ESCAPE_URL_PART] = "html_url_part(out, ("};
    enum context_escape escape;
    if (!context_value(&c->context, c->line, &escape, c->fault) || !scan_code(code, c->line, 0, c->fault)) {
        return false;
    }
    emit_code(&c->emitter, c->line, calls[escape], code, "));");
    return true;
}

static bool do_literal(struct compiler *c, struct text literal) {
    if (c->depth == 0) {
        return text_trim(literal).n == 0 || compile_refuse(c, "text outside a block");
    }
    emit_literal(&c->emitter, literal);
    return context_literal(&c->context, literal, c->line, c->fault);
}

static bool do_piece(struct compiler *c, const struct piece *piece) {
    c->line = piece->line;
    switch (piece->kind) {
    case PIECE_LITERAL:
        return do_literal(c, piece->text);
    case PIECE_VALUE:
        return c->depth == 0 ? compile_refuse(c, "a value outside a block") : do_value(c, piece->text);
    case PIECE_TAG:
        return do_tag(c, piece->text);
    case PIECE_END:
        break;
    }
    return c->depth == 0 || tmpl_refuse(c->fault, top(c)->line, "this is not ended by {%% end %%}");
}

/* Bytes that C compilers or browsers could read in more than one way. */
static bool check_bytes(struct text source, struct tmpl_fault *fault) {
    if (!text_utf8_ok(source)) {
        return tmpl_refuse(fault, 1, "the template is not well-formed UTF-8");
    }
    int line = 1;
    for (size_t i = 0; i < source.n; i++) {
        unsigned char ch = (unsigned char)source.p[i];
        bool turned = ch == 0xe2 && i + 2 < source.n && (unsigned char)source.p[i + 1] == 0x80 &&
                      (unsigned char)source.p[i + 2] >= 0xa8 && (unsigned char)source.p[i + 2] <= 0xae;
        if ((ch < 0x20 && ch != '\n' && ch != '\t') || ch == 0x7f || turned) {
            return tmpl_refuse(fault, line,
                               "control characters (also CR and text direction marks) are not allowed");
        }
        line += ch == '\n';
    }
    return true;
}

bool tmpl_compile(struct arena *arena, const struct tmpl_job *job, struct tmpl_output *ret_output,
                  struct tmpl_fault *fault) {
    struct compiler *c = arena_new(arena, struct compiler);
    c->fault = fault;
    emit_begin(&c->emitter, arena, job);
    if (!check_bytes(job->source, fault)) {
        return false;
    }
    struct scanner scanner = {.source = job->source, .at = 0, .line = 1};
    struct piece piece;
    do {
        if (!scan_next(&scanner, &piece, fault) || !do_piece(c, &piece)) {
            return false;
        }
    } while (piece.kind != PIECE_END);
    *ret_output = emit_end(&c->emitter);
    return true;
}
