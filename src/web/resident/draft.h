/* The steps of a registration and the draft that holds their answers as typed. A step is a form of its own; its answers
 * stand in the draft under the same names, those of the n-th child behind "children.N.". */
#ifndef SANGO_WEB_RESIDENT_DRAFT_H
#define SANGO_WEB_RESIDENT_DRAFT_H

#include "query/people.h"
#include "service/registration.h"
#include "web/exchange.h"

enum step_id {
    STEP_NAME,
    STEP_BIRTH,
    STEP_ADDRESS,
    STEP_PHONE,
    STEP_CHILD,
    STEP_CLASS,
    STEP_NOTE,
    STEP_CONSENT,
    STEP_ID__MAX
};

struct draft_step {
    const char *code; /* words step.CODE and step-lead.CODE, path /me/registration/CODE */
    const struct form *form;
    bool optional;
};
extern const struct form draft_name_form, draft_birth_form, draft_address_form, draft_phone_form,
    draft_child_form, draft_class_form, draft_note_form, draft_consent_form;
extern const struct draft_step draft_steps[STEP_ID__MAX];

/* All answers of a draft, or of one step. */
struct draft_answers {
    struct text mother_name;
    struct text mother_kana;
    struct day mother_birth_date;
    struct text postal_code;
    struct text address;
    struct text phone;
    struct draft_child {
        struct text child_name;
        struct day birth_date;
        struct day due_date;
        int64_t weeks;
        int64_t days;
        int64_t weight_g;
    } * children;
    size_t child_count;
    struct text household_class;
    struct text *consents;
    size_t consent_count;
    struct text note;
};

/* The draft as entries, none when there is none. RC_FAULT: the world. */
NODISCARD enum rc draft_read(struct exchange *x, struct form_input *ret_draft);
/* One step's part of it with the step's own names and form, filled. Of STEP_CHILD the child-th, from 0. False when
 * something is missing or wrong. */
NODISCARD bool draft_step_input(struct exchange *x, const struct form_input *draft, enum step_id step,
                                size_t child, struct form_input *ret_input);
/* How many children have answers. */
size_t draft_children(const struct form_input *draft);
/* The draft with one step answered anew; `body` NULL: with the step's answers left out. */
struct text draft_with(struct exchange *x, const struct form_input *draft, enum step_id step, size_t child,
                       const struct form_input *body);
/* A draft with the answers of a registration that was sent before. */
struct text draft_of_registration(struct exchange *x, const struct registration_detail *detail);
/* What to send; texts live as long as the request. */
void draft_form(struct exchange *x, struct form_input *draft, struct registration_form *ret_form);
/* The step to mend a fault of this JSON pointer at; *ret_child for STEP_CHILD. */
enum step_id draft_step_of(struct text pointer, size_t *ret_child);

#endif
