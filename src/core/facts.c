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

static const struct text before_codes[BEFORE__MAX] = {
    [BEFORE_POOL] = TEXT_INIT("pool"),
    [BEFORE_REDUCTION] = TEXT_INIT("reduction"),
    [BEFORE_YEN] = TEXT_INIT("yen"),
    [BEFORE_CARE] = TEXT_INIT("care"),
};

struct text before_code(enum before_what what) {
    return before_codes[what];
}

bool before_parse(struct text code, enum before_what *ret_what) {
    for (int i = 0; i < BEFORE__MAX; i++) {
        if (text_eq(before_codes[i], code)) {
            *ret_what = (enum before_what)i;
            return true;
        }
    }
    return false;
}

static void counted_add(struct counted_before *rows, int32_t *count, int32_t max, struct text code,
                        int64_t units) {
    if (*count < max) {
        rows[(*count)++] = (struct counted_before){code, (int32_t)units};
    }
}

static void yen_add(struct facts *facts, struct text code, int64_t yen) {
    int32_t i = 0;
    while (i < facts->reduced_yen_count && !text_eq(facts->reduced_yen[i].code, code)) {
        i++;
    }
    if (i < PROGRAMME_REDUCTIONS_MAX) {
        facts->reduced_yen_count += i == facts->reduced_yen_count;
        facts->reduced_yen[i].code = code;
        facts->reduced_yen[i].yen.n += yen;
    }
}

void facts_before(struct facts *facts, enum before_what what, struct text code, int64_t units) {
    if (what == BEFORE_REDUCTION) {
        counted_add(facts->reduced, &facts->reduced_count, PROGRAMME_REDUCTIONS_MAX, code, units);
    } else if (what == BEFORE_CARE) {
        counted_add(facts->priced, &facts->priced_count, PROGRAMME_CARES_MAX, code, units);
    } else if (what == BEFORE_YEN) {
        yen_add(facts, code, units);
    }
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
        facts->history[facts->history_count++] =
            (struct past_use){.care = old->care,
                              .start = old->start,
                              .end = old->end,
                              .state = BOOKING_CANCELLED,
                              .units_charged = true,
                              .units_kept = cost->units_charged < old->units ? cost->units_charged : 0};
    }
}

/* A class found in one tax year says nothing about a use in the next. */
bool facts_class_stale(const struct facts *facts, const struct programme *programme, struct day day) {
    return facts->household_class.n > 0 && day_sane(facts->class_proven) &&
           class_tax_year(programme, facts->class_proven) < class_tax_year(programme, day);
}

int32_t facts_class(const struct facts *facts, const struct programme *programme, struct day day) {
    return facts->household_class.n == 0 || facts_class_stale(facts, programme, day)
               ? programme->class_default
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
