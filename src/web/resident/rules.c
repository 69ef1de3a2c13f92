#include "web/resident/rules.h"

#include "base/buf.h"
#include "web/page_view.h"
#include "web/resident/vacancy.h"

enum { ROWS_MAX = 16, SECTIONS_MAX = PROGRAMME_CARES_MAX + 8 };

struct rules {
    struct exchange *x;
    struct arena *arena;
    const struct programme *programme;
    struct rules_section *sections;
    size_t count;
    struct summary_row *rows; /* of the section being written */
};

static void section(struct rules *r, struct text title) {
    r->rows = arena_array(r->arena, struct summary_row, ROWS_MAX);
    r->sections[r->count++] = (struct rules_section){.title = title, .rows = {.rows = r->rows}};
}

static void row(struct rules *r, struct text label, struct text value) {
    struct summary_view *rows = &r->sections[r->count - 1].rows;
    if (value.n > 0 && rows->count < ROWS_MAX) {
        r->rows[rows->count++] = (struct summary_row){.label = label, .value = value};
    }
}

static struct text number(struct rules *r, int64_t n) {
    return num_grouped(r->arena, n);
}

/* A word with one place for a figure. */
static struct text figure(struct rules *r, enum word word, const char *place, int64_t n) {
    struct word_arg args[] = {{place, number(r, n)}};
    return word_expand(r->arena, word, args, 1);
}

static struct text moment(struct rules *r, const struct moment *m) {
    struct word_arg args[] = {{"clock", page_clock(r->arena, m->minute)}, {"days", number(r, m->days)}};
    if (m->unit == MOMENT_WEEKS) {
        static const enum word weekdays[] = {W_RULES_WEEKDAY_0, W_RULES_WEEKDAY_1, W_RULES_WEEKDAY_2,
                                             W_RULES_WEEKDAY_3, W_RULES_WEEKDAY_4, W_RULES_WEEKDAY_5,
                                             W_RULES_WEEKDAY_6};
        struct word_arg week[] = {args[0], {"n", args[1].value}, {"weekday", word_text(weekdays[m->pick])}};
        return word_expand(r->arena, W_RULES_MOMENT_WEEK, week, COUNT(week));
    }
    if (m->unit == MOMENT_MONTHS) {
        struct word_arg month[] = {args[0], {"n", args[1].value}, {"day", number(r, m->pick)}};
        return word_expand(r->arena, W_RULES_MOMENT_MONTH, month, COUNT(month));
    }
    if (m->days == 0) {
        return word_expand(r->arena, W_RULES_MOMENT_SAME, args, 1);
    }
    return word_expand(r->arena, m->business ? W_RULES_MOMENT_BUSINESS : W_RULES_MOMENT_DAYS, args, 2);
}

static struct text until(struct rules *r, const struct moment *m) {
    if (!m->set) {
        return word_text(W_RULES_NO_DEADLINE);
    }
    struct word_arg args[] = {{"moment", moment(r, m)}};
    return word_expand(r->arena, W_RULES_UNTIL, args, 1);
}

/* ---- cares ---- */

static struct text age(struct rules *r, const struct age_window *window) {
    static const enum word bounds[AGE_BOUND__MAX] = {[AGE_UNDER] = W_RULES_AGE_UNDER,
                                                     [AGE_THROUGH] = W_RULES_AGE_THROUGH,
                                                     [AGE_MONTH_END] = W_RULES_AGE_MONTH_END};
    static const enum word units[AGE__MAX] = {
        [AGE_MONTHS] = W_RULES_UNIT_0, [AGE_WEEKS] = W_RULES_UNIT_1, [AGE_DAYS] = W_RULES_UNIT_2};
    if (!window->set) {
        return word_text(W_RULES_NO_AGE);
    }
    struct word_arg args[] = {{"n", number(r, window->n)}, {"unit", word_text(units[window->unit])}};
    return word_expand(r->arena, bounds[window->bound], args, 2);
}

static struct text nights(struct rules *r, const struct care *care) {
    struct word_arg args[] = {{"min", number(r, care->min_nights > 0 ? care->min_nights : 1)},
                              {"max", number(r, care->max_nights)}};
    if (care->kind != CARE_STAY || (care->min_nights <= 1 && care->max_nights == 0)) {
        return TEXT("");
    }
    return care->max_nights == 0 ? word_expand(r->arena, W_RULES_NIGHTS_FROM, args, 1)
                                 : word_expand(r->arena, W_RULES_NIGHTS_RANGE, args, 2);
}

