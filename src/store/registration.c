#include "store/registration.h"

#include "store/city.h"

#define RECORD_COLS                                                                                          \
    "id, account, state, mother_name, mother_kana, name_key, mother_birth_date, postal_code, address, "      \
    "phone, household_class, note, version"
static const struct db_column record_cols[] = {DB_COL(struct registration_record, id, DB_INT),
                                               DB_COL(struct registration_record, account, DB_INT),
                                               DB_COL(struct registration_record, state, DB_TEXT),
                                               DB_COL(struct registration_record, mother_name, DB_TEXT),
                                               DB_COL(struct registration_record, mother_kana, DB_TEXT),
                                               DB_COL(struct registration_record, name_key, DB_TEXT),
                                               DB_COL(struct registration_record, mother_birth_date, DB_DAY),
                                               DB_COL(struct registration_record, postal_code, DB_TEXT),
                                               DB_COL(struct registration_record, address, DB_TEXT),
                                               DB_COL(struct registration_record, phone, DB_TEXT),
                                               DB_COL(struct registration_record, household_class, DB_TEXT),
                                               DB_COL(struct registration_record, note, DB_TEXT),
                                               DB_COL(struct registration_record, version, DB_INT)};
static const struct db_column child_cols[] = {
    DB_COL(struct child_record, id, DB_INT),       DB_COL(struct child_record, ordinal, DB_INT),
    DB_COL(struct child_record, name, DB_TEXT),    DB_COL(struct child_record, birth_date, DB_DAY),
    DB_COL(struct child_record, due_date, DB_DAY), DB_COL(struct child_record, gestation_days, DB_INT),
    DB_COL(struct child_record, weight_g, DB_INT)};
static const struct db_column grant_cols[] = {
    DB_COL(struct grant_record, registration, DB_INT), DB_COL(struct grant_record, account, DB_INT),
    DB_COL(struct grant_record, number, DB_INT),       DB_COL(struct grant_record, household_class, DB_TEXT),
    DB_COL(struct grant_record, valid_from, DB_DAY),   DB_COL(struct grant_record, valid_to, DB_DAY),
    DB_COL(struct grant_record, class_proven, DB_DAY)};
struct number_row {
    int64_t n;
};
static const struct db_column number_cols[] = {DB_COL(struct number_row, n, DB_INT)};

