/* Waits and offers: tables, fit, order, time to answer. */
#include "core/wait.h"

#include "core/units.h"

enum { SECONDS_HOUR = 3600, URGENT_DAYS = 30 };

/* clang-format off */
const enum wait_state wait_next[WAIT__MAX][WAIT_EV__MAX] = {
    [WAIT_NEW] = {[WAIT_EV_JOIN] = WAIT_WAITING},
    [WAIT_WAITING] = {
        [WAIT_EV_OFFER] = WAIT_OFFERED,
        [WAIT_EV_PROMOTE] = WAIT_BOOKED,
        [WAIT_EV_LEAVE] = WAIT_CLOSED,
        [WAIT_EV_PASS] = WAIT_CLOSED,
    },
    [WAIT_OFFERED] = {
        [WAIT_EV_ACCEPT] = WAIT_BOOKED,
        [WAIT_EV_DECLINE] = WAIT_WAITING,
        [WAIT_EV_EXPIRE] = WAIT_WAITING,
        [WAIT_EV_LEAVE] = WAIT_CLOSED,
        [WAIT_EV_PASS] = WAIT_CLOSED,
    },
};
const enum offer_state offer_next[OFFER__MAX][OFFER_EV__MAX] = {
    [OFFER_NEW] = {[OFFER_EV_MAKE] = OFFER_OPEN},
    [OFFER_OPEN] = {
        [OFFER_EV_ACCEPT] = OFFER_ACCEPTED,
        [OFFER_EV_DECLINE] = OFFER_DECLINED,
        [OFFER_EV_EXPIRE] = OFFER_EXPIRED,
        [OFFER_EV_WITHDRAW] = OFFER_EXPIRED,
    },
};
#define R (1u << ACTOR_RESIDENT)
#define C (1u << ACTOR_CITY)
#define T (1u << ACTOR_CLOCK)
const actor_mask wait_actors[WAIT_EV__MAX] = {
    [WAIT_EV_JOIN] = R | C, [WAIT_EV_OFFER] = T, [WAIT_EV_PROMOTE] = T, [WAIT_EV_ACCEPT] = R | C,
    [WAIT_EV_DECLINE] = R | C, [WAIT_EV_EXPIRE] = T, [WAIT_EV_LEAVE] = R | C, [WAIT_EV_PASS] = T,
};
const actor_mask offer_actors[OFFER_EV__MAX] = {
    [OFFER_EV_MAKE] = T, [OFFER_EV_ACCEPT] = R | C, [OFFER_EV_DECLINE] = R | C, [OFFER_EV_EXPIRE] = T,
    [OFFER_EV_WITHDRAW] = R | C | T,
};
#undef R
#undef C
#undef T

static const struct text wait_states[WAIT__MAX] = {
    TEXT_INIT("new"), TEXT_INIT("waiting"), TEXT_INIT("offered"), TEXT_INIT("booked"), TEXT_INIT("closed"),
};
static const struct text wait_events[WAIT_EV__MAX] = {
    TEXT_INIT("join"), TEXT_INIT("offer"), TEXT_INIT("promote"), TEXT_INIT("accept"),
    TEXT_INIT("decline"), TEXT_INIT("expire"), TEXT_INIT("leave"), TEXT_INIT("pass"),
};
static const struct text offer_states[OFFER__MAX] = {
    TEXT_INIT("new"), TEXT_INIT("open"), TEXT_INIT("accepted"), TEXT_INIT("declined"), TEXT_INIT("expired"),
};
static const struct text offer_events[OFFER_EV__MAX] = {
    TEXT_INIT("make"), TEXT_INIT("accept"), TEXT_INIT("decline"), TEXT_INIT("expire"), TEXT_INIT("withdraw"),
};
/* clang-format on */

struct text wait_state_code(enum wait_state state) {
    return wait_states[state];
}

struct text wait_event_code(enum wait_event event) {
    return wait_events[event];
}

struct text offer_state_code(enum offer_state state) {
    return offer_states[state];
}

struct text offer_event_code(enum offer_event event) {
    return offer_events[event];
}

struct text wait_mode_code(enum wait_mode mode) {
    return mode == WAIT_AUTO ? TEXT("auto") : TEXT("ask");
}

bool wait_state_parse(struct text code, enum wait_state *ret_state) {
    for (int i = WAIT_NEW + 1; i < WAIT__MAX; i++) {
        if (text_eq(wait_states[i], code)) {
            *ret_state = (enum wait_state)i;
            return true;
        }
    }
    return false;
}

bool offer_state_parse(struct text code, enum offer_state *ret_state) {
    for (int i = OFFER_NEW + 1; i < OFFER__MAX; i++) {
        if (text_eq(offer_states[i], code)) {
            *ret_state = (enum offer_state)i;
            return true;
        }
    }
    return false;
}

