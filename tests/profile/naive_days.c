/* Days and holidays, by tables and by the law. */
#include "naive.h"

#include <stdlib.h>
#include <string.h>

/* One row for each day from 1900 to 2200. */

enum { FIRST = -25567, LAST = 84371 };
static struct {
    short year;
    signed char month, dom;
} days[LAST - FIRST + 1];
static int month_begin[302][13];

static int month_days(int year, int month) {
    static const int lengths[] = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return lengths[month] + (month == 2 && leap);
}

void n_days_make(void) {
    int day = FIRST;
    for (int year = 1900; year <= 2200; year++) {
        for (int month = 1; month <= 12; month++) {
            month_begin[year - 1900][month] = day;
            for (int dom = 1; dom <= month_days(year, month); dom++, day++) {
                days[day - FIRST].year = (short)year;
                days[day - FIRST].month = (signed char)month;
                days[day - FIRST].dom = (signed char)dom;
            }
        }
    }
}

int n_index(int day) {
    return day < FIRST ? 0 : day > LAST ? LAST - FIRST : day - FIRST;
}

int n_day(int year, int month, int dom) {
    return month_begin[year - 1900][month] + dom - 1;
}

void n_date(int day, int *year, int *month, int *dom) {
    *year = days[n_index(day)].year;
    *month = days[n_index(day)].month;
    *dom = days[n_index(day)].dom;
}

int n_weekday(int day) {
    return (n_index(day) + 1) % 7; /* 1900-01-01 was a Monday */
}

int n_month_later(int day, int months, bool *ret_missing) {
    int y, m, d;
    n_date(day, &y, &m, &d);
    int at = y * 12 + m - 1 + months;
    int length = month_days(at / 12, at % 12 + 1);
    *ret_missing = d > length;
    return n_day(at / 12, at % 12 + 1, d > length ? length : d);
}

/* ---- holidays by the law, 2024 to 2027 ---- */

static int monday_of(int year, int month, int nth) {
    int day = n_day(year, month, 1);
    while (n_weekday(day) != 1) {
        day++;
    }
    return day + 7 * (nth - 1);
}

static void year_holidays(int year, unsigned char *closed) {
    double since = year - 1980;
    int spring = (int)(20.8431 + 0.242194 * since) - (year - 1980) / 4;
    int autumn = (int)(23.2488 + 0.242194 * since) - (year - 1980) / 4;
    const int fixed[][2] = {{1, 1}, {2, 11}, {2, 23}, {3, spring}, {4, 29}, {5, 3},
                            {5, 4}, {5, 5},  {8, 11}, {9, autumn}, {11, 3}, {11, 23}};
    const int mondays[][2] = {{1, 2}, {7, 3}, {9, 3}, {10, 2}};
    bool law[400] = {false};
    int first = n_day(year, 1, 1);
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++) {
        law[n_day(year, fixed[i][0], fixed[i][1]) - first] = true;
    }
    for (size_t i = 0; i < sizeof mondays / sizeof mondays[0]; i++) {
        law[monday_of(year, mondays[i][0], mondays[i][1]) - first] = true;
    }
    bool all[400];
    memcpy(all, law, sizeof all);
    for (int i = 1; i < 365; i++) {
        all[i] = all[i] || (law[i - 1] && law[i + 1]); /* between two holidays */
    }
    for (int i = 0; i < 365; i++) {
        if (law[i] && n_weekday(first + i) == 0) { /* on a Sunday: the next day that is none */
            int k = i + 1;
            while (all[k]) {
                k++;
            }
            all[k] = true;
        }
    }
    for (int i = 0; i < 366; i++) {
        closed[n_index(first + i)] |= all[i];
    }
}

unsigned char *n_calendar(bool national, bool year_end) {
    unsigned char *closed = calloc(1, LAST - FIRST + 1);
    for (int year = 2024; national && year <= 2027; year++) {
        year_holidays(year, closed);
    }
    for (int i = 0; year_end && i <= LAST - FIRST; i++) {
        closed[i] |= (days[i].month == 12 && days[i].dom >= 29) || (days[i].month == 1 && days[i].dom <= 3);
    }
    return closed;
}

bool n_business(const struct n_city *city, int day) {
    return n_weekday(day) != 0 && n_weekday(day) != 6 && !city->closed[n_index(day)];
}

static int moment_day(const struct n_city *city, const struct n_when *when, int day) {
    int y, m, d;
    if (when->unit == 'w') {
        int monday = day;
        while (n_weekday(monday) != 1) {
            monday--;
        }
        int at = monday - 7 * when->n;
        while (n_weekday(at) != when->pick) {
            at++;
        }
        return at;
    }
    if (when->unit == 'm') {
        n_date(day, &y, &m, &d);
        int month = y * 12 + m - 1 - when->n;
        int last = when->pick > 0 ? when->pick : d;
        while (last > month_days(month / 12, month % 12 + 1)) {
            last--;
        }
        return n_day(month / 12, month % 12 + 1, last);
    }
    int left = when->n;
    if (!when->business) {
        return day - left;
    }
    while (left != 0) {
        day += left > 0 ? -1 : 1;
        if (n_business(city, day)) {
            left += left > 0 ? -1 : 1;
        }
    }
    return day;
}

long long n_moment(const struct n_city *city, const struct n_when *when, int day) {
    int at = moment_day(city, when, day);
    while (when->shift && !n_business(city, at)) {
        at--;
    }
    return at * 86400LL - 9 * 3600 + when->minute * 60LL;
}

bool n_late(const struct n_city *city, const struct n_when *when, int day, long long now) {
    if (!when->set) {
        return false;
    }
    long long at = n_moment(city, when, day);
    return when->late_at || when->minute == 1440 ? now >= at : now > at;
}
