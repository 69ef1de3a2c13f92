/* Wishes and offers, each eye with its own statement so that each follows its own index. */
#include "base/buf.h"
#include "db/db.h"
#include "query/bookings.h"
#include "query/statements.h"

static const struct db_column wait_cols[] = {
    DB_COL(struct wait_row, id, DB_INT),
    DB_COL(struct wait_row, account, DB_INT),
    DB_COL(struct wait_row, care, DB_TEXT),
    DB_COL(struct wait_row, from, DB_DAY),
    DB_COL(struct wait_row, to, DB_DAY),
    DB_COL(struct wait_row, nights, DB_INT),
    DB_COL(struct wait_row, any_facility, DB_BOOL),
    DB_COL(struct wait_row, mode, DB_TEXT),
    DB_COL(struct wait_row, notice_hours, DB_INT),
    DB_COL(struct wait_row, swap_for, DB_INT),
    DB_COL(struct wait_row, state, DB_TEXT),
    DB_COL(struct wait_row, closed_why, DB_TEXT),
    DB_COL(struct wait_row, created_at, DB_TIME),
    DB_COL(struct wait_row, mother_name, DB_TEXT),
};

struct name_row {
    struct wait_id wait;
    struct text name;
};
static const struct db_column name_cols[] = {
    DB_COL(struct name_row, wait, DB_INT),
    DB_COL(struct name_row, name, DB_TEXT),
};

static const struct db_column offer_cols[] = {
    DB_COL(struct offer_row, id, DB_INT),
    DB_COL(struct offer_row, wait, DB_INT),
    DB_COL(struct offer_row, account, DB_INT),
    DB_COL(struct offer_row, facility, DB_INT),
    DB_COL(struct offer_row, facility_name, DB_TEXT),
    DB_COL(struct offer_row, care, DB_TEXT),
    DB_COL(struct offer_row, start, DB_DAY),
    DB_COL(struct offer_row, end, DB_DAY),
    DB_COL(struct offer_row, state, DB_TEXT),
    DB_COL(struct offer_row, created_at, DB_TIME),
    DB_COL(struct offer_row, expires_at, DB_TIME),
    DB_COL(struct offer_row, answered_at, DB_TIME),
    DB_COL(struct offer_row, booking, DB_INT),
};

#define WAIT_SELECT(name)                                                                                     \
    "SELECT w.id, w.account, w.care, w.from_day, w.to_day, w.nights, w.any_facility, w.mode, w.notice_hours," \
    " w.swap_for, w.state, w.closed_why, w.created_at, " name " FROM wait w"
#define OFFER_SELECT                                                                                             \
    "SELECT o.id, o.wait, o.account, o.facility, f.name, o.care, o.start_day, o.end_day, o.state, o.created_at," \
    " o.expires_at, o.answered_at, o.booking FROM offer o"                                                       \
    " JOIN facility f ON f.city = o.city AND f.id = o.facility"

enum {
    WAITS_RESIDENT,
    WAITS_FACILITY,
    WAITS_CITY,
    WAITS_CITY_STATE,
    NAMES,
    OFFERS_RESIDENT,
    OFFERS_CITY,
    OFFER_ONE,
    STMT__MAX
};

static const struct db_stmt sql[STMT__MAX] = {
    [WAITS_RESIDENT] = {WAIT_SELECT(
                            "''") " WHERE w.city = $1 AND w.account = $2 AND ($3 = '' OR w.state = $3)"
                                  " AND ($4 = 0 OR w.id < $4) ORDER BY w.id DESC LIMIT $5",
                        "iitii", DB_COLS(wait_cols), false},
    [WAITS_FACILITY] = {WAIT_SELECT("''") " WHERE w.city = $1 AND ($3 = '' OR w.state = $3) AND w.id > $4"
                                          " AND (w.any_facility = 1 OR EXISTS (SELECT 1 FROM wait_facility x"
                                          "   WHERE x.city = w.city AND x.wait = w.id AND x.facility = $2))"
                                          " ORDER BY w.id LIMIT $5",
                        "iitii", DB_COLS(wait_cols), false},
    [WAITS_CITY] =
        {WAIT_SELECT("r.mother_name") " JOIN registration r ON r.city = w.city AND r.id = w.registration"
                                      " WHERE w.city = $1 AND $2 = '' AND w.id > $3 ORDER BY w.id LIMIT $4",
         "itii", DB_COLS(wait_cols), false},
    [WAITS_CITY_STATE] =
        {WAIT_SELECT(
             "r.mother_name") " JOIN registration r ON r.city = w.city"
                              " AND r.id = w.registration WHERE w.city = $1 AND w.state = $2 AND w.id > $3"
                              " ORDER BY w.id LIMIT $4",
         "itii", DB_COLS(wait_cols), false},
    [NAMES] =
        {"SELECT x.wait, f.name FROM wait_facility x JOIN facility f ON f.city = x.city AND f.id = x.facility"
         " WHERE x.city = $1 AND x.wait >= $2 AND x.wait <= $3 ORDER BY x.wait, f.kana LIMIT 20000",
         "iii", DB_COLS(name_cols), false},
    [OFFERS_RESIDENT] = {OFFER_SELECT " WHERE o.city = $1 AND o.account = $2 AND ($3 = '' OR o.state = $3)"
                                      " AND ($4 = 0 OR o.id < $4) ORDER BY o.id DESC LIMIT $5",
                         "iitii", DB_COLS(offer_cols), false},
    [OFFERS_CITY] = {OFFER_SELECT " WHERE o.city = $1 AND ($2 = '' OR o.state = $2) AND ($3 = 0 OR o.id < $3)"
                                  " ORDER BY o.id DESC LIMIT $4",
                     "itii", DB_COLS(offer_cols), false},
    [OFFER_ONE] = {OFFER_SELECT " WHERE o.city = $1 AND o.id = $2 AND ($3 = 0 OR o.account = $3)", "iii",
                   DB_COLS(offer_cols), false},
};
const struct db_stmt_list query_waits_sql = {sql, STMT__MAX};

