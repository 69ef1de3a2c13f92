#include "core/timing.h"

#include "core/eligible.h"

enum { EARLIEST_SEARCH_DAYS = 60, LATEST_SEARCH_DAYS = 400 };

struct timing booking_timing(const struct programme *programme, const struct care *care,
                             const struct calendar *calendar, struct instant now) {
    return (struct timing){.care = care,
                           .calendar = calendar,
                           .deadline = care->deadline.set ? &care->deadline : &programme->deadline,
                           .opens = care->opens.set ? &care->opens : &programme->opens,
                           .horizon = care->horizon_days > 0 ? care->horizon_days : programme->horizon_days,
                           .now = now};
}

bool timing_allows(const struct timing *timing, struct day start) {
    return instant_before(timing->now, care_starts(timing->care, start)) &&
           !moment_passed(timing->deadline, timing->calendar, start, timing->now);
}

struct day timing_earliest(const struct timing *timing) {
    struct day today = instant_day(timing->now);
    for (int32_t i = 0; i < EARLIEST_SEARCH_DAYS; i++) {
        if (timing_allows(timing, day_add(today, i))) {
            return day_add(today, i);
        }
    }
    return DAY_NONE;
}

static bool opened(const struct timing *timing, struct day start) {
    return !timing->opens->set ||
           !instant_before(timing->now, moment_of(timing->opens, timing->calendar, start));
}

bool timing_open(const struct timing *timing, struct day start) {
    bool far = timing->horizon > 0 && day_diff(start, instant_day(timing->now)) > timing->horizon;
    return !far && opened(timing, start);
}

struct day timing_latest(const struct timing *timing) {
    struct day today = instant_day(timing->now);
    int32_t days = timing->horizon > 0 ? timing->horizon : LATEST_SEARCH_DAYS;
    while (timing->opens->set && days > 0 && !opened(timing, day_add(today, days))) {
        days--;
    }
    return timing->horizon > 0 || timing->opens->set ? day_add(today, days) : DAY_NONE;
}
