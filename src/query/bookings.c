/* Bookings as their owner, the facility and the city see them. Each path (a person's, a facility's, all) has its own
 * statements so that each follows its own index, and each order its own key to go on from. */
#include "query/bookings.h"

#include <assert.h>

#include "db/db.h"
#include "query/statements.h"

enum {
    SEEN_DAYS = 30,
    BOOKING_DAYS_MAX = 62,
    PAGE_MAX = 200,
    LINES_MAX = 64,
    EVENTS_MAX = 64,
    CHILDREN_MAX_SHOWN = 16
};

static const struct db_column booking_cols[] = {
    DB_COL(struct booking_row, id, DB_INT),
    DB_COL(struct booking_row, account, DB_INT),
    DB_COL(struct booking_row, registration, DB_INT),
    DB_COL(struct booking_row, facility, DB_INT),
    DB_COL(struct booking_row, facility_name, DB_TEXT),
    DB_COL(struct booking_row, facility_phone, DB_TEXT),
    DB_COL(struct booking_row, care, DB_TEXT),
    DB_COL(struct booking_row, start, DB_DAY),
    DB_COL(struct booking_row, end, DB_DAY),
    DB_COL(struct booking_row, units, DB_INT),
    DB_COL(struct booking_row, fee, DB_INT),
    DB_COL(struct booking_row, contract_price, DB_INT),
    DB_COL(struct booking_row, household_class, DB_TEXT),
    DB_COL(struct booking_row, state, DB_TEXT),
    DB_COL(struct booking_row, answer_by, DB_TIME),
    DB_COL(struct booking_row, free_cancel_until, DB_TIME),
    DB_COL(struct booking_row, change_of, DB_INT),
    DB_COL(struct booking_row, changing_to, DB_INT),
    DB_COL(struct booking_row, change_fee, DB_INT),
    DB_COL(struct booking_row, change_units, DB_INT),
    DB_COL(struct booking_row, proposed, DB_BOOL),
    DB_COL(struct booking_row, message, DB_TEXT),
    DB_COL(struct booking_row, reason, DB_TEXT),
    DB_COL(struct booking_row, cancel_fee, DB_INT),
    DB_COL(struct booking_row, report, DB_TEXT),
    DB_COL(struct booking_row, origin, DB_TEXT),
    DB_COL(struct booking_row, created_at, DB_TIME),
    DB_COL(struct booking_row, changed_at, DB_TIME),
    DB_COL(struct booking_row, version, DB_INT),
    DB_COL(struct booking_row, mother_name, DB_TEXT),
    DB_COL(struct booking_row, mother_kana, DB_TEXT),
    DB_COL(struct booking_row, mother_phone, DB_TEXT),
    DB_COL(struct booking_row, children, DB_INT),
};
/* What a line of a list shows. */
static const struct db_column brief_cols[] = {
    DB_COL(struct booking_row, id, DB_INT),
    DB_COL(struct booking_row, facility, DB_INT),
    DB_COL(struct booking_row, facility_name, DB_TEXT),
    DB_COL(struct booking_row, care, DB_TEXT),
    DB_COL(struct booking_row, start, DB_DAY),
    DB_COL(struct booking_row, end, DB_DAY),
    DB_COL(struct booking_row, units, DB_INT),
    DB_COL(struct booking_row, fee, DB_INT),
    DB_COL(struct booking_row, state, DB_TEXT),
    DB_COL(struct booking_row, answer_by, DB_TIME),
    DB_COL(struct booking_row, change_of, DB_INT),
    DB_COL(struct booking_row, proposed, DB_BOOL),
    DB_COL(struct booking_row, message, DB_TEXT),
    DB_COL(struct booking_row, version, DB_INT),
    DB_COL(struct booking_row, mother_name, DB_TEXT),
    DB_COL(struct booking_row, mother_kana, DB_TEXT),
    DB_COL(struct booking_row, children, DB_INT),
};
static const struct db_column line_cols[] = {
    DB_COL(struct booking_line_row, what, DB_TEXT), DB_COL(struct booking_line_row, name, DB_TEXT),
    DB_COL(struct booking_line_row, units, DB_INT), DB_COL(struct booking_line_row, each, DB_INT),
    DB_COL(struct booking_line_row, amount, DB_INT)};
