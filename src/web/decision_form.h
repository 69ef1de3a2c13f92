/* What the city decides on an application, as pages and the API ask for it: the reason of a return or a refusal, the
 * class found again, and an approval. Pages name some fields of the approval otherwise than the API. */
#ifndef SANGO_WEB_DECISION_FORM_H
#define SANGO_WEB_DECISION_FORM_H

#include "core/facts.h"
#include "service/registration.h"
#include "web/exchange.h"

enum { DECISION_EXTRA_MAX = 99, DECISION_BEFORE_MAX = 999, DECISION_BEFORE_YEN_MAX = 10000000 };

struct decision_body {
    struct text reason;
    struct text household_class;
    const struct form_count *extra;
    size_t extra_count;
    struct day valid_from;
    struct day valid_to;
    const struct form_count *before[BEFORE__MAX];
    size_t before_count[BEFORE__MAX];
    struct day class_proven;
};
extern const struct form decision_reason_form;
extern const struct form decision_class_form;

#define DECISION_CLASS_FIELDS                                                                                \
    {.name = "household_class",                                                                              \
     .kind = FIELD_TEXT,                                                                                     \
     .required = true,                                                                                       \
     .max = 40,                                                                                              \
     .offset = offsetof(struct decision_body, household_class)},                                             \
    {                                                                                                        \
        .name = "class_proven", .kind = FIELD_DAY, .offset = offsetof(struct decision_body, class_proven),   \
        .note = "day on which the class was found; today when left out"                                      \
    }
#define DECISION_BEFORE_FIELD(field_name, what, most, says)                                                  \
    {                                                                                                        \
        .name = field_name, .kind = FIELD_COUNTS, .max = most,                                               \
        .offset = offsetof(struct decision_body, before[what]),                                              \
        .count_offset = offsetof(struct decision_body, before_count[what]), .note = says                     \
    }
/* `extra_name` is what units beyond the rules are called, the others what was used before this program kept count. */
#define DECISION_APPROVAL_FIELDS(extra_name, used, reduced, spent, priced)                                   \
    DECISION_CLASS_FIELDS,                                                                                   \
        {.name = extra_name,                                                                                 \
         .kind = FIELD_COUNTS,                                                                               \
         .max = DECISION_EXTRA_MAX,                                                                          \
         .offset = offsetof(struct decision_body, extra),                                                    \
         .count_offset = offsetof(struct decision_body, extra_count),                                        \
         .note = "units beyond the rules, by pool"},                                                         \
        {.name = "valid_from",                                                                               \
         .kind = FIELD_DAY,                                                                                  \
         .offset = offsetof(struct decision_body, valid_from),                                               \
         .note = "today when left out"},                                                                     \
        {.name = "valid_to",                                                                                 \
         .kind = FIELD_DAY,                                                                                  \
         .offset = offsetof(struct decision_body, valid_to),                                                 \
         .note = "by the rules when left out"},                                                              \
        DECISION_BEFORE_FIELD(used, BEFORE_POOL, DECISION_BEFORE_MAX,                                        \
                              "units used before this system, by pool"),                                     \
        DECISION_BEFORE_FIELD(reduced, BEFORE_REDUCTION, DECISION_BEFORE_MAX,                                \
                              "uses of a reduction before this system"),                                     \
        DECISION_BEFORE_FIELD(spent, BEFORE_YEN, DECISION_BEFORE_YEN_MAX,                                    \
                              "yen of a reduction with a budget, likewise"),                                 \
        DECISION_BEFORE_FIELD(priced, BEFORE_CARE, DECISION_BEFORE_MAX,                                      \
                              "uses or units of a care priced by its n-th use, likewise")

/* From x->body of decision_reason_form, and of decision_class_form. */
struct registration_decision decision_read_reason(const struct exchange *x);
struct registration_decision decision_read_class(const struct exchange *x);
/* From x->body of a form with DECISION_APPROVAL_FIELDS. False: errors were added to x->body, for units of a pool the
 * rules do not have, and for more rows than there is room for. */
NODISCARD bool decision_read_approval(struct exchange *x, struct registration_decision *ret_decision);

#endif
