/* Registrations with their children, consents and interviews, and the grants they lead to. */
#ifndef SANGO_STORE_REGISTRATION_H
#define SANGO_STORE_REGISTRATION_H

#include "store/store.h"

extern const struct db_stmt_list registration_statements;

enum { STORED_CHILDREN_MAX = 20 };

struct registration_record {
    struct registration_id id;
    struct account_id account;
    struct text state;
    struct text mother_name;
    struct text mother_kana;
    struct text name_key;
    struct day mother_birth_date;
    struct text postal_code;
    struct text address;
    struct text phone;
    struct text household_class;
    struct text note;
    int64_t version;
};
/* The account's submitted or returned one, locked. */
NODISCARD enum rc registration_lock_open(struct tx *tx, struct city_id city, struct account_id account,
                                         struct registration_record *ret_record);
NODISCARD enum rc registration_lock(struct tx *tx, struct city_id city, struct registration_id id,
                                    struct registration_record *ret_record);
/* RC_RACE: the account has an open one already. */
NODISCARD enum rc registration_insert(struct tx *tx, struct city_id city,
                                      const struct registration_record *record, struct instant now);
/* What was typed, and the state; the version grows by one. */
NODISCARD enum rc registration_rewrite(struct tx *tx, struct city_id city,
                                       const struct registration_record *record, struct instant now);

struct registration_verdict {
    struct registration_id id;
    struct text state;
    struct instant at;
    struct account_id by;
    struct text reason; /* {NULL, 0}: none */
};
NODISCARD enum rc registration_decide(struct tx *tx, struct city_id city,
                                      const struct registration_verdict *verdict);
/* The version grows by one. */
NODISCARD enum rc registration_touch(struct tx *tx, struct city_id city, struct registration_id id);

struct child_record {
    struct child_id id;
    int64_t ordinal;
    struct text name;
    struct day birth_date;
    struct day due_date;
    int64_t gestation_days; /* 0: not said */
    int64_t weight_g;       /* 0: not said */
};
NODISCARD enum rc children_load(struct tx *tx, struct city_id city, struct registration_id registration,
                                struct child_record **ret_children, size_t *ret_count);
/* How many children of the account's approved applications were born, or are due, on that day. */
NODISCARD enum rc children_approved(struct tx *tx, struct city_id city, struct account_id account,
                                    const struct child_record *child, int64_t *ret_count);
NODISCARD enum rc children_drop(struct tx *tx, struct city_id city, struct registration_id registration);
NODISCARD enum rc child_insert(struct tx *tx, struct city_id city, struct registration_id registration,
                               const struct child_record *child);
NODISCARD enum rc child_rewrite(struct tx *tx, struct city_id city, const struct child_record *child);

NODISCARD enum rc consents_drop(struct tx *tx, struct city_id city, struct registration_id registration);
/* The same consent twice is one row. */
NODISCARD enum rc consent_insert(struct tx *tx, struct city_id city, struct registration_id registration,
                                 struct text code, struct instant now);

struct interview_insert {
    struct city_id city;
    int64_t id;
    struct registration_id registration;
    struct account_id by;
    struct instant at;
    struct text note;
    struct text needs;
};
NODISCARD enum rc interview_insert(struct tx *tx, const struct interview_insert *row);

struct grant_record {
    struct registration_id registration;
    struct account_id account;
    int64_t number;
    struct text household_class;
    struct day valid_from;
    struct day valid_to;
    struct day class_proven; /* DAY_NONE: holds for every day */
};
/* The next number of the city; the city's row is locked, so that no number is given twice or left out. */
NODISCARD enum rc grant_next_number(struct tx *tx, struct city_id city, int64_t *ret_number);
NODISCARD enum rc grant_insert(struct tx *tx, struct city_id city, const struct grant_record *grant,
                               struct account_id by, struct instant now);
NODISCARD enum rc grant_pool_insert(struct tx *tx, struct city_id city, struct registration_id registration,
                                    struct text pool, int64_t granted, int64_t used);
/* So much was used before: `what` as before_code(). */
NODISCARD enum rc grant_before_insert(struct tx *tx, struct city_id city, struct registration_id registration,
                                      struct text what, struct text code, int64_t units);
NODISCARD enum rc grant_set_class(struct tx *tx, struct city_id city, struct registration_id registration,
                                  struct text household_class, struct day proven);
/* Gives more units, or takes some that are neither booked nor used. */
NODISCARD enum rc grant_pool_shift(struct tx *tx, struct city_id city, struct registration_id registration,
                                   struct text pool, int64_t units);
NODISCARD enum rc grant_load(struct tx *tx, struct city_id city, struct registration_id registration,
                             struct grant_record *ret_grant);
NODISCARD enum rc grant_set_end(struct tx *tx, struct city_id city, struct registration_id registration,
                                struct day valid_to);

#endif
