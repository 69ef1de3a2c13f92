/* application/problem+json (RFC 9457): a stable code, Japanese words, figures, and the fields that are wrong. */
#ifndef SANGO_WEB_PROBLEM_H
#define SANGO_WEB_PROBLEM_H

#include "base/json_out.h"
#include "core/refusal.h"
#include "web/form.h"

struct problem {
    int status;
    struct text code;
    struct text title;             /* empty: the catalogue's words for the status */
    struct text detail;            /* empty: the catalogue's words for the code */
    const struct refused *refused; /* figures; NULL: none */
    const struct form_input *form; /* errors[]; NULL: none */
    /* Writes further members; NULL: none. */
    void (*more)(struct json_out *json, const void *ctx);
    const void *ctx;
};

/* Fills empty words from the catalogue: problem-title.STATUS, problem.CODE. */
struct problem problem_worded(const struct problem *problem);
struct text problem_json(struct arena *arena, const struct problem *problem);
/* "label" goes into the sentence: {label}を入力してください。 */
struct text problem_field_words(struct arena *arena, const struct field_error *error, struct text label);

#define PROBLEM_TYPE "application/problem+json"

#endif
