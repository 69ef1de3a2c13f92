/* Registration before the first use, and the grant that approval gives. */
#ifndef SANGO_CORE_REGISTRATION_H
#define SANGO_CORE_REGISTRATION_H

#include "core/age.h"
#include "core/refusal.h"

enum registration_state {
    REGISTRATION_NEW = 0,
    REGISTRATION_SUBMITTED,
    REGISTRATION_RETURNED,
    REGISTRATION_APPROVED,
    REGISTRATION_REJECTED,
    REGISTRATION_WITHDRAWN,
    REGISTRATION__MAX
};
enum registration_event {
    REGISTRATION_EV_SUBMIT, /* also again after it was returned */
    REGISTRATION_EV_RETURN, /* with a reason, to be amended */
    REGISTRATION_EV_APPROVE,
    REGISTRATION_EV_REJECT, /* with a reason */
    REGISTRATION_EV_WITHDRAW,
    REGISTRATION_EV__MAX
};

/* REGISTRATION_NEW where there is no move. */
extern const enum registration_state registration_next[REGISTRATION__MAX][REGISTRATION_EV__MAX];
extern const actor_mask registration_actors[REGISTRATION_EV__MAX];

struct text registration_state_code(enum registration_state state);
struct text registration_event_code(enum registration_event event);
NODISCARD bool registration_state_parse(struct text code, enum registration_state *ret_state);

enum { REGISTRATION_REFUSALS_MAX = 8 };

struct application {
    struct day today;
    struct text household_class; /* empty: not stated */
    int32_t child_count;
    struct child children[CHILDREN_MAX];
    struct day loss;   /* DAY_NONE: none */
    uint32_t consents; /* bit i: consented to the programme's consent i */
};

/* The first day on which a birth that is due on `due` can be registered; DAY_NONE: any day. */
struct day registration_from(const struct registration_rules *rules, struct day due);

/* All reasons why it cannot be submitted today; 0: it can. */
int32_t registration_check(const struct programme *programme, const struct application *application,
                           struct refused ret_refusals[REGISTRATION_REFUSALS_MAX]);

/* Used before this program kept count. */
struct decided_before {
    enum before_what what;
    struct text code;
    int32_t units; /* or uses, or yen */
};

struct decision {
    struct day today;
    struct text household_class;
    int32_t child_count;
    struct child children[CHILDREN_MAX];
    struct day loss;
    struct day valid_from; /* DAY_NONE: today */
    struct day valid_to;   /* DAY_NONE: the last day that any care's age window allows */
    int32_t extra_count;
    struct {
        struct text pool;
        int32_t units;
    } extra[PROGRAMME_POOLS_MAX];
    int32_t before_count;
    struct decided_before before[GRANT_BEFORE_MAX];
};

/* The grant that approval gives. Refused: class-unknown, dates, child-unknown, before-birth, quota (unknown pool or
 * extra units out of 0..99, more used before than granted, or an unknown reduction), unknown-care. */
NODISCARD bool grant_make(const struct programme *programme, const struct decision *decision,
                          struct grant *ret_grant, struct refused *ret_refused);

/* Adds what facts->history weighs to the `used` and `booked` of the grant's pools, each use by the version of its first day,
 * and by the oldest version when there was none yet. */
void grant_count_uses(const struct programme_set *set, const struct facts *facts, struct grant *grant);

/* Granted units of one pool. */
int32_t pool_granted(const struct programme *programme, int32_t pool, int32_t household_class,
                     int32_t infants);

#endif
