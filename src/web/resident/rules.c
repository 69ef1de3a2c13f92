#include "web/resident/rules.h"

#include "base/buf.h"
#include "web/page_view.h"
#include "web/resident/rules_part.h"

enum { ROWS_MAX = 40, SECTIONS_MAX = PROGRAMME_CARES_MAX + 12 };

void rules_section(struct rules *r, struct text title) {
    r->rows = arena_array(r->arena, struct summary_row, ROWS_MAX);
    r->sections[r->count++] = (struct rules_section){.title = title, .rows = {.rows = r->rows}};
}

void rules_line(struct rules *r, struct text line) {
    r->sections[r->count - 1].line = line;
}

void rules_row(struct rules *r, struct text label, struct text value) {
    struct summary_view *rows = &r->sections[r->count - 1].rows;
    if (value.n > 0 && rows->count < ROWS_MAX) {
        r->rows[rows->count++] = (struct summary_row){.label = label, .value = value};
    }
}

static struct text number(struct rules *r, int64_t n) {
    return num_grouped(r->arena, n);
}

static struct text lines_of(struct rules *r, const struct code_name *names, int32_t count) {
    struct buf buf;
    buf_init(&buf, r->arena);
    for (int32_t i = 0; i < count; i++) {
        buf_putz(&buf, i > 0 ? "\n・" : "・");
        buf_put(&buf, names[i].name);
    }
    return buf_text(&buf);
}

/* ---- whom it is for ---- */

static void put_classes(struct rules *r) {
    const struct programme *p = r->programme;
    struct code_name names[PROGRAMME_CLASSES_MAX];
    for (int32_t i = 0; i < p->class_count; i++) {
        names[i] = (struct code_name){p->classes[i].code, p->classes[i].name};
    }
    rules_section(r, word_text(W_RULES_CLASSES));
    rules_row(r, word_text(W_RULES_CLASS_LIST), lines_of(r, names, p->class_count));
    struct word_arg args[] = {{"class", p->class_default < 0 ? TEXT("") : names[p->class_default].name}};
    rules_row(r, word_text(W_RULES_CLASS_DEFAULT),
              p->class_default < 0 ? word_text(W_RULES_CLASS_NONE)
                                   : word_expand(r->arena, W_RULES_CLASS_PAYS, args, 1));
    if (p->class_month > 0) {
        rules_row(r, word_text(W_RULES_CLASS_YEAR),
                  rules_figure(r->arena, W_RULES_CLASS_MONTH, "month", p->class_month));
    }
    rules_row(r, word_text(W_RULES_MOVING),
              word_text(p->moving_day_excluded ? W_RULES_MOVING_BEFORE : W_RULES_MOVING_DAY));
}

/* ---- booking ---- */

static struct text acceptance(struct rules *r) {
    const struct acceptance *a = &r->programme->acceptance;
    if (a->mode == ACCEPT_AT_ONCE) {
        return word_text(W_RULES_ACCEPT_ONCE);
    }
    struct word_arg clock[] = {{"days", number(r, a->days)}, {"clock", page_clock(r->arena, a->minute)}};
    enum word by = a->business ? W_RULES_ACCEPT_BUSINESS : W_RULES_ACCEPT_CLOCK;
    struct text first = a->by == ANSWER_WITHIN_HOURS
                            ? rules_figure(r->arena, W_RULES_ACCEPT_HOURS, "hours", a->hours)
                            : word_expand(r->arena, by, clock, 2);
    struct text limit = a->limit_hours == 0
                            ? TEXT("")
                            : rules_figure(r->arena, W_RULES_ACCEPT_LIMIT, "hours", a->limit_hours);
    struct text then = word_text(a->lapse_accepts ? W_RULES_LAPSE_ACCEPT : W_RULES_LAPSE_DECLINE);
    return text_printf(r->arena, "%.*s。\n%.*s%.*s", TEXT_F(first), TEXT_F(limit), TEXT_F(then));
}

static void put_booking(struct rules *r) {
    const struct programme *p = r->programme;
    rules_section(r, word_text(W_RULES_BOOKING));
    rules_row(r, word_text(W_RULES_DEADLINE), rules_until(r->arena, &p->deadline));
    if (p->horizon_days > 0) {
        rules_row(r, word_text(W_RULES_HORIZON),
                  rules_figure(r->arena, W_RULES_HORIZON_LINE, "days", p->horizon_days));
    }
    if (p->opens.set) {
        struct word_arg args[] = {{"moment", rules_moment(r->arena, &p->opens)}};
        rules_row(r, word_text(W_RULES_HORIZON), word_expand(r->arena, W_RULES_FROM, args, 1));
    }
    if (p->horizon_days == 0 && !p->opens.set) {
        rules_row(r, word_text(W_RULES_HORIZON), word_text(W_RULES_NO_HORIZON));
    }
    if (p->open_limit > 0) {
        rules_row(r, word_text(W_RULES_OPEN_LIMIT),
                  rules_figure(r->arena, W_RULES_OPEN_LIMIT_LINE, "n", p->open_limit));
    }
    rules_row(r, word_text(W_RULES_ACCEPTANCE), acceptance(r));
}

