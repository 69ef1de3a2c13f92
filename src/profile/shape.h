/* What a version of a programme is made of, as one table: which members an object has, what kind of value each is, what
 * it is called in Japanese, what it means when it is left out. Comparing versions (compare.h) and editing one (edit.h)
 * both walk it; the reader (read.h) stays the judge of what is right. Labels are the words rule.SHAPE.KEY, help
 * rule-hint.SHAPE.KEY, choices rule-choice.SHAPE.KEY.CODE, variants rule-way.SHAPE.CODE. */
#ifndef SANGO_PROFILE_SHAPE_H
#define SANGO_PROFILE_SHAPE_H

#include <jansson.h>

#include "base/text.h"

enum shape_kind {
    SHAPE_TEXT,
    SHAPE_CODE, /* the row's own code */
    SHAPE_YEN,
    SHAPE_COUNT, /* a number; its unit is the word rule-unit.SHAPE.KEY */
    SHAPE_PERCENT,
    SHAPE_DAY,
    SHAPE_CLOCK,
    SHAPE_BOOL,
    SHAPE_CHOICE,
    SHAPE_CLASS, /* code of a class, or a word of `choices` */
    SHAPE_CARES, /* lists of codes */
    SHAPE_CLASSES,
    SHAPE_POOLS,
    SHAPE_YENS,     /* [0, 1000] */
    SHAPE_INFANTS,  /* 7, or [7, 14] by the number of infants */
    SHAPE_PATTERNS, /* [[1, 1], [2]] */
    /* made of others: */
    SHAPE_OBJECT,   /* `inner` */
    SHAPE_ROWS,     /* a list of `inner` */
    SHAPE_BY_CLASS, /* {"taxed": …, "all": …} of `value`, or (units) one for all */
    SHAPE_BY_CARE,  /* {"stay": …} of `value` */
    SHAPE_KIND__MAX
};

struct shape;

struct shape_field {
    const char *key;
    enum shape_kind kind;
    bool required;
    const char *def;     /* what leaving it out means, written as shape_text() writes it; NULL: nothing.
                            Of lists: "*" all, "own" the care it stands in, "" none */
    const char *choices; /* CHOICE: codes, separated by spaces; CLASS: further words */
    const struct shape *inner;
    const struct shape_field *value; /* BY_CLASS, BY_CARE */
    const char *blank;               /* ROWS: JSON of a new row */
    bool pages;                      /* ROWS: each row is worth a page of its own */
};

/* One of the forms that an object takes, told apart by a member or by what it is. Tests: "-" absent, "#" a number, "[" a
 * list, "{" an object, "+" true, "!" false, "'TEXT" that text, "KEY" has it, "KEY=TEXT", "*" else; several: separated by
 * '|'. */
struct shape_way {
    const char *code;
    const char *test;             /* see below */
    const char *keys;             /* members that only some ways have, separated by spaces */
    const char *blank;            /* JSON to begin with; NULL: absent */
    enum shape_kind kind;         /* of the value itself: OBJECT, or YEN … */
    const struct shape_field *as; /* how it is read when it is no OBJECT */
};

struct shape {
    const char *name;
    const struct shape_field *fields;
    size_t count;
    const struct shape_way *ways; /* none: always the same members */
    size_t way_count;
};

/* The whole version. */
extern const struct shape shape_version;

/* The member of this key, or NULL. */
const struct shape_field *shape_member(const struct shape *shape, struct text key);
/* Row of `ways` that `json` (NULL: absent) is; 0 without ways and when it is none of them. */
size_t shape_way_of(const struct shape *shape, const json_t *json);
/* Does an object of this way have the member? Those that no way names, all have. */
bool shape_shows(const struct shape *shape, size_t way, const struct shape_field *field);
/* Is it a table by class? Not what is one value for all: a number, a price, an outcome. */
bool shape_is_table(const json_t *json);
/* Is `word` one of those separated by spaces? */
bool shape_lists(const char *words, struct text word);

/* The words of the table; the key itself where a word is missing (a test sees to it that none is). */
struct text shape_label(struct arena *arena, const struct shape *shape, const struct shape_field *field);
struct text shape_hint(struct arena *arena, const struct shape *shape, const struct shape_field *field);
struct text shape_choice(struct arena *arena, const struct shape *shape, const struct shape_field *field,
                         struct text code);
struct text shape_way_label(struct arena *arena, const struct shape *shape, const struct shape_way *way);
/* 円, %, 日 … behind the box; often empty. */
struct text shape_unit(struct arena *arena, const struct shape *shape, const struct shape_field *field);

/* A leaf as it is typed and as `def` is written: "3000", "1、1／2", "true", "stay day". Empty when absent or not of
 * the kind. */
struct text shape_text(struct arena *arena, const struct shape_field *field, const json_t *json);

/* Member of a row whose code is `code` in the list `table` of the version: {"code": …, "name": …}; NULL: none. */
const json_t *shape_row(const json_t *version, const char *table, struct text code);
/* Its name for people; the code when it has none. */
struct text shape_row_name(const json_t *version, const char *table, struct text code);
/* "classes" for CLASS, CLASSES, BY_CLASS; "cares", "pools" likewise; NULL for other kinds. */
const char *shape_table(enum shape_kind kind);

/* Any value in words, as a comparison shows it: "3,000円", "前日…", objects as "料金の割合：10%、上限：2,800円". `version`
 * gives names to codes. Absent: the default in words, or "（なし）". */
struct text shape_words(struct arena *arena, const struct shape *shape, const struct shape_field *field,
                        const json_t *version, const json_t *json);

#endif
