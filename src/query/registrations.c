/* The queue of registrations, and approved residents by name, telephone or number of notice. */
#include <assert.h>

#include "query/like.h"
#include "query/registration_row.h"
#include "query/statements.h"

enum { RESIDENTS_MAX = 50, PHONE_DIGITS_MIN = 4, PHONE_DIGITS_MAX = 15 };

REGISTRATION_COLS(registration_cols);
static const struct db_column resident_cols[] = {
    DB_COL(struct resident_row, account, DB_INT),           DB_COL(struct resident_row, registration, DB_INT),
    DB_COL(struct resident_row, mother_name, DB_TEXT),      DB_COL(struct resident_row, mother_kana, DB_TEXT),
    DB_COL(struct resident_row, mother_birth_date, DB_DAY), DB_COL(struct resident_row, phone, DB_TEXT),
    DB_COL(struct resident_row, grant_number, DB_INT),      DB_COL(struct resident_row, valid_to, DB_DAY)};

#define RESIDENT_SELECT                                                                                      \
    "SELECT r.account, r.id, r.mother_name, r.mother_kana, r.mother_birth_date, r.phone, g.number,"          \
    " g.valid_to FROM grant_ g JOIN registration r ON r.city = g.city AND r.id = g.registration"

enum { LIST, LIST_STATE, LIST_ACCOUNT, RESIDENTS_NAME, RESIDENTS_PHONE, RESIDENTS_NUMBER, STMT__MAX };
static const struct db_stmt sql[STMT__MAX] = {
    [LIST] = {.sql = REGISTRATION_SELECT " WHERE r.city = $1 AND r.id > $2"
                                         " AND ($3 = '' OR r.name_key LIKE $3 ESCAPE '!')"
                                         " ORDER BY r.id LIMIT $4",
              .binds = "iiti",
              DB_COLS(registration_cols)},
    [LIST_STATE] = {.sql = REGISTRATION_SELECT " WHERE r.city = $1 AND r.state = $2 AND r.id > $3"
                                               " AND ($4 = '' OR r.name_key LIKE $4 ESCAPE '!')"
                                               " ORDER BY r.id LIMIT $5",
                    .binds = "ititi",
                    DB_COLS(registration_cols)},
    [LIST_ACCOUNT] = {.sql = REGISTRATION_SELECT " WHERE r.city = $1 AND r.account = $2 AND r.id > $3"
                                                 " AND ($4 = '' OR r.state = $4) ORDER BY r.id LIMIT $5",
                      .binds = "iiiti",
                      DB_COLS(registration_cols)},
    [RESIDENTS_NAME] = {.sql = RESIDENT_SELECT " WHERE g.city = $1 AND r.name_key LIKE $2 ESCAPE '!'"
                                               " ORDER BY g.number DESC LIMIT 50",
                        .binds = "it",
                        DB_COLS(resident_cols)},
    [RESIDENTS_PHONE] = {.sql = RESIDENT_SELECT " WHERE g.city = $1 AND r.phone LIKE $2 ESCAPE '!'"
                                                " ORDER BY g.number DESC LIMIT 50",
                         .binds = "it",
                         DB_COLS(resident_cols)},
    [RESIDENTS_NUMBER] = {.sql = RESIDENT_SELECT " WHERE g.city = $1 AND g.number = $2",
                          .binds = "ii",
                          DB_COLS(resident_cols)},
};
const struct db_stmt_list query_registrations_sql = {sql, STMT__MAX};

static struct text or_empty(struct text t) {
    return t.p == NULL ? TEXT("") : t;
}

struct listing {
    const struct query *query;
    const struct registration_ask *ask;
    const struct query_page *page;
    struct account_id account; /* {0}: all */
    struct registration_row *rows;
    size_t count;
};

