/* Between the files of the rules' pages. */
#ifndef SANGO_WEB_STAFF_RULES_PART_H
#define SANGO_WEB_STAFF_RULES_PART_H

#include "service/rules.h"
#include "web/exchange.h"
#include "web/staff/rules_view.h"

#define RULES_DRAFT "/city/rules/draft"

/* "令和8年4月1日(水)" */
struct text rules_day_words(const struct exchange *x, struct day day);
/* The version that holds before `valid_from` among those that live, with its document. False: there is none, or the
 * world failed (*ret_rc). */
NODISCARD bool rules_before(struct exchange *x, struct day valid_from, struct rules_version *ret_version,
                            enum rc *ret_rc);
/* Both documents beside each other. */
void rules_compare(const struct exchange *x, struct text before, struct text after,
                   struct compare_view *ret_view);
/* The draft's own first day; DAY_NONE while it names none. */
struct day rules_first_day(const struct exchange *x, struct text document);
/* A member of the document that is a text; empty when it is none. */
struct text rules_member(const struct exchange *x, struct text document, const char *key);
/* Where a fault of the draft can be mended. */
struct text rules_fault_url(const struct exchange *x, struct text pointer);
/* What a refused change says. */
struct text rules_fault_words(const struct exchange *x, const struct rules_outcome *outcome);
bool rules_may_edit(const struct exchange *x);

#endif