static const struct db_column event_cols[] = {DB_COL(struct booking_event_row, no, DB_INT),
                                              DB_COL(struct booking_event_row, at, DB_TIME),
                                              DB_COL(struct booking_event_row, actor_role, DB_TEXT),
                                              DB_COL(struct booking_event_row, event, DB_TEXT),
                                              DB_COL(struct booking_event_row, from_state, DB_TEXT),
                                              DB_COL(struct booking_event_row, to_state, DB_TEXT),
                                              DB_COL(struct booking_event_row, reason, DB_TEXT)};
static const struct db_column child_cols[] = {DB_COL(struct booking_child_row, name, DB_TEXT),
                                              DB_COL(struct booking_child_row, birth_date, DB_DAY),
                                              DB_COL(struct booking_child_row, due_date, DB_DAY),
                                              DB_COL(struct booking_child_row, gestation_days, DB_INT),
                                              DB_COL(struct booking_child_row, weight_g, DB_INT)};

/* $10: personal details are shown when she has a use there that ended on this day or later; NULL: always. Asked once a
 * row: who books and cancels again and again has thousands. */
#define REGISTRATION_SEEN                                                                                    \
    " LEFT JOIN registration r ON r.city = b.city AND r.id = b.registration"                                 \
    " AND ($10 IS NULL OR EXISTS (SELECT 1 FROM booking u WHERE u.city = b.city"                             \
    " AND u.account = b.account AND u.facility = b.facility AND u.end_day >= $10"                            \
    " AND u.state IN ('requested', 'confirmed', 'in-use', 'completed', 'no-show')))"
#define CHILDREN_COUNT                                                                                       \
    " (SELECT COUNT(*) FROM child k WHERE k.city = b.city AND k.registration = b.registration)"
#define WHOLE                                                                                                   \
    "SELECT b.id, b.account, b.registration, b.facility, f.name, f.phone, b.care, b.start_day, b.end_day,"      \
    " b.units, b.fee, b.contract_price, b.household_class, b.state, b.answer_by, b.free_cancel_until,"          \
    " b.change_of, (SELECT c.id FROM booking c WHERE c.city = b.city AND c.change_of = b.id"                    \
    " AND c.state = 'requested'), b.change_fee, b.change_units, b.proposed, b.message, b.reason, b.cancel_fee," \
    " b.report, b.origin, b.created_at, b.changed_at, b.version, COALESCE(r.mother_name, ''),"                  \
    " COALESCE(r.mother_kana, ''), COALESCE(r.phone, '')," CHILDREN_COUNT
#define BRIEF                                                                                                \
    "SELECT b.id, b.facility, f.name, b.care, b.start_day, b.end_day, b.units, b.fee, b.state, b.answer_by," \
    " b.change_of, b.proposed, b.message, b.version, COALESCE(r.mother_name, ''),"                           \
    " COALESCE(r.mother_kana, '')," CHILDREN_COUNT
#define BOOKING_JOINS " JOIN facility f ON f.city = b.city AND f.id = b.facility" REGISTRATION_SEEN
#define BOOKING_SELECT " FROM booking b" BOOKING_JOINS " WHERE b.city = $1"
/* Facility by facility, as booking_open has them; CROSS JOIN keeps SQLite to that order. */
#define BOOKING_SELECT_OPEN                                                                                  \
    " FROM facility f CROSS JOIN booking b" REGISTRATION_SEEN " WHERE f.city = $1"                           \
    " AND b.city = f.city AND b.facility = f.id"
#define OF_PERSON " AND b.account = $2 AND ($3 = 0 OR b.facility = $3)"
#define OF_FACILITY " AND b.facility = $3 AND ($2 = 0 OR b.account = $2)"
#define OF_CITY " AND ($2 = 0 OR b.account = $2) AND ($3 = 0 OR b.facility = $3)"
#define FILTER                                                                                               \
    " AND ($4 = '' OR b.state = $4) AND ($5 = '' OR b.care = $5)"                                            \
    " AND ($6 IS NULL OR b.end_day >= $6) AND ($7 IS NULL OR b.start_day <= $7)"
/* The same for a state that does not last: those bookings are few, and lie in an index of their own (booking_open). */
#define FILTER_OPEN                                                                                          \
    " AND b.state = $4 AND (b.state = 'requested' OR b.state = 'confirmed' OR b.state = 'in-use')"           \
    " AND ($5 = '' OR b.care = $5)"                                                                          \
    " AND ($6 IS NULL OR b.end_day >= $6) AND ($7 IS NULL OR b.start_day <= $7)"
