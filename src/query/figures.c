/* Uses by fiscal year, and the month's claims. What was imported counts up to its own last day; completed uses after
 * that are added, so the year of the change-over is counted once. */
#include "query/figures.h"

#include <assert.h>

#include "db/db.h"
#include "query/statements.h"

/* No booking is longer than BOOKING_DAYS_MAX, so that those of a month began shortly before it. */
enum {
    BOOKING_DAYS_MAX = 62,
    CLAIMS_MAX = 20000,
    CARES_SHOWN_MAX = 16,
    USAGE_MAX = QUERY_YEARS_MAX * CARES_SHOWN_MAX
};

struct usage_found {
    int64_t fiscal_year;
    struct text care;
    int64_t uses;
    int64_t persons;
    int64_t units;
    bool expected;
};
static const struct db_column past_cols[] = {
    DB_COL(struct usage_found, fiscal_year, DB_INT), DB_COL(struct usage_found, care, DB_TEXT),
    DB_COL(struct usage_found, uses, DB_INT),        DB_COL(struct usage_found, persons, DB_INT),
    DB_COL(struct usage_found, units, DB_INT),       DB_COL(struct usage_found, expected, DB_BOOL)};
static const struct db_column live_cols[] = {
    DB_COL(struct usage_found, fiscal_year, DB_INT), DB_COL(struct usage_found, care, DB_TEXT),
    DB_COL(struct usage_found, uses, DB_INT), DB_COL(struct usage_found, persons, DB_INT),
    DB_COL(struct usage_found, units, DB_INT)};

struct claim_found {
    struct booking_id booking;
    struct facility_id facility;
    struct text facility_name;
    struct text care;
    struct day start;
    struct day end;
    struct text state;
    int64_t units;
    struct yen contract_price;
    struct yen additions;
    struct yen fee;
    struct yen cancel_fee;
};
static const struct db_column claim_cols[] = {DB_COL(struct claim_found, booking, DB_INT),
                                              DB_COL(struct claim_found, facility, DB_INT),
                                              DB_COL(struct claim_found, facility_name, DB_TEXT),
                                              DB_COL(struct claim_found, care, DB_TEXT),
                                              DB_COL(struct claim_found, start, DB_DAY),
                                              DB_COL(struct claim_found, end, DB_DAY),
                                              DB_COL(struct claim_found, state, DB_TEXT),
                                              DB_COL(struct claim_found, units, DB_INT),
                                              DB_COL(struct claim_found, contract_price, DB_INT),
                                              DB_COL(struct claim_found, additions, DB_INT),
                                              DB_COL(struct claim_found, fee, DB_INT),
                                              DB_COL(struct claim_found, cancel_fee, DB_INT)};

/* The fiscal year of an ISO day: January to March belong to the year before. */
#define YEAR_OF(day)                                                                                         \
    "CAST(SUBSTR(" day ", 1, 4) AS bigint) - CASE WHEN SUBSTR(" day ", 6, 2) < '04' THEN 1 ELSE 0 END"

