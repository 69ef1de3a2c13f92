/* Checking the invariants of a database that nobody has opened yet: live beside a server, copied, or restored. */
#ifndef SANGO_CLI_VERIFY_RUN_H
#define SANGO_CLI_VERIFY_RUN_H

#include "service/verify.h"

/* Reads only. What must have happened by now is judged at *ret_moment: when the clock's jobs were last at work, so that
 * a copy is not blamed for the time since it was made, and a demo's clock is its own. On failure *ret_why is one
 * sentence. */
NODISCARD enum rc verify_run(struct arena *arena, struct text url, struct verify_report *ret_report,
                             struct instant *ret_moment, struct text *ret_why);

#endif
