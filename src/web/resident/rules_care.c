/* One section a care: hours, price, how it counts, for whom, when it can be booked. */
#include "base/buf.h"
#include "web/page_view.h"
#include "web/resident/rules_part.h"

static struct text hours(struct rules *r, const struct care *care) {
    struct word_arg args[] = {{"start", page_clock(r->arena, care->start_minute)},
                              {"end", page_clock(r->arena, care->end_minute)}};
    return word_expand(r->arena, care->kind == CARE_STAY ? W_RULES_HOURS_STAY : W_RULES_HOURS_DAY, args, 2);
}

/* How a stay counts; everything else is one. */
static struct text counting(struct rules *r, const struct care *care, enum counting counting) {
    static const enum word words[COUNT__MAX] = {[COUNT_NIGHTS] = W_RULES_COUNTING_NIGHTS,
                                                [COUNT_DAYS] = W_RULES_COUNTING_DAYS,
                                                [COUNT_24H] = W_RULES_COUNTING_24H,
                                                [COUNT_USE] = W_RULES_COUNTING_USE,
                                                [COUNT_HOURS] = W_RULES_COUNTING_HOURS};
    if (care->kind != CARE_STAY && counting != COUNT_HOURS) {
        return TEXT("");
    }
    if (counting != COUNT_24H && counting != COUNT_HOURS) {
        return word_text(words[counting]);
    }
    struct word_arg args[] = {{"start", page_clock(r->arena, care->start_minute)}};
    return word_expand(r->arena, words[counting], args, 1);
}

static struct text pools(struct rules *r, const struct care *care) {
    struct buf buf;
    buf_init(&buf, r->arena);
    for (int32_t i = 0; i < care->pool_count; i++) {
        struct word_arg args[] = {{"pool", r->programme->pools[care->pools[i]].name}};
        buf_put(&buf, word_expand(r->arena, W_RULES_POOL_NAME, args, 1));
    }
    if (care->pool_count == 0) {
        return word_text(W_RULES_NO_POOL);
    }
    if (care->quota_weight > 1) {
        struct word_arg args[] = {{"unit", rules_unit(care, care->quota)},
                                  {"n", num_grouped(r->arena, care->quota_weight)}};
        buf_putz(&buf, "\n");
        buf_put(&buf, word_expand(r->arena, W_RULES_POOL_WEIGHT, args, COUNT(args)));
    }
    return buf_text(&buf);
}

static struct text nights(struct rules *r, const struct care *care) {
    struct word_arg args[] = {{"min", num_grouped(r->arena, care->min_nights > 0 ? care->min_nights : 1)},
                              {"max", num_grouped(r->arena, care->max_nights)}};
    if (care->kind != CARE_STAY || (care->min_nights <= 1 && care->max_nights == 0)) {
        return TEXT("");
    }
    return care->max_nights == 0 ? word_expand(r->arena, W_RULES_NIGHTS_FROM, args, 1)
                                 : word_expand(r->arena, W_RULES_NIGHTS_RANGE, args, 2);
}

/* "1泊を2回、または2泊を1回": written as lists of nights. */
static struct text patterns(struct rules *r, const struct care *care) {
    struct buf buf;
    buf_init(&buf, r->arena);
    for (int32_t i = 0; i < care->pattern_count; i++) {
        buf_putz(&buf, i > 0 ? "、または " : "");
        for (int32_t k = 0; k < care->patterns[i].count; k++) {
            int32_t n = care->patterns[i].nights[k];
            buf_printf(&buf, "%s%d泊%d日", k > 0 ? "＋" : "", n, n + 1);
        }
    }
    return buf_text(&buf);
}

static struct text loss(struct rules *r, const struct care *care) {
    if (!care->loss || !care->loss_age.set) {
        return care->loss ? word_text(W_RULES_LOSS_LINE) : TEXT("");
    }
    return text_printf(r->arena, "%.*s\n%.*s", TEXT_F(word_text(W_RULES_LOSS_OWN)),
                       TEXT_F(rules_age(r->arena, &care->loss_age)));
}

static struct text holidays(const struct care *care) {
    if (care->on_holidays || care->kind != CARE_STAY) {
        return word_text(care->on_holidays ? W_RULES_HOLIDAYS_YES : W_RULES_HOLIDAYS_NO);
    }
    return word_text(care->ends_on_business ? W_RULES_HOLIDAYS_EVERY_DAY : W_RULES_HOLIDAYS_NIGHTS);
}

static struct text horizon(struct rules *r, int32_t days) {
    return days == 0 ? TEXT("") : rules_figure(r->arena, W_RULES_HORIZON_LINE, "days", days);
}

static struct text opens(struct rules *r, const struct moment *m) {
    struct word_arg args[] = {{"moment", m->set ? rules_moment(r->arena, m) : TEXT("")}};
    return m->set ? word_expand(r->arena, W_RULES_FROM, args, 1) : TEXT("");
}

static void put_price(struct rules *r, const struct care *care) {
    struct text unit = rules_unit(care, care->charge);
    struct word_arg args[] = {{"unit", unit}};
    rules_row(r, word_expand(r->arena, W_RULES_PRICE, args, 1),
              rules_prices(r->arena, r->programme, care->prices, unit));
    rules_row(r, word_text(W_RULES_CHARGE), counting(r, care, care->charge));
    if (care->quota != care->charge) {
        rules_row(r, word_text(W_RULES_QUOTA), counting(r, care, care->quota));
    }
    rules_row(r, word_text(W_RULES_POOLS), pools(r, care));
}

static void put_care(struct rules *r, const struct care *care) {
    rules_section(r, care->name);
    rules_row(r, word_text(W_RULES_NOTE), care->note);
    rules_row(r, word_text(W_RULES_HOURS), hours(r, care));
    put_price(r, care);
    rules_row(r, word_text(W_RULES_AGE), rules_age(r->arena, &care->age));
    rules_row(r, word_text(W_RULES_NIGHTS), nights(r, care));
    rules_row(r, word_text(W_RULES_PATTERNS), patterns(r, care));
    rules_row(r, word_text(W_RULES_BIRTH),
              word_text(care->before_birth ? W_RULES_BIRTH_BEFORE : W_RULES_BIRTH_AFTER));
    rules_row(r, word_text(W_RULES_LOSS), loss(r, care));
    rules_row(r, word_text(W_RULES_HOLIDAYS), holidays(care));
    rules_row(r, word_text(W_RULES_DEADLINE),
              care->deadline.set ? rules_until(r->arena, &care->deadline) : TEXT(""));
    rules_row(r, word_text(W_RULES_HORIZON), opens(r, &care->opens));
    rules_row(r, word_text(W_RULES_HORIZON), horizon(r, care->horizon_days));
}

void rules_put_cares(struct rules *r) {
    for (int32_t i = 0; i < r->programme->care_count; i++) {
        put_care(r, &r->programme->cares[i]);
    }
}