enum { PAST, LIVE, CLAIMS, STMT__MAX };
static const struct db_stmt sql[STMT__MAX] = {
    [PAST] = {.sql = "SELECT fiscal_year, care, uses, COALESCE(persons, -1), COALESCE(units, -1), expected"
                     " FROM past_usage WHERE city = $1 AND fiscal_year BETWEEN $2 AND $3"
                     " ORDER BY fiscal_year, care",
              .binds = "iii",
              DB_COLS(past_cols)},
    [LIVE] =
        {.sql =
             "SELECT y, care, COUNT(*), COUNT(DISTINCT account), CAST(SUM(units) AS bigint) FROM"
             " (SELECT " YEAR_OF(
                 "b.start_day") " AS y, b.care AS care, b.account AS account,"
                                " b.units AS units, b.start_day AS start_day, b.city AS city FROM booking b"
                                " WHERE b.city = $1 AND b.state = 'completed' AND b.start_day BETWEEN $2 AND $3) AS u"
                                " WHERE NOT EXISTS (SELECT 1 FROM past_usage p WHERE p.city = u.city"
                                " AND p.fiscal_year = u.y AND p.care = u.care AND p.through_day >= u.start_day)"
                                " GROUP BY y, care ORDER BY y, care",
         .binds = "idd",
         DB_COLS(live_cols)},
    [CLAIMS] =
        {.sql =
             "SELECT b.id, b.facility, f.name, b.care, b.start_day, b.end_day, b.state,"
             " CAST(COALESCE((SELECT SUM(c.units) FROM booking_line c WHERE c.city = b.city"
             " AND c.booking = b.id AND (c.what = 'care' OR c.what = 'over')), b.units) AS bigint),"
             " b.contract_price, CAST(COALESCE((SELECT SUM(l.amount) FROM booking_line l"
             " WHERE l.city = b.city AND l.booking = b.id AND l.what = 'addition'), 0) AS bigint),"
             " b.fee, COALESCE(b.cancel_fee, 0) FROM booking b"
             " JOIN facility f ON f.city = b.city AND f.id = b.facility"
             " WHERE b.city = $1 AND ($2 = 0 OR b.facility = $2) AND b.end_day BETWEEN $3 AND $4"
             " AND b.start_day BETWEEN $5 AND $4 AND (b.state IN ('completed', 'no-show') OR (b.state = 'cancelled'"
             " AND b.cancel_fee > 0)) ORDER BY f.kana, b.end_day, b.id",
         .binds = "iiddd",
         DB_COLS(claim_cols)},
};
const struct db_stmt_list query_figures_sql = {sql, STMT__MAX};

static struct db_rows rows_of(size_t size, size_t max) {
    return (struct db_rows){.row_size = size, .max = max};
}

/* ---- uses ---- */

struct usage {
    const struct query *query;
    const struct usage_ask *ask;
    struct usage_found *past;
    size_t past_count;
    struct usage_found *live;
    size_t live_count;
};

static enum rc usage_run(struct tx *tx, void *arg) {
    struct usage *usage = arg;
    const struct usage_ask *ask = usage->ask;
    struct day from = fiscal_year_first((int32_t)ask->from_fy);
    struct day to = day_add(fiscal_year_first((int32_t)ask->to_fy + 1), -1);
    enum rc rc = db_all(tx, &sql[PAST],
                        DB_BIND(db_int(usage->query->city.n), db_int(ask->from_fy), db_int(ask->to_fy)),
                        rows_of(sizeof *usage->past, USAGE_MAX), &usage->past, &usage->past_count);
    if (rc == RC_OK) {
        rc = db_all(tx, &sql[LIVE], DB_BIND(db_int(usage->query->city.n), db_day(from), db_day(to)),
                    rows_of(sizeof *usage->live, USAGE_MAX), &usage->live, &usage->live_count);
    }
    return rc;
}

static const struct usage_found *usage_find(const struct usage_found *rows, size_t count, int64_t year,
                                            struct text care) {
    for (size_t i = 0; i < count; i++) {
        if (rows[i].fiscal_year == year && text_eq(rows[i].care, care)) {
            return &rows[i];
        }
    }
    return NULL;
}

static int64_t known_sum(int64_t past, int64_t live) {
    return past < 0 ? -1 : past + live;
}

static struct usage_row usage_row_of(const struct usage *usage, int64_t year, struct text care) {
    const struct usage_found *past = usage_find(usage->past, usage->past_count, year, care);
    const struct usage_found *live = usage_find(usage->live, usage->live_count, year, care);
    static const struct usage_found nothing;
    past = past == NULL ? &nothing : past;
    live = live == NULL ? &nothing : live;
    return (struct usage_row){.fiscal_year = year,
                              .era = fiscal_year_era(usage->query->arena, (int32_t)year),
                              .care = care,
                              .uses = past->uses + live->uses,
                              .persons = known_sum(past->persons, live->persons),
                              .units = known_sum(past->units, live->units),
                              .expected = past->expected,
                              .imported = past->uses};
}

