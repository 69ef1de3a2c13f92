/* Blocks: their heads, the pairs that may share elements, and what must be closed at their end. */
#include "compile.h"
#include "scan.h"

bool compile_refuse(struct compiler *c, const char *message) {
    return tmpl_refuse(c->fault, c->line, "%s", message);
}

bool tag_is_word(char ch) {
    return (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') || ch == '_';
}

/* Takes the lower-case word at the start of *rest off it. */
struct text tag_word(struct text *rest) {
    size_t n = 0;
    while (n < rest->n && tag_is_word(rest->p[n])) {
        n++;
    }
    struct text word = text_part(*rest, 0, n);
    *rest = text_trim(text_part(*rest, n, rest->n));
    return word;
}

/* "name(inside) rest": the closing bracket is the last ')' so that casts and calls may stand inside. */
bool tag_call(struct compiler *c, struct text *rest, struct text *ret_name, struct text *ret_inside) {
    *ret_name = tag_word(rest);
    size_t close = rest->n;
    while (close > 0 && rest->p[close - 1] != ')') {
        close--;
    }
    if (ret_name->n == 0 || close < 2 || rest->p[0] != '(') {
        return compile_refuse(c, "expected a lower-case name and (…)");
    }
    *ret_inside = text_trim(text_part(*rest, 1, close - 1));
    *rest = text_trim(text_part(*rest, close, rest->n));
    return scan_code(*ret_inside, c->line, 0, c->fault);
}

bool compile_push(struct compiler *c, enum frame_kind kind) {
    if (c->depth == FRAMES_MAX) {
        return compile_refuse(c, "tags nest too deep");
    }
    if (kind == FRAME_FOR && c->context.state == AT_SPACE) {
        c->context.state = AT_EDGE; /* the second round begins where the first ended */
    }
    c->frames[c->depth++] = (struct frame){.kind = kind, .line = c->line, .entry = c->context};
    return true;
}

/* "page_begin" -> the pair's name "page" when the name ends so. */
bool block_pair(struct text name, const char *ending, struct context_name *ret_pair) {
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
    struct text word = tag_word(rest);
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
            return compile_refuse(c, "expected element names after 'closes'");
        }
    }
    while (count > 0) {
        if (!element_open(&c->context, names[--count], c->line, c->fault)) {
            return false;
        }
    }
    return true;
}

bool block_begin(struct compiler *c, struct text rest) {
    struct text name;
    struct text parameters;
    if (!tag_call(c, &rest, &name, &parameters)) {
        return false;
    }
    for (size_t i = 0; i < c->name_count; i++) {
        if (text_eq(c->names[i], name)) {
            return compile_refuse(c, "a block of this name exists above");
        }
    }
    if (c->name_count == BLOCKS_MAX) {
        return compile_refuse(c, "too many blocks in one file");
    }
    c->names[c->name_count++] = name;
    c->context = (struct context){.state = AT_TEXT};
    c->closes = TEXT("");
    struct context_name pair;
    bool begins = block_pair(name, "_begin", &pair);
    bool ends = block_pair(name, "_end", &pair);
    struct text word = tag_word(&rest);
    if (begins != text_is(word, "opens") || ends != text_is(word, "closes") || (word.n > 0 && rest.n == 0) ||
        (word.n == 0 && rest.n > 0)) {
        return compile_refuse(
            c, "NAME_begin(…) must say 'opens' and NAME_end(…) 'closes' with element names; others nothing");
    }
    if (!compile_push(c, FRAME_BLOCK)) {
        return false;
    }
    c->closes = begins ? rest : TEXT("");
    emit_block(&c->emitter, c->line, name, text_is(parameters, "void") ? TEXT("") : parameters);
    return !ends || enter_open(c, rest);
}

bool block_end(struct compiler *c) {
    struct context_name due = {{'\0'}};
    struct text list = c->closes;
    int at = 0;
    while (list.n > 0) {
        if (!take_element(&list, &due) || at >= c->context.depth ||
            !name_is(&c->context.elements[at], due.z)) {
            return compile_refuse(c, "the elements left open are not those named after 'opens'");
        }
        at++;
    }
    if (c->context.depth > at) {
        return tmpl_refuse(c->fault, c->line, "the block leaves <%s> open",
                           c->context.elements[c->context.depth - 1].z);
    }
    if (c->context.state != AT_TEXT) {
        return compile_refuse(c, "the block ends inside a tag");
    }
    emit_code(&c->emitter, c->line, "}", TEXT(""), "");
    return true;
}
