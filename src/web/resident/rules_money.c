/* Days that are granted, limits within a period, additions and reductions. */
#include "base/buf.h"
#include "web/page_view.h"
#include "web/resident/rules_part.h"

/* "宿泊、日帰り：" before what holds for some cares only. */
static struct text with_cares(struct rules *r, rows_mask cares, struct text line) {
    struct text names = rules_cares(r->arena, r->programme, cares);
    return names.n == 0 ? line : text_printf(r->arena, "%.*s：%.*s", TEXT_F(names), TEXT_F(line));
}

static void put_line(struct buf *buf, struct text line) {
    buf_putz(buf, buf->n > 0 && line.n > 0 ? "\n" : "");
    buf_put(buf, line);
}

/* ---- pools ---- */

static struct text pool_cares(struct rules *r, int32_t pool) {
    rows_mask cares = 0;
    for (int32_t i = 0; i < r->programme->care_count; i++) {
        const struct care *care = &r->programme->cares[i];
        for (int32_t k = 0; k < care->pool_count; k++) {
            cares |= care->pools[k] == pool ? 1U << i : 0;
        }
    }
    struct text names = rules_cares(r->arena, r->programme, cares);
    struct word_arg args[] = {{"cares", names.n > 0 ? names : word_text(W_RULES_ALL_CARES)}};
    return word_expand(r->arena, W_RULES_POOL_CARES, args, 1);
}

static void put_pools(struct rules *r) {
    const struct programme *p = r->programme;
    rules_section(r, word_text(W_RULES_DAYS));
    for (int32_t i = 0; i < p->pool_count; i++) {
        const struct pool *pool = &p->pools[i];
        struct buf buf;
        buf_init(&buf, r->arena);
        put_line(&buf, rules_counts(r->arena, p, &pool->units[0][0], rules_pool_unit(p, i)));
        put_line(&buf, pool_cares(r, i));
        put_line(&buf, word_text(pool->over == OVER_REFUSED ? W_RULES_OVER_REFUSED : W_RULES_OVER_FACILITY));
        rules_row(r, pool->name, buf_text(&buf));
    }
    if (p->pool_count == 0) {
        rules_line(r, word_text(W_RULES_NO_POOL));
    }
}

static void put_limits(struct rules *r) {
    static const enum word periods[LIMIT__MAX] = {[LIMIT_GRANT] = W_RULES_LIMIT_GRANT,
                                                  [LIMIT_FISCAL_YEAR] = W_RULES_LIMIT_YEAR,
                                                  [LIMIT_MONTH] = W_RULES_LIMIT_MONTH,
                                                  [LIMIT_WEEK] = W_RULES_LIMIT_WEEK,
                                                  [LIMIT_OPEN] = W_RULES_LIMIT_OPEN};
    static const enum word units[COUNT__MAX] = {[COUNT_NIGHTS] = W_PRICE_UNIT_NIGHTS,
                                                [COUNT_DAYS] = W_PRICE_UNIT_DAYS,
                                                [COUNT_24H] = W_PRICE_UNIT_DAYS,
                                                [COUNT_USE] = W_PRICE_UNIT_VISITS,
                                                [COUNT_HOURS] = W_PRICE_UNIT_HOURS};
    for (int32_t i = 0; i < r->programme->limit_count; i++) {
        const struct use_limit *limit = &r->programme->limits[i];
        struct text counts =
            rules_counts(r->arena, r->programme, &limit->max[0][0], word_text(units[limit->count]));
        struct word_arg args[] = {{"period", word_text(periods[limit->per])}, {"counts", counts}};
        rules_row(r, limit->name,
                  with_cares(r, limit->cares, word_expand(r->arena, W_RULES_LIMIT_LINE, args, 2)));
    }
}

/* ---- additions ---- */

static struct text infants(struct rules *r, const struct addition *a) {
    struct word_arg args[] = {{"from", num_grouped(r->arena, a->infant_from)},
                              {"to", num_grouped(r->arena, a->infant_to)}};
    return a->infant_to == 0 ? word_expand(r->arena, W_RULES_WHEN_INFANT, args, 1)
                             : word_expand(r->arena, W_RULES_WHEN_INFANT_TO, args, 2);
}

