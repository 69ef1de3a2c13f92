/* What the two files about registrations share: the queue's rows, and one registration's page with its forms. */
#ifndef SANGO_WEB_STAFF_REGISTRATION_H
#define SANGO_WEB_STAFF_REGISTRATION_H

#include "core/facts.h"
#include "query/people.h"
#include "web/exchange.h"
#include "web/staff/registration_view.h"

extern const struct form staff_interview_form;
extern const struct form staff_approve_form;

struct interview_body {
    struct text memo;
    const struct text *needs;
    size_t need_count;
};
/* Names of the fields by what they count: "used" for pools, … */
extern const char *const staff_before_names[BEFORE__MAX];

struct registration_item registration_item_of(const struct exchange *x, const struct registration_row *row);
/* Parts of the page, where the city has rules: the class with its day, and fields for what was used before. */
void registration_fill_class(struct exchange *x, const struct form_input *input, struct text chosen,
                             const struct error_list *errors, struct registration_view *view);
void registration_fill_before(struct exchange *x, const struct form_input *input,
                              const struct error_list *errors, struct registration_view *view);
struct text registration_proven_words(const struct exchange *x, const struct grant_row *grant);
/* The one that the path names, once it is on record that it is looked at; NULL: it cannot be shown, which was answered. */
const struct registration_detail *registration_shown(struct exchange *x);
/* Answers with the page. */
void registration_page(struct exchange *x, int status, struct error_list errors);

#endif
