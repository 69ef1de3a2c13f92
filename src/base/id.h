/* Keys of rows: 41 bits of milliseconds since 2024 and 22 random bits, so that newer is larger and guessing is idle
 * (every access is checked anyway). People and clients see 13 characters of Crockford's base 32. */
#ifndef SANGO_BASE_ID_H
#define SANGO_BASE_ID_H

#include "base/text.h"

/* One type per table, so that they cannot be mixed. {0} is "no row". */
struct city_id {
    int64_t n;
};
struct account_id {
    int64_t n;
};
struct facility_id {
    int64_t n;
};
struct registration_id {
    int64_t n;
};
struct child_id {
    int64_t n;
};
struct booking_id {
    int64_t n;
};
struct wait_id {
    int64_t n;
};
struct offer_id {
    int64_t n;
};
struct notice_id {
    int64_t n;
};

/* `milliseconds` since the epoch, `random` any 32 bits. Never 0. */
int64_t id_make(int64_t milliseconds, uint32_t random);
/* Instant of making, whole seconds since the epoch. */
int64_t id_seconds(int64_t id);
#define ID_CHARS 13
void id_write(int64_t id, char ret_chars[ID_CHARS + 1]); /* ends with NUL */
struct text id_format(struct arena *arena, int64_t id);
/* Exactly 13 characters; lower case accepted; 0 and negative refused. */
NODISCARD bool id_parse(struct text t, int64_t *ret_id);

#endif
