#include "web/rules_words.h"

#include "base/buf.h"

static struct text number(struct arena *arena, int64_t n) {
    return num_grouped(arena, n);
}

static struct text clock_words(struct arena *arena, int32_t minute) {
    return text_printf(arena, "%d:%02d", minute / 60, minute % 60);
}

struct text rules_figure(struct arena *arena, enum word word, const char *place, int64_t n) {
    struct word_arg args[] = {{place, number(arena, n)}};
    return word_expand(arena, word, args, 1);
}

/* ---- moments ---- */

static struct text week_moment(struct arena *arena, const struct moment *m) {
    static const enum word weekdays[] = {W_RULES_WEEKDAY_0, W_RULES_WEEKDAY_1, W_RULES_WEEKDAY_2,
                                         W_RULES_WEEKDAY_3, W_RULES_WEEKDAY_4, W_RULES_WEEKDAY_5,
                                         W_RULES_WEEKDAY_6};
    struct word_arg args[] = {{"weekday", word_text(weekdays[m->pick])},
                              {"clock", clock_words(arena, m->minute)},
                              {"n", number(arena, m->days)}};
    return m->days == 0 ? word_expand(arena, W_RULES_MOMENT_THIS_WEEK, args, 2)
                        : word_expand(arena, W_RULES_MOMENT_WEEK, args, 3);
}

static struct text month_moment(struct arena *arena, const struct moment *m) {
    struct word_arg args[] = {{"day", number(arena, m->pick)},
                              {"clock", clock_words(arena, m->minute)},
                              {"n", number(arena, m->days)}};
    if (m->pick == 0) {
        return m->days == 0 ? word_expand(arena, W_RULES_MOMENT_SAME, &args[1], 1)
                            : word_expand(arena, W_RULES_MOMENT_MONTH_SAME, &args[1], 2);
    }
    return m->days == 0 ? word_expand(arena, W_RULES_MOMENT_THIS_MONTH, args, 2)
                        : word_expand(arena, W_RULES_MOMENT_MONTH, args, 3);
}

static struct text day_moment(struct arena *arena, const struct moment *m) {
    struct word_arg args[] = {{"clock", clock_words(arena, m->minute)},
                              {"days", number(arena, m->days < 0 ? -m->days : m->days)}};
    if (m->days == 0) {
        return word_expand(arena, W_RULES_MOMENT_SAME, args, 1);
    }
    if (m->days < 0) {
        return word_expand(arena, m->business ? W_RULES_MOMENT_BUSINESS_AFTER : W_RULES_MOMENT_AFTER, args,
                           2);
    }
    return word_expand(arena, m->business ? W_RULES_MOMENT_BUSINESS : W_RULES_MOMENT_DAYS, args, 2);
}

struct text rules_moment(struct arena *arena, const struct moment *m) {
    struct text when = m->unit == MOMENT_WEEKS    ? week_moment(arena, m)
                       : m->unit == MOMENT_MONTHS ? month_moment(arena, m)
                                                  : day_moment(arena, m);
    struct text shift = word_text(W_RULES_MOMENT_SHIFT);
    return m->shift == MOMENT_EARLIER ? text_join(arena, when, shift) : when;
}

struct text rules_until(struct arena *arena, const struct moment *m) {
    if (!m->set) {
        return word_text(W_RULES_NO_DEADLINE);
    }
    struct word_arg args[] = {{"moment", rules_moment(arena, m)}};
    return word_expand(arena, m->from ? W_RULES_BEFORE : W_RULES_UNTIL, args, 1);
}

/* ---- ages ---- */

static void put_line(struct buf *buf, struct text line) {
    buf_putz(buf, buf->n > 0 && line.n > 0 ? "\n" : "");
    buf_put(buf, line);
}

static void put_corrected(struct buf *buf, struct arena *arena, const struct age_window *window) {
    if (window->corrected_below_days > 0) {
        struct word_arg args[] = {{"weeks", number(arena, window->corrected_below_days / 7)},
                                  {"days", number(arena, window->corrected_below_days % 7)},
                                  {"all", number(arena, window->corrected_below_days)}};
        put_line(buf, word_expand(arena, W_RULES_AGE_EARLY, args, COUNT(args)));
    }
    if (window->corrected_below_weight_g > 0) {
        put_line(buf, rules_figure(arena, W_RULES_AGE_LIGHT, "g", window->corrected_below_weight_g));
    }
}

