/* Empty facts, and what a request adds to them. */
#include "core/facts.h"

#include <string.h>

void facts_init(struct facts *facts) {
    memset(facts, 0, sizeof *facts);
    facts->now = INSTANT_NONE;
    facts->calendar = &calendar_japan;
    facts->class_proven = DAY_NONE;
    facts->loss = DAY_NONE;
    facts->moved_out = DAY_NONE;
    facts->grant.valid_from = DAY_NONE;
    facts->grant.valid_to = DAY_NONE;
    facts->change_cost.free_cancel_until = INSTANT_NONE;
}

int32_t use_part(const struct past_use *use, int32_t units) {
    bool ended = use->state == BOOKING_CANCELLED || use->state == BOOKING_NO_SHOW;
    return ended && use->units_kept > 0 && use->units_kept < units ? use->units_kept : units;
}

static void units_use(struct facts *facts, struct text pool, int32_t units) {
    for (int32_t i = 0; i < facts->grant.pool_count; i++) {
        if (text_eq(facts->grant.pools[i].pool, pool)) {
            facts->grant.pools[i].used += units;
        }
    }
}

void facts_change(struct facts *facts, const struct programme_set *set, const struct booked *old,
                  const struct cancel_cost *cost) {
    const struct programme *programme = programme_at(set, old->start);
    int32_t care = programme == NULL ? -1 : programme_care(programme, old->care);
    facts->change_cost = *cost;
    if (cost->units_charged <= 0 || care < 0) {
        return;
    }
    for (int32_t i = 0; i < programme->cares[care].pool_count; i++) {
        units_use(facts, programme->pools[programme->cares[care].pools[i]].code, cost->units_charged);
    }
    if (facts->history_count < HISTORY_MAX) {
        facts->history[facts->history_count++] = (struct past_use){.care = old->care,
                                                                   .start = old->start,
                                                                   .end = old->end,
                                                                   .state = BOOKING_CANCELLED,
                                                                   .units_charged = true,
                                                                   .units_kept = cost->units_charged};
    }
}

int32_t facts_class(const struct facts *facts, const struct programme *programme, struct day day) {
    /* A class found in one tax year says nothing about a use in the next. */
    bool stale = day_sane(facts->class_proven) &&
                 class_tax_year(programme, facts->class_proven) < class_tax_year(programme, day);
    return facts->household_class.n == 0 || stale ? programme->class_default
                                                  : programme_class(programme, facts->household_class);
}

bool facts_exclude(struct facts *facts, const struct programme *programme, struct text code) {
    for (int32_t i = 0; programme != NULL && i < programme->exclusion_count; i++) {
        if (text_eq(programme->exclusions[i].code, code)) {
            facts->exclusions |= UINT32_C(1) << i;
            return true;
        }
    }
    return false;
}