/* $11 and $12 bound the first day, so that a question about some days reads those days: no booking is longer than
 * BOOKING_DAYS_MAX. Where few are found otherwise they are hidden from the planner. */
#define BETWEEN " AND b.start_day >= $11 AND b.start_day <= $12"
#define BETWEEN_FEW " AND b.start_day || '' >= $11 AND b.start_day || '' <= $12"
#define NEWEST_FIRST " ORDER BY b.id DESC"
#define FIRST_DAY_FIRST " ORDER BY b.start_day, b.id"
#define FIRST_ANSWER_FIRST " ORDER BY COALESCE(b.answer_by, 0), b.id"
#define BY_NEWEST " AND ($8 = 0 OR b.id < $8) ORDER BY b.id DESC LIMIT $9"
#define BY_NEWEST_FEW " AND ($8 = 0 OR b.id < $8) ORDER BY b.id + 0 DESC LIMIT $9"
#define BY_START                                                                                             \
    " AND ($8 = 0 OR (b.start_day, b.id) > (SELECT x.start_day, x.id FROM booking x"                         \
    " WHERE x.city = $1 AND x.id = $8)) ORDER BY b.start_day, b.id LIMIT $9"
/* One person's are few, and so are the open ones of a city. Sorted by an expression, so that SQLite finds them by person or state
 * instead of walking the city's days because those are sorted already. */
#define BY_START_FEW                                                                                         \
    " AND ($8 = 0 OR (b.start_day, b.id) > (SELECT x.start_day, x.id FROM booking x"                         \
    " WHERE x.city = $1 AND x.id = $8)) ORDER BY b.start_day || '', b.id LIMIT $9"
#define BY_ANSWER                                                                                            \
    " AND ($8 = 0 OR (COALESCE(b.answer_by, 0), b.id) > (SELECT COALESCE(x.answer_by, 0), x.id"              \
    " FROM booking x WHERE x.city = $1 AND x.id = $8))"                                                      \
    " ORDER BY COALESCE(b.answer_by, 0), b.id LIMIT $9"
/* The page is cut first and its rows are made then: whoever sorts all of a facility's would else ask for each of them
 * whose person is seen. `sorted` is the order without the cut. */
#define LIST(fields, cols, path, order, sorted)                                                              \
    {                                                                                                        \
        .sql = fields " FROM (SELECT b.* FROM booking b WHERE b.city = $1" path FILTER order                 \
                      ") AS b" BOOKING_JOINS sorted,                                                         \
        .binds = "iiittddiiddd", DB_COLS(cols)                                                               \
    }
#define LIST_OPEN(fields, cols, path, order)                                                                 \
    {                                                                                                        \
        .sql = fields BOOKING_SELECT_OPEN path FILTER_OPEN BETWEEN order, .binds = "iiittddiiddd",           \
        DB_COLS(cols)                                                                                        \
    }

enum path { PERSON, FACILITY, CITY, FACILITY_OPEN, CITY_OPEN, PATH__MAX };
enum order { NEWEST, START, ANSWER, ORDER__MAX };
enum { LISTS = (int)PATH__MAX * (int)ORDER__MAX, ONE = 2 * LISTS, LINES, EVENTS, CHILDREN, STMT__MAX };