/* ---- giving back ---- */

static struct text step_label(struct rules *r, const struct cancel_step *step) {
    struct word_arg args[] = {{"moment", rules_moment(r->arena, &step->at)}};
    struct text label =
        word_expand(r->arena, step->at.from ? W_RULES_FROM : W_RULES_CANCEL_LATE, args, COUNT(args));
    struct text cares = rules_cares(r->arena, r->programme, step->cares);
    return cares.n == 0 ? label : text_printf(r->arena, "%.*s（%.*s）", TEXT_F(label), TEXT_F(cares));
}

/* Free until the first step; cares with other steps have their own line. */
static struct text free_until(struct rules *r) {
    const struct programme *p = r->programme;
    rows_mask told = 0;
    struct buf buf;
    buf_init(&buf, r->arena);
    for (int32_t i = 0; i < p->cancel_count; i++) {
        rows_mask fresh = p->cancel[i].cares & ~told & ((1U << p->care_count) - 1);
        told |= p->cancel[i].cares;
        struct text names = rules_cares(r->arena, p, fresh);
        if (fresh != 0) {
            buf_printf(&buf, "%s%.*s%s%.*s", buf.n > 0 ? "\n" : "", TEXT_F(names), names.n > 0 ? "：" : "",
                       TEXT_F(rules_until(r->arena, &p->cancel[i].at)));
        }
    }
    return buf.n == 0 ? word_text(W_RULES_NO_DEADLINE) : buf_text(&buf);
}

static void put_no_show(struct rules *r) {
    const struct programme *p = r->programme;
    rows_mask told = 0;
    for (int32_t i = 0; i < p->care_count; i++) {
        struct text own = rules_outcomes(r->arena, p, p->no_show[i]);
        rows_mask same = 0;
        for (int32_t k = 0; k < p->care_count; k++) {
            same |= text_eq(own, rules_outcomes(r->arena, p, p->no_show[k])) ? 1U << k : 0;
        }
        if ((told >> i & 1) == 0) {
            struct text cares = rules_cares(r->arena, p, same);
            struct text label = word_text(W_RULES_NO_SHOW);
            rules_row(
                r, cares.n == 0 ? label : text_printf(r->arena, "%.*s（%.*s）", TEXT_F(label), TEXT_F(cares)),
                own);
        }
        told |= same;
    }
}

static void put_cancel(struct rules *r) {
    const struct programme *p = r->programme;
    rules_section(r, word_text(W_RULES_CANCEL));
    rules_row(r, word_text(W_RULES_CANCEL_FREE), free_until(r));
    rules_row(
        r, word_text(W_RULES_CANCEL_REQUESTED),
        word_text(p->cancel_requested_free ? W_RULES_CANCEL_REQUESTED_LINE : W_RULES_CANCEL_REQUESTED_SAME));
    for (int32_t i = 0; i < p->cancel_count; i++) {
        rules_row(r, step_label(r, &p->cancel[i]), rules_outcomes(r->arena, p, p->cancel[i].outcome));
    }
    put_no_show(r);
    rules_row(r, word_text(W_RULES_CANCEL_OURS), word_text(W_RULES_CANCEL_OURS_LINE));
}

/* ---- waiting, registration ---- */

static struct text wait_order(struct rules *r) {
    const struct wait_rules *wait = &r->programme->wait;
    static const enum word orders[WAIT_ORDER__MAX] = {
        [WAIT_FIRST_COME] = W_RULES_ORDER_0, [WAIT_NEED] = W_RULES_ORDER_1, [WAIT_DRAW] = W_RULES_ORDER_2};
    if (wait->order != WAIT_NEED) {
        return word_text(orders[wait->order]);
    }
    struct word_arg args[] = {{"score", number(r, wait->need_weight_score)},
                              {"unused", number(r, wait->need_weight_unused)},
                              {"urgent", number(r, wait->need_weight_urgent)}};
    return word_expand(r->arena, W_RULES_ORDER_1, args, COUNT(args));
}

