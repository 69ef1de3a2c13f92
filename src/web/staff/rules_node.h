/* The tree of profile/edit.h as questions on a page, and what was sent as changes of the document. */
#ifndef SANGO_WEB_STAFF_RULES_NODE_H
#define SANGO_WEB_STAFF_RULES_NODE_H

#include "profile/edit.h"
#include "web/exchange.h"
#include "web/staff/rules_view.h"

/* `typed`: what was sent stands in the fields instead of what is stored; NULL: what is stored. */
struct rule_node rules_node_of(struct exchange *x, const struct edit_node *node,
                               const struct form_input *typed);

/* Every field of the tree that was sent with another value than the stored one. Faults are put into the nodes' errors.
 * `lost`, when not NULL, only collects what was typed. Returns the number of faults. */
struct node_changes {
    struct edit *edit;       /* NULL: only collect */
    struct difference *rows; /* what was typed: label, stored, typed */
    size_t count;
    size_t faults;
};
void rules_node_apply(struct exchange *x, struct edit_node *node, struct node_changes *changes);

/* "errors" of a tree for the list on top, in its order. */
void rules_node_errors(struct arena *arena, const struct edit_node *node, struct error_list *list);

#endif
