#include "web/price.h"

#include "profile/answer.h"
#include "web/page_view.h"

static struct price_row row_of(const struct exchange *x, struct text name, int64_t units, struct yen each,
                               struct yen amount) {
    struct price_row row = {.name = name, .amount = page_yen(x->arena, amount)};
    if (units > 0) {
        struct word_arg args[] = {{"units", text_printf(x->arena, "%lld", (long long)units)},
                                  {"each", page_yen(x->arena, each)}};
        row.count = word_expand(x->arena, W_PRICE_COUNT, args, COUNT(args));
    }
    return row;
}

static struct pool_line pool_of(const struct exchange *x, const struct pool_change *pool) {
    struct word_arg args[] = {{"granted", text_printf(x->arena, "%d", pool->granted)},
                              {"before", text_printf(x->arena, "%d", pool->left_before)},
                              {"after", text_printf(x->arena, "%d", pool->left_after)}};
    return (struct pool_line){pool->name, word_expand(x->arena, W_PRICE_POOL, args, COUNT(args))};
}

void price_of_quote(const struct exchange *x, const struct quote *quote, struct price_view *ret_view) {
    struct price_row *rows = arena_array(x->arena, struct price_row, (size_t)quote->line_count + 2);
    size_t count = (size_t)quote->line_count;
    struct yen total = {quote->total.n + quote->change_cost.fee.n};
    struct fee_line late;
    struct pool_line *pools = arena_array(x->arena, struct pool_line, (size_t)quote->pool_count + 1);
    for (int32_t i = 0; i < quote->line_count; i++) {
        const struct fee_line *line = &quote->lines[i];
        rows[i] = row_of(x, line->name, line->units, line->each, line->amount);
    }
    if (quote_late_line(quote, &late)) {
        rows[count++] = row_of(x, late.name, 0, late.each, late.amount);
    }
    for (int32_t i = 0; i < quote->pool_count; i++) {
        pools[i] = pool_of(x, &quote->pools[i]);
    }
    *ret_view = (struct price_view){.rows = rows,
                                    .count = count,
                                    .total = page_yen(x->arena, total),
                                    .pools = pools,
                                    .pool_count = (size_t)quote->pool_count};
}

void price_of_booking(const struct exchange *x, const struct booking_detail *detail,
                      struct price_view *ret_view) {
    struct price_row *rows = arena_array(x->arena, struct price_row, detail->line_count + 1);
    for (size_t i = 0; i < detail->line_count; i++) {
        const struct booking_line_row *line = &detail->lines[i];
        rows[i] = row_of(x, line->name, line->units, line->each, line->amount);
    }
    *ret_view = (struct price_view){
        .rows = rows, .count = detail->line_count, .total = page_yen(x->arena, detail->booking.fee)};
}
