#include "store/facts.h"

#include <assert.h>

#include "store/store.h"

enum {
    FACTS_LOCK,
    FACTS_RESIDENT,
    FACTS_GRANTS,
    FACTS_GRANTS_LOCK,
    FACTS_REGISTRATION,
    FACTS_CHILDREN,
    FACTS_POOLS,
    FACTS_POOLS_OUT,
    FACTS_USES,
    FACTS_USES_MANY,
    FACTS_FACILITY,
    FACTS__COUNT
};

struct grant_found {
    struct registration_id registration;
    struct text household_class;
    struct day valid_from;
    struct day valid_to;
    struct day class_proven;
};
struct child_found {
    struct day birth;
    struct day due;
    int64_t gestation_days;
    int64_t weight_g;
};
struct pool_found {
    struct text what; /* of grant_before; empty: a pool */
    struct text pool;
    int64_t granted;
    int64_t booked;
    int64_t used;
};
struct use_found {
    struct text care;
    struct day start;
    struct day end;
    struct text state;
    int64_t units_used;
    int64_t units;
    bool side; /* the undecided change of another booking */
};
struct care_found {
    struct text name; /* of the facility */
    bool multiples;
    bool suspended;
    struct text care;
    int64_t age_months_max;
    int64_t price; /* -1: none */
    struct yen contract_price;
    int64_t answer_hours; /* -1: the city's rule */
    struct text lapse_to;
};

static const struct db_column id_cols[] = {{.kind = DB_INT, .offset = offsetof(struct registration_id, n)}};
static const struct db_column grant_cols[] = {
    DB_COL(struct grant_found, registration, DB_INT), DB_COL(struct grant_found, household_class, DB_TEXT),
    DB_COL(struct grant_found, valid_from, DB_DAY), DB_COL(struct grant_found, valid_to, DB_DAY),
    DB_COL(struct grant_found, class_proven, DB_DAY)};
static const struct db_column child_cols[] = {
    DB_COL(struct child_found, birth, DB_DAY), DB_COL(struct child_found, due, DB_DAY),
    DB_COL(struct child_found, gestation_days, DB_INT), DB_COL(struct child_found, weight_g, DB_INT)};
static const struct db_column pool_cols[] = {
    DB_COL(struct pool_found, what, DB_TEXT), DB_COL(struct pool_found, pool, DB_TEXT),
    DB_COL(struct pool_found, granted, DB_INT), DB_COL(struct pool_found, booked, DB_INT),
    DB_COL(struct pool_found, used, DB_INT)};
static const struct db_column use_cols[] = {
    DB_COL(struct use_found, care, DB_TEXT),      DB_COL(struct use_found, start, DB_DAY),
    DB_COL(struct use_found, end, DB_DAY),        DB_COL(struct use_found, state, DB_TEXT),
    DB_COL(struct use_found, units_used, DB_INT), DB_COL(struct use_found, units, DB_INT),
    DB_COL(struct use_found, side, DB_BOOL)};
static const struct db_column care_cols[] = {
    DB_COL(struct care_found, name, DB_TEXT),          DB_COL(struct care_found, multiples, DB_BOOL),
    DB_COL(struct care_found, suspended, DB_BOOL),     DB_COL(struct care_found, care, DB_TEXT),
    DB_COL(struct care_found, age_months_max, DB_INT), DB_COL(struct care_found, price, DB_INT),
    DB_COL(struct care_found, contract_price, DB_INT), DB_COL(struct care_found, answer_hours, DB_INT),
    DB_COL(struct care_found, lapse_to, DB_TEXT)};

#define GRANTS_SELECT                                                                                        \
    "SELECT registration, household_class, valid_from, valid_to, class_proven FROM grant_"                   \
    " WHERE city = $1 AND account = $2 ORDER BY registration DESC LIMIT $3"
