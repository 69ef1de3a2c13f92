/* Notices and the list of staff. */
#include <assert.h>

#include "query/people.h"
#include "query/statements.h"

enum { STAFF_MAX = 1000 };

static const struct db_column notice_cols[] = {
    DB_COL(struct notice_row, id, DB_INT),       DB_COL(struct notice_row, kind, DB_TEXT),
    DB_COL(struct notice_row, subject, DB_TEXT), DB_COL(struct notice_row, body, DB_TEXT),
    DB_COL(struct notice_row, path, DB_TEXT),    DB_COL(struct notice_row, created_at, DB_TIME),
    DB_COL(struct notice_row, read_at, DB_TIME), DB_COL(struct notice_row, state, DB_TEXT)};
static const struct db_column staff_cols[] = {DB_COL(struct staff_row, id, DB_INT),
                                              DB_COL(struct staff_row, role, DB_TEXT),
                                              DB_COL(struct staff_row, login, DB_TEXT),
                                              DB_COL(struct staff_row, name, DB_TEXT),
                                              DB_COL(struct staff_row, facility_name, DB_TEXT),
                                              DB_COL(struct staff_row, state, DB_TEXT)};

enum { NOTICES, STAFF, STMT__MAX };
static const struct db_stmt sql[STMT__MAX] = {
    [NOTICES] = {.sql = "SELECT id, kind, subject, body, path, created_at, read_at, state FROM notice"
                        " WHERE city = $1 AND account = $2 AND id < $3 AND path <> ''"
                        " ORDER BY id DESC LIMIT $4",
                 .binds = "iiii",
                 DB_COLS(notice_cols)},
    [STAFF] = {.sql = "SELECT a.id, a.role, a.login, a.name, COALESCE(f.name, ''), a.state FROM account a"
                      " LEFT JOIN facility f ON f.city = a.city AND f.id = a.facility"
                      " WHERE a.city = $1 AND a.role IN ('facility', 'coordinator', 'city_admin', 'auditor')"
                      " AND ($2 = 0 OR a.facility = $2)"
                      " ORDER BY a.role, a.id LIMIT 1000",
               .binds = "ii",
               DB_COLS(staff_cols)},
};
const struct db_stmt_list query_records_sql = {sql, STMT__MAX};

static int64_t below(const struct query_page *page) {
    assert(page->limit >= 1 && page->limit <= 200);
    return page->after == 0 ? INT64_MAX : page->after;
}

struct notices {
    const struct query *query;
    const struct query_page *page;
    struct notice_row *rows;
    size_t count;
};

static enum rc notices_run(struct tx *tx, void *arg) {
    struct notices *find = arg;
    const struct query *query = find->query;
    return db_all(tx, &sql[NOTICES],
                  DB_BIND(db_int(query->city.n), db_int(query->account.n), db_int(below(find->page)),
                          db_int(find->page->limit)),
                  (struct db_rows){sizeof(struct notice_row), (size_t)find->page->limit}, &find->rows,
                  &find->count);
}

enum rc query_notices(const struct query *query, const struct query_page *page, struct notice_row **ret_rows,
                      size_t *ret_count) {
    struct notices find = {.query = query, .page = page};
    enum db_error error;
    enum rc rc = db_read(query->db, query->arena, notices_run, &find, &error);
    if (rc == RC_OK) {
        *ret_rows = find.rows;
        *ret_count = find.count;
    }
    return rc;
}

struct staff {
    const struct query *query;
    struct staff_row *rows;
    size_t count;
};

static enum rc staff_run(struct tx *tx, void *arg) {
    struct staff *find = arg;
    const struct query *query = find->query;
    int64_t facility = query->eye == EYE_FACILITY ? query->facility.n : 0;
    return db_all(tx, &sql[STAFF], DB_BIND(db_int(query->city.n), db_int(facility)),
                  (struct db_rows){sizeof(struct staff_row), STAFF_MAX}, &find->rows, &find->count);
}

enum rc query_staff(const struct query *query, struct staff_row **ret_rows, size_t *ret_count) {
    struct staff find = {.query = query};
    assert(query->eye != EYE_FACILITY || query->facility.n != 0);
    enum db_error error;
    if (query->eye != EYE_CITY && query->eye != EYE_FACILITY) {
        return RC_NONE;
    }
    enum rc rc = db_read(query->db, query->arena, staff_run, &find, &error);
    if (rc == RC_OK) {
        *ret_rows = find.rows;
        *ret_count = find.count;
    }
    return rc;
}
