/* Facilities and their vacancies. A facility's own slots are found by the slot's key, a city's
 * by care and day, so that the cost follows the rows shown and not the number of facilities. */
#include "query/facilities.h"

#include <assert.h>

#include "db/db.h"
#include "query/like.h"
#include "query/statements.h"

static const struct db_column facility_cols[] = {
    DB_COL(struct facility_row, id, DB_INT),
    DB_COL(struct facility_row, about.code, DB_TEXT),
    DB_COL(struct facility_row, about.name, DB_TEXT),
    DB_COL(struct facility_row, about.kana, DB_TEXT),
    DB_COL(struct facility_row, about.kind, DB_TEXT),
    DB_COL(struct facility_row, about.ward, DB_TEXT),
    DB_COL(struct facility_row, about.postal_code, DB_TEXT),
    DB_COL(struct facility_row, about.address, DB_TEXT),
    DB_COL(struct facility_row, words.phone, DB_TEXT),
    DB_COL(struct facility_row, words.email, DB_TEXT),
    DB_COL(struct facility_row, words.introduction, DB_TEXT),
    DB_COL(struct facility_row, words.access, DB_TEXT),
    DB_COL(struct facility_row, words.bring, DB_TEXT),
    DB_COL(struct facility_row, words.multiples, DB_BOOL),
    DB_COL(struct facility_row, words.siblings, DB_BOOL),
    DB_COL(struct facility_row, words.partner, DB_BOOL),
    DB_COL(struct facility_row, suspended, DB_BOOL),
    DB_COL(struct facility_row, version, DB_INT),
};

static const struct db_column name_cols[] = {DB_COL(struct facility_name, id, DB_INT),
                                             DB_COL(struct facility_name, name, DB_TEXT)};
static const struct db_column care_cols[] = {
    DB_COL(struct facility_care_row, facility, DB_INT),
    DB_COL(struct facility_care_row, care, DB_TEXT),
    DB_COL(struct facility_care_row, age_months_max, DB_INT),
    DB_COL(struct facility_care_row, price, DB_INT),
    DB_COL(struct facility_care_row, answer_hours, DB_INT),
    DB_COL(struct facility_care_row, lapse_to, DB_TEXT),
};

static const struct db_column vacancy_cols[] = {
    DB_COL(struct vacancy_row, facility, DB_INT), DB_COL(struct vacancy_row, care, DB_TEXT),
    DB_COL(struct vacancy_row, day, DB_DAY),      DB_COL(struct vacancy_row, capacity, DB_INT),
    DB_COL(struct vacancy_row, taken, DB_INT),    DB_COL(struct vacancy_row, held, DB_INT),
    DB_COL(struct vacancy_row, blocked, DB_INT),  DB_COL(struct vacancy_row, shortfall, DB_INT),
};

static const struct db_column earliest_cols[] = {
    DB_COL(struct earliest_row, facility, DB_INT),
    DB_COL(struct earliest_row, first, DB_DAY),
    DB_COL(struct earliest_row, second, DB_DAY),
    DB_COL(struct earliest_row, third, DB_DAY),
};

enum {
    FIND,
    FIND_ONE,
    FIND_WARD,
    NAMES,
    CARES,
    CARES_ONE,
    CARES_WARD,
    VACANCIES,
    VACANCIES_OF,
    EARLIEST,
    EARLIEST_WARD,
    STMT__MAX
};

/* The n-th open day of facility f: a walk along the slot's key that stops there. */
#define OPEN_DAY(n)                                                                                          \
    "(SELECT s.day FROM slot s WHERE s.city = f.city AND s.facility = f.id AND s.care = $2 AND s.day >= $3"  \
    " AND s.day <= $4 AND s.capacity - s.taken - s.held - s.blocked > 0 ORDER BY s.day LIMIT 1 OFFSET " n    \
    ")"

