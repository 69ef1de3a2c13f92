/* Who the tokens belong to that were shown lately, so that not every request reads it again. Exact: what is remembered
 * holds while nothing of its city was committed that anybody is shown (service/version.h): sign-outs, locked accounts,
 * roles and names, notices, by whichever server. What the clock decides is asked each time: nothing is remembered
 * longer than a session may go without being seen (service/session.h), nor beyond its end. Bounded. */
#ifndef SANGO_SERVICE_KNOWN_H
#define SANGO_SERVICE_KNOWN_H

#include "service/session.h"

/* Room for the sessions of a house; lives in `arena`. */
struct known *known_make(struct arena *arena);
void known_release(struct known *known);

struct known_key {
    struct city_id city;
    struct text token_hash;
};
/* Of that version of the city, or (`whole` NULL) of whatever version. Texts are copied into `arena`. */
NODISCARD bool known_find(struct known *known, const struct known_key *key, const uint64_t *whole,
                          struct instant now, struct arena *arena, struct session *ret_session);
/* `whole` was read before the session was; it may be used before `until`. Names of unusual length are not remembered. */
void known_keep(struct known *known, const struct known_key *key, uint64_t whole, struct instant until,
                const struct session *session);

#endif