struct waits {
    const struct query *query;
    struct text state;
    const struct query_page *page;
    struct wait_row *rows;
    size_t count;
};

/* Joins the names of the facilities each wish lists; engines differ in their ways to aggregate text. */
static enum rc add_names(struct tx *tx, struct waits *w) {
    if (w->count == 0) {
        return RC_OK;
    }
    int64_t low = w->rows[0].id.n;
    int64_t high = w->rows[w->count - 1].id.n;
    if (low > high) {
        int64_t swap = low;
        low = high;
        high = swap;
    }
    struct name_row *names;
    size_t name_count;
    enum rc rc = db_all(tx, &sql[NAMES], DB_BIND(db_int(w->query->city.n), db_int(low), db_int(high)),
                        (struct db_rows){sizeof(struct name_row), 20000}, &names, &name_count);
    for (size_t i = 0; rc == RC_OK && i < w->count; i++) {
        struct buf buf;
        buf_init(&buf, tx->arena);
        for (size_t k = 0; k < name_count; k++) {
            if (names[k].wait.n == w->rows[i].id.n) {
                buf_putz(&buf, buf.n > 0 ? "、" : "");
                buf_put(&buf, names[k].name);
            }
        }
        w->rows[i].facility_names = buf_text(&buf);
    }
    return rc;
}

static enum rc waits_run(struct tx *tx, void *arg) {
    struct waits *w = arg;
    const struct query *q = w->query;
    struct text state = w->state.p == NULL ? TEXT("") : w->state;
    struct db_rows shape = {sizeof(struct wait_row), 200};
    enum rc rc = RC_NONE;
    switch (q->eye) {
    case EYE_RESIDENT:
        rc = db_all(tx, &sql[WAITS_RESIDENT],
                    DB_BIND(db_int(q->city.n), db_int(q->account.n), db_text(state), db_int(w->page->after),
                            db_int(w->page->limit)),
                    shape, &w->rows, &w->count);
        break;
    case EYE_FACILITY:
        rc = db_all(tx, &sql[WAITS_FACILITY],
                    DB_BIND(db_int(q->city.n), db_int(q->facility.n), db_text(state), db_int(w->page->after),
                            db_int(w->page->limit)),
                    shape, &w->rows, &w->count);
        break;
    case EYE_CITY:
        rc =
            db_all(tx, &sql[state.n > 0 ? WAITS_CITY_STATE : WAITS_CITY],
                   DB_BIND(db_int(q->city.n), db_text(state), db_int(w->page->after), db_int(w->page->limit)),
                   shape, &w->rows, &w->count);
        break;
    case EYE_PUBLIC:
        break;
    }
    return rc == RC_OK ? add_names(tx, w) : rc;
}

enum rc query_waits(const struct query *query, struct text state, const struct query_page *page,
                    struct wait_row **ret_rows, size_t *ret_count) {
    struct waits w = {.query = query, .state = state, .page = page};
    enum db_error error;
    enum rc rc = db_read(query->db, query->arena, waits_run, &w, &error);
    if (rc != RC_OK) {
        return rc;
    }
    *ret_rows = w.rows;
    *ret_count = w.count;
    return RC_OK;
}

struct offers {
    const struct query *query;
    struct offer_id id;
    struct text state;
    const struct query_page *page;
    struct offer_row *rows;
    size_t count;
};

static enum rc offers_run(struct tx *tx, void *arg) {
    struct offers *o = arg;
    const struct query *q = o->query;
    struct db_rows shape = {sizeof(struct offer_row), 200};
    if (q->eye != EYE_RESIDENT && q->eye != EYE_CITY) {
        return RC_NONE;
    }
    int64_t account = q->eye == EYE_RESIDENT ? q->account.n : 0;
    if (o->id.n != 0) {
        return db_all(tx, &sql[OFFER_ONE], DB_BIND(db_int(q->city.n), db_int(o->id.n), db_int(account)),
                      shape, &o->rows, &o->count);
    }
    if (q->eye == EYE_CITY) {
        return db_all(
            tx, &sql[OFFERS_CITY],
            DB_BIND(db_int(q->city.n), db_text(o->state), db_int(o->page->after), db_int(o->page->limit)),
            shape, &o->rows, &o->count);
    }
    return db_all(tx, &sql[OFFERS_RESIDENT],
                  DB_BIND(db_int(q->city.n), db_int(account), db_text(o->state), db_int(o->page->after),
                          db_int(o->page->limit)),
                  shape, &o->rows, &o->count);
}

enum rc query_offers(const struct query *query, struct offer_id id, struct text state,
                     const struct query_page *page, struct offer_row **ret_rows, size_t *ret_count) {
    struct offers o = {.query = query, .id = id, .state = state.p == NULL ? TEXT("") : state, .page = page};
    enum db_error error;
    enum rc rc = db_read(query->db, query->arena, offers_run, &o, &error);
    if (rc != RC_OK) {
        return rc;
    }
    if (id.n != 0 && o.count == 0) {
        return RC_NONE;
    }
    *ret_rows = o.rows;
    *ret_count = o.count;
    return RC_OK;
}
