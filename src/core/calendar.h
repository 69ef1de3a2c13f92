/* Business days and moments counted from a day: "the day before until 17:00", "10:00 on the business day before".
 * Which days are holidays is passed in; nothing here knows what day it is. */
#ifndef SANGO_CORE_CALENDAR_H
#define SANGO_CORE_CALENDAR_H

#include "base/date.h"

struct calendar {
    const struct day *holidays; /* sorted: national holidays and the city's own closing days */
    size_t count;
    bool year_end; /* 29 December to 3 January are closed too */
    const struct day
        *published; /* of the holidays: national ones beyond those shipped with the program, sorted */
    size_t published_count;
};

/* National holidays of 2024 to 2027 as published by the Cabinet Office, with the year's end. */
extern const struct calendar calendar_japan;

/* Is it one of the national holidays shipped with the program, as far as these go? */
bool calendar_ships(struct day day);

enum moment_shift {
    MOMENT_AS_IT_IS,
    MOMENT_EARLIER, /* on a closed day: the business day before it */
};

enum moment_unit {
    MOMENT_DAYS,   /* `days` days before, or after when negative */
    MOMENT_WEEKS,  /* on weekday `pick` of the week `days` weeks before; weeks begin on Monday */
    MOMENT_MONTHS, /* on day `pick` (or the month's last) of the month `days` months before */
    MOMENT_UNIT__MAX
};

/* A clock time before or after a day of reference: 前日17時, 前週の水曜17時, 前月20日. */
struct moment {
    bool set; /* false: no such limit */
    enum moment_unit unit;
    int32_t pick;  /* WEEKS: 0 Sunday .. 6 Saturday; MONTHS: 1..31, or 0: the same day of the month */
    bool business; /* DAYS: count business days only */
    bool from;     /* at this very instant it is already too late (otherwise it is still in time) */
    enum moment_shift shift;
    int32_t days;
    int32_t minute; /* 0..1440 of that day; 1440, its end, is always too late */
};

/* National holidays and the city's closing days; weekends are not holidays. */
bool calendar_is_holiday(const struct calendar *calendar, struct day day);
/* One that all have, not a closing day of the city's own. */
bool calendar_is_national(const struct calendar *calendar, struct day day);
/* Neither weekend nor holiday. */
bool calendar_is_business(const struct calendar *calendar, struct day day);
/* The n-th business day before (n > 0) or after (n < 0) `day`; n = 0 is `day` itself. At most 366 are counted. */
struct day calendar_business_before(const struct calendar *calendar, struct day day, int32_t n);

/* The moment counted from `day`. `moment->set` must be true. Days far outside the calendar give INSTANT_NONE. */
struct instant moment_of(const struct moment *moment, const struct calendar *calendar, struct day day);
/* Is `now` past it? Never when it is not set. */
bool moment_passed(const struct moment *moment, const struct calendar *calendar, struct day day,
                   struct instant now);

/* Days from 1900 to 2200; all others are refused before arithmetic. */
bool day_sane(struct day day);

#endif
