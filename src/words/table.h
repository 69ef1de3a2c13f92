/* The made table, one row an enum word; for words.c alone. */
#ifndef SANGO_WORDS_TABLE_H
#define SANGO_WORDS_TABLE_H

#include "base/text.h"

struct word_row {
    struct text key;
    struct text text;
};

extern const struct word_row word_rows[];

#endif