/* Words are compared one by one: of an IN, SQLite would make a table. */
#define USE_OPEN "(b.state = 'requested' OR b.state = 'confirmed' OR b.state = 'in-use')"
#define USES_SELECT                                                                                          \
    "SELECT b.care, b.start_day, b.end_day, b.state, CASE WHEN " USE_OPEN " THEN 0 ELSE COALESCE("           \
    "(SELECT MAX(p.used) FROM booking_pool p WHERE p.city = b.city AND p.booking = b.id), 0) END, b.units,"  \
    " CASE WHEN b.state = 'requested' AND b.change_of IS NOT NULL THEN 1 ELSE 0 END"                         \
    " FROM booking b WHERE b.city = $1 AND b.account = $2 AND b.id <> $4 AND (" USE_OPEN                     \
    " OR (b.registration = $3 AND (b.state = 'cancelled' OR b.state = 'completed' OR b.state = 'no-show')))"

static const struct db_stmt stmts[FACTS__COUNT] = {
    [FACTS_LOCK] = {.sql = "SELECT registration FROM grant_ WHERE city = $1 AND account = $2"
                           " ORDER BY registration",
                    .binds = "ii",
                    DB_COLS(id_cols),
                    .lock = true},
    [FACTS_RESIDENT] = {.sql = "SELECT id FROM account WHERE city = $1 AND id = $2 AND role = 'resident'"
                               " AND state = 'active'",
                        .binds = "ii",
                        DB_COLS(id_cols),
                        .usual = true},
    [FACTS_GRANTS] = {.sql = GRANTS_SELECT, .binds = "iii", DB_COLS(grant_cols)},
    [FACTS_GRANTS_LOCK] =
        {.sql = GRANTS_SELECT, .binds = "iii", DB_COLS(grant_cols), .lock = true, .usual = true},
    [FACTS_REGISTRATION] = {.sql = "SELECT id FROM registration WHERE city = $1 AND account = $2"
                                   " AND state <> 'withdrawn' ORDER BY id DESC LIMIT 1",
                            .binds = "ii",
                            DB_COLS(id_cols)},
    [FACTS_CHILDREN] = {.sql = "SELECT birth_date, due_date, gestation_days, weight_g FROM child"
                               " WHERE city = $1 AND registration = $2 ORDER BY ordinal LIMIT $3",
                        .binds = "iii",
                        DB_COLS(child_cols),
                        .usual = true},
    [FACTS_POOLS] = {.sql = "SELECT '', pool, granted, booked, used FROM grant_pool"
                            " WHERE city = $1 AND registration = $2 UNION ALL"
                            " SELECT what, code, units, 0, 0 FROM grant_before"
                            " WHERE city = $1 AND registration = $2 AND what <> 'pool'",
                     .binds = "ii",
                     DB_COLS(pool_cols),
                     .usual = true},
    [FACTS_POOLS_OUT] = {.sql = "SELECT '', pool, units, reserved, used FROM booking_pool"
                                " WHERE city = $1 AND booking = $2 AND registration = $3 ORDER BY pool",
                         .binds = "iii",
                         DB_COLS(pool_cols)},
    [FACTS_USES] = {.sql = USES_SELECT " ORDER BY b.id DESC LIMIT $5",
                    .binds = "iiiii",
                    DB_COLS(use_cols),
                    .usual = true},
    [FACTS_USES_MANY] = {.sql =
                             USES_SELECT " ORDER BY CASE WHEN " USE_OPEN " THEN 0"
                                         " WHEN b.state = 'cancelled' THEN 2 ELSE 1 END, b.id DESC LIMIT $5",
                         .binds = "iiiii",
                         DB_COLS(use_cols)},
    [FACTS_FACILITY] = {.sql = "SELECT f.name, f.multiples, f.suspended, c.care, c.age_months_max,"
                               " COALESCE(c.price, -1), COALESCE(c.contract_price, 0),"
                               " COALESCE(c.answer_hours, -1), c.lapse_to FROM facility f LEFT JOIN"
                               " facility_care c ON c.city = f.city AND c.facility = f.id"
                               " WHERE f.city = $1 AND f.id = $2 ORDER BY c.care",
                        .binds = "ii",
                        DB_COLS(care_cols),
                        .usual = true},
};
const struct db_stmt_list facts_statements = STORE_STATEMENTS(stmts);

