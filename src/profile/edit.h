/* A version of the rules as a tree of labelled fields, for forms: what stands where, what it is called (shape.h), and
 * changes by name as a form sends them. The document may be faulty while it is worked on: whether it is right is for
 * profile_load(). Nothing is kept: open, change, take the text, close. */
#ifndef SANGO_PROFILE_EDIT_H
#define SANGO_PROFILE_EDIT_H

#include "profile/profile.h"
#include "profile/shape.h"
#include "words/words.h"

struct edit {
    struct arena *arena;
    json_t *document;
};
/* False: no JSON object, nothing to close. */
NODISCARD bool edit_open(struct arena *arena, struct text document, struct edit *ret_edit);
/* The document as JSON. */
struct text edit_document(const struct edit *edit);
void edit_close(struct edit *edit);
/* JSON with a line for every member, for people; what is no JSON stays as it is. */
struct text edit_pretty(struct arena *arena, struct text document);

/* ---- looking ---- */

struct edit_choice {
    struct text code;
    struct text label;
    bool chosen;
};

enum edit_what {
    EDIT_LEAF,  /* one input */
    EDIT_GROUP, /* a legend and what belongs together */
    EDIT_LIST   /* rows that can be added, removed, copied, moved */
};

struct edit_node {
    enum edit_what what;
    enum shape_kind
        kind; /* LEAF: CHOICE and CLASS a list to choose from, BOOL a box, lists of codes boxes, else text */
    struct text name; /* of the input: cares.0.prices.taxed; of the choice between forms: cares.0.age.@;
                             between one for all classes and one for each: cares.0.prices.@by */
    struct text label;
    struct text hint;
    struct text unit;
    struct text value; /* as shape_text() writes it; what its absence means when that can be written */
    struct text error; /* of edit_faults() */
    bool required;
    bool row; /* of a LIST */
    const struct edit_choice *choices;
    size_t choice_count;
    struct edit_node *children;
    size_t count;
};

/* What stands at `name`: "cares.0", "booking"; "" the whole. False: nothing of the table stands there. */
NODISCARD bool edit_look(const struct edit *edit, struct text name, struct edit_node *ret_node);
/* Puts every fault beside the field that it is about, or the nearest thing above it. */
void edit_faults(struct edit_node *node, const struct profile_faults *faults, struct arena *arena);
/* "/cares/0/age" -> "cares.0.age" */
struct text edit_name(struct arena *arena, struct text pointer);

/* The parts that a version is edited in, and which of them a name belongs to. */
struct edit_section {
    const char *code; /* of the address */
    enum word label;
    const char *keys; /* members of the version, separated by spaces */
};
enum { EDIT_SECTIONS = 12 };
extern const struct edit_section edit_sections[EDIT_SECTIONS];
/* NULL: none. */
const struct edit_section *edit_section_of(struct text name);
const struct edit_section *edit_section_by(struct text code);

/* ---- changing ---- */

/* What was typed, as it was typed: "3,500", "１０：００". False: it cannot be that; *ret_fault says why and nothing was
 * changed. Names with '@' choose a form, keeping what both forms have. */
NODISCARD bool edit_set(struct edit *edit, struct text name, struct text typed, enum word *ret_fault);

/* Rows: a blank one at the end of a list; a copy below; out; one place up. A row's code that others refer to goes with
 * them: they follow a change of it and forget it when it is removed. False: no such place. */
NODISCARD bool edit_add(struct edit *edit, struct text list);
NODISCARD bool edit_copy(struct edit *edit, struct text row);
NODISCARD bool edit_remove(struct edit *edit, struct text row);
NODISCARD bool edit_raise(struct edit *edit, struct text row);

#endif
