/* Looks for open places that somebody waits for and could use, but was never asked: what wait_move.c should have given
 * away. A wish younger than a minute may still be on its way. */
#include "service/verify_replay.h"
#include "service/wait_part.h"

enum { GRACE_SECONDS = 60, PLACES_MAX = 1000 };

struct search {
    struct call call; /* the clock's */
    struct replay_found *found;
    struct wait_place place;
    const struct care *care;
    const struct wait_rules *rules;
};

/* Could this very use be given to the wish now? RC_NONE: no. */
static enum rc could_take(struct tx *tx, struct search *s, const struct wait_record *wait,
                          const struct offer_record *place) {
    struct book_make make = {.ask = {.resident = wait->account,
                                     .facility = place->facility,
                                     .care = wait->care,
                                     .start = place->start,
                                     .end = place->end,
                                     .message = TEXT(""),
                                     .change_of = wait->swap_for},
                             .origin = "auto"};
    struct book_quote *quote = arena_new(tx->arena, struct book_quote);
    enum rc rc = book_would(tx, &s->call, &make, quote);
    if (rc != RC_OK || !wait_may_take(quote)) {
        return rc != RC_OK ? rc : RC_NONE;
    }
    bool asks = wait_record_mode(wait) == WAIT_ASK;
    if (asks && instant_is_none(offer_expires(s->rules, s->call.now, quote->quote.starts))) {
        return RC_NONE;
    }
    rc = offer_made_before(tx, s->call.city->id, place);
    if (rc == RC_OK) {
        return RC_NONE; /* she was asked and did not take it */
    }
    return rc == RC_NONE ? RC_OK : rc;
}

static enum rc search_run(struct tx *tx, struct search *s, const struct wait_record *wait,
                          struct free_run run) {
    struct wish wish = {s->care->kind, wait->from, wait->to, (int32_t)wait->nights,
                        (int32_t)wait->notice_hours};
    struct day start;
    struct day end;
    while (wait_fits(&wish, &run, s->care->start_minute, s->call.now, &start, &end)) {
        struct offer_record place = {.wait = wait->id,
                                     .account = wait->account,
                                     .facility = s->place.facility,
                                     .care = wait->care,
                                     .start = start,
                                     .end = end};
        enum rc rc = could_take(tx, s, wait, &place);
        if (rc != RC_NONE) {
            return rc;
        }
        run.first = day_add(start, 1);
    }
    return RC_NONE;
}

/* One wish against every run of open days. */
static enum rc search_wish(struct tx *tx, struct search *s, const struct wait_record *wait,
                           const struct slot *slots, size_t count) {
    enum rc rc = RC_NONE;
    size_t i = 0;
    while (rc == RC_NONE && i < count) {
        size_t first = i;
        while (i < count && slot_open(&slots[i]) > 0 &&
               (i == first || day_diff(slots[i].day, slots[i - 1].day) == 1)) {
            i++;
        }
        if (i > first) {
            rc = search_run(tx, s, wait, (struct free_run){slots[first].day, slots[i - 1].day});
        } else {
            i++;
        }
    }
    return rc;
}

static enum rc search_place(struct tx *tx, struct search *s) {
    struct wait_record *waits = NULL;
    struct slot *slots = NULL;
    size_t wait_count = 0;
    size_t slot_count = 0;
    struct slot_range range = {s->call.city->id, s->place.facility, s->place.care, s->place.from,
                               s->place.to};
    enum rc rc = wait_candidates(tx, range.city, &s->place, &waits, &wait_count);
    if (rc == RC_OK) {
        rc = slots_load(tx, &range, &slots, &slot_count);
    }
    for (size_t i = 0; rc == RC_OK && i < wait_count; i++) {
        if (instant_before(s->call.now, instant_add(waits[i].created_at, GRACE_SECONDS))) {
            continue;
        }
        enum rc takes = search_wish(tx, s, &waits[i], slots, slot_count);
        if (takes == RC_OK && s->found->breaches[REPLAY_FAIR]++ == 0) {
            s->found->first[REPLAY_FAIR] = waits[i].id.n;
        }
        rc = takes == RC_NONE ? RC_OK : takes;
    }
    return rc;
}

static enum rc search_city(struct tx *tx, void *arg) {
    struct search *s = arg;
    struct wait_place *places = NULL;
    size_t count = 0;
    struct day today = instant_day(s->call.now);
    enum rc rc = wait_places_open(tx, s->call.city->id, today, PLACES_MAX, &places, &count);
    for (size_t i = 0; rc == RC_OK && i < count; i++) {
        const struct programme *programme = NULL;
        s->place = places[i];
        if (wait_care(&s->call, places[i].care, day_max(places[i].from, today), &programme, &s->care)) {
            s->rules = &programme->wait;
            rc = search_place(tx, s);
        }
    }
    return rc;
}

enum rc replay_waits(const struct house *house, const struct house_city *city, struct arena *scratch,
                     struct replay_found *found) {
    struct replay_found fresh = *found;
    struct search search = {.call = {.house = house,
                                     .city = city,
                                     .actor = {.role = ROLE_CLOCK},
                                     .arena = scratch,
                                     .now = found->now},
                            .found = &fresh};
    enum db_error error = DB_FINE;
    arena_clear(scratch);
    enum rc rc = db_read(house->db, scratch, search_city, &search, &error);
    if (rc == RC_OK) {
        *found = fresh;
    }
    return rc;
}
