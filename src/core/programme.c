/* Finding rows of a programme, and the checks on which every other rule relies. */
#include "core/programme.h"

enum { YEN_MAX = 10000000, UNITS_MAX = 999, PERCENT_MAX = 100 };

const struct programme *programme_at(const struct programme_set *set, struct day day) {
    const struct programme *found = NULL;
    for (int32_t i = 0; i < set->count && set->versions[i]->valid_from.n <= day.n; i++) {
        found = set->versions[i];
    }
    return day_is_none(day) ? NULL : found;
}

int32_t class_tax_year(const struct programme *programme, struct day day) {
    if (programme->class_month == 0 || !day_sane(day)) {
        return 0;
    }
    struct ymd c = day_ymd(day);
    return c.month >= programme->class_month ? c.year : c.year - 1;
}

int32_t programme_care(const struct programme *programme, struct text code) {
    for (int32_t i = 0; i < programme->care_count; i++) {
        if (text_eq(programme->cares[i].code, code)) {
            return i;
        }
    }
    return -1;
}

int32_t programme_pool(const struct programme *programme, struct text code) {
    for (int32_t i = 0; i < programme->pool_count; i++) {
        if (text_eq(programme->pools[i].code, code)) {
            return i;
        }
    }
    return -1;
}

int32_t programme_class(const struct programme *programme, struct text code) {
    for (int32_t i = 0; i < programme->class_count; i++) {
        if (text_eq(programme->classes[i].code, code)) {
            return i;
        }
    }
    return -1;
}

struct text care_kind_code(enum care_kind kind) {
    static const struct text codes[CARE__MAX] = {TEXT_INIT("stay"), TEXT_INIT("day"), TEXT_INIT("visit")};
    return codes[kind];
}

static bool yen_ok(struct yen yen) {
    return yen.n >= 0 && yen.n <= YEN_MAX;
}

static bool within(int64_t n, int64_t low, int64_t high) {
    return n >= low && n <= high;
}

static bool price_ok(const struct programme *programme, const struct price *prices, int32_t row) {
    const struct price *price = &prices[row];
    bool ok = within(price->kind, 0, PRICE__MAX - 1) && yen_ok(price->each) && yen_ok(price->first) &&
              within(price->first_units, 0, UNITS_MAX) && within(price->list_count, 0, PRICE_LIST_MAX) &&
              yen_ok(price->least) && within(price->percent, 0, PERCENT_MAX) &&
              within(price->out_of, 1, PERCENT_MAX) && price->percent <= price->out_of &&
              within(price->rounding, 0, ROUND__MAX - 1) && within(price->round_to, 1, 1000);
    for (int32_t i = 0; ok && i < price->list_count; i++) {
        ok = yen_ok(price->list[i]);
    }
    if (ok && price->kind == PRICE_PART) {
        ok = within(price->of, 0, programme->class_count - 1) && prices[price->of].kind != PRICE_PART;
    }
    return ok;
}

static bool prices_ok(const struct programme *programme, const struct price *prices) {
    for (int32_t i = 0; i < programme->class_count; i++) {
        if (!price_ok(programme, prices, i)) {
            return false;
        }
    }
    return true;
}

static bool moment_ok(const struct moment *moment) {
    bool pick_ok = moment->unit == MOMENT_DAYS ||
                   (moment->unit == MOMENT_WEEKS && within(moment->pick, 0, 6)) ||
                   (moment->unit == MOMENT_MONTHS && within(moment->pick, 0, 31));
    return !moment->set || (pick_ok && within(moment->days, -31, 366) && within(moment->minute, 0, 1440));
}

static bool age_ok(const struct age_window *age) {
    return !age->set ||
           (within(age->n, 1, 1500) && within(age->unit, 0, AGE__MAX - 1) &&
            within(age->bound, 0, AGE_BOUND__MAX - 1) && within(age->test, 0, AGE_TEST__MAX - 1) &&
            within(age->from_days, 0, 1500) && within(age->from_months, 0, 240));
}

