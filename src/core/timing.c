#include "core/timing.h"

#include "core/eligible.h"

enum { EARLIEST_SEARCH_DAYS = 60 };

struct timing booking_timing(const struct programme *programme, const struct care *care,
                             const struct calendar *calendar, struct instant now) {
    return (struct timing){.care = care,
                           .calendar = calendar,
                           .deadline = care->deadline.set ? &care->deadline : &programme->deadline,
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

struct day timing_latest(const struct timing *timing) {
    return timing->horizon > 0 ? day_add(instant_day(timing->now), timing->horizon) : DAY_NONE;
}
