/* Registration: asked once per birth, read and talked through by a coordinator, and the grant an approval gives. */
#ifndef SANGO_SERVICE_REGISTRATION_H
#define SANGO_SERVICE_REGISTRATION_H

#include "core/registration.h"
#include "service/call.h"

enum { REGISTRATION_CHILDREN_MAX = 5, REGISTRATION_CONSENTS_MAX = 16, REGISTRATION_NEEDS_MAX = 16 };

struct registration_child {
    struct text name; /* may be empty: not yet named */
    struct day birth_date;
    struct day due_date;
    int64_t gestation_days; /* 0: not said */
    int64_t weight_g;       /* 0: not said */
};

struct registration_form {
    struct text mother_name;
    struct text mother_kana;
    struct day mother_birth_date;
    struct text postal_code;
    struct text address;
    struct text phone;
    struct registration_child children[REGISTRATION_CHILDREN_MAX];
    size_t child_count;
    struct text household_class; /* as claimed */
    struct text consents[REGISTRATION_CONSENTS_MAX];
    size_t consent_count;
    struct text note;
};

/* Fields as in the API; `at` is a JSON pointer such as /mother/kana or /children/0/birth_date. */
struct registration_fault {
    const char *
        code; /* catalogue key: kana, phone, postal, future, past, missing, consent-missing, class-unknown … */
    struct text at;
};
enum { REGISTRATION_FAULTS_MAX = 24 };

struct registration_outcome {
    struct verdict verdict; /* state: another application is open, or not yet week 28 … */
    struct registration_fault faults[REGISTRATION_FAULTS_MAX];
    size_t fault_count; /* > 0: nothing was done */
    struct registration_id id;
    enum registration_state state;
    int64_t version;
};

/* Residents: a new application, or the corrected one when theirs was returned. */
NODISCARD enum rc registration_submit(struct call *call, const struct registration_form *form,
                                      struct registration_outcome *ret_outcome);
NODISCARD enum rc registration_withdraw(struct call *call, struct registration_id id,
                                        struct registration_outcome *ret_outcome);

/* Coordinators. `version` 0 means "whatever is there"; another version than the row's answers RC_RACE. */
NODISCARD enum rc registration_interview(struct call *call, struct registration_id id, struct text note,
                                         const struct text *needs, size_t need_count,
                                         struct registration_outcome *ret_outcome);
struct registration_decision {
    struct registration_id id;
    int64_t version;
    struct text reason; /* return, reject: required */
    /* approve: */
    struct text household_class;
    struct {
        struct text pool;
        int64_t units;
    } extra[PROGRAMME_POOLS_MAX];
    size_t extra_count;
    struct day valid_from; /* DAY_NONE: today */
    struct day valid_to;   /* DAY_NONE: by the rules */
    struct {
        enum before_what what;
        struct text code;
        int64_t units;
    } before[GRANT_BEFORE_MAX]; /* used before this program kept count */
    size_t before_count;
    struct day class_proven; /* the day on which the class was found; DAY_NONE: today */
};
NODISCARD enum rc registration_return(struct call *call, const struct registration_decision *decision,
                                      struct registration_outcome *ret_outcome);
NODISCARD enum rc registration_approve(struct call *call, const struct registration_decision *decision,
                                       struct registration_outcome *ret_outcome);
NODISCARD enum rc registration_reject(struct call *call, const struct registration_decision *decision,
                                      struct registration_outcome *ret_outcome);
/* The class found again, as each year for the new tax year: `household_class` from now on, found on `class_proven`. What was
 * booked keeps its price. Units that the rules grant by class follow, as far as they are neither booked nor used. Refused
 * with state where nothing was approved; faults: /household_class class-unknown, /class_proven future. */
NODISCARD enum rc registration_class(struct call *call, const struct registration_decision *decision,
                                     struct registration_outcome *ret_outcome);
/* Residents add the birth afterwards (registered while pregnant): the child's name and day. */
NODISCARD enum rc registration_birth(struct call *call, struct registration_id id, struct child_id child,
                                     const struct registration_child *born,
                                     struct registration_outcome *ret_outcome);

#endif