enum rc query_usage(const struct query *query, const struct usage_ask *ask, struct usage_row **ret_rows,
                    size_t *ret_count) {
    assert(ask->from_fy <= ask->to_fy && ask->to_fy - ask->from_fy < QUERY_YEARS_MAX);
    assert(ask->care_count <= CARES_SHOWN_MAX);
    struct usage usage = {.query = query, .ask = ask};
    enum db_error error = DB_FINE;
    if (query->eye != EYE_CITY) {
        return RC_NONE;
    }
    enum rc rc = db_read(query->db, query->arena, usage_run, &usage, &error);
    if (rc != RC_OK) {
        return rc;
    }
    size_t years = (size_t)(ask->to_fy - ask->from_fy + 1);
    struct usage_row *rows = arena_array(query->arena, struct usage_row, years * ask->care_count + 1);
    size_t count = 0;
    for (int64_t year = ask->from_fy; year <= ask->to_fy; year++) {
        for (size_t i = 0; i < ask->care_count; i++) {
            rows[count++] = usage_row_of(&usage, year, ask->cares[i]);
        }
    }
    *ret_rows = rows;
    *ret_count = count;
    return RC_OK;
}

/* ---- claims ---- */

struct claims {
    const struct query *query;
    struct day month_first;
    struct claim_found *rows;
    size_t count;
};

static enum rc claims_run(struct tx *tx, void *arg) {
    struct claims *claims = arg;
    const struct query *query = claims->query;
    struct day last = day_add(day_add_months(claims->month_first, 1), -1);
    int64_t facility = query->eye == EYE_FACILITY ? query->facility.n : 0;
    return db_all(tx, &sql[CLAIMS],
                  DB_BIND(db_int(query->city.n), db_int(facility), db_day(claims->month_first), db_day(last),
                          db_day(day_add(claims->month_first, -BOOKING_DAYS_MAX))),
                  rows_of(sizeof *claims->rows, CLAIMS_MAX), &claims->rows, &claims->count);
}

/* A use that did not take place is billed with nothing but the fee its resident owes. */
static struct claim_row claim_of(const struct claim_found *found) {
    bool used = text_is(found->state, "completed");
    struct claim_row row = {.booking = found->booking,
                            .facility = found->facility,
                            .facility_name = found->facility_name,
                            .care = found->care,
                            .start = found->start,
                            .end = found->end,
                            .state = found->state,
                            .units = used ? found->units : 0,
                            .unit_price = found->contract_price,
                            .additions = used ? found->additions : found->cancel_fee,
                            .resident_share = used ? found->fee : found->cancel_fee};
    row.total.n = row.units * row.unit_price.n + row.additions.n;
    row.city_share.n = row.total.n > row.resident_share.n ? row.total.n - row.resident_share.n : 0;
    return row;
}

enum rc query_claims(const struct query *query, struct day month_first, struct claim_row **ret_rows,
                     size_t *ret_count) {
    struct claims claims = {.query = query, .month_first = month_first};
    bool sees = query->eye == EYE_CITY || (query->eye == EYE_FACILITY && query->facility.n != 0);
    if (!sees) {
        return RC_NONE;
    }
    enum db_error error = DB_FINE;
    enum rc rc = db_read(query->db, query->arena, claims_run, &claims, &error);
    if (rc != RC_OK) {
        return rc;
    }
    struct claim_row *rows = arena_array(query->arena, struct claim_row, claims.count + 1);
    for (size_t i = 0; i < claims.count; i++) {
        rows[i] = claim_of(&claims.rows[i]);
    }
    *ret_rows = rows;
    *ret_count = claims.count;
    return RC_OK;
}