static struct text when(struct rules *r, const struct addition *a) {
    struct word_arg room[] = {{"room", a->room}};
    switch (a->when) {
    case ADDITION_INFANT:
        return infants(r, a);
    case ADDITION_SIBLING:
        return word_text(W_RULES_WHEN_SIBLING);
    case ADDITION_OLDER:
        return rules_figure(r->arena, W_RULES_WHEN_OLDER, "months", a->months);
    case ADDITION_ROOM:
        return word_expand(r->arena, W_RULES_WHEN_ROOM, room, 1);
    case ADDITION_HOLIDAY:
        return word_text(W_RULES_WHEN_HOLIDAY);
    default:
        return word_text(W_RULES_WHEN_ALWAYS);
    }
}

static void put_additions(struct rules *r) {
    if (r->programme->addition_count > 0) {
        rules_section(r, word_text(W_RULES_ADDITIONS));
    }
    for (int32_t i = 0; i < r->programme->addition_count; i++) {
        const struct addition *a = &r->programme->additions[i];
        struct text unit = word_text(a->per_use ? W_RULES_PER_USE : W_RULES_PER_UNIT);
        struct word_arg per[] = {{"unit", unit}};
        struct buf buf;
        buf_init(&buf, r->arena);
        put_line(&buf, with_cares(r, a->cares, when(r, a)));
        put_line(&buf, word_expand(r->arena, W_RULES_ADDITION_PER, per, 1));
        put_line(&buf, rules_prices(r->arena, r->programme, a->prices, unit));
        put_line(&buf, a->reducible ? word_text(W_RULES_REDUCIBLE) : TEXT(""));
        rules_row(r, a->name, buf_text(&buf));
    }
}

/* ---- reductions ---- */

static struct text amounts(struct rules *r, const struct reduction *d) {
    struct buf buf;
    buf_init(&buf, r->arena);
    for (int32_t i = 0; i < r->programme->care_count; i++) {
        if ((d->cares >> i & 1) != 0) {
            const struct care *care = &r->programme->cares[i];
            struct word_arg args[] = {
                {"care", care->name},
                {"unit", d->per_use ? word_text(W_RULES_PER_USE) : rules_unit(care, care->charge)},
                {"yen", page_yen(r->arena, d->amount[i])}};
            put_line(&buf, word_expand(r->arena, W_RULES_AMOUNT, args, COUNT(args)));
            args[2].value = page_yen(r->arena, d->infant[i]);
            put_line(&buf, d->infant[i].n == 0
                               ? TEXT("")
                               : word_expand(r->arena, W_RULES_AMOUNT_INFANT, args, COUNT(args)));
        }
    }
    return buf_text(&buf);
}

static struct text reduction(struct rules *r, const struct reduction *d) {
    struct buf buf;
    buf_init(&buf, r->arena);
    struct text classes = rules_classes(r->arena, r->programme, d->classes);
    if (classes.n > 0) {
        struct word_arg args[] = {{"classes", classes}};
        put_line(&buf, word_expand(r->arena, W_RULES_FOR_CLASSES, args, 1));
    }
    struct text off = text_join(r->arena, rules_figure(r->arena, W_RULES_OFF_PERCENT, "n", d->percent),
                                rules_rounding(r->arena, d->rounding, d->round_to));
    put_line(&buf, d->percent > 0 ? with_cares(r, d->cares, off) : amounts(r, d));
    if (d->leave.n > 0) {
        struct word_arg args[] = {{"yen", page_yen(r->arena, d->leave)}};
        put_line(&buf, word_expand(r->arena, W_RULES_LEAVE, args, 1));
    }
    if (d->budget.n > 0) {
        struct word_arg args[] = {{"yen", page_yen(r->arena, d->budget)}};
        put_line(&buf, word_expand(r->arena, W_RULES_BUDGET, args, 1));
    }
    if (d->max_count > 0) {
        put_line(&buf, rules_figure(r->arena, d->per_use ? W_RULES_MAX_USES : W_RULES_MAX_UNITS, "n",
                                    d->max_count));
    }
    return buf_text(&buf);
}

static void put_reductions(struct rules *r) {
    if (r->programme->reduction_count > 0) {
        rules_section(r, word_text(W_RULES_REDUCTIONS));
        rules_line(r, word_text(W_RULES_REDUCTIONS_LINE));
    }
    for (int32_t i = 0; i < r->programme->reduction_count; i++) {
        const struct reduction *d = &r->programme->reductions[i];
        rules_row(r, d->name, reduction(r, d));
    }
}

void rules_put_money(struct rules *r) {
    put_pools(r);
    put_limits(r);
    put_additions(r);
    put_reductions(r);
}