struct text rules_age(struct arena *arena, const struct age_window *window) {
    static const enum word bounds[AGE_BOUND__MAX] = {[AGE_UNDER] = W_RULES_AGE_UNDER,
                                                     [AGE_THROUGH] = W_RULES_AGE_THROUGH,
                                                     [AGE_MONTH_END] = W_RULES_AGE_MONTH_END};
    static const enum word units[AGE__MAX] = {
        [AGE_MONTHS] = W_RULES_UNIT_0, [AGE_WEEKS] = W_RULES_UNIT_1, [AGE_DAYS] = W_RULES_UNIT_2};
    static const enum word tests[AGE_TEST__MAX] = {[AGE_EVERY_DAY] = W_RULES_AGE_EVERY_DAY,
                                                   [AGE_FIRST_DAY] = W_RULES_AGE_FIRST_DAY,
                                                   [AGE_LAST_DAY] = W_RULES_AGE_LAST_DAY};
    if (!window->set) {
        return word_text(W_RULES_NO_AGE);
    }
    struct buf buf;
    buf_init(&buf, arena);
    struct word_arg args[] = {{"n", number(arena, window->n)}, {"unit", word_text(units[window->unit])}};
    put_line(&buf, word_expand(arena, bounds[window->bound], args, 2));
    if (window->from_days > 0) {
        put_line(&buf, rules_figure(arena, W_RULES_AGE_FROM_DAYS, "n", window->from_days));
    }
    if (window->from_months > 0) {
        put_line(&buf, rules_figure(arena, W_RULES_AGE_FROM_MONTHS, "n", window->from_months));
    }
    put_line(&buf, word_text(tests[window->test]));
    put_corrected(&buf, arena, window);
    return buf_text(&buf);
}

/* ---- names and units ---- */

struct text rules_unit(const struct care *care, enum counting counting) {
    if (counting == COUNT_HOURS) {
        return word_text(W_RULES_PER_HOUR);
    }
    bool visit = care->kind == CARE_VISIT || counting == COUNT_USE;
    bool night = care->kind == CARE_STAY && counting == COUNT_NIGHTS;
    return word_text(visit ? W_RULES_PER_USE : night ? W_RULES_PER_NIGHT : W_RULES_PER_DAY);
}

struct text rules_pool_unit(const struct programme *programme, int32_t pool) {
    bool visits = true;
    bool hours = true;
    for (int32_t i = 0; i < programme->care_count; i++) {
        const struct care *care = &programme->cares[i];
        for (int32_t k = 0; k < care->pool_count; k++) {
            visits = visits && (care->pools[k] != pool || care->kind == CARE_VISIT);
            hours = hours && (care->pools[k] != pool || care->quota == COUNT_HOURS);
        }
    }
    return word_text(hours ? W_PRICE_UNIT_HOURS : visits ? W_PRICE_UNIT_VISITS : W_PRICE_UNIT_DAYS);
}

static void put_name(struct buf *buf, struct text name) {
    buf_putz(buf, buf->n > 0 ? "、" : "");
    buf_put(buf, name);
}

struct text rules_cares(struct arena *arena, const struct programme *programme, rows_mask cares) {
    rows_mask all = (1U << programme->care_count) - 1;
    struct buf buf;
    buf_init(&buf, arena);
    for (int32_t i = 0; i < programme->care_count && (cares & all) != all; i++) {
        if ((cares >> i & 1) != 0) {
            put_name(&buf, programme->cares[i].name);
        }
    }
    return buf_text(&buf);
}

struct text rules_classes(struct arena *arena, const struct programme *programme, rows_mask classes) {
    rows_mask all = (1U << programme->class_count) - 1;
    struct buf buf;
    buf_init(&buf, arena);
    for (int32_t i = 0; i < programme->class_count && (classes & all) != all; i++) {
        if ((classes >> i & 1) != 0) {
            put_name(&buf, programme->classes[i].name);
        }
    }
    return buf_text(&buf);
}

struct text rules_by_class(const struct rules_each *each) {
    struct text first = TEXT("");
    bool same = true;
    struct buf buf;
    buf_init(&buf, each->arena);
    for (int32_t i = 0; i < each->programme->class_count; i++) {
        if ((each->mask >> i & 1) == 0) {
            continue;
        }
        struct text own = each->say(each, i);
        same = same && (buf.n == 0 || text_eq(own, first));
        first = own;
        struct text name = each->programme->classes[i].name;
        put_line(&buf, text_printf(each->arena, "%.*s：%.*s", TEXT_F(name), TEXT_F(own)));
    }
    return same ? first : buf_text(&buf);
}

/* ---- counts by class and infants ---- */

static struct text say_counts(const struct rules_each *each, int32_t row) {
    const int32_t *own = (const int32_t *)each->of + (size_t)row * INFANTS_MAX;
    struct buf buf;
    buf_init(&buf, each->arena);
    buf_printf(&buf, "%.*s%.*s", TEXT_F(number(each->arena, own[0])), TEXT_F(each->unit));
    for (int i = 1; i < INFANTS_MAX; i++) {
        if (own[i] != own[i - 1]) {
            bool rest = true;
            for (int k = i + 1; k < INFANTS_MAX; k++) {
                rest = rest && own[k] == own[i];
            }
            struct word_arg args[] = {{"infants", number(each->arena, i + 1)},
                                      {"n", number(each->arena, own[i])},
                                      {"unit", each->unit}};
            buf_put(&buf, word_expand(each->arena, rest ? W_RULES_COUNT_FROM : W_RULES_COUNT_AT, args, 3));
        }
    }
    return buf_text(&buf);
}

struct text rules_counts(struct arena *arena, const struct programme *programme, const int32_t *counts,
                         struct text unit) {
    struct rules_each each = {.arena = arena,
                              .programme = programme,
                              .mask = UINT32_MAX,
                              .say = say_counts,
                              .of = counts,
                              .unit = unit};
    return rules_by_class(&each);
}