static void write_cares(struct rules *r) {
    for (int32_t i = 0; i < r->programme->care_count; i++) {
        const struct care *care = &r->programme->cares[i];
        struct care_ask ask = {.programme = r->programme, .care = care};
        section(r, care->name);
        row(r, word_text(W_RULES_NOTE), care->note);
        row(r, word_text(W_RULES_HOURS), vacancy_hours(r->x, care));
        row(r, word_text(W_RULES_PRICE), vacancy_price(r->x, &ask, NULL));
        row(r, word_text(W_RULES_AGE), age(r, &care->age));
        row(r, word_text(W_RULES_NIGHTS), nights(r, care));
    }
}

/* ---- days and money ---- */

static struct text lines_of(struct rules *r, const struct code_name *names, int32_t count) {
    struct buf buf;
    buf_init(&buf, r->arena);
    for (int32_t i = 0; i < count; i++) {
        buf_putz(&buf, i > 0 ? "\n・" : "・");
        buf_put(&buf, names[i].name);
    }
    return buf_text(&buf);
}

static struct text pool_line(struct rules *r, const struct pool *pool) {
    int32_t one = pool->units[0][0];
    struct word_arg args[] = {
        {"pool", pool->name}, {"n", number(r, one)}, {"infants", TEXT("")}, {"more", TEXT("")}};
    for (int i = 1; i < INFANTS_MAX; i++) {
        if (pool->units[0][i] != one) {
            args[2].value = number(r, i + 1);
            args[3].value = number(r, pool->units[0][i]);
            return word_expand(r->arena, W_RULES_DAYS_MORE, args, 4);
        }
    }
    return word_expand(r->arena, W_RULES_DAYS_LINE, args, 2);
}

static void write_days(struct rules *r) {
    const struct programme *p = r->programme;
    section(r, word_text(W_RULES_DAYS));
    for (int32_t i = 0; i < p->pool_count; i++) {
        row(r, p->pools[i].name, pool_line(r, &p->pools[i]));
    }
    if (p->addition_count + p->reduction_count == 0) {
        return;
    }
    section(r, word_text(W_RULES_MONEY));
    for (int32_t i = 0; i < p->addition_count; i++) {
        row(r, p->additions[i].name, page_yen(r->arena, p->additions[i].prices[0].each));
    }
    for (int32_t i = 0; i < p->reduction_count; i++) {
        const struct reduction *reduction = &p->reductions[i];
        row(r, reduction->name,
            reduction->percent > 0
                ? text_printf(r->arena, "−%d%%", reduction->percent)
                : text_printf(r->arena, "−%.*s", TEXT_F(page_yen(r->arena, reduction->amount[0]))));
    }
}

/* ---- booking and giving back ---- */

static struct text acceptance(struct rules *r) {
    const struct acceptance *a = &r->programme->acceptance;
    if (a->mode == ACCEPT_AT_ONCE) {
        return word_text(W_RULES_ACCEPT_ONCE);
    }
    struct word_arg clock[] = {{"days", number(r, a->days)}, {"clock", page_clock(r->arena, a->minute)}};
    struct text first = a->by == ANSWER_WITHIN_HOURS ? figure(r, W_RULES_ACCEPT_HOURS, "hours", a->hours)
                                                     : word_expand(r->arena, W_RULES_ACCEPT_CLOCK, clock, 2);
    struct text then = word_text(a->lapse_accepts ? W_RULES_LAPSE_ACCEPT : W_RULES_LAPSE_DECLINE);
    return text_printf(r->arena, "%.*s。\n%.*s", TEXT_F(first), TEXT_F(then));
}

static void write_booking(struct rules *r) {
    const struct programme *p = r->programme;
    section(r, word_text(W_RULES_BOOKING));
    row(r, word_text(W_RULES_DEADLINE), until(r, &p->deadline));
    if (p->horizon_days > 0) {
        row(r, word_text(W_RULES_HORIZON), figure(r, W_RULES_HORIZON_LINE, "days", p->horizon_days));
    }
    if (p->opens.set) {
        struct word_arg args[] = {{"moment", moment(r, &p->opens)}};
        row(r, word_text(W_RULES_HORIZON), word_expand(r->arena, W_RULES_FROM, args, 1));
    }
    if (p->open_limit > 0) {
        row(r, word_text(W_RULES_OPEN_LIMIT), figure(r, W_RULES_OPEN_LIMIT_LINE, "n", p->open_limit));
    }
    row(r, word_text(W_RULES_ACCEPTANCE), acceptance(r));
}

