/* Which looks at personal data this process has put on record in the last minute or so: what audit_viewed asks before
 * it writes the same row again. Knows rows only by a keyed hash; whoever is not found here is simply written. */
#ifndef SANGO_SERVICE_RECENT_H
#define SANGO_SERVICE_RECENT_H

#include "base/date.h"
#include "base/text.h"

enum { RECENT_KEY_BYTES = 16 };

struct recent_key {
    unsigned char bytes[RECENT_KEY_BYTES];
};

struct recent;

/* Lives as long as the arena and until it is closed (NULL is fine); safe from any thread. */
struct recent *recent_new(struct arena *arena);
void recent_close(struct recent *recent);
/* Was it noted in the minute of `at`? */
bool recent_has(struct recent *recent, struct recent_key key, struct instant at);
/* Only what is durable. Older ones are forgotten for it. */
void recent_note(struct recent *recent, struct recent_key key, struct instant at);

#endif
