/* Pieces of the programme's rules as people read them: a moment, an age window, a price, what a late cancellation
 * costs. Every figure of the rule is in its words. Whole pages of them: web/resident/rules.h. */
#ifndef SANGO_WEB_RULES_WORDS_H
#define SANGO_WEB_RULES_WORDS_H

#include "core/programme.h"
#include "words/words.h"

/* "利用する日の2営業日前の17:00" */
struct text rules_moment(struct arena *arena, const struct moment *moment);
/* "…まで", "…より前まで"; not set: until the use begins. */
struct text rules_until(struct arena *arena, const struct moment *moment);
/* A word with one place for a figure. */
struct text rules_figure(struct arena *arena, enum word word, const char *place, int64_t n);

/* "生後4か月になる日の前の日まで", and from when, which day is looked at, corrected age, each on its line. */
struct text rules_age(struct arena *arena, const struct age_window *window);
/* "1泊", "1日", "1回": what one unit of this care is called. */
struct text rules_unit(const struct care *care, enum counting counting);
/* "日" or "回": what the units of this pool are called. */
struct text rules_pool_unit(const struct programme *programme, int32_t pool);
/* "宿泊、日帰り"; empty when the mask has them all. */
struct text rules_cares(struct arena *arena, const struct programme *programme, rows_mask cares);
struct text rules_classes(struct arena *arena, const struct programme *programme, rows_mask classes);

/* What is said of every household class: one sentence when it is the same for all of `mask`, else a line a class. */
struct rules_each {
    struct arena *arena;
    const struct programme *programme;
    rows_mask mask;
    struct text (*say)(const struct rules_each *each, int32_t row);
    const void *of; /* for `say` */
    struct text unit;
};
struct text rules_by_class(const struct rules_each *each);

/* Prices of a care or an addition, by class; `unit` is what one unit is called. */
struct text rules_prices(struct arena *arena, const struct programme *programme, const struct price *prices,
                         struct text unit);
/* Outcomes of a late cancellation or of not coming, by class. */
struct text rules_outcomes(struct arena *arena, const struct programme *programme,
                           const struct cancel_outcome *outcomes);
/* "（10円未満は切り捨て）"; nothing where nobody could tell the difference. */
struct text rules_rounding(struct arena *arena, enum rounding way, int64_t to);
/* Numbers by class and by how many infants, as in struct pool (`counts` is its first number): "7日（赤ちゃんが2人のときは
 * 14日）". */
struct text rules_counts(struct arena *arena, const struct programme *programme, const int32_t *counts,
                         struct text unit);

#endif
