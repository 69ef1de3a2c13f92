/* The audit record, newest first. A record has no end: what is asked for is looked for in windows of so many rows, from the
 * newest on, and at most so many windows a page, which then says where to go on. So a page costs the same however long
 * the record is, whatever is asked for. */
#include <assert.h>
#include <string.h>

#include "query/people.h"
#include "query/statements.h"

enum { WINDOWS_MAX = 10, SLACK_S = 3600 };

static const struct db_column cols[] = {
    DB_COL(struct audit_row, id, DB_INT),      DB_COL(struct audit_row, at, DB_TIME),
    DB_COL(struct audit_row, actor, DB_INT),   DB_COL(struct audit_row, actor_name, DB_TEXT),
    DB_COL(struct audit_row, role, DB_TEXT),   DB_COL(struct audit_row, action, DB_TEXT),
    DB_COL(struct audit_row, object, DB_TEXT), DB_COL(struct audit_row, object_id, DB_INT),
    DB_COL(struct audit_row, subject, DB_INT), DB_COL(struct audit_row, detail, DB_TEXT)};
struct edge {
    int64_t id;
};
static const struct db_column edge_cols[] = {DB_COL(struct edge, id, DB_INT)};

/* Of staff; residents are named nowhere in the record. */
#define AUDIT_SHOWN                                                                                          \
    "SELECT u.id, u.at, u.actor, COALESCE((SELECT a.name FROM account a WHERE a.city = u.city"               \
    " AND a.id = u.actor AND a.role <> 'resident'), ''), u.role, u.action, u.object, u.object_id,"           \
    " u.subject, u.detail FROM "
/* Below $2, from $3 on, 10,000 rows: the LIMIT inside keeps PostgreSQL, which takes the conditions outside for rarely met,
 * from reading and sorting the whole record. Of these: $4 prefix of the action, $5 from, $6 before; $7 limit. */
#define AUDIT_WINDOW(of, more)                                                                               \
    AUDIT_SHOWN "(SELECT city, id, at, actor, role, action, object, object_id, subject, detail FROM audit"   \
                " WHERE city = $1 AND id < $2 AND id >= $3" of " ORDER BY id DESC LIMIT 10000) u"            \
                " WHERE substr(u.action, 1, length($4)) = $4 AND u.at >= $5 AND u.at < $6" more              \
                " ORDER BY u.id DESC LIMIT $7"
/* The last row of that window, if it is full. */
#define AUDIT_EDGE(of)                                                                                       \
    "SELECT id FROM audit WHERE city = $1 AND id < $2 AND id >= $3" of " ORDER BY id DESC LIMIT 1 OFFSET 9999"

/* What somebody did for herself is found as what concerns her, the rest of what she did (OF_ACTOR) by who did it: each row
 * that concerns somebody or was not the clock's is in one of the two indexes. */
enum { OF_ALL, OF_ACTOR, OF_SUBJECT, OF__MAX };
enum { LIST, WINDOW, EDGE = WINDOW + OF__MAX, STMT__MAX = EDGE + OF__MAX };
static const struct db_stmt sql[STMT__MAX] = {
    [LIST] = {.sql = AUDIT_SHOWN "audit u WHERE u.city = $1 AND u.id < $2 ORDER BY u.id DESC LIMIT $3",
              .binds = "iii",
              DB_COLS(cols)},
    [WINDOW + OF_ALL] = {.sql = AUDIT_WINDOW("", ""), .binds = "iiitssi", DB_COLS(cols)},
    [WINDOW + OF_ACTOR] = {.sql = AUDIT_WINDOW(" AND actor = $8 AND actor <> subject",
                                               " AND ($9 = 0 OR u.subject = $9)"),
                           .binds = "iiitssiii",
                           DB_COLS(cols)},
    [WINDOW + OF_SUBJECT] = {.sql = AUDIT_WINDOW(" AND subject = $8 AND subject <> 0",
                                                 " AND ($9 = 0 OR u.actor = $9)"),
                             .binds = "iiitssiii",
                             DB_COLS(cols)},
    [EDGE + OF_ALL] = {.sql = AUDIT_EDGE(""), .binds = "iii", DB_COLS(edge_cols)},
    [EDGE + OF_ACTOR] = {.sql = AUDIT_EDGE(" AND actor = $4 AND actor <> subject"),
                         .binds = "iiii",
                         DB_COLS(edge_cols)},
    [EDGE + OF_SUBJECT] = {.sql = AUDIT_EDGE(" AND subject = $4 AND subject <> 0"),
                           .binds = "iiii",
                           DB_COLS(edge_cols)},
};
const struct db_stmt_list query_audit_sql = {sql, STMT__MAX};

struct search {
    const struct query *query;
    const struct audit_ask *ask;
    int of;
    struct account_id whose; /* of OF_ACTOR and OF_SUBJECT */
    struct account_id other; /* the other one; {0}: any */
    int64_t limit;
    int64_t below; /* where the next window begins */
    int64_t since;
    struct instant from;
    struct instant before;
    struct audit_row *rows;
    size_t count;
    int64_t next;
};

/* Rows of the window into the page. */
static enum rc window_read(struct tx *tx, struct search *search) {
    const struct audit_ask *ask = search->ask;
    int64_t left = search->limit - (int64_t)search->count;
    struct db_value values[] = {db_int(search->query->city.n),
                                db_int(search->below),
                                db_int(search->since),
                                db_text(ask->action.p == NULL ? TEXT("") : ask->action),
                                db_time(search->from),
                                db_time(search->before),
                                db_int(left),
                                db_int(search->whose.n),
                                db_int(search->other.n)};
    struct audit_row *rows;
    size_t count;
    enum rc rc = db_all(tx, &sql[WINDOW + search->of], values, search->of == OF_ALL ? 7 : 9,
                        (struct db_rows){sizeof(struct audit_row), (size_t)left}, &rows, &count);
    if (rc == RC_OK && count > 0) {
        memcpy(search->rows + search->count, rows, count * sizeof *rows);
        search->count += count;
    }
    return rc;
}