static struct db_rows rows_of(size_t size, size_t max) {
    return (struct db_rows){.row_size = size, .max = max};
}

enum rc facts_lock_person(struct tx *tx, struct city_id city, struct account_id account) {
    struct registration_id *grants = NULL;
    size_t count = 0;
    enum rc rc = db_all(tx, &stmts[FACTS_LOCK], DB_BIND(db_int(city.n), db_int(account.n)),
                        rows_of(sizeof *grants, HISTORY_MAX), &grants, &count);
    if (rc != RC_OK) {
        return rc;
    }
    return count > 0 ? RC_OK : RC_NONE;
}

/* ---- rows, several answers at a time ---- */

struct found_rows {
    struct child_found *children;
    struct pool_found *pools;
    struct pool_found *pools_out; /* of the booking to leave out */
    struct use_found *uses;
    struct care_found *cares;
    size_t child_count, pool_count, pool_out_count, use_count, care_count;
};

/* One more use than there is room for tells that there are too many. */
static enum rc load_rows(struct tx *tx, const struct facts_ask *ask, struct registration_id grant,
                         struct registration_id family, struct found_rows *rows) {
    struct db_value city = db_int(ask->city.n);
    const struct db_ask asks[] = {
        {&stmts[FACTS_CHILDREN], DB_BIND(city, db_int(family.n), db_int(CHILDREN_MAX)),
         rows_of(sizeof *rows->children, CHILDREN_MAX), &rows->children, &rows->child_count},
        {&stmts[FACTS_USES],
         DB_BIND(city, db_int(ask->account.n), db_int(grant.n), db_int(ask->leave_out.n),
                 db_int(HISTORY_MAX + 1)),
         rows_of(sizeof *rows->uses, HISTORY_MAX + 1), &rows->uses, &rows->use_count},
        {&stmts[FACTS_FACILITY], DB_BIND(city, db_int(ask->facility.n)),
         rows_of(sizeof *rows->cares, PROGRAMME_CARES_MAX), &rows->cares, &rows->care_count},
        {&stmts[FACTS_POOLS], DB_BIND(city, db_int(grant.n)),
         rows_of(sizeof *rows->pools, PROGRAMME_POOLS_MAX + GRANT_BEFORE_MAX), &rows->pools,
         &rows->pool_count},
        {&stmts[FACTS_POOLS_OUT], DB_BIND(city, db_int(ask->leave_out.n), db_int(grant.n)),
         rows_of(sizeof *rows->pools_out, PROGRAMME_POOLS_MAX), &rows->pools_out, &rows->pool_out_count},
    };
    size_t wanted = grant.n == 0 ? 3 : ask->leave_out.n == 0 ? 4 : 5;
    enum rc rc = db_all_of(tx, asks, wanted);
    if (rc == RC_OK && rows->use_count > HISTORY_MAX) {
        rc = db_all(tx, &stmts[FACTS_USES_MANY],
                    DB_BIND(city, db_int(ask->account.n), db_int(grant.n), db_int(ask->leave_out.n),
                            db_int(HISTORY_MAX)),
                    rows_of(sizeof *rows->uses, HISTORY_MAX), &rows->uses, &rows->use_count);
    }
    return rc;
}

/* ---- the person ---- */

static void put_children(const struct found_rows *rows, struct facts *facts) {
    for (size_t i = 0; i < rows->child_count; i++) {
        const struct child_found *row = &rows->children[i];
        facts->children[i] = (struct child){.birth = row->birth,
                                            .due = row->due,
                                            .gestation_days = (int32_t)row->gestation_days,
                                            .weight_g = (int32_t)row->weight_g};
    }
    facts->child_count = (int32_t)rows->child_count;
}

