/* Readers that began to look at a city before its rules changed move on to what it is now. */
#ifndef SANGO_SERVICE_FRESH_H
#define SANGO_SERVICE_FRESH_H

#include "service/call.h"

/* The city as it is now, at least of this revision, held; from the shelf, or read and put there. */
NODISCARD enum rc fresh_city(const struct call *call, int64_t revision, const struct house_city **ret_held);
/* After the call's city was changed by the call itself, which raised its revision by one: whoever comes to this server
 * from now on meets what it is now. */
void fresh_after(const struct call *call);
/* The revision of the call's city. Asks the database only where other servers write to it, too. */
NODISCARD enum rc fresh_revision(struct call *call, int64_t *ret_revision);
/* Moves every city of the house on, where other servers may have changed one; for jobs, before they look. `arena` is for
 * the work. */
NODISCARD enum rc fresh_house(const struct house *house, struct arena *arena);

#endif
