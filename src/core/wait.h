/* The waiting list: who fits a free place, who comes first, how long an offer holds. Whether the person may use the
 * place at all is quote.h's answer; finding and storing is the service's. */
#ifndef SANGO_CORE_WAIT_H
#define SANGO_CORE_WAIT_H

#include "core/book.h"

enum wait_state { WAIT_NEW = 0, WAIT_WAITING, WAIT_OFFERED, WAIT_BOOKED, WAIT_CLOSED, WAIT__MAX };
enum wait_event {
    WAIT_EV_JOIN,
    WAIT_EV_OFFER,   /* a place is held for her */
    WAIT_EV_PROMOTE, /* mode auto: booked without asking */
    WAIT_EV_ACCEPT,
    WAIT_EV_DECLINE, /* back in line */
    WAIT_EV_EXPIRE,  /* the offer ran out; back in line */
    WAIT_EV_LEAVE,   /* withdrawn */
    WAIT_EV_PASS,    /* its days went by, or the person can no longer use it */
    WAIT_EV__MAX
};
enum offer_state { OFFER_NEW = 0, OFFER_OPEN, OFFER_ACCEPTED, OFFER_DECLINED, OFFER_EXPIRED, OFFER__MAX };
enum offer_event {
    OFFER_EV_MAKE,
    OFFER_EV_ACCEPT,
    OFFER_EV_DECLINE,
    OFFER_EV_EXPIRE,
    OFFER_EV_WITHDRAW, /* the place went away or the wait was left: counts as expired */
    OFFER_EV__MAX
};
enum wait_mode { WAIT_ASK, WAIT_AUTO };

/* …_NEW where there is no move. */
extern const enum wait_state wait_next[WAIT__MAX][WAIT_EV__MAX];
extern const actor_mask wait_actors[WAIT_EV__MAX];
extern const enum offer_state offer_next[OFFER__MAX][OFFER_EV__MAX];
extern const actor_mask offer_actors[OFFER_EV__MAX];

struct text wait_state_code(enum wait_state state);
struct text wait_event_code(enum wait_event event);
struct text offer_state_code(enum offer_state state);
struct text offer_event_code(enum offer_event event);
NODISCARD bool wait_state_parse(struct text code, enum wait_state *ret_state);
NODISCARD bool offer_state_parse(struct text code, enum offer_state *ret_state);
struct text wait_mode_code(enum wait_mode mode); /* "ask" "auto" */

/* What she wants: a use of `nights` (0: a day or a visit) somewhere within from … to, both included. */
struct wish {
    enum care_kind kind;
    struct day from, to;
    int32_t nights;
    int32_t notice_hours; /* she needs so many hours before the use begins */
};

/* Consecutive slot days on which the facility has a place for this care. */
struct free_run {
    struct day first, last;
};

/* The earliest use inside the wish and the run that leaves her the notice she asked for. */
NODISCARD bool wait_fits(const struct wish *wish, const struct free_run *run, int32_t start_minute,
                         struct instant now, struct day *ret_start, struct day *ret_end);

/* Is there still a use inside the wish that crosses none of the sorted slot days on which she is elsewhere? */
bool wait_hopeful(const struct wish *wish, const struct day *busy, int32_t count, int32_t start_minute,
                  struct instant now);

struct candidate {
    int64_t id;            /* breaks ties: the smaller first */
    struct instant joined; /* first come */
    int32_t need_score;    /* given by the coordinator, 0..100 */
    int32_t units_used;    /* so far, over all pools */
    int32_t days_left;     /* to the age limit; negative: unknown */
};

/* Index of the one to ask first, or -1 when there is none. `seed` matters for a draw only; it is published. */
int32_t wait_pick(const struct wait_rules *rules, const struct candidate *candidates, int32_t count,
                  uint64_t seed);
/* The figure by which wait_pick orders: the larger first. For showing why. */
int64_t wait_rank(const struct wait_rules *rules, const struct candidate *candidate, uint64_t seed);

/* Until when an offer made `now` holds: the day's or night's hours, but limit_hours before the use begins at the
 * latest. INSTANT_NONE: too late to make one. */
struct instant offer_expires(const struct wait_rules *rules, struct instant now, struct instant starts);

#endif
