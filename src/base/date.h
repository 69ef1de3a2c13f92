/* Civil days and instants. Days are Japanese calendar days (Asia/Tokyo, UTC+9 without summer time); instants are
 * epoch seconds. Nothing here knows what day it is. */
#ifndef SANGO_BASE_DATE_H
#define SANGO_BASE_DATE_H

#include "base/text.h"

struct day {
    int32_t n; /* days since 1970-01-01 */
};

struct instant {
    int64_t s; /* seconds since 1970-01-01T00:00:00Z */
};

struct ymd {
    int32_t year;
    int32_t month; /* 1..12 */
    int32_t day;   /* 1..31 */
};

/* Absent days and instants. */
#define DAY_NONE ((struct day){INT32_MIN})
#define INSTANT_NONE ((struct instant){INT64_MIN})
bool day_is_none(struct day d);
bool instant_is_none(struct instant t);

/* Accepted years are 1900..2200; anything else is refused when read. */
bool ymd_valid(struct ymd d);
struct day day_of(struct ymd d);
struct ymd day_ymd(struct day d);
NODISCARD bool day_parse(struct text t, struct day *ret_day); /* exactly YYYY-MM-DD */
struct text day_format(struct arena *arena, struct day d);    /* YYYY-MM-DD */
struct day day_add(struct day d, int32_t days);
int32_t day_diff(struct day later, struct day earlier);
bool day_eq(struct day a, struct day b);
bool day_before(struct day a, struct day b);
struct day day_min(struct day a, struct day b);
struct day day_max(struct day a, struct day b);
int day_weekday(struct day d); /* 0 Sunday .. 6 Saturday */

/* The matching day `months` later; a missing day falls on the month's last day (Civil Code, art. 143). */
struct day day_add_months(struct day d, int32_t months);
int32_t month_length(int32_t year, int32_t month);
struct day month_first(struct day d);

/* Japanese fiscal year: April to March; 2025-04-01 belongs to 2025. */
int32_t day_fiscal_year(struct day d);
struct day fiscal_year_first(int32_t fiscal_year);
/* "R7" for fiscal year 2025, "H30" for 2018: by the era in force on 1 April, but 2019 is "R1" as offices write it. */
struct text fiscal_year_era(struct arena *arena, int32_t fiscal_year);
/* "令和7年1月1日(水)" ; before 1989-01-08 the era names of Showa, Taisho, Meiji. */
struct text day_era(struct arena *arena, struct day d);
/* "11月20日(木)" */
struct text day_short(struct arena *arena, struct day d);

/* The Japanese day and minute of an instant, and back. */
struct day instant_day(struct instant t);
int32_t instant_minute(struct instant t); /* 0..1439 */
struct instant day_at(struct day d, int32_t minute);
struct instant instant_add(struct instant t, int64_t seconds);
bool instant_before(struct instant a, struct instant b);
/* RFC 3339 with offset; a fraction is read and dropped. */
NODISCARD bool instant_parse(struct text t, struct instant *ret_instant);
struct text instant_format(struct arena *arena, struct instant t); /* 2026-11-20T17:00:00+09:00 */
/* "11月20日(木)17:00" */
struct text instant_short(struct arena *arena, struct instant t);

#endif
