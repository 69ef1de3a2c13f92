/* Notices, the audit record and the list of staff. */
#include <assert.h>

#include "query/people.h"
#include "query/statements.h"

enum { STAFF_MAX = 1000 };

static const struct db_column notice_cols[] = {
    DB_COL(struct notice_row, id, DB_INT),       DB_COL(struct notice_row, kind, DB_TEXT),
    DB_COL(struct notice_row, subject, DB_TEXT), DB_COL(struct notice_row, body, DB_TEXT),
    DB_COL(struct notice_row, path, DB_TEXT),    DB_COL(struct notice_row, created_at, DB_TIME),
    DB_COL(struct notice_row, read_at, DB_TIME), DB_COL(struct notice_row, state, DB_TEXT)};
static const struct db_column audit_cols[] = {
    DB_COL(struct audit_row, id, DB_INT),      DB_COL(struct audit_row, at, DB_TIME),
    DB_COL(struct audit_row, actor, DB_INT),   DB_COL(struct audit_row, actor_name, DB_TEXT),
    DB_COL(struct audit_row, role, DB_TEXT),   DB_COL(struct audit_row, action, DB_TEXT),
    DB_COL(struct audit_row, object, DB_TEXT), DB_COL(struct audit_row, object_id, DB_INT),
    DB_COL(struct audit_row, subject, DB_INT), DB_COL(struct audit_row, detail, DB_TEXT)};
static const struct db_column staff_cols[] = {DB_COL(struct staff_row, id, DB_INT),
                                              DB_COL(struct staff_row, role, DB_TEXT),
                                              DB_COL(struct staff_row, login, DB_TEXT),
                                              DB_COL(struct staff_row, name, DB_TEXT),
                                              DB_COL(struct staff_row, facility_name, DB_TEXT),
                                              DB_COL(struct staff_row, state, DB_TEXT)};

/* The record below $2. */
#define AUDIT_BELOW_OF(record)                                                                               \
    "SELECT u.id, u.at, u.actor, COALESCE(a.name, ''), u.role, u.action, u.object, u.object_id, u.subject,"  \
    " u.detail FROM " record " u LEFT JOIN account a ON a.city = u.city AND a.id = u.actor"                  \
    " AND a.role <> 'resident' WHERE u.city = $1 AND u.id < $2"
#define AUDIT_BELOW AUDIT_BELOW_OF("audit")
/* Of it what was asked for: $3 prefix of the action, $4 from, $5 before; $6 limit. PostgreSQL takes such conditions for
 * rarely met and then reads the whole record, so who asks for nothing asks without them. */
#define AUDIT_ASKED(u) " AND substr(" u "action, 1, length($3)) = $3 AND " u "at >= $4 AND " u "at < $5"
#define AUDIT_SELECT AUDIT_BELOW AUDIT_ASKED("u.")
/* What somebody did, the newest of it. What she did for herself lies in audit_subject alone, the rest in audit_actor. */
#define AUDIT_DONE(whose)                                                                                    \
    "SELECT * FROM (SELECT * FROM audit WHERE city = $1 AND id < $2 AND " whose AUDIT_ASKED(                 \
        "") " AND ($8 = 0 OR subject = $8) ORDER BY id DESC LIMIT $6) AS "

enum { NOTICES, AUDIT_ALL, AUDIT, AUDIT_ACTOR, AUDIT_SUBJECT, STAFF, STMT__MAX };
static const struct db_stmt sql[STMT__MAX] = {
    [NOTICES] = {.sql = "SELECT id, kind, subject, body, path, created_at, read_at, state FROM notice"
                        " WHERE city = $1 AND account = $2 AND id < $3 AND path <> ''"
                        " ORDER BY id DESC LIMIT $4",
                 .binds = "iiii",
                 DB_COLS(notice_cols)},
    [AUDIT_ALL] = {.sql = AUDIT_BELOW " ORDER BY u.id DESC LIMIT $3", .binds = "iii", DB_COLS(audit_cols)},
    [AUDIT] = {.sql = AUDIT_SELECT " ORDER BY u.id DESC LIMIT $6", .binds = "iitssi", DB_COLS(audit_cols)},
    [AUDIT_ACTOR] = {.sql = AUDIT_BELOW_OF(
                         "(" AUDIT_DONE("actor = $7 AND actor <> subject") "others UNION ALL " AUDIT_DONE(
                             "subject = $7 AND actor = $7") "own)") " ORDER BY u.id DESC LIMIT $6",
                     .binds = "iitssiii",
                     DB_COLS(audit_cols)},
    [AUDIT_SUBJECT] = {.sql = AUDIT_SELECT " AND u.subject = $7 ORDER BY u.id DESC LIMIT $6",
                       .binds = "iitssii",
                       DB_COLS(audit_cols)},
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

struct audits {
    const struct query *query;
    const struct audit_ask *ask;
    const struct query_page *page;
    struct audit_row *rows;
    size_t count;
};

static enum rc audits_run(struct tx *tx, void *arg) {
    struct audits *find = arg;
    const struct audit_ask *ask = find->ask;
    struct db_value city = db_int(find->query->city.n);
    struct db_value under = db_int(below(find->page));
    struct db_value prefix = db_text(ask->action.p == NULL ? TEXT("") : ask->action);
    struct db_value from = db_time(day_is_none(ask->from) ? (struct instant){0} : day_at(ask->from, 0));
    struct db_value before =
        db_time(day_is_none(ask->to) ? (struct instant){INT64_MAX} : day_at(day_add(ask->to, 1), 0));
    struct db_value limit = db_int(find->page->limit);
    struct db_rows shape = {sizeof(struct audit_row), (size_t)find->page->limit};
    if (ask->actor.n != 0) {
        return db_all(
            tx, &sql[AUDIT_ACTOR],
            DB_BIND(city, under, prefix, from, before, limit, db_int(ask->actor.n), db_int(ask->subject.n)),
            shape, &find->rows, &find->count);
    }
    if (ask->subject.n != 0) {
        return db_all(tx, &sql[AUDIT_SUBJECT],
                      DB_BIND(city, under, prefix, from, before, limit, db_int(ask->subject.n)), shape,
                      &find->rows, &find->count);
    }
    if (prefix.t.n == 0 && day_is_none(ask->from) && day_is_none(ask->to)) {
        return db_all(tx, &sql[AUDIT_ALL], DB_BIND(city, under, limit), shape, &find->rows, &find->count);
    }
    return db_all(tx, &sql[AUDIT], DB_BIND(city, under, prefix, from, before, limit), shape, &find->rows,
                  &find->count);
}

enum rc query_audit(const struct query *query, const struct audit_ask *ask, const struct query_page *page,
                    struct audit_row **ret_rows, size_t *ret_count) {
    struct audits find = {.query = query, .ask = ask, .page = page};
    enum db_error error;
    if (query->eye != EYE_CITY) {
        return RC_NONE;
    }
    enum rc rc = db_read(query->db, query->arena, audits_run, &find, &error);
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
