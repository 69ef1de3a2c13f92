/* Registration and the grant. */
#include "core/registration.h"

#include <string.h>

#include "core/units.h"

enum { PREGNANCY_WEEKS = 40, EXTRA_UNITS_MAX = 99, BEFORE_UNITS_MAX = 999, BEFORE_YEN_MAX = 10000000 };

/* clang-format off */
const enum registration_state registration_next[REGISTRATION__MAX][REGISTRATION_EV__MAX] = {
    [REGISTRATION_NEW] = {[REGISTRATION_EV_SUBMIT] = REGISTRATION_SUBMITTED},
    [REGISTRATION_SUBMITTED] = {
        [REGISTRATION_EV_RETURN] = REGISTRATION_RETURNED,
        [REGISTRATION_EV_APPROVE] = REGISTRATION_APPROVED,
        [REGISTRATION_EV_REJECT] = REGISTRATION_REJECTED,
        [REGISTRATION_EV_WITHDRAW] = REGISTRATION_WITHDRAWN,
    },
    [REGISTRATION_RETURNED] = {
        [REGISTRATION_EV_SUBMIT] = REGISTRATION_SUBMITTED,
        [REGISTRATION_EV_REJECT] = REGISTRATION_REJECTED,
        [REGISTRATION_EV_WITHDRAW] = REGISTRATION_WITHDRAWN,
    },
};
const actor_mask registration_actors[REGISTRATION_EV__MAX] = {
    [REGISTRATION_EV_SUBMIT] = 1u << ACTOR_RESIDENT | 1u << ACTOR_CITY,
    [REGISTRATION_EV_RETURN] = 1u << ACTOR_CITY,
    [REGISTRATION_EV_APPROVE] = 1u << ACTOR_CITY,
    [REGISTRATION_EV_REJECT] = 1u << ACTOR_CITY,
    [REGISTRATION_EV_WITHDRAW] = 1u << ACTOR_RESIDENT | 1u << ACTOR_CITY,
};
static const struct text states[REGISTRATION__MAX] = {
    TEXT_INIT("new"), TEXT_INIT("submitted"), TEXT_INIT("returned"), TEXT_INIT("approved"),
    TEXT_INIT("rejected"), TEXT_INIT("withdrawn"),
};
static const struct text events[REGISTRATION_EV__MAX] = {
    TEXT_INIT("submit"), TEXT_INIT("return"), TEXT_INIT("approve"), TEXT_INIT("reject"), TEXT_INIT("withdraw"),
};
/* clang-format on */

struct text registration_state_code(enum registration_state state) {
    return states[state];
}

struct text registration_event_code(enum registration_event event) {
    return events[event];
}

bool registration_state_parse(struct text code, enum registration_state *ret_state) {
    for (int i = REGISTRATION_NEW + 1; i < REGISTRATION__MAX; i++) {
        if (text_eq(states[i], code)) {
            *ret_state = (enum registration_state)i;
            return true;
        }
    }
    return false;
}

/* The latest last day over all cares; DAY_NONE when a care has no limit. */
static struct day last_day_of_all(const struct programme *programme, const struct child *children,
                                  int32_t count, struct day loss) {
    struct day last = DAY_NONE;
    for (int32_t i = 0; i < programme->care_count; i++) {
        struct day own = care_last_day(&programme->cares[i], children, count, loss);
        bool unlimited = day_is_none(own) && (count > 0 || programme->cares[i].loss);
        if (unlimited) {
            return DAY_NONE;
        }
        last = day_max(last, own);
    }
    return last;
}

struct listing {
    struct refused *rows;
    int32_t count;
};

static struct refused *list_add(struct listing *list, enum refusal code) {
    if (list->count == REGISTRATION_REFUSALS_MAX) {
        return NULL;
    }
    list->rows[list->count] = refused_of(code);
    return &list->rows[list->count++];
}

struct day registration_from(const struct registration_rules *rules, struct day due) {
    if (!day_sane(due) || (rules->from_week == 0 && rules->from_months == 0)) {
        return DAY_NONE;
    }
    return rules->from_week > 0 ? day_add(due, -7 * (PREGNANCY_WEEKS - rules->from_week))
                                : day_add_months(due, -rules->from_months);
}

