/* How many connections or requests each client has now, so that one cannot take all of them. Clients are told apart by
 * address; IPv6 by its first 64 bits, which one line has for itself. Internal. */
#ifndef SANGO_HTTP_CROWD_H
#define SANGO_HTTP_CROWD_H

#include <pthread.h>

#include "base/text.h"

struct crowd_row;

struct crowd {
    pthread_mutex_t lock;
    unsigned most; /* of one client; 0: no limit, nothing is counted */
    size_t slots;  /* a power of two, more than there can be clients at once */
    struct crowd_row *rows;
};

void crowd_init(struct crowd *crowd, struct arena *arena, unsigned most, size_t clients);
void crowd_release(struct crowd *crowd);
/* False: that client has all it may have. Every true is followed by crowd_leave() with the same address. */
NODISCARD bool crowd_enter(struct crowd *crowd, struct text address);
void crowd_leave(struct crowd *crowd, struct text address);

#endif
