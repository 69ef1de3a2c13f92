/* How much work waits for whoever looks: the counts of the menu. */
#include "query/people.h"
#include "query/statements.h"

struct counted {
    int64_t n;
};
static const struct db_column count_cols[] = {DB_COL(struct counted, n, DB_INT)};

enum { REQUESTS, REGISTRATIONS, UNREAD, STMT__MAX };
static const struct db_stmt sql[STMT__MAX] = {
    [REQUESTS] = {.sql = "SELECT COUNT(*) FROM booking WHERE city = $1 AND facility = $2"
                         " AND state = 'requested' AND proposed = 0",
                  .binds = "ii",
                  DB_COLS(count_cols)},
    [REGISTRATIONS] = {.sql = "SELECT COUNT(*) FROM registration WHERE city = $1 AND state = 'submitted'",
                       .binds = "i",
                       DB_COLS(count_cols)},
    [UNREAD] = {.sql = "SELECT COUNT(*) FROM (SELECT 1 AS one FROM notice WHERE city = $1 AND account = $2"
                       " AND read_at IS NULL AND path <> '' LIMIT 1000) AS unread",
                .binds = "ii",
                DB_COLS(count_cols)},
};
const struct db_stmt_list query_waiting_sql = {sql, STMT__MAX};

struct waiting {
    const struct query *query;
    struct work_waiting work;
    int64_t unread;
};

static enum rc run(struct tx *tx, void *arg) {
    struct waiting *waiting = arg;
    const struct query *query = waiting->query;
    struct counted counted = {0};
    enum rc rc = RC_OK;
    if (query->eye == EYE_FACILITY) {
        rc = db_one(tx, &sql[REQUESTS], DB_BIND(db_int(query->city.n), db_int(query->facility.n)), &counted);
        waiting->work.requests = counted.n;
    } else if (query->eye == EYE_CITY) {
        rc = db_one(tx, &sql[REGISTRATIONS], DB_BIND(db_int(query->city.n)), &counted);
        waiting->work.registrations = counted.n;
    }
    return rc;
}

enum rc query_waiting(const struct query *query, struct work_waiting *ret_work) {
    struct waiting waiting = {.query = query};
    enum db_error error;
    enum rc rc = db_read(query->db, query->arena, run, &waiting, &error);
    if (rc == RC_OK) {
        *ret_work = waiting.work;
    }
    return rc;
}

static enum rc run_unread(struct tx *tx, void *arg) {
    struct waiting *waiting = arg;
    const struct query *query = waiting->query;
    struct counted counted = {0};
    enum rc rc = db_one(tx, &sql[UNREAD], DB_BIND(db_int(query->city.n), db_int(query->account.n)), &counted);
    waiting->unread = counted.n;
    return rc;
}

enum rc query_unread(const struct query *query, int64_t *ret_count) {
    struct waiting waiting = {.query = query};
    enum db_error error;
    enum rc rc = db_read(query->db, query->arena, run_unread, &waiting, &error);
    if (rc == RC_OK) {
        *ret_count = waiting.unread;
    }
    return rc;
}
