#include "store/job.h"

struct moment {
    struct instant at;
};
static const struct db_column moment_cols[] = {DB_COL(struct moment, at, DB_TIME)};

enum { CLAIM, RELEASE, MOMENT };
static const struct db_stmt stmts[] = {
    [CLAIM] = {.sql = "INSERT INTO job (name, holder, until, last_run) VALUES ($1, $2, $4, $3)"
                      " ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until,"
                      " last_run = excluded.last_run"
                      " WHERE job.holder = excluded.holder OR job.until <= excluded.last_run"
                      " OR job.until > excluded.until",
               .binds = "ttss"},
    [RELEASE] = {.sql = "UPDATE job SET until = $3 WHERE name = $1 AND holder = $2", .binds = "tts"},
    [MOMENT] = {.sql = "SELECT m.at FROM (SELECT coalesce((SELECT last_run FROM job WHERE name = $1),"
                       " (SELECT max(loaded_at) FROM city)) AS at) m WHERE m.at IS NOT NULL",
                .binds = "t",
                DB_COLS(moment_cols)},
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

enum rc job_moment(struct tx *tx, struct text name, struct instant *ret_at) {
    struct moment row = {0};
    enum rc rc = db_one(tx, &stmts[MOMENT], DB_BIND(db_text(name)), &row);
    if (rc == RC_OK) {
        *ret_at = row.at;
    }
    return rc;
}
