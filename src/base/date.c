/* Proleptic Gregorian arithmetic on day numbers; the March-based year puts 29 February at the year's end. */
#include "base/date.h"

#include <assert.h>
#include <stdio.h>

#include "base/num.h"

enum { YEAR_MIN = 1900, YEAR_MAX = 2200, DAY_SECONDS = 86400, JST_SECONDS = 9 * 3600 };

bool day_is_none(struct day d) {
    return d.n == DAY_NONE.n;
}

bool instant_is_none(struct instant t) {
    return t.s == INSTANT_NONE.s;
}

int32_t month_length(int32_t year, int32_t month) {
    static const int32_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    assert(month >= 1 && month <= 12);
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return lengths[month - 1] + (month == 2 && leap);
}

bool ymd_valid(struct ymd d) {
    return d.year >= YEAR_MIN && d.year <= YEAR_MAX && d.month >= 1 && d.month <= 12 && d.day >= 1 &&
           d.day <= month_length(d.year, d.month);
}

struct day day_of(struct ymd d) {
    int32_t year = d.month <= 2 ? d.year - 1 : d.year;
    int32_t era = (year >= 0 ? year : year - 399) / 400;
    int32_t year_of_era = year - era * 400;
    int32_t month = d.month > 2 ? d.month - 3 : d.month + 9;
    int32_t day_of_year = (153 * month + 2) / 5 + d.day - 1;
    int32_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return (struct day){era * 146097 + day_of_era - 719468};
}

struct ymd day_ymd(struct day d) {
    int64_t z = (int64_t)d.n + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t day_of_era = z - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month = (5 * day_of_year + 2) / 153;
    int64_t day = day_of_year - (153 * month + 2) / 5 + 1;
    int64_t civil = month < 10 ? month + 3 : month - 9;
    int64_t year = year_of_era + era * 400 + (civil <= 2);
    return (struct ymd){(int32_t)year, (int32_t)civil, (int32_t)day};
}

/* `digits` decimal digits at t[at]; -1 when there are others. */
static int32_t digits_at(struct text t, size_t at, size_t digits) {
    int32_t n = 0;
    for (size_t i = at; i < at + digits; i++) {
        if (i >= t.n || t.p[i] < '0' || t.p[i] > '9') {
            return -1;
        }
        n = n * 10 + (t.p[i] - '0');
    }
    return n;
}

bool day_parse(struct text t, struct day *ret_day) {
    if (t.n != 10 || t.p[4] != '-' || t.p[7] != '-') {
        return false;
    }
    struct ymd d = {digits_at(t, 0, 4), digits_at(t, 5, 2), digits_at(t, 8, 2)};
    if (!ymd_valid(d)) {
        return false;
    }
    *ret_day = day_of(d);
    return true;
}

/* Every row and every link has days: several times the speed of printf. */
struct text day_format(struct arena *arena, struct day d) {
    struct ymd c = day_ymd(d);
    if (c.year < 0 || c.year > 9999) {
        return text_printf(arena, "%04d-%02d-%02d", c.year, c.month, c.day);
    }
    char *p = arena_take(arena, sizeof "YYYY-MM-DD");
    const int32_t pairs[] = {c.year / 100, c.year % 100, c.month, c.day};
    char *at = p;
    for (size_t i = 0; i < COUNT(pairs); i++) {
        if (i > 1) {
            *at++ = '-';
        }
        *at++ = (char)('0' + pairs[i] / 10);
        *at++ = (char)('0' + pairs[i] % 10);
    }
    return (struct text){p, (size_t)(at - p)};
}

struct day day_add(struct day d, int32_t days) {
    return (struct day){d.n + days};
}

int32_t day_diff(struct day later, struct day earlier) {
    return later.n - earlier.n;
}

bool day_eq(struct day a, struct day b) {
    return a.n == b.n;
}

bool day_before(struct day a, struct day b) {
    return a.n < b.n;
}

struct day day_min(struct day a, struct day b) {
    return a.n < b.n ? a : b;
}

struct day day_max(struct day a, struct day b) {
    return a.n > b.n ? a : b;
}

int day_weekday(struct day d) {
    return (int)(((int64_t)d.n % 7 + 11) % 7);
}

struct day day_add_months(struct day d, int32_t months) {
    struct ymd c = day_ymd(d);
    int32_t index = c.year * 12 + (c.month - 1) + months;
    int32_t year = (index >= 0 ? index : index - 11) / 12;
    int32_t month = index - year * 12 + 1;
    int32_t length = month_length(year, month);
    return day_of((struct ymd){year, month, c.day < length ? c.day : length});
}

struct day month_first(struct day d) {
    struct ymd c = day_ymd(d);
    return day_of((struct ymd){c.year, c.month, 1});
}

int32_t day_fiscal_year(struct day d) {
    struct ymd c = day_ymd(d);
    return c.month >= 4 ? c.year : c.year - 1;
}

struct day fiscal_year_first(int32_t fiscal_year) {
    return day_of((struct ymd){fiscal_year, 4, 1});
}

struct era {
    const char *name;
    const char *letter;
    struct ymd first;
};

static const struct era eras[] = {
    {"令和", "R", {2019, 5, 1}},  {"平成", "H", {1989, 1, 8}},  {"昭和", "S", {1926, 12, 25}},
    {"大正", "T", {1912, 7, 30}}, {"明治", "M", {1868, 1, 25}},
};

