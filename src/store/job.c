#include "store/job.h"

enum { CLAIM, RELEASE };
static const struct db_stmt stmts[] = {
    [CLAIM] = {.sql = "INSERT INTO job (name, holder, until, last_run) VALUES ($1, $2, $4, $3)"
                      " ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until,"
                      " last_run = excluded.last_run"
                      " WHERE job.holder = excluded.holder OR job.until <= excluded.last_run"
                      " OR job.until > excluded.until",
               .binds = "ttss"},
    [RELEASE] = {.sql = "UPDATE job SET until = $3 WHERE name = $1 AND holder = $2", .binds = "tts"},
};
const struct db_stmt_list job_statements = STORE_STATEMENTS(stmts);

enum rc job_claim(struct tx *tx, const struct job_lease *lease) {
    int64_t changed;
    enum rc rc = db_exec(tx, &stmts[CLAIM],
                         DB_BIND(db_text(lease->name), db_text(lease->holder), db_time(lease->now),
                                 db_time(instant_add(lease->now, lease->seconds))),
                         &changed);
    return rc == RC_OK && changed == 0 ? RC_NONE : rc;
}

enum rc job_release(struct tx *tx, const struct job_lease *lease) {
    return db_exec(tx, &stmts[RELEASE],
                   DB_BIND(db_text(lease->name), db_text(lease->holder), db_time(lease->now)), NULL);
}
