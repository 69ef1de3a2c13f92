/* Walks the pieces of a template: blocks, branches, loops, values. What a tag may contain is judged by scan.c, where
 * it may stand by context.c; what it becomes is written by emit.c. */
#include "tmpl.h"

#include <stdarg.h>
#include <stdio.h>

#include "context.h"
#include "emit.h"
#include "scan.h"

enum { FRAMES_MAX = 24, BLOCKS_MAX = 256 };

enum frame_kind { FRAME_BLOCK, FRAME_IF, FRAME_ELSE, FRAME_FOR };

struct frame {
    enum frame_kind kind;
    int line;
    struct context entry;  /* where the branches or the loop began */
    struct context joined; /* where the branches so far ended */
    bool any;              /* `joined` is set */
};

struct compiler {
    struct emitter emitter;
    struct context context;
    struct frame frames[FRAMES_MAX];
    int depth;
    struct text names[BLOCKS_MAX];
    size_t name_count;
    struct text closes; /* what the block leaves open for its _end */
    struct tmpl_fault *fault;
    int line; /* of the piece at hand */
};

bool tmpl_refuse(struct tmpl_fault *fault, int line, const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    fault->line = line;
    vsnprintf(fault->message, sizeof(fault->message), fmt, args);
    va_end(args);
    return false;
}

static bool refuse(struct compiler *c, const char *message) {
    return tmpl_refuse(c->fault, c->line, "%s", message);
}

