/* Is this machine fit to serve from? What no configuration says and no engine finds out: who else may read the data or
 * write the rules, and whether the clock can be right. Deadlines are decided by it. */
#ifndef SANGO_CLI_FIT_H
#define SANGO_CLI_FIT_H

#include "sys/config.h"
#include "sys/env.h"

/* RC_FAULT with one sentence that says what to do. `path` is the configuration's. */
NODISCARD enum rc fit_to_serve(struct arena *arena, const struct config *config, struct text path,
                               const struct env *env, struct text *ret_why);
/* Does the kernel know of somebody who sets its clock? In a container nobody can tell. */
bool fit_clock_synced(void);

#endif