/* First day whose use begins notice_hours or more after now. */
static struct day first_noticed(const struct wish *wish, int32_t start_minute, struct instant now) {
    enum { NOTICE_HOURS_MAX = 24 * 366 };
    int32_t hours = wish->notice_hours < 0                  ? 0
                    : wish->notice_hours > NOTICE_HOURS_MAX ? NOTICE_HOURS_MAX
                                                            : wish->notice_hours;
    struct instant earliest = instant_add(now, (int64_t)hours * SECONDS_HOUR);
    struct day day = instant_day(earliest);
    return instant_before(day_at(day, start_minute), earliest) ? day_add(day, 1) : day;
}

bool wait_fits(const struct wish *wish, const struct free_run *run, int32_t start_minute, struct instant now,
               struct day *ret_start, struct day *ret_end) {
    if (!day_sane(wish->from) || !day_sane(wish->to) || !day_sane(run->first) || !day_sane(run->last) ||
        !day_sane(instant_day(now)) || wish->nights > NIGHTS_MAX) {
        return false;
    }
    int32_t nights = wish->kind == CARE_STAY ? wish->nights : 0;
    if (wish->kind == CARE_STAY && nights < 1) {
        return false;
    }
    struct day start = day_max(day_max(wish->from, run->first), first_noticed(wish, start_minute, now));
    struct day end = day_add(start, nights);
    struct day last_slot = nights > 0 ? day_add(end, -1) : start;
    if (day_before(wish->to, end) || day_before(run->last, last_slot)) {
        return false;
    }
    *ret_start = start;
    *ret_end = end;
    return true;
}

bool wait_hopeful(const struct wish *wish, const struct day *busy, int32_t count, int32_t start_minute,
                  struct instant now) {
    struct free_run run = {.first = wish->from};
    struct day start;
    struct day end;
    for (int32_t i = 0; i <= count; i++) {
        run.last = i < count ? day_add(busy[i], -1) : wish->to;
        if (!day_before(run.last, run.first) && wait_fits(wish, &run, start_minute, now, &start, &end)) {
            return true;
        }
        run.first = i < count ? day_max(run.first, day_add(busy[i], 1)) : run.first;
    }
    return false;
}

/* splitmix64: anyone can repeat a draw from the published seed. */
static uint64_t lot(uint64_t seed, int64_t id) {
    uint64_t z = seed + (uint64_t)id * 0x9e3779b97f4a7c15u + 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

int64_t wait_rank(const struct wait_rules *rules, const struct candidate *candidate, uint64_t seed) {
    enum { SCORE_MAX = 1000 };
    if (rules->order == WAIT_DRAW) {
        return (int64_t)(lot(seed, candidate->id) >> 1);
    }
    if (rules->order != WAIT_NEED) {
        return 0;
    }
    int64_t score = candidate->need_score < 0           ? 0
                    : candidate->need_score > SCORE_MAX ? SCORE_MAX
                                                        : candidate->need_score;
    int64_t rank = score * rules->need_weight_score;
    rank += candidate->units_used <= 0 ? rules->need_weight_unused : 0;
    if (candidate->days_left >= 0 && candidate->days_left < URGENT_DAYS) {
        rank += (int64_t)(URGENT_DAYS - candidate->days_left) * rules->need_weight_urgent;
    }
    return rank;
}

int32_t wait_pick(const struct wait_rules *rules, const struct candidate *candidates, int32_t count,
                  uint64_t seed) {
    int32_t best = -1;
    int64_t best_rank = 0;
    for (int32_t i = 0; i < count; i++) {
        const struct candidate *a = &candidates[i];
        int64_t rank = wait_rank(rules, a, seed);
        bool better = best < 0 || rank > best_rank;
        if (best >= 0 && rank == best_rank) {
            const struct candidate *b = &candidates[best];
            better = a->joined.s < b->joined.s || (a->joined.s == b->joined.s && a->id < b->id);
        }
        if (better) {
            best = i;
            best_rank = rank;
        }
    }
    return best;
}

static bool at_night(const struct wait_rules *rules, struct instant now) {
    int32_t minute = instant_minute(now);
    if (rules->night_from <= rules->night_to) {
        return minute >= rules->night_from && minute < rules->night_to;
    }
    return minute >= rules->night_from || minute < rules->night_to;
}

struct instant offer_expires(const struct wait_rules *rules, struct instant now, struct instant starts) {
    int32_t hours = at_night(rules, now) ? rules->offer_hours_night : rules->offer_hours_day;
    struct instant expires = instant_add(now, (int64_t)hours * SECONDS_HOUR);
    struct instant limit = instant_add(starts, -(int64_t)rules->limit_hours * SECONDS_HOUR);
    expires = instant_before(limit, expires) ? limit : expires;
    return instant_before(now, expires) ? expires : INSTANT_NONE;
}
