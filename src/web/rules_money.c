/* Prices and what a cancellation costs, in words. */
#include "base/buf.h"
#include "core/price.h"
#include "web/rules_words.h"

static struct text yen(struct arena *arena, struct yen n) {
    return text_printf(arena, "%.*s円", TEXT_F(num_grouped(arena, n.n)));
}

static struct text grouped(struct arena *arena, int64_t n) {
    return num_grouped(arena, n);
}

struct text rules_rounding(struct arena *arena, enum rounding way, int64_t to) {
    static const enum word ways[ROUND__MAX] = {W_RULES_ROUND_0, W_RULES_ROUND_1, W_RULES_ROUND_2};
    if (to <= 1 && way == ROUND_DOWN) {
        return TEXT("");
    }
    struct word_arg args[] = {{"to", grouped(arena, to)}, {"way", word_text(ways[way])}};
    return word_expand(arena, W_RULES_ROUND, args, COUNT(args));
}

static struct text rounding(struct arena *arena, const struct price *price) {
    return rules_rounding(arena, price->rounding, price->round_to);
}

/* "10%", "3分の1" */
static struct text part_words(struct arena *arena, const struct price *price) {
    struct word_arg args[] = {{"n", grouped(arena, price->percent)},
                              {"out_of", grouped(arena, price->out_of)}};
    return price->out_of == 100 ? word_expand(arena, W_RULES_PERCENT, args, 1)
                                : word_expand(arena, W_RULES_FRACTION, args, 2);
}

static struct text least(struct arena *arena, const struct price *price) {
    struct word_arg args[] = {{"yen", yen(arena, price->least)}};
    return price->least.n == 0 ? TEXT("") : word_expand(arena, W_RULES_LEAST, args, 1);
}

static struct text say_fixed(const struct rules_each *each, const struct price *price) {
    if (price->first_units == 0) {
        return yen(each->arena, price->each);
    }
    struct word_arg args[] = {{"n", grouped(each->arena, price->first_units)},
                              {"first", yen(each->arena, price->first)},
                              {"each", yen(each->arena, price->each)},
                              {"unit", each->unit}};
    return word_expand(each->arena, W_RULES_PRICE_FIRST, args, COUNT(args));
}

static struct text say_nth(const struct rules_each *each, const struct price *price) {
    struct arena *arena = each->arena;
    enum word counted = price->nth_cares == 0 ? W_RULES_NTH_WITHIN
                        : price->nth_uses     ? W_RULES_NTH_USES
                                              : W_RULES_NTH_UNITS;
    struct text cares = rules_cares(arena, each->programme, price->nth_cares);
    struct buf buf;
    buf_init(&buf, arena);
    for (int32_t i = 0; i < price->list_count; i++) {
        struct word_arg args[] = {{"n", grouped(arena, i + 1)}, {"yen", yen(arena, price->list[i])}};
        buf_put(&buf, word_expand(arena, W_RULES_NTH, args, COUNT(args)));
    }
    struct word_arg args[] = {{"n", grouped(arena, price->list_count + 1)}, {"yen", yen(arena, price->each)}};
    buf_put(&buf, word_expand(arena, W_RULES_NTH_REST, args, COUNT(args)));
    buf_put(&buf, word_text(counted));
    if (price->nth_cares != 0) {
        struct word_arg all[] = {{"cares", cares.n > 0 ? cares : word_text(W_RULES_ALL_CARES)}};
        buf_put(&buf, word_expand(arena, W_RULES_NTH_CARES, all, 1));
    }
    return buf_text(&buf);
}

static struct text say_percent(const struct rules_each *each, const struct price *price) {
    struct arena *arena = each->arena;
    struct buf buf;
    buf_init(&buf, arena);
    struct word_arg part[] = {{"part", part_words(arena, price)}};
    buf_put(&buf, word_expand(arena, W_RULES_PRICE_PERCENT, part, 1));
    if (price->capped) {
        struct word_arg args[] = {{"yen", yen(arena, price->each)}};
        buf_put(&buf, word_expand(arena, W_RULES_CAP, args, 1));
    }
    buf_put(&buf, least(arena, price));
    buf_put(&buf, rounding(arena, price));
    return buf_text(&buf);
}

static struct text say_minus(const struct rules_each *each, const struct price *price) {
    struct arena *arena = each->arena;
    struct word_arg args[] = {{"yen", yen(arena, price->each)}, {"part", part_words(arena, price)}};
    struct text share = price->percent == 0 ? word_expand(arena, W_RULES_PRICE_MINUS, args, 1)
                        : price->capped     ? word_expand(arena, W_RULES_PRICE_MINUS_CAPPED, args, 2)
                                            : word_expand(arena, W_RULES_PRICE_MINUS_PERCENT, &args[1], 1);
    return text_printf(arena, "%.*s%.*s%.*s", TEXT_F(share), TEXT_F(least(arena, price)),
                       TEXT_F(rounding(arena, price)));
}

