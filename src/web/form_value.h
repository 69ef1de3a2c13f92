/* One value of one field: from text to the member's C type. Internal to the form reader. */
#ifndef SANGO_WEB_FORM_VALUE_H
#define SANGO_WEB_FORM_VALUE_H

#include "web/form.h"

/* The value a member has when its field is absent. */
void value_absent(const struct field *field, void *at);
/* Reads one scalar; `at` is written only on FORM_FINE. FORM_MISSING: empty after trimming. */
enum form_error value_read(struct form_input *input, const struct field *field, enum field_kind kind,
                           const struct form_entry *entry, void *at, int64_t *ret_bound);
/* A day from its three inputs; empty ones are FORM_MISSING when all are. */
enum form_error value_read_ymd(struct arena *arena, struct text year, struct text month, struct text day,
                               struct day *ret_day);
/* Most characters or items when the table says 0. */
int64_t value_max(const struct field *field, enum field_kind kind);

#endif