static const struct era *era_at(struct day d) {
    for (size_t i = 0; i < COUNT(eras); i++) {
        if (!day_before(d, day_of(eras[i].first))) {
            return &eras[i];
        }
    }
    return &eras[COUNT(eras) - 1];
}

struct text fiscal_year_era(struct arena *arena, int32_t fiscal_year) {
    struct day probe = fiscal_year == 2019 ? day_of(eras[0].first) : fiscal_year_first(fiscal_year);
    const struct era *era = era_at(probe);
    return text_printf(arena, "%s%d", era->letter, fiscal_year - era->first.year + 1);
}

static const char *const weekdays[] = {"日", "月", "火", "水", "木", "金", "土"};

struct text day_era(struct arena *arena, struct day d) {
    const struct era *era = era_at(d);
    struct ymd c = day_ymd(d);
    const char *weekday = weekdays[day_weekday(d)];
    int32_t year = c.year - era->first.year + 1;
    if (year == 1) {
        return text_printf(arena, "%s元年%d月%d日(%s)", era->name, c.month, c.day, weekday);
    }
    return text_printf(arena, "%s%d年%d月%d日(%s)", era->name, year, c.month, c.day, weekday);
}

struct text day_short(struct arena *arena, struct day d) {
    char month[NUM_CHARS];
    char day[NUM_CHARS];
    struct ymd c = day_ymd(d);
    return TEXT_CAT(arena, (struct text){month, num_write(c.month, month)}, TEXT("月"),
                    (struct text){day, num_write(c.day, day)}, TEXT("日("), text_of(weekdays[day_weekday(d)]),
                    TEXT(")"));
}

static int64_t floor_div(int64_t a, int64_t b) {
    return a / b - (a % b < 0);
}

struct day instant_day(struct instant t) {
    return (struct day){(int32_t)floor_div(t.s + JST_SECONDS, DAY_SECONDS)};
}

int32_t instant_minute(struct instant t) {
    int64_t local =
        t.s % DAY_SECONDS + JST_SECONDS; /* INSTANT_NONE is no bug here: any instant has a minute */
    return (int32_t)((local - floor_div(local, DAY_SECONDS) * DAY_SECONDS) / 60);
}

struct instant day_at(struct day d, int32_t minute) {
    return (struct instant){(int64_t)d.n * DAY_SECONDS + (int64_t)minute * 60 - JST_SECONDS};
}

struct instant instant_add(struct instant t, int64_t seconds) {
    return (struct instant){t.s + seconds};
}

bool instant_before(struct instant a, struct instant b) {
    return a.s < b.s;
}

/* Seconds east of UTC of "Z" or "+hh:mm" at the end of a time; false for anything else. */
static bool offset_parse(struct text t, int32_t *ret_seconds) {
    if (text_is(t, "Z") || text_is(t, "z")) {
        *ret_seconds = 0;
        return true;
    }
    if (t.n != 6 || (t.p[0] != '+' && t.p[0] != '-') || t.p[3] != ':') {
        return false;
    }
    int32_t hours = digits_at(t, 1, 2);
    int32_t minutes = digits_at(t, 4, 2);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) {
        return false;
    }
    *ret_seconds = (hours * 60 + minutes) * (t.p[0] == '-' ? -60 : 60);
    return true;
}

static struct text skip_fraction(struct text t) {
    if (t.n < 2 || t.p[0] != '.' || t.p[1] < '0' || t.p[1] > '9') {
        return t;
    }
    size_t i = 1;
    while (i < t.n && t.p[i] >= '0' && t.p[i] <= '9') {
        i++;
    }
    return text_part(t, i, t.n);
}

bool instant_parse(struct text t, struct instant *ret_instant) {
    struct day d;
    int32_t offset;
    if (t.n < 20 || !day_parse(text_part(t, 0, 10), &d) || (t.p[10] != 'T' && t.p[10] != 't') ||
        t.p[13] != ':' || t.p[16] != ':') {
        return false;
    }
    int32_t hour = digits_at(t, 11, 2);
    int32_t minute = digits_at(t, 14, 2);
    int32_t second = digits_at(t, 17, 2);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59 ||
        !offset_parse(skip_fraction(text_part(t, 19, t.n)), &offset)) {
        return false;
    }
    ret_instant->s = (int64_t)d.n * DAY_SECONDS + (hour * 60 + minute) * 60 + second - offset;
    return true;
}

struct text instant_format(struct arena *arena, struct instant t) {
    struct ymd c = day_ymd(instant_day(t));
    int32_t minute = instant_minute(t);
    int64_t local = t.s + JST_SECONDS;
    return text_printf(arena, "%04d-%02d-%02dT%02d:%02d:%02d+09:00", c.year, c.month, c.day, minute / 60,
                       minute % 60, (int)(local - floor_div(local, 60) * 60));
}

struct text instant_short(struct arena *arena, struct instant t) {
    char hour[NUM_CHARS];
    int32_t minute = instant_minute(t);
    char rest[] = {':', (char)('0' + minute % 60 / 10), (char)('0' + minute % 10)};
    return TEXT_CAT(arena, day_short(arena, instant_day(t)),
                    (struct text){hour, num_write(minute / 60, hour)}, (struct text){rest, sizeof rest});
}