enum {
    LOCK_OPEN,
    LOCK,
    INSERT,
    REWRITE,
    DECIDE,
    TOUCH,
    CHILDREN,
    CHILDREN_APPROVED,
    CHILDREN_DROP,
    CHILD_INSERT,
    CHILD_REWRITE,
    CONSENTS_DROP,
    CONSENT_INSERT,
    INTERVIEW_INSERT,
    GRANT_NUMBER,
    GRANT_INSERT,
    GRANT_POOL_INSERT,
    GRANT_LOAD,
    GRANT_SET_END,
    GRANT_SET_CLASS,
    GRANT_POOL_SHIFT,
    GRANT_BEFORE_INSERT,
};
static const struct db_stmt stmts[] = {
    [LOCK_OPEN] = {.sql = "SELECT " RECORD_COLS " FROM registration WHERE city = $1 AND account = $2 "
                          "AND state IN ('submitted', 'returned')",
                   .binds = "ii",
                   DB_COLS(record_cols),
                   .lock = true},
    [LOCK] = {.sql = "SELECT " RECORD_COLS " FROM registration WHERE city = $1 AND id = $2",
              .binds = "ii",
              DB_COLS(record_cols),
              .lock = true},
    [INSERT] = {.sql = "INSERT INTO registration (city, id, account, state, mother_name, mother_kana, "
                       "name_key, mother_birth_date, postal_code, address, phone, household_class, note, "
                       "submitted_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) "
                       "ON CONFLICT DO NOTHING",
                .binds = "iiittttdttttts"},
    [REWRITE] = {.sql = "UPDATE registration SET state = $3, mother_name = $4, mother_kana = $5, "
                        "name_key = $6, mother_birth_date = $7, postal_code = $8, address = $9, "
                        "phone = $10, household_class = $11, note = $12, submitted_at = $13, "
                        "version = version + 1 WHERE city = $1 AND id = $2",
                 .binds = "iittttdttttts"},
    [DECIDE] = {.sql = "UPDATE registration SET state = $3, decided_at = $4, decided_by = $5, reason = $6, "
                       "version = version + 1 WHERE city = $1 AND id = $2",
                .binds = "iitsit"},
    [TOUCH] = {.sql = "UPDATE registration SET version = version + 1 WHERE city = $1 AND id = $2",
               .binds = "ii"},
    [CHILDREN] = {.sql = "SELECT id, ordinal, name, birth_date, due_date, gestation_days, weight_g "
                         "FROM child WHERE city = $1 AND registration = $2 ORDER BY ordinal",
                  .binds = "ii",
                  DB_COLS(child_cols)},
    [CHILDREN_APPROVED] =
        {.sql =
             "SELECT COUNT(*) FROM registration r CROSS JOIN child c WHERE r.city = $1"
             " AND r.account = $2 AND c.city = r.city AND c.registration = r.id AND r.state = 'approved' AND (c.birth_date = $3 OR c.due_date = $4)",
         .binds = "iidd",
         DB_COLS(number_cols)},
    [CHILDREN_DROP] = {.sql = "DELETE FROM child WHERE city = $1 AND registration = $2", .binds = "ii"},
    [CHILD_INSERT] = {.sql = "INSERT INTO child (city, id, registration, ordinal, name, birth_date, "
                             "due_date, gestation_days, weight_g) "
                             "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                      .binds = "iiiitddii"},
    [CHILD_REWRITE] = {.sql = "UPDATE child SET name = $3, birth_date = $4, due_date = $5, "
                              "gestation_days = $6, weight_g = $7 WHERE city = $1 AND id = $2",
                       .binds = "iitddii"},
    [CONSENTS_DROP] = {.sql = "DELETE FROM consent WHERE city = $1 AND registration = $2", .binds = "ii"},
    [CONSENT_INSERT] = {.sql = "INSERT INTO consent (city, registration, code, given_at) "
                               "VALUES ($1, $2, $3, $4) ON CONFLICT (city, registration, code) DO NOTHING",
                        .binds = "iits"},
    [INTERVIEW_INSERT] = {.sql = "INSERT INTO interview (city, id, registration, by_account, at, note, "
                                 "needs) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                          .binds = "iiiistt"},
    [GRANT_NUMBER] = {.sql = "SELECT COALESCE(max(number), 0) + 1 FROM grant_ WHERE city = $1",
                      .binds = "i",
                      DB_COLS(number_cols)},
    [GRANT_INSERT] = {.sql = "INSERT INTO grant_ (city, registration, account, number, household_class, "
                             "valid_from, valid_to, approved_at, approved_by, class_proven) "
                             "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                      .binds = "iiiitddsid"},
    [GRANT_POOL_INSERT] = {.sql = "INSERT INTO grant_pool (city, registration, pool, granted, used) "
                                  "VALUES ($1, $2, $3, $4, $5)",
                           .binds = "iitii"},
    [GRANT_POOL_SHIFT] = {.sql = "UPDATE grant_pool SET granted = CASE WHEN granted + $4 < booked + used"
                                 " THEN booked + used ELSE granted + $4 END"
                                 " WHERE city = $1 AND registration = $2 AND pool = $3",
                          .binds = "iiti"},
    [GRANT_BEFORE_INSERT] = {.sql = "INSERT INTO grant_before (city, registration, what, code, units) "
                                    "VALUES ($1, $2, $3, $4, $5)",
                             .binds = "iitti"},
    [GRANT_SET_CLASS] = {.sql = "UPDATE grant_ SET household_class = $3, class_proven = $4"
                                " WHERE city = $1 AND registration = $2",
                         .binds = "iitd"},
    [GRANT_LOAD] = {.sql = "SELECT registration, account, number, household_class, valid_from, valid_to, "
                           "class_proven FROM grant_ WHERE city = $1 AND registration = $2",
                    .binds = "ii",
                    DB_COLS(grant_cols)},
    [GRANT_SET_END] = {.sql = "UPDATE grant_ SET valid_to = $3 WHERE city = $1 AND registration = $2",
                       .binds = "iid"},
};
const struct db_stmt_list registration_statements = STORE_STATEMENTS(stmts);

/* ---- the registration itself ---- */

enum rc registration_lock_open(struct tx *tx, struct city_id city, struct account_id account,
                               struct registration_record *ret_record) {
    return db_one(tx, &stmts[LOCK_OPEN], DB_BIND(db_int(city.n), db_int(account.n)), ret_record);
}

enum rc registration_lock(struct tx *tx, struct city_id city, struct registration_id id,
                          struct registration_record *ret_record) {
    return db_one(tx, &stmts[LOCK], DB_BIND(db_int(city.n), db_int(id.n)), ret_record);
}

enum rc registration_insert(struct tx *tx, struct city_id city, const struct registration_record *record,
                            struct instant now) {
    int64_t changed = 0;
    enum rc rc =
        db_exec(tx, &stmts[INSERT],
                DB_BIND(db_int(city.n), db_int(record->id.n), db_int(record->account.n),
                        db_text(record->state), db_text(record->mother_name), db_text(record->mother_kana),
                        db_text(record->name_key), db_day(record->mother_birth_date),
                        db_text(record->postal_code), db_text(record->address), db_text(record->phone),
                        store_text(record->household_class), store_text(record->note), db_time(now)),
                &changed);
    return rc == RC_OK && changed == 0 ? RC_RACE : rc;
}

enum rc registration_rewrite(struct tx *tx, struct city_id city, const struct registration_record *record,
                             struct instant now) {
    return db_exec(tx, &stmts[REWRITE],
                   DB_BIND(db_int(city.n), db_int(record->id.n), db_text(record->state),
                           db_text(record->mother_name), db_text(record->mother_kana),
                           db_text(record->name_key), db_day(record->mother_birth_date),
                           db_text(record->postal_code), db_text(record->address), db_text(record->phone),
                           store_text(record->household_class), store_text(record->note), db_time(now)),
                   NULL);
}

enum rc registration_decide(struct tx *tx, struct city_id city, const struct registration_verdict *verdict) {
    return db_exec(tx, &stmts[DECIDE],
                   DB_BIND(db_int(city.n), db_int(verdict->id.n), db_text(verdict->state),
                           db_time(verdict->at), db_id(verdict->by.n), db_text(verdict->reason)),
                   NULL);
}

enum rc registration_touch(struct tx *tx, struct city_id city, struct registration_id id) {
    return db_exec(tx, &stmts[TOUCH], DB_BIND(db_int(city.n), db_int(id.n)), NULL);
}

/* ---- children, consents, interviews ---- */

enum rc children_load(struct tx *tx, struct city_id city, struct registration_id registration,
                      struct child_record **ret_children, size_t *ret_count) {
    return db_all(tx, &stmts[CHILDREN], DB_BIND(db_int(city.n), db_int(registration.n)),
                  (struct db_rows){.row_size = sizeof(struct child_record), .max = STORED_CHILDREN_MAX},
                  ret_children, ret_count);
}

enum rc children_approved(struct tx *tx, struct city_id city, struct account_id account,
                          const struct child_record *child, int64_t *ret_count) {
    struct number_row row = {0};
    enum rc rc = db_one(
        tx, &stmts[CHILDREN_APPROVED],
        DB_BIND(db_int(city.n), db_int(account.n), db_day(child->birth_date), db_day(child->due_date)), &row);
    if (rc == RC_OK) {
        *ret_count = row.n;
    }
    return rc;
}

enum rc children_drop(struct tx *tx, struct city_id city, struct registration_id registration) {
    return db_exec(tx, &stmts[CHILDREN_DROP], DB_BIND(db_int(city.n), db_int(registration.n)), NULL);
}

enum rc child_insert(struct tx *tx, struct city_id city, struct registration_id registration,
                     const struct child_record *child) {
    return db_exec(tx, &stmts[CHILD_INSERT],
                   DB_BIND(db_int(city.n), db_int(child->id.n), db_int(registration.n),
                           db_int(child->ordinal), store_text(child->name), db_day(child->birth_date),
                           db_day(child->due_date), db_id(child->gestation_days), db_id(child->weight_g)),
                   NULL);
}

enum rc child_rewrite(struct tx *tx, struct city_id city, const struct child_record *child) {
    return db_exec(tx, &stmts[CHILD_REWRITE],
                   DB_BIND(db_int(city.n), db_int(child->id.n), store_text(child->name),
                           db_day(child->birth_date), db_day(child->due_date), db_id(child->gestation_days),
                           db_id(child->weight_g)),
                   NULL);
}

enum rc consents_drop(struct tx *tx, struct city_id city, struct registration_id registration) {
    return db_exec(tx, &stmts[CONSENTS_DROP], DB_BIND(db_int(city.n), db_int(registration.n)), NULL);
}

enum rc consent_insert(struct tx *tx, struct city_id city, struct registration_id registration,
                       struct text code, struct instant now) {
    return db_exec(tx, &stmts[CONSENT_INSERT],
                   DB_BIND(db_int(city.n), db_int(registration.n), db_text(code), db_time(now)), NULL);
}

enum rc interview_insert(struct tx *tx, const struct interview_insert *row) {
    return db_exec(tx, &stmts[INTERVIEW_INSERT],
                   DB_BIND(db_int(row->city.n), db_int(row->id), db_int(row->registration.n),
                           db_int(row->by.n), db_time(row->at), store_text(row->note),
                           store_text(row->needs)),
                   NULL);
}

/* ---- grants ---- */

enum rc grant_next_number(struct tx *tx, struct city_id city, int64_t *ret_number) {
    struct number_row row = {0};
    enum rc rc = city_take_turn(tx, city);
    if (rc == RC_OK) {
        rc = db_one(tx, &stmts[GRANT_NUMBER], DB_BIND(db_int(city.n)), &row);
    }
    if (rc == RC_OK) {
        *ret_number = row.n;
    }
    return rc;
}

enum rc grant_insert(struct tx *tx, struct city_id city, const struct grant_record *grant,
                     struct account_id by, struct instant now) {
    return db_exec(tx, &stmts[GRANT_INSERT],
                   DB_BIND(db_int(city.n), db_int(grant->registration.n), db_int(grant->account.n),
                           db_int(grant->number), db_text(grant->household_class), db_day(grant->valid_from),
                           db_day(grant->valid_to), db_time(now), db_int(by.n), db_day(grant->class_proven)),
                   NULL);
}

enum rc grant_pool_insert(struct tx *tx, struct city_id city, struct registration_id registration,
                          struct text pool, int64_t granted, int64_t used) {
    return db_exec(
        tx, &stmts[GRANT_POOL_INSERT],
        DB_BIND(db_int(city.n), db_int(registration.n), db_text(pool), db_int(granted), db_int(used)), NULL);
}

enum rc grant_before_insert(struct tx *tx, struct city_id city, struct registration_id registration,
                            struct text what, struct text code, int64_t units) {
    return db_exec(
        tx, &stmts[GRANT_BEFORE_INSERT],
        DB_BIND(db_int(city.n), db_int(registration.n), db_text(what), db_text(code), db_int(units)), NULL);
}

enum rc grant_set_class(struct tx *tx, struct city_id city, struct registration_id registration,
                        struct text household_class, struct day proven) {
    return db_exec(tx, &stmts[GRANT_SET_CLASS],
                   DB_BIND(db_int(city.n), db_int(registration.n), db_text(household_class), db_day(proven)),
                   NULL);
}

enum rc grant_pool_shift(struct tx *tx, struct city_id city, struct registration_id registration,
                         struct text pool, int64_t units) {
    return db_exec(tx, &stmts[GRANT_POOL_SHIFT],
                   DB_BIND(db_int(city.n), db_int(registration.n), db_text(pool), db_int(units)), NULL);
}

enum rc grant_load(struct tx *tx, struct city_id city, struct registration_id registration,
                   struct grant_record *ret_grant) {
    return db_one(tx, &stmts[GRANT_LOAD], DB_BIND(db_int(city.n), db_int(registration.n)), ret_grant);
}

enum rc grant_set_end(struct tx *tx, struct city_id city, struct registration_id registration,
                      struct day valid_to) {
    return db_exec(tx, &stmts[GRANT_SET_END],
                   DB_BIND(db_int(city.n), db_int(registration.n), db_day(valid_to)), NULL);
}