static void pool_leave_out(const struct found_rows *rows, struct pool_balance *pool) {
    for (size_t i = 0; i < rows->pool_out_count; i++) {
        const struct pool_found *out = &rows->pools_out[i];
        if (text_eq(pool->pool, out->pool)) {
            pool->booked -= (int32_t)out->booked;
            pool->used -= (int32_t)out->used;
        }
    }
}

/* Her pools, and what the grant brought along. */
static void put_pools(const struct found_rows *rows, struct facts *facts) {
    for (size_t i = 0; i < rows->pool_count; i++) {
        const struct pool_found *row = &rows->pools[i];
        enum before_what what;
        if (before_parse(row->what, &what)) {
            facts_before(facts, what, row->pool, row->granted);
            continue;
        }
        struct pool_balance *pool = &facts->grant.pools[facts->grant.pool_count++];
        *pool = (struct pool_balance){.pool = row->pool,
                                      .granted = (int32_t)row->granted,
                                      .used = (int32_t)row->used,
                                      .booked = (int32_t)row->booked};
        pool_leave_out(rows, pool);
    }
}

/* In no order that matters. */
static void put_uses(const struct facts_ask *ask, const struct found_rows *rows, struct facts *facts) {
    for (size_t i = 0; i < rows->use_count; i++) {
        const struct use_found *row = &rows->uses[i];
        struct past_use *use = &facts->history[i];
        *use = (struct past_use){.care = row->care, .start = row->start, .end = row->end};
        bool known = booking_state_parse(row->state, &use->state);
        assert(known);
        bool ended = use->state == BOOKING_CANCELLED || use->state == BOOKING_NO_SHOW;
        use->units_charged = ended && row->units_used > 0;
        bool part = use->units_charged && row->units_used < row->units;
        use->units_kept = part ? (int32_t)row->units_used : 0;
        bool begun = !day_before(instant_day(ask->now), use->start);
        facts->open_bookings += booking_open(use->state) && !row->side && !begun;
    }
    facts->history_count = (int32_t)rows->use_count;
}

/* The grant that covers the first day, else the newest; they come newest first. */
static const struct grant_found *grant_of(const struct grant_found *rows, size_t count, struct day day) {
    for (size_t i = 0; i < count; i++) {
        if (!day_before(day, rows[i].valid_from) && !day_before(rows[i].valid_to, day)) {
            return &rows[i];
        }
    }
    return &rows[0];
}

/* ---- the facility ---- */

static void care_put(const struct facts_ask *ask, const struct care_found *row, struct facts_found *found) {
    struct facility_terms *terms = &found->facts.facility;
    const struct programme *programme = programme_at(ask->rules, ask->request.start);
    terms->cares[terms->care_count++] =
        (struct facility_care){.care = row->care,
                               .offered = true,
                               .priced = row->price >= 0,
                               .price = {row->price >= 0 ? row->price : 0},
                               .age = facts_narrowed(programme, row->care, row->age_months_max)};
    if (text_eq(row->care, ask->request.care)) {
        found->ways = (struct facility_ways){.offered = true,
                                             .contract_price = row->contract_price,
                                             .answers_own_way = row->answer_hours >= 0,
                                             .answer_hours = row->answer_hours,
                                             .lapse_to = row->lapse_to};
    }
}

static void put_facility(const struct facts_ask *ask, const struct found_rows *rows,
                         struct facts_found *found) {
    found->facility_name = rows->cares[0].name;
    found->suspended = rows->cares[0].suspended;
    found->facts.facility.known = true;
    found->facts.facility.max_infants = rows->cares[0].multiples ? 0 : 1;
    for (size_t i = 0; i < rows->care_count && rows->cares[i].care.p != NULL; i++) {
        care_put(ask, &rows->cares[i], found);
    }
}

/* ---- all ---- */

struct grants {
    struct grant_found *rows;
    size_t count;
};

