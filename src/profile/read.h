/* Pieces of a version, each read from its node into core's struct. Rows that others refer to (classes, pools, codes of
 * cares) are read before those that refer to them. Faults are told to the node; nothing is returned for them. */
#ifndef SANGO_PROFILE_READ_H
#define SANGO_PROFILE_READ_H

#include "profile/node.h"

/* The entry for one class: the table's own, else its "all", else (not a table) the node itself. */
struct node read_class_entry(const struct node *table, const struct programme *programme, int32_t row);
/* Words that a table by class keeps for itself: no class may be called so. */
bool read_class_reserved(struct text code);
/* Tells unknown classes and classes without an entry. */
void read_class_table(const struct node *table, const struct programme *programme);
/* A row by its code; -1 with a fault. */
int32_t read_care_row(const struct node *node, const struct programme *programme);
int32_t read_class_row(const struct node *node, const struct programme *programme);
/* A list of codes as a mask; absent: all rows. */
rows_mask read_cares(const struct node *node, const struct programme *programme);
rows_mask read_classes(const struct node *node, const struct programme *programme);

/* {days, business, at, shift, exclusive}; absent: not set. */
struct moment read_moment(const struct node *node);
/* {bound, months|weeks|days, test, from_days, corrected}; absent: no limit. */
struct age_window read_age(const struct node *node);

/* By class. `care` is the row whose own history an n-th-use price counts by default, or -1. */
void read_prices(const struct node *node, const struct programme *programme, int32_t care,
                 struct price prices[PROGRAMME_CLASSES_MAX]);

void read_care(const struct node *node, struct programme *programme, int32_t row);
void read_additions(const struct node *node, struct programme *programme);
void read_reductions(const struct node *node, struct programme *programme);
void read_cancel(const struct node *node, struct programme *programme);
void read_acceptance(const struct node *node, struct programme *programme);
void read_wait(const struct node *node, struct programme *programme);

/* A whole version. */
void read_version(const struct node *node, struct programme *programme);

#endif