/* RC_NONE: the record ends within the window. */
static enum rc window_next(struct tx *tx, struct search *search) {
    struct db_value values[] = {db_int(search->query->city.n), db_int(search->below), db_int(search->since),
                                db_int(search->whose.n)};
    struct edge edge;
    enum rc rc = db_one(tx, &sql[EDGE + search->of], values, search->of == OF_ALL ? 3 : 4, &edge);
    if (rc == RC_OK) {
        search->below = edge.id;
    }
    return rc;
}

static enum rc search_run(struct tx *tx, void *arg) {
    struct search *search = arg;
    search->rows = arena_array(tx->arena, struct audit_row, (size_t)search->limit);
    search->count = 0;
    enum rc rc = RC_OK;
    for (int n = 0; rc == RC_OK && n < WINDOWS_MAX && (int64_t)search->count < search->limit; n++) {
        rc = window_read(tx, search);
        if (rc == RC_OK && (int64_t)search->count < search->limit) {
            rc = window_next(tx, search);
        }
    }
    bool full = (int64_t)search->count == search->limit;
    search->next = full ? search->rows[search->count - 1].id : rc == RC_NONE ? 0 : search->below;
    return rc == RC_NONE ? RC_OK : rc;
}

/* Both as one, as far down as both have looked. */
static void merge(struct search *search, const struct search *others, const struct search *own) {
    const struct audit_row *a = others->rows;
    const struct audit_row *b = own->rows;
    const struct audit_row *const a_end = a + others->count;
    const struct audit_row *const b_end = b + own->count;
    search->next = others->next > own->next ? others->next : own->next;
    for (search->count = 0; a < a_end || b < b_end;) {
        const struct audit_row *row = b == b_end || (a < a_end && a->id > b->id) ? a++ : b++;
        if (row->id < search->next) {
            break;
        }
        search->rows[search->count++] = *row;
        if ((int64_t)search->count == search->limit) {
            search->next = row->id;
            break;
        }
    }
}

/* All that somebody did. */
static enum rc done_run(struct tx *tx, void *arg) {
    struct search *search = arg;
    struct search others = *search;
    struct search own = *search;
    others.of = OF_ACTOR;
    own.of = OF_SUBJECT;
    own.other = own.whose;
    enum rc rc = search_run(tx, &others);
    if (rc == RC_OK) {
        rc = search_run(tx, &own);
    }
    if (rc == RC_OK) {
        search->rows = arena_array(tx->arena, struct audit_row, (size_t)search->limit);
        merge(search, &others, &own);
    }
    return rc;
}

static enum rc list_run(struct tx *tx, void *arg) {
    struct search *search = arg;
    enum rc rc = db_all(
        tx, &sql[LIST], DB_BIND(db_int(search->query->city.n), db_int(search->below), db_int(search->limit)),
        (struct db_rows){sizeof(struct audit_row), (size_t)search->limit}, &search->rows, &search->count);
    bool full = rc == RC_OK && (int64_t)search->count == search->limit;
    search->next = full ? search->rows[search->count - 1].id : 0;
    return rc;
}

/* A row's number holds the moment it was made at, which is that of `at` or soon after. */
static int64_t id_about(struct instant at, int64_t none) {
    bool held = at.s > id_seconds(0) && at.s < id_seconds(INT64_MAX);
    return held ? id_make(at.s * 1000, 0) : none;
}

static struct search search_of(const struct query *query, const struct audit_ask *ask,
                               const struct query_page *page) {
    struct search search = {.query = query,
                            .ask = ask,
                            .limit = page->limit,
                            .below = page->after == 0 ? INT64_MAX : page->after,
                            .from = day_is_none(ask->from) ? (struct instant){0} : day_at(ask->from, 0),
                            .before = day_is_none(ask->to) ? (struct instant){INT64_MAX}
                                                           : day_at(day_add(ask->to, 1), 0)};
    bool both = ask->actor.n != 0 && ask->subject.n != 0;
    bool self = both && ask->actor.n == ask->subject.n;
    search.of = ask->actor.n != 0 && !self ? OF_ACTOR : ask->subject.n != 0 ? OF_SUBJECT : OF_ALL;
    search.whose = ask->actor.n != 0 ? ask->actor : ask->subject;
    search.other = both ? ask->subject : (struct account_id){0};
    search.since = id_about((struct instant){search.from.s - SLACK_S}, 0);
    if (!day_is_none(ask->to)) {
        int64_t end = id_about((struct instant){search.before.s + SLACK_S}, INT64_MAX);
        search.below = search.below < end ? search.below : end;
    }
    return search;
}

enum rc query_audit(const struct query *query, const struct audit_ask *ask, const struct query_page *page,
                    struct audit_found *ret_found) {
    assert(page->limit >= 1 && page->limit <= 200);
    struct search search = search_of(query, ask, page);
    bool all = search.of == OF_ALL && ask->action.n == 0 && day_is_none(ask->from) && day_is_none(ask->to);
    bool done = search.of == OF_ACTOR && search.other.n == 0;
    enum db_error error;
    if (query->eye != EYE_CITY) {
        return RC_NONE;
    }
    enum rc rc = db_read(query->db, query->arena,
                         all    ? list_run
                         : done ? done_run
                                : search_run,
                         &search, &error);
    if (rc == RC_OK) {
        *ret_found = (struct audit_found){search.rows, search.count, search.next};
    }
    return rc;
}
