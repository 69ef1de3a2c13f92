/* The day on which a window of age ends. */
#include "core/age.h"

enum { TERM_DAYS = 280, GESTATION_MIN = 140 };

/* The due date as told, or reckoned from birth and gestation. */
static struct day due_of(const struct child *child) {
    if (day_sane(child->due)) {
        return child->due;
    }
    if (day_sane(child->birth) && child->gestation_days >= GESTATION_MIN &&
        child->gestation_days < TERM_DAYS) {
        return day_add(child->birth, TERM_DAYS - child->gestation_days);
    }
    return DAY_NONE;
}

/* Gestation as told, or reckoned from birth and due date; 0 when unknown. */
static int32_t gestation_of(const struct child *child) {
    if (child->gestation_days > 0) {
        return child->gestation_days;
    }
    if (day_sane(child->birth) && day_sane(child->due)) {
        int32_t days = TERM_DAYS - day_diff(child->due, child->birth);
        return days >= GESTATION_MIN ? days : 0;
    }
    return 0;
}

struct day age_base(const struct age_window *window, const struct child *child) {
    struct day due = due_of(child);
    if (!day_sane(child->birth)) {
        return due;
    }
    int32_t gestation = gestation_of(child);
    bool early = gestation > 0 && gestation < window->corrected_below_days;
    bool light = child->weight_g > 0 && child->weight_g < window->corrected_below_weight_g;
    if ((early || light) && !day_is_none(due) && day_before(child->birth, due)) {
        return due;
    }
    return child->birth;
}

/* Last day of a period of `n` months from `base` (art. 143). */
static struct day months_end(struct day base, int32_t n) {
    struct day match = day_add_months(base, n);
    bool missing = day_ymd(match).day != day_ymd(base).day;
    return missing ? match : day_add(match, -1);
}

static struct day window_end(const struct age_window *window, struct day base) {
    struct day end;
    switch (window->unit) {
    case AGE_MONTHS:
        end = months_end(base, window->n);
        break;
    case AGE_WEEKS:
        end = day_add(base, 7 * window->n - 1);
        break;
    default:
        end = day_add(base, window->n - 1);
    }
    if (window->bound == AGE_UNDER) {
        return end;
    }
    end = day_add(end, 1);
    if (window->bound == AGE_MONTH_END) {
        /* Months are counted by the calendar: 31 October and four months is February, though it has no 31st. */
        struct ymd c = day_ymd(window->unit == AGE_MONTHS ? day_add_months(base, window->n) : end);
        c.day = month_length(c.year, c.month);
        end = day_of(c);
    }
    return end;
}

struct day age_first_day(const struct age_window *window, const struct child *child) {
    struct day from = day_sane(child->birth) ? child->birth : due_of(child);
    if (day_is_none(from) || !window->set) {
        return from;
    }
    from = day_add(from, window->from_days);
    if (window->from_months > 0) {
        from = day_max(from, day_add(months_end(age_base(window, child), window->from_months), 1));
    }
    return from;
}

struct day age_last_day(const struct age_window *window, const struct child *child) {
    struct day base = age_base(window, child);
    return !window->set || day_is_none(base) ? DAY_NONE : window_end(window, base);
}

/* After a loss the care's own window counts, or the one for a loss. */
static struct day loss_last_day(const struct care *care, struct day loss) {
    const struct age_window *window = care->loss_age.set ? &care->loss_age : &care->age;
    return day_sane(loss) && care->loss && window->set ? window_end(window, loss) : DAY_NONE;
}

struct day care_last_day(const struct care *care, const struct child *children, int32_t count,
                         struct day loss) {
    if (count <= 0) {
        return loss_last_day(care, loss);
    }
    struct day last = DAY_NONE;
    for (int32_t i = 0; i < count; i++) {
        struct day own = age_last_day(&care->age, &children[i]);
        if (!day_is_none(own) && (day_is_none(last) || day_before(own, last))) {
            last = own;
        }
    }
    return last;
}

bool age_months_complete(struct day birth, int32_t months, struct day day) {
    return day_sane(birth) && day_sane(day) && day_before(months_end(birth, months), day);
}