static struct text outcome(struct rules *r, const struct cancel_outcome *o) {
    struct text fee = word_text(W_RULES_FEE_FREE);
    if (o->fee == CANCEL_PERCENT) {
        fee = figure(r, W_RULES_FEE_PERCENT, "n", o->percent);
    } else if (o->fee == CANCEL_YEN) {
        struct word_arg args[] = {{"yen", page_yen(r->arena, o->yen)}};
        fee = word_expand(r->arena, W_RULES_FEE_YEN, args, 1);
    }
    return text_printf(r->arena, "%.*s。%.*s。", TEXT_F(fee),
                       TEXT_F(word_text(o->units ? W_RULES_UNITS_USED : W_RULES_UNITS_KEPT)));
}

/* One sentence when it is the same for all, else one a class. */
static struct text outcomes(struct rules *r, const struct cancel_outcome *all) {
    struct text first = outcome(r, &all[0]);
    bool same = true;
    struct buf buf;
    buf_init(&buf, r->arena);
    for (int32_t i = 0; i < r->programme->class_count; i++) {
        struct text own = outcome(r, &all[i]);
        same = same && text_eq(own, first);
        buf_printf(&buf, "%s%.*s：%.*s", i > 0 ? "\n" : "", TEXT_F(r->programme->classes[i].name),
                   TEXT_F(own));
    }
    return same ? first : buf_text(&buf);
}

static void write_cancel(struct rules *r) {
    const struct programme *p = r->programme;
    section(r, word_text(W_RULES_CANCEL));
    if (p->cancel_count == 0) {
        row(r, word_text(W_RULES_CANCEL_FREE), word_text(W_RULES_NO_DEADLINE));
    } else {
        row(r, word_text(W_RULES_CANCEL_FREE), until(r, &p->cancel[0].at));
    }
    if (p->cancel_requested_free) {
        row(r, word_text(W_RULES_CANCEL_REQUESTED), word_text(W_RULES_CANCEL_REQUESTED_LINE));
    }
    for (int32_t i = 0; i < p->cancel_count; i++) {
        struct word_arg args[] = {{"moment", moment(r, &p->cancel[i].at)}};
        row(r, word_expand(r->arena, W_RULES_CANCEL_LATE, args, 1), outcomes(r, p->cancel[i].outcome));
    }
    for (int32_t i = 0; i < p->care_count; i++) {
        struct text told = outcomes(r, p->no_show[i]);
        if (i == 0 || !text_eq(told, outcomes(r, p->no_show[i - 1]))) {
            row(r, word_text(W_RULES_NO_SHOW), told);
        }
    }
}

static void write_wait(struct rules *r) {
    static const enum word orders[WAIT_ORDER__MAX] = {
        [WAIT_FIRST_COME] = W_RULES_ORDER_0, [WAIT_NEED] = W_RULES_ORDER_1, [WAIT_DRAW] = W_RULES_ORDER_2};
    const struct wait_rules *wait = &r->programme->wait;
    struct word_arg args[] = {{"day", number(r, wait->offer_hours_day)},
                              {"night", number(r, wait->offer_hours_night)}};
    section(r, word_text(W_RULES_WAIT));
    row(r, word_text(W_RULES_OFFER), word_expand(r->arena, W_RULES_OFFER_LINE, args, 2));
    row(r, word_text(W_RULES_ORDER), word_text(orders[wait->order]));
}

static void write_registration(struct rules *r) {
    const struct programme *p = r->programme;
    struct code_name consents[PROGRAMME_CONSENTS_MAX];
    for (int32_t i = 0; i < p->consent_count; i++) {
        consents[i] = (struct code_name){p->consents[i].code, p->consents[i].name};
    }
    section(r, word_text(W_RULES_REGISTRATION));
    if (p->registration.from_week > 0) {
        row(r, word_text(W_RULES_FROM_WEEK),
            figure(r, W_RULES_FROM_WEEK_LINE, "n", p->registration.from_week));
    }
    row(r, word_text(W_RULES_CONSENTS), lines_of(r, consents, p->consent_count));
    row(r, word_text(W_RULES_EXCLUSIONS), lines_of(r, p->exclusions, p->exclusion_count));
}

void rules_fill(struct exchange *x, const struct programme *programme, struct rules_view *ret_view) {
    struct rules r = {.x = x,
                      .arena = x->arena,
                      .programme = programme,
                      .sections = arena_array(x->arena, struct rules_section, SECTIONS_MAX)};
    write_cares(&r);
    write_days(&r);
    write_booking(&r);
    write_cancel(&r);
    write_wait(&r);
    write_registration(&r);
    *ret_view = (struct rules_view){
        .name = programme->name, .source = programme->source, .sections = r.sections, .count = r.count};
}
