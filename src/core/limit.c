/* Limits within a period, and the patterns that all stays of a grant must follow. */
#include "core/limit.h"

#include "core/eligible.h"

static struct day week_first(struct day day) {
    return day_add(day, -((day_weekday(day) + 6) % 7));
}

/* Does an earlier use fall into the period that the limit is about? */
static bool same_period(enum limit_per per, const struct facts *facts, const struct past_use *use,
                        struct day start) {
    switch (per) {
    case LIMIT_FISCAL_YEAR:
        return day_fiscal_year(use->start) == day_fiscal_year(start);
    case LIMIT_MONTH:
        return day_eq(month_first(use->start), month_first(start));
    case LIMIT_WEEK:
        return day_eq(week_first(use->start), week_first(start));
    case LIMIT_OPEN:
        return booking_open(use->state) &&
               (instant_is_none(facts->now) || day_before(instant_day(facts->now), use->start));
    default:
        return true;
    }
}

static int32_t limit_used(const struct programme *programme, const struct use_limit *limit,
                          const struct facts *facts, struct day start) {
    int32_t used = 0;
    for (int32_t i = 0; i < facts->history_count; i++) {
        const struct past_use *use = &facts->history[i];
        int32_t row = programme_care(programme, use->care);
        bool meant = row >= 0 && (limit->cares >> row & 1) && day_sane(use->start) &&
                     booking_weighs(use->state, use->units_charged) != WEIGHS_NOTHING &&
                     same_period(limit->per, facts, use, start);
        int32_t units =
            meant ? use_part(use, care_units(&programme->cares[row], limit->count, use->start, use->end)) : 0;
        used += units > 0 ? units : 0;
    }
    return used;
}

static int32_t limit_max(const struct use_limit *limit, int32_t household_class, int32_t infants) {
    int32_t column = infants < 1 ? 0 : infants > INFANTS_MAX ? INFANTS_MAX - 1 : infants - 1;
    return limit->max[household_class < 0 ? 0 : household_class][column];
}

void limits_check(const struct facts *facts, const struct request *request, struct quote *quote) {
    const struct programme *programme = quote->programme;
    for (int32_t i = 0; i < programme->limit_count; i++) {
        const struct use_limit *limit = &programme->limits[i];
        if (!(limit->cares >> quote->care & 1)) {
            continue;
        }
        int32_t max = limit_max(limit, quote->household_class, facts->child_count);
        int32_t used = limit_used(programme, limit, facts, request->start);
        int32_t needed =
            care_units(&programme->cares[quote->care], limit->count, request->start, request->end);
        if (used + needed > max) {
            struct refused refused = refused_of(REFUSAL_QUOTA);
            refused_text(&refused, "limit", limit->code);
            refused_int(&refused, "needed", needed);
            refused_int(&refused, "left", used < max ? max - used : 0);
            refused_int(&refused, "granted", max);
            quote_refuse(quote, refused);
        }
    }
}

static int32_t same_uses(const struct facts *facts, const struct care *care, int32_t nights) {
    int32_t count = 0;
    for (int32_t i = 0; i < facts->history_count; i++) {
        const struct past_use *use = &facts->history[i];
        count += text_eq(use->care, care->code) &&
                 booking_weighs(use->state, use->units_charged) != WEIGHS_NOTHING &&
                 use_nights(care->kind, use->start, use->end) == nights;
    }
    return count;
}

/* Are all uses so far and this one together part of the pattern? */
static bool pattern_fits(const struct facts *facts, const struct care *care, const struct pattern *pattern,
                         int32_t nights) {
    for (int32_t n = 0; n <= NIGHTS_MAX; n++) {
        int32_t allowed = 0;
        for (int32_t i = 0; i < pattern->count; i++) {
            allowed += pattern->nights[i] == n;
        }
        if (same_uses(facts, care, n) + (n == nights) > allowed) {
            return false;
        }
    }
    return true;
}

void pattern_check(const struct facts *facts, const struct care *care, int32_t nights, struct quote *quote) {
    for (int32_t i = 0; i < care->pattern_count; i++) {
        if (pattern_fits(facts, care, &care->patterns[i], nights)) {
            return;
        }
    }
    if (care->pattern_count > 0) {
        int32_t used = 0;
        for (int32_t n = 0; n <= NIGHTS_MAX; n++) {
            used += same_uses(facts, care, n);
        }
        struct refused refused = refused_of(REFUSAL_PATTERN);
        refused_int(&refused, "nights", nights);
        refused_int(&refused, "used", used);
        quote_refuse(quote, refused);
    }
}
