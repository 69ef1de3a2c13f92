/* The compiler at work: what block.c (blocks and pairs) and compile.c (everything inside them) share. */
#ifndef SANGO_TOOLS_TMPL_COMPILE_H
#define SANGO_TOOLS_TMPL_COMPILE_H

#include "context.h"
#include "emit.h"

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

/* Fills the fault at the line of the piece at hand; always false. */
bool compile_refuse(struct compiler *c, const char *message);
NODISCARD bool compile_push(struct compiler *c, enum frame_kind kind);

/* May the character stand in a name of ours? */
bool tag_is_word(char ch);
/* Takes the lower-case word at the start of *rest off it. */
struct text tag_word(struct text *rest);
/* "name(inside) rest": the closing bracket is the last ')' so that casts and calls may stand inside. */
NODISCARD bool tag_call(struct compiler *c, struct text *rest, struct text *ret_name,
                        struct text *ret_inside);

/* "page_begin" -> the pair's name "page" when the name ends so. */
bool block_pair(struct text name, const char *ending, struct context_name *ret_pair);
NODISCARD bool block_begin(struct compiler *c, struct text rest);
NODISCARD bool block_end(struct compiler *c);

#endif
