/* Registrations, grants, notices and the audit record. */
#ifndef SANGO_QUERY_PEOPLE_H
#define SANGO_QUERY_PEOPLE_H

#include "query/query.h"

struct registration_row {
    struct registration_id id;
    struct account_id account;
    struct text state;
    struct text mother_name;
    struct text mother_kana;
    struct day mother_birth_date;
    struct text postal_code;
    struct text address;
    struct text phone;
    struct text email;
    struct text household_class;
    struct text note;
    struct instant submitted_at;
    struct instant decided_at;
    struct text reason;
    int64_t version;
    int64_t children;
    struct day first_birth; /* earliest birth or due date of the children */
    int64_t interviews;
};
struct registration_ask {
    struct text state;         /* empty: all */
    struct text name_key;      /* empty: all */
    struct account_id account; /* {0}: all */
};
/* Oldest first (a queue): `after` counts upwards. */
NODISCARD enum rc query_registrations(const struct query *query, const struct registration_ask *ask,
                                      const struct query_page *page, struct registration_row **ret_rows,
                                      size_t *ret_count);

struct child_row {
    struct child_id id;
    int64_t ordinal;
    struct text name;
    struct day birth_date;
    struct day due_date;
    int64_t gestation_days;
    int64_t weight_g;
};
struct interview_row {
    struct instant at;
    struct text by_name;
    struct text note;
    struct text needs;
};
struct pool_row {
    struct text pool;
    int64_t granted;
    int64_t used;
    int64_t booked;
    int64_t left;
};
struct grant_row {
    struct registration_id registration;
    int64_t number;
    struct text household_class;
    struct day valid_from;
    struct day valid_to;
    struct instant approved_at;
    struct day class_proven; /* DAY_NONE: the class holds for every day */
};
struct registration_detail {
    struct registration_row registration;
    struct child_row *children;
    size_t child_count;
    struct text *consents;
    size_t consent_count;
    struct interview_row *interviews;
    size_t interview_count;
    bool has_grant;
    struct grant_row grant;
    struct pool_row *pools;
    size_t pool_count;
    struct registration_row *alike; /* others with the same name key and birth date; city's eye */
    size_t alike_count;
};
/* RC_NONE: not there, or not for this eye. id {0} with the resident's eye: her newest. */
NODISCARD enum rc query_registration(const struct query *query, struct registration_id id,
                                     struct registration_detail *ret_detail);

/* What waits for an answer, as the menu shows it: requests to this facility (its own proposals wait for somebody else),
 * applications of the city. What does not belong to the eye is 0. */
struct work_waiting {
    int64_t requests;
    int64_t registrations;
};
NODISCARD enum rc query_waiting(const struct query *query, struct work_waiting *ret_work);
/* Notices of one's own not read yet, at most 1,000 of them. */
NODISCARD enum rc query_unread(const struct query *query, int64_t *ret_count);

/* Approved residents, for booking on behalf: by name key, phone digits or notice number. */
struct resident_row {
    struct account_id account;
    struct registration_id registration;
    struct text mother_name;
    struct text mother_kana;
    struct day mother_birth_date;
    struct text phone;
    int64_t grant_number;
    struct day valid_to;
};
NODISCARD enum rc query_residents(const struct query *query, struct text words, struct text name_key,
                                  struct resident_row **ret_rows, size_t *ret_count);

struct notice_row {
    struct notice_id id;
    struct text kind;
    struct text subject;
    struct text body;
    struct text path;
    struct instant created_at;
    struct instant read_at;
    struct text state;
};
NODISCARD enum rc query_notices(const struct query *query, const struct query_page *page,
                                struct notice_row **ret_rows, size_t *ret_count);

struct audit_row {
    int64_t id;
    struct instant at;
    struct account_id actor;
    struct text actor_name; /* of staff; the record shows no resident's name */
    struct text role;
    struct text action;
    struct text object;
    int64_t object_id;
    struct account_id subject;
    struct text detail;
};
struct audit_ask {
    struct account_id actor;   /* {0}: all */
    struct account_id subject; /* {0}: all */
    struct text action;        /* prefix, empty: all */
    struct day from;
    struct day to;
};
/* Newest first. A page may hold fewer rows than its limit, even none, and not be the last: `next` says where to go on. */
struct audit_found {
    struct audit_row *rows;
    size_t count;
    int64_t next; /* the `after` of the next page; 0: this is the last */
};
NODISCARD enum rc query_audit(const struct query *query, const struct audit_ask *ask,
                              const struct query_page *page, struct audit_found *ret_found);

struct staff_row {
    struct account_id id;
    struct text role;
    struct text login;
    struct text name;
    struct text facility_name;
    struct text state;
};
NODISCARD enum rc query_staff(const struct query *query, struct staff_row **ret_rows, size_t *ret_count);

#endif