/* Every list twice, whole and brief. */
#define AT(first, path, order) [(int)(first) + (int)(path) * (int)ORDER__MAX + (int)(order)]
#define EVERY_LIST(first, fields, cols)                                                                      \
    AT(first, PERSON,                                                                                        \
       NEWEST) = LIST(fields, cols, OF_PERSON BETWEEN_FEW, BY_NEWEST, NEWEST_FIRST),                         \
       AT(first, PERSON, START) = LIST(fields, cols, OF_PERSON BETWEEN_FEW, BY_START_FEW, FIRST_DAY_FIRST),  \
       AT(first, PERSON, ANSWER) = LIST(fields, cols, OF_PERSON BETWEEN_FEW, BY_ANSWER, FIRST_ANSWER_FIRST), \
       AT(first, FACILITY, NEWEST) = LIST(fields, cols, OF_FACILITY BETWEEN_FEW, BY_NEWEST, NEWEST_FIRST),   \
       AT(first, FACILITY, START) = LIST(fields, cols, OF_FACILITY BETWEEN, BY_START, FIRST_DAY_FIRST),      \
       AT(first, FACILITY, ANSWER) = LIST(fields, cols, OF_FACILITY BETWEEN_FEW, BY_NEWEST, NEWEST_FIRST),   \
       AT(first, CITY, NEWEST) = LIST(fields, cols, OF_CITY BETWEEN_FEW, BY_NEWEST, NEWEST_FIRST),           \
       AT(first, CITY, START) = LIST(fields, cols, OF_CITY BETWEEN, BY_START, FIRST_DAY_FIRST),              \
       AT(first, CITY, ANSWER) = LIST(fields, cols, OF_CITY BETWEEN_FEW, BY_NEWEST, NEWEST_FIRST),           \
       AT(first, FACILITY_OPEN, NEWEST) = LIST_OPEN(fields, cols, OF_FACILITY, BY_NEWEST_FEW),               \
       AT(first, FACILITY_OPEN, START) = LIST_OPEN(fields, cols, OF_FACILITY, BY_START),                     \
       AT(first, FACILITY_OPEN, ANSWER) = LIST_OPEN(fields, cols, OF_FACILITY, BY_ANSWER),                   \
       AT(first, CITY_OPEN, NEWEST) = LIST_OPEN(fields, cols, OF_CITY, BY_NEWEST_FEW),                       \
       AT(first, CITY_OPEN, START) = LIST_OPEN(fields, cols, OF_CITY, BY_START_FEW),                         \
       AT(first, CITY_OPEN, ANSWER) = LIST_OPEN(fields, cols, OF_CITY, BY_ANSWER)

static const struct db_stmt sql[STMT__MAX] = {
    EVERY_LIST(0, WHOLE, booking_cols),
    EVERY_LIST(LISTS, BRIEF, brief_cols),
    [ONE] = {.sql = WHOLE BOOKING_SELECT OF_CITY BETWEEN_FEW FILTER " AND b.id = $8 LIMIT $9",
             .binds = "iiittddiiddd",
             DB_COLS(booking_cols)},
    [LINES] = {.sql = "SELECT what, name, units, each_yen, amount FROM booking_line"
                      " WHERE city = $1 AND booking = $2 ORDER BY no",
               .binds = "ii",
               DB_COLS(line_cols)},
    [EVENTS] =
        {.sql = "SELECT e.no, e.at, COALESCE(a.role, 'clock'), e.event, e.from_state, e.to_state, e.reason"
                " FROM booking_event e LEFT JOIN account a ON a.city = e.city AND a.id = e.actor"
                " WHERE e.city = $1 AND e.booking = $2 ORDER BY e.no",
         .binds = "ii",
         DB_COLS(event_cols)},
    [CHILDREN] = {.sql = "SELECT name, birth_date, due_date, gestation_days, weight_g FROM child"
                         " WHERE city = $1 AND registration = $2 ORDER BY ordinal",
                  .binds = "ii",
                  DB_COLS(child_cols)},
};
const struct db_stmt_list query_bookings_sql = {sql, STMT__MAX};

struct list {
    const struct query *query;
    struct booking_ask ask;
    struct query_page page;
    struct booking_row *rows;
    size_t count;
};

/* Narrows the question to what the eye may see; false: nothing. */
static bool narrow(struct list *list) {
    const struct query *query = list->query;
    if (list->ask.oldest_answer_first && list->ask.state.n == 0) {
        list->ask.state = TEXT("requested"); /* nothing else is answered */
    }
    switch (query->eye) {
    case EYE_RESIDENT:
        list->ask.account = query->account;
        return query->account.n != 0;
    case EYE_FACILITY:
        list->ask.facility = query->facility;
        return query->facility.n != 0;
    case EYE_CITY:
        return true;
    default:
        return false;
    }
}

static struct text or_empty(struct text t) {
    return t.p == NULL ? TEXT("") : t;
}

static enum rc list_rows(struct tx *tx, struct list *list, const struct db_stmt *stmt, int64_t at) {
    const struct query *query = list->query;
    const struct booking_ask *ask = &list->ask;
    struct day seen = query->eye == EYE_FACILITY ? day_add(instant_day(query->now), -SEEN_DAYS) : DAY_NONE;
    struct day first =
        day_is_none(ask->from) ? day_of((struct ymd){1900, 1, 1}) : day_add(ask->from, -BOOKING_DAYS_MAX);
    struct day last = day_is_none(ask->to) ? day_of((struct ymd){9999, 12, 31}) : ask->to;
    return db_all(tx, stmt,
                  DB_BIND(db_int(query->city.n), db_int(list->ask.account.n), db_int(list->ask.facility.n),
                          db_text(or_empty(list->ask.state)), db_text(or_empty(list->ask.care)),
                          db_day(list->ask.from), db_day(list->ask.to), db_int(at), db_int(list->page.limit),
                          db_day(seen), db_day(first), db_day(last)),
                  (struct db_rows){.row_size = sizeof(struct booking_row), .max = PAGE_MAX}, &list->rows,
                  &list->count);
}

