/* What the two files about registrations share: the queue's rows, and one registration's page with its forms. */
#ifndef SANGO_WEB_STAFF_REGISTRATION_H
#define SANGO_WEB_STAFF_REGISTRATION_H

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
struct approve_body {
    struct text household_class;
    const struct form_count *extra;
    size_t extra_count;
    struct day valid_from;
    struct day valid_to;
};

struct registration_item registration_item_of(const struct exchange *x, const struct registration_row *row);
/* Records the view and answers with the page. */
void registration_page(struct exchange *x, int status, struct error_list errors);

#endif
