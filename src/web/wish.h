/* A wish for a place: the questions, the same for the resident and for the city that acts on her behalf, and what is
 * asked of the waiting list. */
#ifndef SANGO_WEB_WISH_H
#define SANGO_WEB_WISH_H

#include "service/wait.h"
#include "web/page_form.h"

extern const struct form wish_form; /* of the POST */
extern const struct form
    wish_link_form; /* the query of the page that asks: nothing is required, days come whole */

/* The form as the link wishes it, with the usual answers for the rest. */
void wish_from_link(struct exchange *x, struct form_input *ret_input);
/* The questions with today's cares and facilities to choose from. */
NODISCARD enum rc wish_widgets(struct exchange *x, const struct form_input *input,
                               const struct error_list *errors, struct widgets *ret_widgets);
/* From the filled wish_form; for the actor herself. */
struct wait_ask wish_ask(const struct exchange *x);

#endif
