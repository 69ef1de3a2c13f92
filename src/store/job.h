/* Leases of jobs: whoever holds the row runs the job, until the lease ends or is renewed. */
#ifndef SANGO_STORE_JOB_H
#define SANGO_STORE_JOB_H

#include "store/store.h"

extern const struct db_stmt_list job_statements;

struct job_lease {
    struct text name;
    struct text holder;
    struct instant now;
    int64_t seconds;
};
/* Takes or renews the lease. RC_NONE: somebody else holds it. A lease that ends later than one could be given now was
 * given by a clock that has since been set back, and is taken over. */
NODISCARD enum rc job_claim(struct tx *tx, const struct job_lease *lease);
/* Gives it back, so that the next one need not wait for its end. */
NODISCARD enum rc job_release(struct tx *tx, const struct job_lease *lease);
/* How far the clock of this database has come, as far as can be told from it: when the named job was last at work, or,
 * before it ever was, when a city was last loaded. RC_NONE: neither. */
NODISCARD enum rc job_moment(struct tx *tx, struct text name, struct instant *ret_at);

#endif