/* Hours are counted within one day; what an addition is part of is the price itself. */
static bool care_counts(const struct programme *programme, const struct care *care) {
    bool hours = care->charge == COUNT_HOURS || care->quota == COUNT_HOURS;
    bool ok = !hours || care->kind != CARE_STAY;
    for (int32_t i = 0; i < programme->class_count; i++) {
        ok = ok && care->prices[i].kind != PRICE_OWN;
    }
    return ok;
}

static const char *care_fault(const struct programme *programme, const struct care *care) {
    if (!within(care->kind, 0, CARE__MAX - 1) || !within(care->charge, 0, COUNT__MAX - 1) ||
        !within(care->quota, 0, COUNT__MAX - 1) || !within(care->quota_weight, 1, UNITS_MAX) ||
        !care_counts(programme, care)) {
        return "care: kind or counting";
    }
    if (!within(care->start_minute, 0, 1440) || !within(care->end_minute, 0, 1440) ||
        (care->kind != CARE_STAY && care->end_minute < care->start_minute)) {
        return "care: hours";
    }
    if (!within(care->pool_count, 0, CARE_POOLS_MAX)) {
        return "care: pools";
    }
    for (int32_t i = 0; i < care->pool_count; i++) {
        if (!within(care->pools[i], 0, programme->pool_count - 1)) {
            return "care: pool row";
        }
    }
    if (!age_ok(&care->age) || !age_ok(&care->loss_age)) {
        return "care: age";
    }
    if (!within(care->min_nights, 0, UNITS_MAX) || !within(care->max_nights, 0, UNITS_MAX) ||
        !within(care->pattern_count, 0, CARE_PATTERNS_MAX) || !within(care->horizon_days, 0, 3660) ||
        !moment_ok(&care->deadline) || !moment_ok(&care->opens)) {
        return "care: nights, patterns, horizon or deadline";
    }
    for (int32_t i = 0; i < care->pattern_count; i++) {
        if (!within(care->patterns[i].count, 0, PATTERN_USES_MAX)) {
            return "care: pattern";
        }
    }
    return prices_ok(programme, care->prices) ? NULL : "care: price";
}

static bool outcome_ok(const struct programme *programme, const struct cancel_outcome *outcome) {
    return within(outcome->fee, 0, CANCEL_FEE__MAX - 1) && within(outcome->percent, 0, PERCENT_MAX) &&
           within(outcome->fee_class, FEE_OF_FACILITY, programme->class_count - 1) && yen_ok(outcome->yen) &&
           within(outcome->rounding, 0, ROUND__MAX - 1) && within(outcome->units_max, 0, UNITS_MAX);
}

static const char *money_fault(const struct programme *programme) {
    for (int32_t i = 0; i < programme->addition_count; i++) {
        const struct addition *addition = &programme->additions[i];
        for (int32_t c = 0; c < programme->class_count; c++) {
            enum price_kind kind = addition->prices[c].kind;
            if (kind != PRICE_FIXED && kind != PRICE_PERCENT && kind != PRICE_PART && kind != PRICE_OWN) {
                return "addition: price";
            }
        }
        if (!within(addition->when, 0, ADDITION__MAX - 1) || !prices_ok(programme, addition->prices)) {
            return "addition";
        }
    }
    for (int32_t i = 0; i < programme->reduction_count; i++) {
        const struct reduction *reduction = &programme->reductions[i];
        bool ok = within(reduction->percent, 0, PERCENT_MAX) && yen_ok(reduction->leave) &&
                  yen_ok(reduction->budget) && within(reduction->rounding, 0, ROUND__MAX - 1) &&
                  within(reduction->round_to, 1, 1000) && within(reduction->max_count, 0, UNITS_MAX);
        for (int32_t c = 0; c < programme->care_count; c++) {
            ok = ok && yen_ok(reduction->amount[c]) && yen_ok(reduction->infant[c]);
        }
        if (!ok) {
            return "reduction";
        }
    }
    for (int32_t c = 0; c < programme->class_count; c++) {
        bool ok = true;
        for (int32_t i = 0; i < programme->care_count; i++) {
            ok = ok && outcome_ok(programme, &programme->no_show[i][c]);
        }
        for (int32_t i = 0; i < programme->cancel_count; i++) {
            ok = ok && outcome_ok(programme, &programme->cancel[i].outcome[c]) &&
                 programme->cancel[i].at.set && moment_ok(&programme->cancel[i].at);
        }
        if (!ok) {
            return "cancel";
        }
    }
    return NULL;
}

