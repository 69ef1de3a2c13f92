#include "web/price.h"

#include "profile/answer.h"
#include "web/page_view.h"
#include "web/rules_words.h"

/* What a unit of this care is called: 2日, 1泊, 3回. */
static struct text unit_of_care(const struct care *care) {
    bool nights = care != NULL && care->kind == CARE_STAY && care->charge == COUNT_NIGHTS;
    bool visits = care != NULL && care->kind == CARE_VISIT;
    if (care != NULL && care->charge == COUNT_HOURS) {
        return word_text(W_PRICE_UNIT_HOURS);
    }
    return word_text(visits ? W_PRICE_UNIT_VISITS : nights ? W_PRICE_UNIT_NIGHTS : W_PRICE_UNIT_DAYS);
}

static struct text unit_of_pool(const struct programme *programme, struct text code) {
    int32_t pool = programme == NULL ? -1 : programme_pool(programme, code);
    return pool < 0 ? word_text(W_PRICE_UNIT_DAYS) : rules_pool_unit(programme, pool);
}

struct counted {
    int64_t units; /* 0: not shown */
    struct text unit;
    struct yen each;
};

static struct price_row row_of(const struct exchange *x, struct text name, struct counted counted,
                               struct yen amount) {
    struct price_row row = {.name = name, .amount = page_yen(x->arena, amount)};
    if (counted.units > 0) {
        struct word_arg args[] = {{"units", text_printf(x->arena, "%lld", (long long)counted.units)},
                                  {"unit", counted.unit},
                                  {"each", page_yen(x->arena, counted.each)}};
        row.count = word_expand(x->arena, W_PRICE_COUNT, args, COUNT(args));
    }
    return row;
}

static struct pool_line pool_of(const struct exchange *x, const struct programme *programme,
                                const struct pool_change *pool) {
    struct word_arg args[] = {{"unit", unit_of_pool(programme, pool->pool)},
                              {"granted", text_printf(x->arena, "%d", pool->granted)},
                              {"before", text_printf(x->arena, "%d", pool->left_before)},
                              {"after", text_printf(x->arena, "%d", pool->left_after)}};
    return (struct pool_line){pool->name, word_expand(x->arena, W_PRICE_POOL, args, COUNT(args))};
}

void price_of_quote(const struct exchange *x, const struct quote *quote, struct price_view *ret_view) {
    struct price_row *rows = arena_array(x->arena, struct price_row, (size_t)quote->line_count + 2);
    size_t count = (size_t)quote->line_count;
    struct yen total = {quote->total.n + quote->change_cost.fee.n};
    const struct care *care =
        quote->programme == NULL || quote->care < 0 ? NULL : &quote->programme->cares[quote->care];
    struct text unit = unit_of_care(care);
    struct fee_line late;
    struct pool_line *pools = arena_array(x->arena, struct pool_line, (size_t)quote->pool_count + 1);
    for (int32_t i = 0; i < quote->line_count; i++) {
        const struct fee_line *line = &quote->lines[i];
        rows[i] = row_of(x, line->name, (struct counted){line->units, unit, line->each}, line->amount);
    }
    if (quote_late_line(quote, &late)) {
        rows[count++] = row_of(x, late.name, (struct counted){0}, late.amount);
    }
    for (int32_t i = 0; i < quote->pool_count; i++) {
        pools[i] = pool_of(x, quote->programme, &quote->pools[i]);
    }
    *ret_view = (struct price_view){.rows = rows,
                                    .count = count,
                                    .total = page_yen(x->arena, total),
                                    .hint = quote_class_hint(x->arena, quote),
                                    .pools = pools,
                                    .pool_count = (size_t)quote->pool_count};
}

void price_of_booking(const struct exchange *x, const struct booking_detail *detail,
                      struct price_view *ret_view) {
    const struct booking_row *booking = &detail->booking;
    const struct programme *programme =
        x->call.city->rules == NULL ? NULL : programme_at(x->call.city->rules, booking->start);
    int32_t care = programme == NULL ? -1 : programme_care(programme, booking->care);
    struct text unit = unit_of_care(care < 0 ? NULL : &programme->cares[care]);
    struct price_row *rows = arena_array(x->arena, struct price_row, detail->line_count + 1);
    for (size_t i = 0; i < detail->line_count; i++) {
        const struct booking_line_row *line = &detail->lines[i];
        rows[i] = row_of(x, line->name, (struct counted){line->units, unit, line->each}, line->amount);
    }
    *ret_view = (struct price_view){
        .rows = rows, .count = detail->line_count, .total = page_yen(x->arena, booking->fee)};
}
