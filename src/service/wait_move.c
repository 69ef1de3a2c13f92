/* A place that became free goes to the first fitting wish: as an offer with a deadline, or as a booking when she asked
 * for the place itself. Runs inside the transaction that freed the place, so nobody can slip in between. */
#include "service/wait_part.h"

#include <assert.h>
#include <string.h>

enum {
    MOVES_MAX = 64, /* places given away by one call; the tick goes on with the rest */
    CHAIN_MAX = 8,  /* a place taken by way of a swap frees another, and so on */
};

struct moving {
    struct tx *tx;
    struct call *call; /* the clock's own: nobody in person gives places away */
    struct freed freed;
    const struct care *care;
    const struct wait_rules *rules;
    struct slot *slots; /* of the freed days and their surroundings */
    size_t slot_count;
};

static struct slot_range around(const struct moving *m) {
    int32_t reach = m->care->kind == CARE_STAY ? NIGHTS_MAX : 0;
    struct day today = instant_day(m->call->now);
    return (struct slot_range){m->call->city->id, m->freed.facility, m->freed.care,
                               day_max(today, day_add(m->freed.from, -reach)), day_add(m->freed.to, reach)};
}

/* The next run of open days at or after index *at; false when there is none that touches the freed days. */
static bool next_run(const struct moving *m, size_t *at, struct free_run *ret_run) {
    size_t i = *at;
    while (i < m->slot_count) {
        if (slot_open(&m->slots[i]) <= 0) {
            i++;
            continue;
        }
        size_t first = i;
        while (i + 1 < m->slot_count && slot_open(&m->slots[i + 1]) > 0 &&
               day_diff(m->slots[i + 1].day, m->slots[i].day) == 1) {
            i++;
        }
        struct free_run run = {m->slots[first].day, m->slots[i].day};
        i++;
        if (!day_before(run.last, m->freed.from) && !day_before(m->freed.to, run.first)) {
            *at = i;
            *ret_run = run;
            return true;
        }
    }
    return false;
}

static struct wish wish_of(const struct moving *m, const struct wait_record *wait) {
    return (struct wish){.kind = m->care->kind,
                         .from = wait->from,
                         .to = wait->to,
                         .nights = (int32_t)wait->nights,
                         .notice_hours = (int32_t)wait->notice_hours};
}

static struct book_make make_of(const struct moving *m, const struct wait_record *wait, struct day start,
                                struct day end) {
    return (struct book_make){.ask = {.resident = wait->account,
                                      .facility = m->freed.facility,
                                      .care = wait->care,
                                      .start = start,
                                      .end = end,
                                      .message = TEXT(""),
                                      .change_of = wait->swap_for},
                              .origin = "auto",
                              .wish = wait->id};
}

/* Looks for the earliest place in the run that this wish can really use and was not offered before. */
static enum rc find_place(const struct moving *m, const struct wait_record *wait, struct free_run run,
                          struct offer_record *ret_place) {
    struct wish wish = wish_of(m, wait);
    struct day start;
    struct day end;
    while (wait_fits(&wish, &run, m->care->start_minute, m->call->now, &start, &end)) {
        struct offer_record place = {.wait = wait->id,
                                     .account = wait->account,
                                     .facility = m->freed.facility,
                                     .care = wait->care,
                                     .start = start,
                                     .end = end};
        struct book_make make = make_of(m, wait, start, end);
        struct book_quote quote;
        enum rc rc = book_would(m->tx, m->call, &make, &quote);
        if (rc == RC_OK && wait_may_take(&quote)) {
            rc = offer_made_before(m->tx, m->call->city->id, &place);
            if (rc == RC_NONE) {
                *ret_place = place;
                return RC_OK;
            }
        }
        if (rc != RC_OK && rc != RC_NONE) {
            return rc;
        }
        run.first = day_add(start, 1);
    }
    return RC_NONE;
}

static enum rc hold_offer(const struct moving *m, struct wait_record *wait, struct offer_record *place) {
    struct slot_range range = wait_offer_range(m->call, place, m->care->kind);
    struct city_id city = m->call->city->id;
    enum rc rc = slots_hold(m->tx, &range);
    rc = rc == RC_OK ? offer_insert(m->tx, city, place) : rc;
    for (struct day day = range.from; rc == RC_OK && !day_before(range.to, day); day = day_add(day, 1)) {
        rc = offer_night_insert(m->tx, city, place, day);
    }
    rc = rc == RC_OK ? wait_advance(m->tx, m->call, wait, WAIT_EV_OFFER, NULL) : rc;
    return rc == RC_OK ? wait_tell(m->tx, m->call, place, "offer-open") : rc;
}