/* With the sum where it does not hang on the facility. */
static struct text say_part(const struct rules_each *each, int32_t row, const struct price *price) {
    struct arena *arena = each->arena;
    struct price_case c = {.prices = each->of, .household_class = row, .charged = 1};
    const struct price *base = (const struct price *)each->of + price->of;
    struct yen sum;
    bool plain = base->kind == PRICE_FIXED && base->first_units == 0 && price_unit(&c, &sum);
    struct word_arg args[] = {{"class", each->programme->classes[price->of].name},
                              {"part", part_words(arena, price)}};
    struct text part = word_expand(arena, W_RULES_PRICE_PART, args, COUNT(args));
    struct text more = rounding(arena, price);
    return plain ? text_printf(arena, "%.*s（%.*s%.*s）", TEXT_F(yen(arena, sum)), TEXT_F(part), TEXT_F(more))
                 : text_join(arena, part, more);
}

static struct text say_own(const struct rules_each *each, const struct price *price) {
    struct word_arg args[] = {{"part", part_words(each->arena, price)}};
    return text_join(each->arena, word_expand(each->arena, W_RULES_PRICE_OWN, args, 1),
                     rounding(each->arena, price));
}

static struct text say_price(const struct rules_each *each, int32_t row) {
    const struct price *prices = each->of;
    const struct price *price = &prices[row];
    switch (price->kind) {
    case PRICE_FIXED:
        return say_fixed(each, price);
    case PRICE_NTH:
        return say_nth(each, price);
    case PRICE_PERCENT:
        return say_percent(each, price);
    case PRICE_MINUS:
        return say_minus(each, price);
    case PRICE_PART:
        return say_part(each, row, price);
    case PRICE_OWN:
        return say_own(each, price);
    default:
        return word_text(W_RULES_PRICE_FACILITY);
    }
}

struct text rules_prices(struct arena *arena, const struct programme *programme, const struct price *prices,
                         struct text unit) {
    struct rules_each each = {.arena = arena,
                              .programme = programme,
                              .mask = UINT32_MAX,
                              .say = say_price,
                              .of = prices,
                              .unit = unit};
    return rules_by_class(&each);
}

/* ---- giving back late, not coming ---- */

static struct text whose_fee(const struct rules_each *each, const struct cancel_outcome *o) {
    if (o->fee_class == FEE_AS_BOOKED) {
        return word_text(W_RULES_FEE_BOOKED);
    }
    if (o->fee_class == FEE_OF_FACILITY) {
        return word_text(W_RULES_FEE_FACILITY);
    }
    struct word_arg args[] = {{"class", each->programme->classes[o->fee_class].name}};
    return word_expand(each->arena, W_RULES_FEE_CLASS, args, 1);
}

static struct text say_fee(const struct rules_each *each, const struct cancel_outcome *o) {
    struct arena *arena = each->arena;
    if (o->fee == CANCEL_YEN) {
        struct word_arg args[] = {{"yen", yen(arena, o->yen)}};
        return word_expand(arena, o->per_unit ? W_RULES_FEE_YEN_UNIT : W_RULES_FEE_YEN, args, 1);
    }
    if (o->fee == CANCEL_FREE || o->percent == 0) {
        return word_text(W_RULES_FEE_FREE);
    }
    struct word_arg args[] = {{"fee", whose_fee(each, o)}, {"n", grouped(arena, o->percent)}};
    struct text fee = word_expand(arena, W_RULES_FEE_PERCENT, args, COUNT(args));
    return text_join(arena, fee, rules_rounding(arena, o->rounding, 1));
}

static struct text say_outcome(const struct rules_each *each, int32_t row) {
    const struct cancel_outcome *all = each->of;
    const struct cancel_outcome *o = &all[row];
    struct text units = !o->units          ? word_text(W_RULES_UNITS_KEPT)
                        : o->units_max > 0 ? rules_figure(each->arena, W_RULES_UNITS_SOME, "n", o->units_max)
                                           : word_text(W_RULES_UNITS_USED);
    return text_printf(each->arena, "%.*s。%.*s。", TEXT_F(say_fee(each, o)), TEXT_F(units));
}

struct text rules_outcomes(struct arena *arena, const struct programme *programme,
                           const struct cancel_outcome *outcomes) {
    struct rules_each each = {
        .arena = arena, .programme = programme, .mask = UINT32_MAX, .say = say_outcome, .of = outcomes};
    return rules_by_class(&each);
}