/* One facility and one ward are looked up; everything else is a condition on what the city has. */
#define FIND_BY(path)                                                                                        \
    {                                                                                                        \
        "SELECT f.id, f.code, f.name, f.kana, f.kind, f.ward, f.postal_code, f.address, f.phone, f.email,"   \
        " f.introduction, f.access, f.bring, f.multiples, f.siblings, f.partner, f.suspended, f.version"     \
        " FROM facility f WHERE f.city = $1" path " AND ($2 = 0 OR f.id = $2)"                               \
        " AND ($3 = '' AND $7 < 0 OR EXISTS (SELECT 1 FROM facility_care c WHERE c.city = f.city"            \
        "   AND c.facility = f.id AND ($3 = '' OR c.care = $3)"                                              \
        "   AND ($7 < 0 OR c.age_months_max IS NULL OR $7 < c.age_months_max)))"                             \
        " AND ($4 = '' OR f.ward = $4) AND ($5 = '' OR f.search_key LIKE $5 ESCAPE '!')"                     \
        " AND ($6 = 0 OR f.multiples = 1)"                                                                   \
        " AND ($8 = '' OR EXISTS (SELECT 1 FROM facility_care d CROSS JOIN slot s WHERE d.city = f.city"     \
        "   AND d.facility = f.id AND ($3 = '' OR d.care = $3) AND s.city = d.city"                          \
        "   AND s.facility = d.facility AND s.care = d.care AND s.day = $8"                                  \
        "   AND s.capacity - s.taken - s.held - s.blocked > 0))"                                             \
        " AND (f.suspended = 0 OR $9 = 1) ORDER BY f.kana, f.id LIMIT 200",                                  \
            "iitttiiti", DB_COLS(facility_cols), false                                                       \
    }
#define CARES_BY(from, binds)                                                                                \
    {                                                                                                        \
        "SELECT c.facility, c.care, COALESCE(c.age_months_max, 0), COALESCE(c.price, -1),"                   \
        " COALESCE(c.answer_hours, -1), COALESCE(c.lapse_to, '') FROM " from                                 \
        " ORDER BY c.facility, c.care LIMIT 10000",                                                          \
            binds, DB_COLS(care_cols), false                                                                 \
    }
#define EARLIEST_BY(path, binds)                                                                             \
    {                                                                                                        \
        "SELECT f.id, " OPEN_DAY("0") ", " OPEN_DAY("1") ", " OPEN_DAY(                                      \
            "2") " FROM facility f WHERE f.city = $1" path                                                   \
                 " AND f.suspended = 0 ORDER BY f.kana, f.id LIMIT 10000",                                   \
            binds, DB_COLS(earliest_cols), false                                                             \
    }

static const struct db_stmt sql[STMT__MAX] = {
    [FIND] = FIND_BY(""),
    [FIND_ONE] = FIND_BY(" AND f.id = $2"),
    [FIND_WARD] = FIND_BY(" AND f.ward = $4"),
    [NAMES] = {"SELECT id, name FROM facility WHERE city = $1 AND (suspended = 0 OR $2 = 1)"
               " ORDER BY kana, id LIMIT 200",
               "ii", DB_COLS(name_cols), false},
    [CARES] = CARES_BY("facility_care c WHERE c.city = $1", "i"),
    [CARES_ONE] = CARES_BY("facility_care c WHERE c.city = $1 AND c.facility = $2", "ii"),
    [CARES_WARD] = CARES_BY("facility_care c WHERE c.city = $1 AND c.facility IN"
                            " (SELECT f.id FROM facility f WHERE f.city = $1 AND f.ward = $2)",
                            "it"),
    [VACANCIES] =
        {"SELECT s.facility, s.care, s.day, s.capacity, s.taken, s.held, s.blocked, s.shortfall FROM slot s"
         " JOIN facility f ON f.city = s.city AND f.id = s.facility"
         " WHERE s.city = $1 AND s.care = $2 AND s.day >= $3 AND s.day <= $4 AND f.suspended = 0"
         " ORDER BY f.kana, f.id, s.day LIMIT 20001",
         "itdd", DB_COLS(vacancy_cols), false},
    [VACANCIES_OF] = {"SELECT s.facility, s.care, s.day, s.capacity, s.taken, s.held, s.blocked, s.shortfall"
                      " FROM slot s JOIN facility f ON f.city = s.city AND f.id = s.facility"
                      " WHERE s.city = $1 AND s.facility = $2 AND s.care = $3 AND s.day >= $4 AND s.day <= $5"
                      " AND (f.suspended = 0 OR $6 = 1) ORDER BY s.day LIMIT 101",
                      "iitddi", DB_COLS(vacancy_cols), false},
    [EARLIEST] = EARLIEST_BY("", "itdd"),
    [EARLIEST_WARD] = EARLIEST_BY(" AND f.ward = $5", "itddt"),
};
const struct db_stmt_list query_facilities_sql = {sql, STMT__MAX};

static struct text or_empty(struct text t) {
    return t.p == NULL ? TEXT("") : t;
}

struct find {
    const struct query *query;
    const struct facility_ask *ask;
    struct facility_row *rows;
    size_t count;
};

