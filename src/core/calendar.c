/* Business days and moments. Every loop is bounded, every day checked before it is used in arithmetic. */
#include "core/calendar.h"

enum {
    BUSINESS_STEPS_MAX = 366,
    DAY_SANE_FIRST = -25567,
    DAY_SANE_LAST = 84371
}; /* 1900-01-01 … 2200-12-31 */

bool day_sane(struct day day) {
    return day.n >= DAY_SANE_FIRST && day.n <= DAY_SANE_LAST;
}

static bool year_end(struct day day) {
    struct ymd c = day_ymd(day);
    return (c.month == 12 && c.day >= 29) || (c.month == 1 && c.day <= 3);
}

bool calendar_is_holiday(const struct calendar *calendar, struct day day) {
    if (!day_sane(day) || calendar == NULL) {
        return false;
    }
    size_t low = 0;
    size_t high = calendar->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (calendar->holidays[middle].n < day.n) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return (low < calendar->count && day_eq(calendar->holidays[low], day)) ||
           (calendar->year_end && year_end(day));
}

bool calendar_ships(struct day day) {
    struct calendar shipped = calendar_japan;
    shipped.year_end = false;
    return calendar_is_holiday(&shipped, day);
}

bool calendar_is_national(const struct calendar *calendar, struct day day) {
    struct calendar published = {.holidays = calendar->published, .count = calendar->published_count};
    return calendar_is_holiday(&calendar_japan, day) || calendar_is_holiday(&published, day);
}

bool calendar_is_business(const struct calendar *calendar, struct day day) {
    int weekday = day_weekday(day);
    return weekday != 0 && weekday != 6 && !calendar_is_holiday(calendar, day);
}

struct day calendar_business_before(const struct calendar *calendar, struct day day, int32_t n) {
    if (!day_sane(day)) {
        return DAY_NONE;
    }
    int32_t step = n > 0 ? -1 : 1;
    int32_t left = n > 0 ? n : (n > -BUSINESS_STEPS_MAX ? -n : BUSINESS_STEPS_MAX);
    for (int32_t steps = 0; left > 0 && steps < 4 * BUSINESS_STEPS_MAX; steps++) {
        day = day_add(day, step);
        left -= calendar_is_business(calendar, day);
    }
    return day;
}

/* Monday is the first day of the week, Sunday the last. */
static struct day weekday_before(struct day day, int32_t weeks, int32_t weekday) {
    int32_t since_monday = (day_weekday(day) + 6) % 7;
    return day_add(day, (weekday + 6) % 7 - since_monday - 7 * weeks);
}

static struct day monthday_before(struct day day, int32_t months, int32_t pick) {
    struct ymd first = day_ymd(day_add_months(month_first(day), -months));
    int32_t length = month_length(first.year, first.month);
    pick = pick > 0 ? pick : day_ymd(day).day;
    first.day = pick < length ? pick : length;
    return day_of(first);
}

static struct day moment_day(const struct moment *moment, const struct calendar *calendar, struct day day) {
    if (moment->unit == MOMENT_WEEKS) {
        return weekday_before(day, moment->days, moment->pick);
    }
    if (moment->unit == MOMENT_MONTHS) {
        return monthday_before(day, moment->days, moment->pick);
    }
    return moment->business ? calendar_business_before(calendar, day, moment->days)
                            : day_add(day, -moment->days);
}

struct instant moment_of(const struct moment *moment, const struct calendar *calendar, struct day day) {
    if (!day_sane(day) || moment->days < -BUSINESS_STEPS_MAX || moment->days > BUSINESS_STEPS_MAX) {
        return INSTANT_NONE;
    }
    struct day at = moment_day(moment, calendar, day);
    if (moment->shift == MOMENT_EARLIER && !calendar_is_business(calendar, at)) {
        at = calendar_business_before(calendar, at, 1);
    }
    return day_at(at, moment->minute);
}

bool moment_passed(const struct moment *moment, const struct calendar *calendar, struct day day,
                   struct instant now) {
    if (!moment->set) {
        return false;
    }
    struct instant at = moment_of(moment, calendar, day);
    /* 24:00 belongs to the next day already. */
    bool open_end = moment->from || moment->minute == 1440;
    return instant_is_none(at) || instant_before(at, now) || (open_end && at.s == now.s);
}