static enum rc load_found(struct tx *tx, const struct facts_ask *ask, const struct grants *grants,
                          struct facts_found *ret_found) {
    struct facts_found *found = arena_new(tx->arena, struct facts_found);
    struct found_rows *rows = arena_new(tx->arena, struct found_rows);
    struct registration_id family = {0};
    enum rc rc = RC_OK;
    facts_init(&found->facts);
    found->facts.now = ask->now;
    found->facts.calendar = ask->calendar;
    if (grants->count > 0) {
        const struct grant_found *grant = grant_of(grants->rows, grants->count, ask->request.start);
        found->registration = grant->registration;
        found->facts.household_class = grant->household_class;
        found->facts.class_proven = grant->class_proven;
        found->facts.grant.approved = true;
        found->facts.grant.valid_from = grant->valid_from;
        found->facts.grant.valid_to = grant->valid_to;
        family = grant->registration;
    } else { /* not approved: what she registered still tells the ages */
        rc = db_one(tx, &stmts[FACTS_REGISTRATION], DB_BIND(db_int(ask->city.n), db_int(ask->account.n)),
                    &family);
    }
    if (rc == RC_OK || rc == RC_NONE) {
        rc = load_rows(tx, ask, found->registration, family, rows);
    }
    if (rc == RC_OK && ask->facility.n != 0 && rows->care_count == 0) {
        rc = RC_NONE;
    }
    if (rc != RC_OK) {
        return rc;
    }
    put_children(rows, &found->facts);
    put_pools(rows, &found->facts);
    put_uses(ask, rows, &found->facts);
    if (rows->care_count > 0) {
        put_facility(ask, rows, found);
    }
    rc = facts_spent(tx, ask, found);
    if (rc == RC_OK) {
        *ret_found = *found;
    }
    return rc;
}

#define PERSON_BIND(ask) DB_BIND(db_int((ask)->city.n), db_int((ask)->account.n))
#define GRANTS_BIND(ask) DB_BIND(db_int((ask)->city.n), db_int((ask)->account.n), db_int(HISTORY_MAX))
#define GRANTS_STMT(ask) &stmts[(ask)->lock ? FACTS_GRANTS_LOCK : FACTS_GRANTS]

enum rc facts_load_ahead(struct tx *tx, const struct facts_ask *ask) {
    enum rc rc = db_all_ahead(tx, &stmts[FACTS_RESIDENT], PERSON_BIND(ask),
                              rows_of(sizeof(struct registration_id), 1));
    return rc != RC_OK ? rc
                       : db_all_ahead(tx, GRANTS_STMT(ask), GRANTS_BIND(ask),
                                      rows_of(sizeof(struct grant_found), HISTORY_MAX));
}

/* Her grants, and the row of her account while it is active. */
static enum rc load_person(struct tx *tx, const struct facts_ask *ask, struct grants *grants,
                           size_t *ret_active) {
    struct registration_id *residents = NULL;
    const struct db_ask asks[] = {
        {&stmts[FACTS_RESIDENT], PERSON_BIND(ask), rows_of(sizeof *residents, 1), &residents, ret_active},
        {GRANTS_STMT(ask), GRANTS_BIND(ask), rows_of(sizeof *grants->rows, HISTORY_MAX), &grants->rows,
         &grants->count}};
    return db_all_of(tx, asks, COUNT(asks));
}

static enum rc load(struct tx *tx, const struct facts_ask *ask, bool closed_too,
                    struct facts_found *ret_found) {
    struct grants grants = {0};
    size_t active = 0;
    enum rc rc = load_person(tx, ask, &grants, &active);
    if (rc == RC_OK && active == 0 && !closed_too) {
        rc = RC_NONE;
    }
    return rc == RC_OK ? load_found(tx, ask, &grants, ret_found) : rc;
}

enum rc facts_load_any(struct tx *tx, const struct facts_ask *ask, struct facts_found *ret_found) {
    return load(tx, ask, true, ret_found);
}

enum rc facts_load(struct tx *tx, const struct facts_ask *ask, struct facts_found *ret_found) {
    return load(tx, ask, false, ret_found);
}