/* Hands every facility its run of cares; both lists are small. */
static void share_out(struct find *find, struct facility_care_row *cares, size_t care_count) {
    for (size_t i = 0; i < find->count; i++) {
        struct facility_row *row = &find->rows[i];
        size_t from = 0;
        while (from < care_count && cares[from].facility.n != row->id.n) {
            from++;
        }
        size_t to = from;
        while (to < care_count && cares[to].facility.n == row->id.n) {
            to++;
        }
        row->cares = cares + from;
        row->care_count = to - from;
    }
}

/* May an infant of so many complete months still be brought? Windows in days and weeks are taken generously. */
static bool window_meets(const struct age_window *window, int64_t months) {
    if (!window->set) {
        return true;
    }
    if (window->unit == AGE_MONTHS) {
        return months < window->n || (window->bound != AGE_UNDER && months == window->n);
    }
    return months * 28 <= window->n * (window->unit == AGE_WEEKS ? 7 : 1);
}

static bool row_meets(const struct facility_ask *ask, const struct facility_row *row) {
    for (size_t i = 0; i < row->care_count; i++) {
        const struct facility_care_row *offered = &row->cares[i];
        int32_t care = programme_care(ask->programme, offered->care);
        bool asked = ask->care.n == 0 || text_eq(ask->care, offered->care);
        bool own = offered->age_months_max <= 0 || ask->month_age < offered->age_months_max;
        if (care >= 0 && asked && own && window_meets(&ask->programme->cares[care].age, ask->month_age)) {
            return true;
        }
    }
    return false;
}

static void drop_too_old(struct find *find) {
    size_t kept = 0;
    for (size_t i = 0; i < find->count; i++) {
        if (row_meets(find->ask, &find->rows[i])) {
            find->rows[kept++] = find->rows[i];
        }
    }
    find->count = kept;
}

/* Of the facilities that may have been found. */
static enum rc find_cares(struct tx *tx, const struct find *find, struct facility_care_row **ret_cares,
                          size_t *ret_count) {
    const struct facility_ask *ask = find->ask;
    struct db_value city = db_int(find->query->city.n);
    struct db_rows shape = {sizeof(struct facility_care_row), 10000};
    if (ask->id.n != 0) {
        return db_all(tx, &sql[CARES_ONE], DB_BIND(city, db_int(ask->id.n)), shape, ret_cares, ret_count);
    }
    if (or_empty(ask->ward).n > 0) {
        return db_all(tx, &sql[CARES_WARD], DB_BIND(city, db_text(ask->ward)), shape, ret_cares, ret_count);
    }
    return db_all(tx, &sql[CARES], DB_BIND(city), shape, ret_cares, ret_count);
}

static enum rc find_run(struct tx *tx, void *arg) {
    struct find *find = arg;
    const struct facility_ask *ask = find->ask;
    int64_t city = find->query->city.n;
    struct text date = day_is_none(ask->date) ? TEXT("") : day_format(tx->arena, ask->date);
    bool suspended =
        ask->with_suspended && find->query->eye != EYE_PUBLIC && find->query->eye != EYE_RESIDENT;
    int path = ask->id.n != 0 ? FIND_ONE : or_empty(ask->ward).n > 0 ? FIND_WARD : FIND;
    enum rc rc = db_all(
        tx, &sql[path],
        DB_BIND(db_int(city), db_int(ask->id.n), db_text(or_empty(ask->care)), db_text(or_empty(ask->ward)),
                db_text(like_of(tx->arena, ask->text_key)), db_int(ask->multiples), db_int(ask->month_age),
                db_text(date), db_int(suspended)),
        (struct db_rows){sizeof(struct facility_row), QUERY_FACILITIES_MAX}, &find->rows, &find->count);
    if (rc != RC_OK) {
        return rc;
    }
    struct facility_care_row *cares;
    size_t care_count;
    rc = find_cares(tx, find, &cares, &care_count);
    if (rc == RC_OK) {
        share_out(find, cares, care_count);
    }
    if (rc == RC_OK && ask->month_age >= 0 && ask->programme != NULL) {
        drop_too_old(find);
    }
    return rc;
}

enum rc query_facilities(const struct query *query, const struct facility_ask *ask,
                         struct facility_row **ret_rows, size_t *ret_count) {
    struct find find = {.query = query, .ask = ask};
    enum db_error error;
    enum rc rc = db_read(query->db, query->arena, find_run, &find, &error);
    if (rc != RC_OK) {
        return rc;
    }
    if (ask->id.n != 0 && find.count == 0) {
        return RC_NONE;
    }
    *ret_rows = find.rows;
    *ret_count = find.count;
    return RC_OK;
}

struct facility_names {
    const struct query *query;
    bool with_suspended;
    struct facility_name *rows;
    size_t count;
};