static void check_child(const struct programme *programme, const struct application *application,
                        int32_t index, struct listing *list) {
    const struct child *child = &application->children[index];
    const struct registration_rules *rules = &programme->registration;
    if (day_sane(child->birth) && !day_before(application->today, child->birth)) {
        return;
    }
    struct day due = day_sane(child->birth) ? child->birth : child->due;
    struct refused *refused = NULL;
    if (!day_sane(due)) {
        refused = list_add(list, REFUSAL_CHILD_UNKNOWN);
        if (refused != NULL) {
            refused_int(refused, "child", index + 1);
        }
        return;
    }
    struct day from = registration_from(rules, due);
    if (!rules->before_birth) {
        refused = list_add(list, REFUSAL_BEFORE_BIRTH);
        if (refused != NULL) {
            refused_day(refused, "due", due);
        }
    } else if (!day_is_none(from) && day_before(application->today, from)) {
        refused = list_add(list, REFUSAL_TOO_EARLY);
        if (refused != NULL) {
            refused_day(refused, "from", from);
            if (rules->from_week > 0) {
                refused_int(refused, "week", rules->from_week);
            }
        }
    }
}

static void check_consents(const struct programme *programme, const struct application *application,
                           struct listing *list) {
    for (int32_t i = 0; i < programme->consent_count; i++) {
        if (programme->consents[i].required && !(application->consents >> i & 1)) {
            struct refused *refused = list_add(list, REFUSAL_CONSENT);
            if (refused != NULL) {
                refused_text(refused, "consent", programme->consents[i].code);
            }
            return;
        }
    }
}

int32_t registration_check(const struct programme *programme, const struct application *application,
                           struct refused ret_refusals[REGISTRATION_REFUSALS_MAX]) {
    struct listing list = {ret_refusals, 0};
    if (application->child_count <= 0 && !day_sane(application->loss)) {
        struct refused *refused = list_add(&list, REFUSAL_CHILD_UNKNOWN);
        if (refused != NULL) {
            refused_int(refused, "child", 1);
        }
    }
    for (int32_t i = 0; i < application->child_count; i++) {
        check_child(programme, application, i, &list);
    }
    struct day last =
        last_day_of_all(programme, application->children, application->child_count, application->loss);
    if (!day_is_none(last) && day_before(last, application->today)) {
        struct refused *refused = list_add(&list, REFUSAL_TOO_LATE);
        if (refused != NULL) {
            refused_day(refused, "last_day", last);
        }
    }
    if (application->household_class.n > 0 && programme_class(programme, application->household_class) < 0) {
        struct refused *refused = list_add(&list, REFUSAL_CLASS_UNKNOWN);
        if (refused != NULL) {
            refused_text(refused, "class", application->household_class);
        }
    }
    check_consents(programme, application, &list);
    return list.count;
}

int32_t pool_granted(const struct programme *programme, int32_t pool, int32_t household_class,
                     int32_t infants) {
    int32_t column = infants < 1 ? 0 : infants > INFANTS_MAX ? INFANTS_MAX - 1 : infants - 1;
    return programme->pools[pool].units[household_class][column];
}

static bool decision_refused(enum refusal code, const char *name, struct text text,
                             struct refused *ret_refused) {
    *ret_refused = refused_of(code);
    if (name != NULL) {
        refused_text(ret_refused, name, text);
    }
    return false;
}

static bool grant_born(const struct programme *programme, const struct decision *decision,
                       struct refused *ret_refused) {
    if (decision->child_count <= 0 && !day_sane(decision->loss)) {
        *ret_refused = refused_of(REFUSAL_CHILD_UNKNOWN);
        refused_int(ret_refused, "child", 1);
        return false;
    }
    for (int32_t i = 0; i < decision->child_count; i++) {
        const struct child *child = &decision->children[i];
        if (!day_sane(child->birth) && !day_sane(child->due)) {
            *ret_refused = refused_of(REFUSAL_CHILD_UNKNOWN);
            refused_int(ret_refused, "child", i + 1);
            return false;
        }
        if (!day_sane(child->birth) && !programme->registration.grant_before_birth) {
            *ret_refused = refused_of(REFUSAL_BEFORE_BIRTH);
            refused_day(ret_refused, "due", child->due);
            return false;
        }
    }
    return true;
}

static bool grant_pools(const struct programme *programme, const struct decision *decision,
                        struct grant *grant, struct refused *ret_refused) {
    int32_t class = programme_class(programme, decision->household_class);
    class = decision->household_class.n == 0 ? programme->class_default : class;
    if (class < 0) {
        return decision_refused(REFUSAL_CLASS_UNKNOWN, "class", decision->household_class, ret_refused);
    }
    grant->pool_count = programme->pool_count;
    for (int32_t i = 0; i < programme->pool_count; i++) {
        grant->pools[i] =
            (struct pool_balance){.pool = programme->pools[i].code,
                                  .granted = pool_granted(programme, i, class, decision->child_count)};
    }
    for (int32_t i = 0; i < decision->extra_count; i++) {
        int32_t pool = programme_pool(programme, decision->extra[i].pool);
        int32_t units = decision->extra[i].units;
        if (pool < 0 || units < 0 || units > EXTRA_UNITS_MAX) {
            return decision_refused(REFUSAL_QUOTA, "pool", decision->extra[i].pool, ret_refused);
        }
        grant->pools[pool].extra = units;
    }
    return true;
}