static const char *limits_fault(const struct programme *programme) {
    for (int32_t i = 0; i < programme->limit_count; i++) {
        const struct use_limit *limit = &programme->limits[i];
        bool ok = within(limit->count, 0, COUNT__MAX - 1) && within(limit->per, 0, LIMIT__MAX - 1);
        for (int32_t c = 0; c < PROGRAMME_CLASSES_MAX; c++) {
            for (int32_t k = 0; k < INFANTS_MAX; k++) {
                ok = ok && within(limit->max[c][k], 0, UNITS_MAX);
            }
        }
        if (!ok) {
            return "limit";
        }
    }
    return NULL;
}

static const char *pools_fault(const struct programme *programme) {
    for (int32_t p = 0; p < programme->pool_count; p++) {
        for (int32_t c = 0; c < PROGRAMME_CLASSES_MAX; c++) {
            for (int32_t i = 0; i < INFANTS_MAX; i++) {
                if (!within(programme->pools[p].units[c][i], 0, UNITS_MAX)) {
                    return "pool: units";
                }
            }
        }
    }
    return NULL;
}

static bool clocks_ok(const struct programme *programme) {
    const struct acceptance *a = &programme->acceptance;
    const struct wait_rules *w = &programme->wait;
    return within(a->hours, 0, 720) && within(a->days, 0, 30) && within(a->minute, 0, 1440) &&
           within(a->limit_hours, 0, 720) && within(w->order, 0, WAIT_ORDER__MAX - 1) &&
           within(w->need_weight_score, 0, 1000) && within(w->need_weight_unused, 0, 1000000) &&
           within(w->need_weight_urgent, 0, 1000) && within(w->offer_hours_day, 0, 720) &&
           within(w->offer_hours_night, 0, 720) && within(w->night_from, 0, 1440) &&
           within(w->night_to, 0, 1440) && within(w->limit_hours, 0, 720) &&
           within(programme->registration.from_week, 0, 40) &&
           within(programme->registration.from_months, 0, 12);
}

const char *programme_fault(const struct programme *programme) {
    if (!within(programme->class_count, 1, PROGRAMME_CLASSES_MAX) ||
        !within(programme->care_count, 1, PROGRAMME_CARES_MAX) ||
        !within(programme->pool_count, 0, PROGRAMME_POOLS_MAX) ||
        !within(programme->addition_count, 0, PROGRAMME_ADDITIONS_MAX) ||
        !within(programme->reduction_count, 0, PROGRAMME_REDUCTIONS_MAX) ||
        !within(programme->cancel_count, 0, PROGRAMME_CANCEL_STEPS_MAX) ||
        !within(programme->limit_count, 0, PROGRAMME_LIMITS_MAX) ||
        !within(programme->consent_count, 0, PROGRAMME_CONSENTS_MAX) ||
        !within(programme->exclusion_count, 0, PROGRAMME_EXCLUSIONS_MAX)) {
        return "counts of rows";
    }
    if (!day_sane(programme->valid_from) ||
        !within(programme->class_default, -1, programme->class_count - 1) ||
        !within(programme->class_month, 0, 12) || !within(programme->horizon_days, 0, 3660) ||
        !within(programme->open_limit, 0, UNITS_MAX) || !moment_ok(&programme->deadline) ||
        !moment_ok(&programme->opens)) {
        return "version";
    }
    for (int32_t i = 0; i < programme->care_count; i++) {
        const char *fault = care_fault(programme, &programme->cares[i]);
        if (fault != NULL) {
            return fault;
        }
    }
    if (pools_fault(programme) != NULL) {
        return pools_fault(programme);
    }
    if (limits_fault(programme) != NULL) {
        return limits_fault(programme);
    }
    return clocks_ok(programme) ? money_fault(programme) : "acceptance, wait or registration";
}
