/* Sentences people read outside a page's own prose: refusals, states, form errors, mails. The texts stand in
 * ja.words; tools/words makes enum word of their keys while building. */
#ifndef SANGO_WORDS_WORDS_H
#define SANGO_WORDS_WORDS_H

#include "base/text.h"
#include "words/keys.h"

struct word_arg {
    const char *name; /* as in {name} */
    struct text value;
};

/* The text of a word without places; a word with places is a bug here. */
struct text word_text(enum word word);
/* Places filled. Every place needs its argument and every argument its place: anything else is a bug (assert), so
 * that a test that shows the word once proves it. */
struct text word_expand(struct arena *arena, enum word word, const struct word_arg *args, size_t count);
/* Does the text of `word` have a place of this name? For words chosen by a table. */
bool word_has_place(enum word word, const char *name);
/* For codes that come from data, such as "refusal." + refusal_code(r). */
NODISCARD bool word_find(struct text key, enum word *ret_word);
struct text word_key(enum word word);

#endif
