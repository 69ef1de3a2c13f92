/* When a use may be booked: by deadline and horizon alone. Whether there is a place, and for whom, is another question. */
#ifndef SANGO_CORE_TIMING_H
#define SANGO_CORE_TIMING_H

#include "core/programme.h"

/* What decides, and the moment that is asked about. */
struct timing {
    const struct care *care;
    const struct calendar *calendar;
    const struct moment *deadline;
    const struct moment *opens;
    int32_t horizon; /* days; 0: no limit */
    struct instant now;
};
struct timing booking_timing(const struct programme *programme, const struct care *care,
                             const struct calendar *calendar, struct instant now);
/* Is it not too late to book a use that begins on `start`? */
bool timing_allows(const struct timing *timing, struct day start);
/* DAY_NONE: none in the next 60 days. */
struct day timing_earliest(const struct timing *timing);
/* Is it not too early? */
bool timing_open(const struct timing *timing, struct day start);
/* DAY_NONE: no limit. */
struct day timing_latest(const struct timing *timing);

#endif
