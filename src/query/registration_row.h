/* The columns of a registration as lists and details show it, written once for both. */
#ifndef SANGO_QUERY_REGISTRATION_ROW_H
#define SANGO_QUERY_REGISTRATION_ROW_H

#include "db/db.h"
#include "query/people.h"

#define REGISTRATION_SELECT                                                                                  \
    "SELECT r.id, r.account, r.state, r.mother_name, r.mother_kana, r.mother_birth_date, r.postal_code,"     \
    " r.address, r.phone, a.login, r.household_class, r.note, r.submitted_at, r.decided_at, r.reason,"       \
    " r.version, (SELECT count(*) FROM child c WHERE c.city = r.city AND c.registration = r.id),"            \
    " (SELECT min(COALESCE(c.birth_date, c.due_date)) FROM child c"                                          \
    "   WHERE c.city = r.city AND c.registration = r.id),"                                                   \
    " (SELECT count(*) FROM interview i WHERE i.city = r.city AND i.registration = r.id)"                    \
    " FROM registration r JOIN account a ON a.city = r.city AND a.id = r.account"

#define REGISTRATION_COLS(name)                                                                              \
    static const struct db_column name[] = {DB_COL(struct registration_row, id, DB_INT),                     \
                                            DB_COL(struct registration_row, account, DB_INT),                \
                                            DB_COL(struct registration_row, state, DB_TEXT),                 \
                                            DB_COL(struct registration_row, mother_name, DB_TEXT),           \
                                            DB_COL(struct registration_row, mother_kana, DB_TEXT),           \
                                            DB_COL(struct registration_row, mother_birth_date, DB_DAY),      \
                                            DB_COL(struct registration_row, postal_code, DB_TEXT),           \
                                            DB_COL(struct registration_row, address, DB_TEXT),               \
                                            DB_COL(struct registration_row, phone, DB_TEXT),                 \
                                            DB_COL(struct registration_row, email, DB_TEXT),                 \
                                            DB_COL(struct registration_row, household_class, DB_TEXT),       \
                                            DB_COL(struct registration_row, note, DB_TEXT),                  \
                                            DB_COL(struct registration_row, submitted_at, DB_TIME),          \
                                            DB_COL(struct registration_row, decided_at, DB_TIME),            \
                                            DB_COL(struct registration_row, reason, DB_TEXT),                \
                                            DB_COL(struct registration_row, version, DB_INT),                \
                                            DB_COL(struct registration_row, children, DB_INT),               \
                                            DB_COL(struct registration_row, first_birth, DB_DAY),            \
                                            DB_COL(struct registration_row, interviews, DB_INT)}

#endif
