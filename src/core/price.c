/* One unit's price. */
#include "core/price.h"

enum { FACILITY_YEN_MAX = 10000000 };

bool yen_priced(struct yen yen) {
    return yen.n >= 0 && yen.n <= FACILITY_YEN_MAX;
}

const struct price *price_rule(const struct price_case *c) {
    const struct price *price = &c->prices[c->household_class];
    return price->kind == PRICE_PART ? &c->prices[price->of] : price;
}

int64_t yen_part(int64_t n, int32_t percent, int32_t out_of, enum rounding rounding, int32_t round_to) {
    int64_t step = (int64_t)out_of * round_to;
    int64_t raw = n * percent;
    int64_t more = rounding == ROUND_UP ? step - 1 : rounding == ROUND_HALF_UP ? step / 2 : 0;
    return (raw + more) / step * round_to;
}

static int64_t percent_of(int64_t n, const struct price *price) {
    return yen_part(n, price->percent, price->out_of, price->rounding, price->round_to);
}

int64_t counted_before(const struct counted_before *rows, int32_t count, struct text code) {
    for (int32_t i = 0; i < count; i++) {
        if (text_eq(rows[i].code, code)) {
            return rows[i].count;
        }
    }
    return 0;
}

/* The first units share the first amount evenly; the odd yen go to the first of them. */
static int64_t fixed_unit(const struct price *price, const struct price_case *c) {
    int32_t shares = price->first_units < c->charged ? price->first_units : c->charged;
    if (c->index >= shares) {
        return price->each.n;
    }
    return price->first.n / shares + (c->index < price->first.n % shares);
}

static int64_t nth_unit(const struct price *price, const struct price_case *c) {
    int64_t n = c->past + (price->nth_uses ? 0 : c->index);
    return n < price->list_count ? price->list[n].n : price->each.n;
}

static int64_t facility_unit(const struct price *price, const struct price_case *c) {
    int64_t full = c->facility.n;
    int64_t pays = full;
    if (price->kind == PRICE_MINUS) {
        int64_t share = price->percent > 0 ? percent_of(full, price) : full;
        share = price->capped && share > price->each.n ? price->each.n : share;
        pays = full > share ? full - share : 0;
    } else if (price->kind == PRICE_PERCENT) {
        pays = percent_of(full, price);
        pays = price->capped && pays > price->each.n ? price->each.n : pays;
    }
    int64_t least = price->least.n < full ? price->least.n : full;
    return pays < least ? least : pays;
}

bool price_unit(const struct price_case *c, struct yen *ret_each) {
    const struct price *own = &c->prices[c->household_class];
    const struct price *rule = price_rule(c);
    int64_t n;
    if (rule->kind == PRICE_FIXED) {
        n = fixed_unit(rule, c);
    } else if (rule->kind == PRICE_NTH) {
        n = nth_unit(rule, c);
    } else if (rule->kind == PRICE_OWN) {
        n = percent_of(c->own.n, rule);
    } else if (c->facility_known && yen_priced(c->facility)) {
        n = facility_unit(rule, c);
    } else {
        return false;
    }
    ret_each->n = own->kind == PRICE_PART ? percent_of(n, own) : n;
    return true;
}

int64_t history_count(const struct programme *programme, const struct facts *facts, rows_mask cares,
                      enum past_count what) {
    int64_t count = 0;
    for (int32_t i = 0; i < facts->history_count; i++) {
        const struct past_use *use = &facts->history[i];
        int32_t row = programme_care(programme, use->care);
        if (row < 0 || !(cares >> row & 1) ||
            booking_weighs(use->state, use->units_charged) == WEIGHS_NOTHING) {
            continue;
        }
        const struct care *care = &programme->cares[row];
        int32_t units = use_part(use, care_units(care, care->charge, use->start, use->end));
        count += units < 0 ? 0 : what == COUNT_PAST_USES ? 1 : units;
    }
    return count;
}
