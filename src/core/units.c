/* Days and units of one use. */
#include "core/units.h"

enum { DAY_MINUTES = 1440, HOUR_MINUTES = 60 };

int32_t use_nights(enum care_kind kind, struct day start, struct day end) {
    if (!day_sane(start) || !day_sane(end) || day_before(end, start)) {
        return -1;
    }
    int32_t nights = day_diff(end, start);
    bool fits = kind == CARE_STAY ? nights >= 1 && nights <= NIGHTS_MAX : nights == 0;
    return fits ? nights : -1;
}

int32_t slot_days(enum care_kind kind, struct day start, struct day end, struct day ret_days[SLOT_DAYS_MAX]) {
    int32_t nights = use_nights(kind, start, end);
    if (nights < 0) {
        return 0;
    }
    int32_t count = kind == CARE_STAY ? nights : 1;
    for (int32_t i = 0; i < count; i++) {
        ret_days[i] = day_add(start, i);
    }
    return count;
}

int32_t care_units(const struct care *care, enum counting counting, struct day start, struct day end) {
    int32_t nights = use_nights(care->kind, start, end);
    if (nights < 0) {
        return -1;
    }
    int32_t minutes = nights * DAY_MINUTES + care->end_minute - care->start_minute;
    int32_t begun = (minutes + DAY_MINUTES - 1) / DAY_MINUTES;
    int32_t hours = (minutes + HOUR_MINUTES - 1) / HOUR_MINUTES;
    switch (counting) {
    case COUNT_NIGHTS:
        return nights > 0 ? nights : 1;
    case COUNT_DAYS:
        return nights + 1;
    case COUNT_24H:
        return begun > 0 ? begun : 1;
    case COUNT_HOURS:
        return hours > 0 ? hours : 1;
    default:
        return 1;
    }
}

int32_t care_quota(const struct care *care, struct day start, struct day end) {
    int32_t units = care_units(care, care->quota, start, end);
    return units < 0 ? -1 : units * care->quota_weight;
}
