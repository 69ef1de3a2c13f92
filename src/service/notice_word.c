#include "service/notice_word.h"

#include <assert.h>

#include "service/write.h"
#include "words/words.h"

enum { NOTICE_ARGS_MAX = 12 };

static enum word word_of(struct arena *arena, const char *kind, enum notice_part part) {
    struct text key =
        text_printf(arena, "notice.%s.%s", kind, part == NOTICE_WORD_SUBJECT ? "subject" : "body");
    enum word word;
    bool found = word_find(key, &word);
    assert(found && "this kind of notice has no words");
    return word;
}

struct text notice_word(struct arena *arena, const char *kind, enum notice_part part,
                        const struct notice_arg *args, size_t count) {
    enum word word = word_of(arena, kind, part);
    struct word_arg placed[NOTICE_ARGS_MAX];
    size_t placed_count = 0;
    assert(count <= NOTICE_ARGS_MAX);
    for (size_t i = 0; i < count; i++) {
        if (word_has_place(word, args[i].name)) {
            placed[placed_count++] = (struct word_arg){args[i].name, args[i].value};
        }
    }
    return word_expand(arena, word, placed, placed_count);
}