static bool is_open_state(struct text state) {
    return text_is(state, "requested") || text_is(state, "confirmed") || text_is(state, "in-use");
}

static enum rc list_run(struct tx *tx, void *arg) {
    struct list *list = arg;
    if (list->ask.id.n != 0) {
        return list_rows(tx, list, &sql[ONE], list->ask.id.n);
    }
    bool open = is_open_state(list->ask.state);
    enum path path = open ? CITY_OPEN : CITY;
    if (list->query->eye != EYE_CITY || list->ask.facility.n != 0) {
        path = open ? FACILITY_OPEN : FACILITY;
    }
    path = list->ask.account.n != 0 ? PERSON : path;
    enum order order = list->ask.by_start ? START : NEWEST;
    order = list->ask.oldest_answer_first && text_is(list->ask.state, "requested") ? ANSWER : order;
    int first = list->ask.brief ? LISTS : 0;
    return list_rows(tx, list, &sql[first + (int)path * ORDER__MAX + (int)order], list->page.after);
}

enum rc query_bookings(const struct query *query, const struct booking_ask *ask,
                       const struct query_page *page, struct booking_row **ret_rows, size_t *ret_count) {
    assert(page->limit >= 1 && page->limit <= PAGE_MAX);
    struct list list = {.query = query, .ask = *ask, .page = *page};
    if (!narrow(&list)) {
        *ret_rows = NULL;
        *ret_count = 0;
        return RC_OK;
    }
    enum db_error error = DB_FINE;
    enum rc rc = db_read(query->db, query->arena, list_run, &list, &error);
    if (rc == RC_OK) {
        *ret_rows = list.rows;
        *ret_count = list.count;
    }
    return rc;
}

struct one {
    struct list list;
    struct booking_detail detail;
};

static struct db_rows rows_of(size_t size, size_t max) {
    return (struct db_rows){.row_size = size, .max = max};
}

static enum rc load_parts(struct tx *tx, const struct query *query, struct booking_detail *detail) {
    const struct booking_row *booking = &detail->booking;
    enum rc rc = db_all(tx, &sql[LINES], DB_BIND(db_int(query->city.n), db_int(booking->id.n)),
                        rows_of(sizeof *detail->lines, LINES_MAX), &detail->lines, &detail->line_count);
    if (rc == RC_OK) {
        rc = db_all(tx, &sql[EVENTS], DB_BIND(db_int(query->city.n), db_int(booking->id.n)),
                    rows_of(sizeof *detail->events, EVENTS_MAX), &detail->events, &detail->event_count);
    }
    if (rc == RC_OK && booking->mother_name.n > 0) { /* hidden with the rest of the person */
        rc = db_all(tx, &sql[CHILDREN], DB_BIND(db_int(query->city.n), db_int(booking->registration.n)),
                    rows_of(sizeof *detail->children, CHILDREN_MAX_SHOWN), &detail->children,
                    &detail->child_count);
    }
    return rc;
}

static enum rc one_run(struct tx *tx, void *arg) {
    struct one *one = arg;
    enum rc rc = list_run(tx, &one->list);
    if (rc != RC_OK || one->list.count == 0) {
        return rc != RC_OK ? rc : RC_NONE;
    }
    one->detail = (struct booking_detail){.booking = one->list.rows[0]};
    return load_parts(tx, one->list.query, &one->detail);
}

enum rc query_booking(const struct query *query, struct booking_id id, struct booking_detail *ret_detail) {
    struct one one = {
        .list = {.query = query, .ask = {.id = id, .from = DAY_NONE, .to = DAY_NONE}, .page = {.limit = 1}}};
    if (id.n == 0 || !narrow(&one.list)) {
        return RC_NONE;
    }
    enum db_error error = DB_FINE;
    enum rc rc = db_read(query->db, query->arena, one_run, &one, &error);
    if (rc == RC_OK) {
        *ret_detail = one.detail;
    }
    return rc;
}