static bool is_word(char ch) {
    return (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') || ch == '_';
}

/* Takes the lower-case word at the start of *rest off it. */
static struct text take_word(struct text *rest) {
    size_t n = 0;
    while (n < rest->n && is_word(rest->p[n])) {
        n++;
    }
    struct text word = text_part(*rest, 0, n);
    *rest = text_trim(text_part(*rest, n, rest->n));
    return word;
}

/* "name(inside) rest": the closing bracket is the last ')' so that casts and calls may stand inside. */
static bool take_call(struct compiler *c, struct text *rest, struct text *ret_name, struct text *ret_inside) {
    *ret_name = take_word(rest);
    size_t close = rest->n;
    while (close > 0 && rest->p[close - 1] != ')') {
        close--;
    }
    if (ret_name->n == 0 || close < 2 || rest->p[0] != '(') {
        return refuse(c, "expected a lower-case name and (…)");
    }
    *ret_inside = text_trim(text_part(*rest, 1, close - 1));
    *rest = text_trim(text_part(*rest, close, rest->n));
    return scan_code(*ret_inside, c->line, 0, c->fault);
}

static bool push(struct compiler *c, enum frame_kind kind) {
    if (c->depth == FRAMES_MAX) {
        return refuse(c, "tags nest too deep");
    }
    if (kind == FRAME_FOR && c->context.state == AT_SPACE) {
        c->context.state = AT_EDGE; /* the second round begins where the first ended */
    }
    c->frames[c->depth++] = (struct frame){.kind = kind, .line = c->line, .entry = c->context};
    return true;
}

static struct frame *top(struct compiler *c) {
    return c->depth == 0 ? NULL : &c->frames[c->depth - 1];
}

/* "page_begin" -> the pair's name "page" when the name ends so. */
static bool pair_name(struct text name, const char *ending, struct context_name *ret_pair) {
    struct text end = text_of(ending);
    if (!text_ends(name, end) || name.n - end.n >= CONTEXT_NAME - 1) {
        return false;
    }
    *ret_pair = (struct context_name){{'{'}}; /* no element's name begins so */
    for (size_t i = 0; i < name.n - end.n; i++) {
        (void)name_add(ret_pair, name.p[i]);
    }
    return true;
}

static bool take_element(struct text *rest, struct context_name *ret_name) {
    struct text word = take_word(rest);
    *ret_name = (struct context_name){{'\0'}};
    for (size_t i = 0; i < word.n; i++) {
        if (!name_add(ret_name, word.p[i])) {
            return false;
        }
    }
    return word.n > 0;
}

/* "closes footer body html": the block begins inside them, in the order it will close them. */
static bool enter_open(struct compiler *c, struct text list) {
    struct context_name names[CONTEXT_ELEMENTS];
    int count = 0;
    while (list.n > 0) {
        if (count == CONTEXT_ELEMENTS || !take_element(&list, &names[count++])) {
            return refuse(c, "expected element names after 'closes'");
        }
    }
    while (count > 0) {
        if (!element_open(&c->context, names[--count], c->line, c->fault)) {
            return false;
        }
    }
    return true;
}

static bool begin_block(struct compiler *c, struct text rest) {
    struct text name;
    struct text parameters;
    if (!take_call(c, &rest, &name, &parameters)) {
        return false;
    }
    for (size_t i = 0; i < c->name_count; i++) {
        if (text_eq(c->names[i], name)) {
            return refuse(c, "a block of this name exists above");
        }
    }
    if (c->name_count == BLOCKS_MAX) {
        return refuse(c, "too many blocks in one file");
    }
    c->names[c->name_count++] = name;
    c->context = (struct context){.state = AT_TEXT};
    c->closes = TEXT("");
    struct context_name pair;
    bool begins = pair_name(name, "_begin", &pair);
    bool ends = pair_name(name, "_end", &pair);
    struct text word = take_word(&rest);
    if (begins != text_is(word, "opens") || ends != text_is(word, "closes") || (word.n > 0 && rest.n == 0) ||
        (word.n == 0 && rest.n > 0)) {
        return refuse(
            c, "NAME_begin(…) must say 'opens' and NAME_end(…) 'closes' with element names; others nothing");
    }
    if (!push(c, FRAME_BLOCK)) {
        return false;
    }
    c->closes = begins ? rest : TEXT("");
    emit_block(&c->emitter, c->line, name, text_is(parameters, "void") ? TEXT("") : parameters);
    return !ends || enter_open(c, rest);
}

static bool end_block(struct compiler *c) {
    struct context_name due = {{'\0'}};
    struct text list = c->closes;
    int at = 0;
    while (list.n > 0) {
        if (!take_element(&list, &due) || at >= c->context.depth ||
            !name_is(&c->context.elements[at], due.z)) {
            return refuse(c, "the elements left open are not those named after 'opens'");
        }
        at++;
    }
    if (c->context.depth > at) {
        return tmpl_refuse(c->fault, c->line, "the block leaves <%s> open",
                           c->context.elements[c->context.depth - 1].z);
    }
    if (c->context.state != AT_TEXT) {
        return refuse(c, "the block ends inside a tag");
    }
    emit_code(&c->emitter, c->line, "}", TEXT(""), "");
    return true;
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
    if (!scan_code(condition, c->line, 0, c->fault) || !push(c, FRAME_IF)) {
        return false;
    }
    emit_code(&c->emitter, c->line, "if (", condition, ") {");
    return condition.n > 0 || refuse(c, "'if' needs a condition");
}

static bool do_else(struct compiler *c, struct text rest) {
    struct frame *f = top(c);
    if (f == NULL || f->kind != FRAME_IF) {
        return refuse(c, "'else' without 'if'");
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
    if (!text_is(take_word(&rest), "if") || rest.n == 0) {
        return refuse(c, "only 'if' and a condition may follow 'else'");
    }
    emit_code(&c->emitter, c->line, "} else if (", rest, ") {");
    return scan_code(rest, c->line, 0, c->fault);
}

static bool do_for(struct compiler *c, struct text head) {
    if (!scan_code(head, c->line, 2, c->fault) || !push(c, FRAME_FOR)) {
        return false;
    }
    emit_code(&c->emitter, c->line, "for (", head, ") {");
    return true;
}

static bool do_end(struct compiler *c) {
    struct frame *f = top(c);
    if (f == NULL) {
        return refuse(c, "'end' ends nothing");
    }
    c->depth--;
    if (f->kind == FRAME_BLOCK) {
        return end_block(c);
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
    if (!take_call(c, &rest, &name, &arguments)) {
        return false;
    }
    if (rest.n > 0) {
        return refuse(c, "nothing may follow the call");
    }
    if (c->context.state != AT_TEXT) {
        return refuse(c, "a block may be called only where text may stand");
    }
    struct text head = text_part(name, 0, name.n);
    struct buf *code = &c->emitter.code;
    emit_code(&c->emitter, c->line, "tmpl_", head, arguments.n > 0 ? "(out," : "(out");
    buf_put(code, arguments);
    buf_putz(code, ");\n");
    struct context_name pair;
    if (pair_name(name, "_begin", &pair)) {
        return element_open(&c->context, pair, c->line, c->fault);
    }
    return !pair_name(name, "_end", &pair) || element_close(&c->context, pair, c->line, c->fault);
}

static bool do_let(struct compiler *c, struct text declaration) {
    if (text_index(declaration, '=') == declaration.n) {
        return refuse(c, "'let' needs a declaration with '='");
    }
    emit_code(&c->emitter, c->line, "", declaration, ";");
    return scan_code(declaration, c->line, 0, c->fault);
}

static bool do_include(struct compiler *c, struct text rest) {
    bool quoted = rest.n > 2 && rest.p[0] == '"' && rest.p[rest.n - 1] == '"';
    struct text file = quoted ? text_part(rest, 1, rest.n - 1) : TEXT("");
    for (size_t i = 0; i < file.n; i++) {
        if (!is_word(file.p[i]) && file.p[i] != '/' && file.p[i] != '.') {
            file.n = 0;
        }
    }
    if (file.n == 0) {
        return refuse(c, "include needs \"floor/file.h\"");
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
        return rest.n == 0 ? do_end(c) : refuse(c, "nothing may follow 'end'");
    }
    return refuse(c, "unknown tag: block, include, if, else, for, let, call, end are known");
}

static bool do_tag(struct compiler *c, struct text tag) {
    struct text rest = tag;
    struct text word = take_word(&rest);
    bool outside = c->depth == 0;
    if (text_is(word, "block") || text_is(word, "include")) {
        if (!outside) {
            return refuse(c, "'block' and 'include' stand outside blocks");
        }
        return text_is(word, "block") ? begin_block(c, rest) : do_include(c, rest);
    }
    return outside ? refuse(c, "this tag must stand inside a block") : do_inside(c, word, rest);
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
        return text_trim(literal).n == 0 || refuse(c, "text outside a block");
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
        return c->depth == 0 ? refuse(c, "a value outside a block") : do_value(c, piece->text);
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