/* More than a pool has cannot have been used of it. */
static bool before_pool(struct grant *grant, const struct decided_before *before, int32_t row,
                        struct refused *ret_refused) {
    if (row < 0) {
        return decision_refused(REFUSAL_QUOTA, "pool", before->code, ret_refused);
    }
    struct pool_balance *pool = &grant->pools[row];
    if (before->units <= pool->granted + pool->extra) {
        pool->used = before->units;
        return true;
    }
    (void)decision_refused(REFUSAL_QUOTA, "pool", before->code, ret_refused);
    refused_int(ret_refused, "needed", before->units);
    refused_int(ret_refused, "left", pool->granted + pool->extra);
    refused_int(ret_refused, "granted", pool->granted + pool->extra);
    return false;
}

static bool reduction_known(const struct programme *programme, struct text code) {
    for (int32_t i = 0; i < programme->reduction_count; i++) {
        if (text_eq(programme->reductions[i].code, code)) {
            return true;
        }
    }
    return false;
}

static bool grant_before(const struct programme *programme, const struct decision *decision,
                         struct grant *grant, struct refused *ret_refused) {
    for (int32_t i = 0; i < decision->before_count; i++) {
        const struct decided_before *before = &decision->before[i];
        int32_t most = before->what == BEFORE_YEN ? BEFORE_YEN_MAX : BEFORE_UNITS_MAX;
        bool sane = before->units >= 0 && before->units <= most;
        if (before->what == BEFORE_CARE && (!sane || programme_care(programme, before->code) < 0)) {
            return decision_refused(REFUSAL_UNKNOWN_CARE, "care", before->code, ret_refused);
        }
        bool reduces = before->what == BEFORE_REDUCTION || before->what == BEFORE_YEN;
        if (!sane || (reduces && !reduction_known(programme, before->code))) {
            return decision_refused(REFUSAL_QUOTA, "limit", before->code, ret_refused);
        }
        if (before->what == BEFORE_POOL &&
            !before_pool(grant, before, programme_pool(programme, before->code), ret_refused)) {
            return false;
        }
    }
    return true;
}

bool grant_make(const struct programme *programme, const struct decision *decision, struct grant *ret_grant,
                struct refused *ret_refused) {
    struct grant grant;
    memset(&grant, 0, sizeof grant);
    grant.approved = true;
    if (!grant_born(programme, decision, ret_refused) ||
        !grant_pools(programme, decision, &grant, ret_refused) ||
        !grant_before(programme, decision, &grant, ret_refused)) {
        return false;
    }
    grant.valid_from = day_is_none(decision->valid_from) ? decision->today : decision->valid_from;
    grant.valid_to = day_is_none(decision->valid_to) ? last_day_of_all(programme, decision->children,
                                                                       decision->child_count, decision->loss)
                                                     : decision->valid_to;
    if (!day_is_none(grant.valid_to) && day_before(grant.valid_to, grant.valid_from)) {
        *ret_refused = refused_of(REFUSAL_DATES);
        refused_day(ret_refused, "start", grant.valid_from);
        refused_day(ret_refused, "end", grant.valid_to);
        return false;
    }
    *ret_grant = grant;
    return true;
}

static void pool_count_use(struct grant *grant, struct text code, int32_t units, enum booking_weight weight) {
    for (int32_t i = 0; i < grant->pool_count; i++) {
        struct pool_balance *pool = &grant->pools[i];
        if (text_eq(pool->pool, code)) {
            pool->used += weight == WEIGHS_USED ? units : 0;
            pool->booked += weight == WEIGHS_BOOKED ? units : 0;
        }
    }
}

void grant_count_uses(const struct programme_set *set, const struct facts *facts, struct grant *grant) {
    for (int32_t i = 0; i < facts->history_count; i++) {
        const struct past_use *use = &facts->history[i];
        enum booking_weight weight = booking_weighs(use->state, use->units_charged);
        const struct programme *programme = day_sane(use->start) ? programme_at(set, use->start) : NULL;
        if (programme == NULL && day_sane(use->start) && set->count > 0) {
            programme = set->versions[0]; /* older than the rules as written: counted by the oldest */
        }
        int32_t row = programme == NULL ? -1 : programme_care(programme, use->care);
        int32_t units =
            row < 0 ? -1 : use_part(use, care_quota(&programme->cares[row], use->start, use->end));
        for (int32_t p = 0; units > 0 && p < programme->cares[row].pool_count; p++) {
            pool_count_use(grant, programme->pools[programme->cares[row].pools[p]].code, units, weight);
        }
    }
}