static void put_wait(struct rules *r) {
    const struct wait_rules *wait = &r->programme->wait;
    struct word_arg args[] = {{"day", number(r, wait->offer_hours_day)},
                              {"night", number(r, wait->offer_hours_night)},
                              {"from", page_clock(r->arena, wait->night_from)},
                              {"to", page_clock(r->arena, wait->night_to)},
                              {"limit", number(r, wait->limit_hours)}};
    rules_section(r, word_text(W_RULES_WAIT));
    rules_row(r, word_text(W_RULES_OFFER), word_expand(r->arena, W_RULES_OFFER_LINE, args, COUNT(args)));
    rules_row(r, word_text(W_RULES_ORDER), wait_order(r));
}

static struct text registration_from_words(struct rules *r, const struct registration_rules *rules) {
    if (rules->from_months > 0) {
        return rules_figure(r->arena,
                            rules->before_birth ? W_RULES_FROM_MONTHS_LINE : W_RULES_FROM_MONTHS_AFTER, "n",
                            rules->from_months);
    }
    if (rules->from_week > 0) {
        return rules_figure(r->arena, rules->before_birth ? W_RULES_FROM_WEEK_LINE : W_RULES_FROM_WEEK_AFTER,
                            "n", rules->from_week);
    }
    return word_text(rules->before_birth ? W_RULES_FROM_ANY : W_RULES_FROM_BIRTH);
}

static void put_registration(struct rules *r) {
    const struct programme *p = r->programme;
    const struct registration_rules *rules = &p->registration;
    struct buf buf;
    buf_init(&buf, r->arena);
    for (int32_t i = 0; i < p->consent_count; i++) {
        buf_printf(&buf, "%s%.*s%.*s", i > 0 ? "\n・" : "・", TEXT_F(p->consents[i].name),
                   TEXT_F(p->consents[i].required ? TEXT("") : word_text(W_RULES_CONSENT_FREE)));
    }
    rules_section(r, word_text(W_RULES_REGISTRATION));
    rules_row(r, word_text(W_RULES_FROM_WEEK), registration_from_words(r, rules));
    rules_row(r, word_text(W_RULES_APPROVAL),
              word_text(rules->grant_before_birth ? W_RULES_APPROVAL_BEFORE : W_RULES_APPROVAL_AFTER));
    rules_row(r, word_text(W_RULES_CONSENTS), buf_text(&buf));
    rules_row(r, word_text(W_RULES_EXCLUSIONS), lines_of(r, p->exclusions, p->exclusion_count));
}

/* ---- business days ---- */

static void put_calendar(struct rules *r) {
    struct buf buf;
    size_t shown = 0;
    bool national = false;
    buf_init(&buf, r->arena);
    for (size_t i = 0; i < r->calendar->count; i++) {
        struct day day = r->calendar->holidays[i];
        struct ymd ymd = day_ymd(day);
        if (calendar_is_national(r->calendar, day)) {
            national = true;
        } else if (!day_before(day, r->programme->valid_from)) { /* what was before, these rules never saw */
            buf_printf(&buf, "%s%d年%d月%d日", shown++ > 0 ? "、" : "", ymd.year, ymd.month, ymd.day);
        }
    }
    rules_section(r, word_text(W_RULES_CALENDAR));
    rules_row(r, word_text(W_RULES_CLOSED_WEEK),
              word_text(national ? W_RULES_CLOSED_NATIONAL : W_RULES_CLOSED_WEEKENDS));
    rules_row(r, word_text(W_RULES_CLOSED_YEAR_END),
              word_text(r->calendar->year_end ? W_RULES_CLOSED_YEAR_END_LINE : W_RULES_CLOSED_YEAR_END_NOT));
    rules_row(r, word_text(W_RULES_CLOSED_OWN), buf_text(&buf));
}

void rules_fill(struct arena *arena, const struct programme *programme, const struct calendar *calendar,
                struct rules_view *ret_view) {
    struct rules r = {.arena = arena,
                      .programme = programme,
                      .calendar = calendar,
                      .sections = arena_array(arena, struct rules_section, SECTIONS_MAX)};
    rules_put_cares(&r);
    put_classes(&r);
    rules_put_money(&r);
    put_booking(&r);
    put_cancel(&r);
    put_wait(&r);
    put_registration(&r);
    put_calendar(&r);
    *ret_view = (struct rules_view){.name = programme->name,
                                    .source = programme->source,
                                    .valid_from = programme->valid_from,
                                    .sections = r.sections,
                                    .count = r.count};
}