/* RC_NONE: too late for an offer to be answered. */
static enum rc make_offer(const struct moving *m, struct wait_record *wait, struct offer_record *place) {
    struct instant starts = day_at(place->start, m->care->start_minute);
    place->expires_at = offer_expires(m->rules, m->call->now, starts);
    if (instant_is_none(place->expires_at)) {
        return RC_NONE;
    }
    place->id = (struct offer_id){env_id(m->call->house->env)};
    place->created_at = m->call->now;
    place->state = offer_state_code(offer_next[OFFER_NEW][OFFER_EV_MAKE]);
    return hold_offer(m, wait, place);
}

/* RC_NONE: the locked facts say no after all. */
static enum rc make_booking(const struct moving *m, struct wait_record *wait,
                            const struct offer_record *place) {
    struct book_make make = make_of(m, wait, place->start, place->end);
    struct book_outcome outcome = {0};
    enum rc rc = wait_advance(m->tx, m->call, wait, WAIT_EV_PROMOTE, NULL);
    rc = rc == RC_OK ? book_make(m->tx, m->call, &make, &outcome) : rc;
    if (rc == RC_OK && !outcome.verdict.allowed) {
        return RC_RACE;
    }
    return rc;
}

/* Gives one place of the run to this wish; RC_NONE: it cannot use any. */
static enum rc give(const struct moving *m, const struct wait_record *candidate, struct free_run run) {
    struct offer_record place;
    enum rc rc = find_place(m, candidate, run, &place);
    if (rc != RC_OK) {
        return rc;
    }
    struct wait_record wait;
    rc = wait_lock(m->tx, m->call->city->id, candidate->id, &wait);
    if (rc != RC_OK || wait_record_state(&wait) != WAIT_WAITING) {
        return rc == RC_OK ? RC_NONE : rc;
    }
    return wait_record_mode(&wait) == WAIT_AUTO ? make_booking(m, &wait, &place)
                                                : make_offer(m, &wait, &place);
}

/* Asks the wishes in core's order until one takes a place of the run; RC_NONE: none does. */
static enum rc give_to_first(const struct moving *m, struct free_run run) {
    struct wait_place place = {m->freed.facility, m->freed.care, run.first, run.last};
    struct wait_record *waits;
    size_t count;
    enum rc rc = wait_candidates(m->tx, m->call->city->id, &place, &waits, &count);
    if (rc != RC_OK) {
        return rc;
    }
    struct candidate *candidates = arena_array(m->call->arena, struct candidate, count + 1);
    for (size_t i = 0; i < count; i++) {
        candidates[i] = (struct candidate){.id = waits[i].id.n,
                                           .joined = waits[i].created_at,
                                           .units_used = (int32_t)waits[i].units_used,
                                           .days_left = -1};
    }
    while (count > 0) {
        int32_t first = wait_pick(m->rules, candidates, (int32_t)count, (uint64_t)m->freed.from.n);
        assert(first >= 0 && (size_t)first < count);
        rc = give(m, &waits[first], run);
        if (rc != RC_NONE) {
            return rc;
        }
        size_t after = count - (size_t)first - 1;
        memmove(&waits[first], &waits[first + 1], after * sizeof *waits);
        memmove(&candidates[first], &candidates[first + 1], after * sizeof *candidates);
        count--;
    }
    return RC_NONE;
}

/* One place given away, or RC_NONE. */
static enum rc move_one(struct moving *m) {
    struct slot_range range = around(m);
    if (day_before(range.to, range.from)) {
        return RC_NONE;
    }
    enum rc rc = slots_load(m->tx, &range, &m->slots, &m->slot_count);
    size_t at = 0;
    struct free_run run;
    while (rc == RC_OK && next_run(m, &at, &run)) {
        enum rc given = give_to_first(m, run);
        if (given != RC_NONE) {
            return given;
        }
    }
    return rc == RC_OK ? RC_NONE : rc;
}

enum rc wait_place_freed(struct tx *tx, struct call *call, const struct freed *freed) {
    struct call clock = *call;
    clock.actor = (struct caller){.role = ROLE_CLOCK};
    clock.idem = NULL;
    clock.chain = call->chain + 1;
    struct moving m = {.tx = tx, .call = &clock, .freed = *freed};
    const struct programme *programme;
    struct day day = day_max(freed->from, instant_day(call->now));
    if (clock.chain > CHAIN_MAX || !wait_care(call, freed->care, day, &programme, &m.care)) {
        return RC_OK;
    }
    m.rules = &programme->wait;
    enum rc rc = RC_OK;
    for (int moves = 0; rc == RC_OK && moves < MOVES_MAX; moves++) {
        rc = move_one(&m);
    }
    return rc == RC_NONE ? RC_OK : rc;
}