static enum rc names_run(struct tx *tx, void *arg) {
    struct facility_names *names = arg;
    return db_all(tx, &sql[NAMES], DB_BIND(db_int(names->query->city.n), db_int(names->with_suspended)),
                  (struct db_rows){sizeof(struct facility_name), QUERY_FACILITIES_MAX}, &names->rows,
                  &names->count);
}

enum rc query_facility_names(const struct query *query, bool with_suspended, struct facility_name **ret_rows,
                             size_t *ret_count) {
    struct facility_names names = {.query = query, .with_suspended = with_suspended};
    enum db_error error;
    enum rc rc = db_read(query->db, query->arena, names_run, &names, &error);
    if (rc == RC_OK) {
        *ret_rows = names.rows;
        *ret_count = names.count;
    }
    return rc;
}

enum vacancy_mark vacancy_mark(const struct vacancy_row *row) {
    if (row->capacity == 0) {
        return VACANCY_CLOSED;
    }
    if (row->open == 0) {
        return VACANCY_FULL;
    }
    return row->open == 1 && row->capacity > 1 ? VACANCY_FEW : VACANCY_OPEN;
}

const char *vacancy_mark_code(enum vacancy_mark mark) {
    static const char *const codes[] = {"open", "few", "full", "closed"};
    return codes[mark];
}

struct vacancies {
    const struct query *query;
    const struct vacancy_ask *ask;
    struct vacancy_row *rows;
    size_t count;
};

static enum rc vacancies_run(struct tx *tx, void *arg) {
    struct vacancies *v = arg;
    const struct vacancy_ask *ask = v->ask;
    int64_t city = v->query->city.n;
    bool staff = v->query->eye == EYE_FACILITY || v->query->eye == EYE_CITY;
    struct db_rows shape = {sizeof(struct vacancy_row), 20000};
    enum rc rc = ask->facility.n == 0
                     ? db_all(tx, &sql[VACANCIES],
                              DB_BIND(db_int(city), db_text(ask->care), db_day(ask->from), db_day(ask->to)),
                              shape, &v->rows, &v->count)
                     : db_all(tx, &sql[VACANCIES_OF],
                              DB_BIND(db_int(city), db_int(ask->facility.n), db_text(ask->care),
                                      db_day(ask->from), db_day(ask->to), db_int(staff)),
                              shape, &v->rows, &v->count);
    if (rc != RC_OK) {
        return rc;
    }
    for (size_t i = 0; i < v->count; i++) {
        struct vacancy_row *row = &v->rows[i];
        int64_t left = row->capacity - row->taken - row->held - row->blocked;
        row->open = left > 0 ? left : 0;
    }
    return RC_OK;
}

enum rc query_vacancies(const struct query *query, const struct vacancy_ask *ask,
                        struct vacancy_row **ret_rows, size_t *ret_count) {
    assert(day_diff(ask->to, ask->from) < QUERY_VACANCY_DAYS_MAX);
    struct vacancies v = {.query = query, .ask = ask};
    enum db_error error;
    enum rc rc = db_read(query->db, query->arena, vacancies_run, &v, &error);
    if (rc != RC_OK) {
        return rc;
    }
    *ret_rows = v.rows;
    *ret_count = v.count;
    return RC_OK;
}

struct earliest {
    const struct query *query;
    const struct vacancy_ask *ask;
    struct earliest_row *rows;
    size_t count;
};

static enum rc earliest_run(struct tx *tx, void *arg) {
    struct earliest *e = arg;
    const struct vacancy_ask *ask = e->ask;
    struct db_value city = db_int(e->query->city.n);
    struct db_rows shape = {sizeof(struct earliest_row), 10000};
    return or_empty(ask->ward).n == 0
               ? db_all(tx, &sql[EARLIEST],
                        DB_BIND(city, db_text(ask->care), db_day(ask->from), db_day(ask->to)), shape,
                        &e->rows, &e->count)
               : db_all(tx, &sql[EARLIEST_WARD],
                        DB_BIND(city, db_text(ask->care), db_day(ask->from), db_day(ask->to),
                                db_text(ask->ward)),
                        shape, &e->rows, &e->count);
}

enum rc query_earliest(const struct query *query, const struct vacancy_ask *ask,
                       struct earliest_row **ret_rows, size_t *ret_count) {
    assert(day_diff(ask->to, ask->from) < QUERY_VACANCY_DAYS_MAX);
    struct earliest e = {.query = query, .ask = ask};
    enum db_error error;
    enum rc rc = db_read(query->db, query->arena, earliest_run, &e, &error);
    if (rc != RC_OK) {
        return rc;
    }
    *ret_rows = e.rows;
    *ret_count = e.count;
    return RC_OK;
}