static enum rc list_run(struct tx *tx, void *arg) {
    struct listing *list = arg;
    int64_t city = list->query->city.n;
    struct db_value after = db_int(list->page->after);
    struct db_value limit = db_int(list->page->limit);
    struct db_value key = db_text(like_of(tx->arena, list->ask->name_key));
    struct db_value state = db_text(or_empty(list->ask->state));
    struct db_rows shape = {sizeof(struct registration_row), (size_t)list->page->limit};
    if (list->account.n != 0) {
        return db_all(tx, &sql[LIST_ACCOUNT],
                      DB_BIND(db_int(city), db_int(list->account.n), after, state, limit), shape, &list->rows,
                      &list->count);
    }
    if (list->ask->state.n > 0) {
        return db_all(tx, &sql[LIST_STATE], DB_BIND(db_int(city), state, after, key, limit), shape,
                      &list->rows, &list->count);
    }
    return db_all(tx, &sql[LIST], DB_BIND(db_int(city), after, key, limit), shape, &list->rows, &list->count);
}

enum rc query_registrations(const struct query *query, const struct registration_ask *ask,
                            const struct query_page *page, struct registration_row **ret_rows,
                            size_t *ret_count) {
    assert(page->limit >= 1 && page->limit <= 200);
    struct listing list = {.query = query, .ask = ask, .page = page, .account = ask->account};
    enum db_error error;
    if (query->eye == EYE_RESIDENT) {
        list.account = query->account;
    } else if (query->eye != EYE_CITY) {
        return RC_NONE;
    }
    enum rc rc = db_read(query->db, query->arena, list_run, &list, &error);
    if (rc == RC_OK) {
        *ret_rows = list.rows;
        *ret_count = list.count;
    }
    return rc;
}

/* ---- residents ---- */

struct residents {
    const struct query *query;
    struct text digits;
    struct text name_key;
    struct resident_row *rows;
    size_t count;
};

static struct text digits_of(struct arena *arena, struct text words) {
    char *digits = arena_take(arena, words.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < words.n; i++) {
        if (words.p[i] >= '0' && words.p[i] <= '9') {
            digits[n++] = words.p[i];
        } else if (words.p[i] != '-' && words.p[i] != ' ') {
            return TEXT("");
        }
    }
    return (struct text){digits, n};
}

static enum rc residents_run(struct tx *tx, void *arg) {
    struct residents *find = arg;
    struct db_value city = db_int(find->query->city.n);
    struct db_rows shape = {sizeof(struct resident_row), RESIDENTS_MAX};
    int64_t number = 0;
    if (find->digits.n >= PHONE_DIGITS_MIN && find->digits.n <= PHONE_DIGITS_MAX) {
        enum rc rc =
            db_all(tx, &sql[RESIDENTS_PHONE], DB_BIND(city, db_text(like_of(tx->arena, find->digits))), shape,
                   &find->rows, &find->count);
        if (rc != RC_OK || find->count > 0) {
            return rc;
        }
    }
    if (num_parse(find->digits, &number)) {
        return db_all(tx, &sql[RESIDENTS_NUMBER], DB_BIND(city, db_int(number)), shape, &find->rows,
                      &find->count);
    }
    if (find->name_key.n == 0) {
        return RC_OK;
    }
    return db_all(tx, &sql[RESIDENTS_NAME], DB_BIND(city, db_text(like_of(tx->arena, find->name_key))), shape,
                  &find->rows, &find->count);
}

enum rc query_residents(const struct query *query, struct text words, struct text name_key,
                        struct resident_row **ret_rows, size_t *ret_count) {
    struct residents find = {.query = query, .digits = digits_of(query->arena, words), .name_key = name_key};
    enum db_error error;
    if (query->eye != EYE_CITY) {
        return RC_NONE;
    }
    enum rc rc = db_read(query->db, query->arena, residents_run, &find, &error);
    if (rc == RC_OK) {
        *ret_rows = find.rows;
        *ret_count = find.count;
    }
    return rc;
}
