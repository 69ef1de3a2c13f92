/* Goes through all bookings of a city, a page at a time, and asks core again. Prices and ages are asked with what is
 * known of the family today. A price is compared only where nothing but the programme made it: reductions, prices by
 * the number of the use and prices of the facility depend on things that have moved on since. */
#include "service/verify_replay.h"

#include "service/rules_past.h"
#include "store/facts.h"
#include "store/verify.h"

enum { RULES_MEMORY = 64 << 20 };

struct page {
    const struct house_city *city;
    const struct rules_past *past;
    struct replay_found *found;
    struct booking_id after;
    struct booking *bookings;
    size_t count;
    struct verify_event *events;
    size_t event_count;
    struct verify_night *nights;
    size_t night_count;
};

static void breach(struct replay_found *found, enum replay what, int64_t id) {
    if (found->breaches[what]++ == 0) {
        found->first[what] = id;
    }
}

static void check_that(struct page *page, bool holds, enum replay what, const struct booking *booking) {
    if (!holds) {
        breach(page->found, what, booking->id.n);
    }
}

/* ---- nights and events stand in the order of the bookings ---- */

static bool nights_whole(const struct booking *booking, const struct programme *programme,
                         const struct verify_night *nights, size_t count) {
    int32_t care = programme_care(programme, booking->care);
    struct day days[SLOT_DAYS_MAX];
    int32_t wanted =
        care < 0 ? 0 : slot_days(programme->cares[care].kind, booking->start, booking->end, days);
    bool live = booking_occupies(booking_row_state(booking));
    if (wanted <= 0 || (size_t)wanted != count) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (!day_eq(nights[i].day, days[i]) || nights[i].facility.n != booking->facility.n ||
            !text_eq(nights[i].care, booking->care) || nights[i].active != live) {
            return false;
        }
    }
    return true;
}

static bool event_parse(struct text code, enum booking_event *ret_event) {
    for (int i = 0; i < BOOKING_EV__MAX; i++) {
        if (text_eq(booking_event_code((enum booking_event)i), code)) {
            *ret_event = (enum booking_event)i;
            return true;
        }
    }
    return false;
}

static bool moves_legal(const struct booking *booking, const struct verify_event *events, size_t count) {
    enum booking_state state = BOOKING_NEW;
    for (size_t i = 0; i < count; i++) {
        enum booking_event event = BOOKING_EV_REQUEST;
        struct text from = state == BOOKING_NEW ? TEXT("") : booking_state_code(state);
        if (!event_parse(events[i].event, &event) || events[i].no != (int64_t)i + 1 ||
            !text_eq(events[i].from_state, from)) {
            return false;
        }
        state = booking_next[state][event];
        if (state == BOOKING_NEW || !text_eq(events[i].to_state, booking_state_code(state))) {
            return false;
        }
    }
    return state == booking_row_state(booking) && (int64_t)count == booking->version;
}

/* ---- days, prices, ages ---- */

static bool time_sane(const struct booking *booking, const struct programme *programme) {
    struct day made = instant_day(booking->created_at);
    int32_t care = programme_care(programme, booking->care);
    int32_t horizon = care >= 0 && programme->cares[care].horizon_days > 0
                          ? programme->cares[care].horizon_days
                          : programme->horizon_days;
    return !day_before(booking->start, made) && (horizon == 0 || day_diff(booking->start, made) <= horizon);
}

/* Does nothing but the programme and the number of infants make this price? */
static bool price_lasts(const struct programme *programme, const struct quote *quote) {
    if (quote->care < 0 || quote->household_class < 0 || programme->reduction_count > 0) {
        return false;
    }
    const struct price *prices = programme->cares[quote->care].prices;
    const struct price *price = &prices[quote->household_class];
    if (price->kind == PRICE_PART) {
        price = &prices[price->of];
    }
    for (int32_t i = 0; i < quote->line_count; i++) {
        if (quote->lines[i].what == LINE_OVER || quote->lines[i].what == LINE_EXTRA) {
            return false;
        }
    }
    for (int32_t i = 0; i < programme->addition_count; i++) {
        if (programme->additions[i].prices[quote->household_class].kind != PRICE_FIXED) {
            return false; /* perhaps a part of the facility's price */
        }
    }
    return price->kind == PRICE_FIXED;
}

static bool refused_for(const struct quote *quote, enum refusal code) {
    for (int32_t i = 0; i < quote->refusal_count; i++) {
        if (quote->refusals[i].code == code) {
            return true;
        }
    }
    return false;
}

static enum rc ask_again(struct tx *tx, struct page *page, const struct programme_set *rules,
                         const struct booking *booking) {
    struct facts_ask ask = {.city = page->city->id,
                            .now = booking->created_at,
                            .calendar = page->city->calendar,
                            .rules = rules,
                            .account = booking->account,
                            .facility = booking->facility,
                            .request = {booking->care, booking->start, booking->end},
                            .leave_out = booking->id};
    struct facts_found *facts = arena_new(tx->arena, struct facts_found);
    struct quote *quote = arena_new(tx->arena, struct quote);
    enum rc rc = facts_load_any(tx, &ask, facts);
    if (rc != RC_OK) {
        return rc;
    }
    facts->facts.household_class = booking->household_class;
    facts->facts.class_proven = DAY_NONE;
    quote_make(rules, &facts->facts, &ask.request, quote);
    if (quote->programme != NULL && price_lasts(quote->programme, quote)) {
        check_that(page, quote->total.n == booking->fee.n && quote->units == booking->units, REPLAY_PRICE,
                   booking);
    }
    if (booking_occupies(booking_row_state(booking))) {
        check_that(page, !refused_for(quote, REFUSAL_AGE), REPLAY_AGE, booking);
    }
    return RC_OK;
}

/* ---- pages ---- */

static enum rc page_load(struct tx *tx, struct page *page) {
    enum rc rc = booking_page(tx, page->city->id, page->after, VERIFY_PAGE, &page->bookings, &page->count);
    if (rc != RC_OK || page->count == 0) {
        return rc;
    }
    struct verify_range range = {page->city->id, page->bookings[0].id, page->bookings[page->count - 1].id};
    rc = verify_events(tx, &range, &page->events, &page->event_count);
    return rc == RC_OK ? verify_nights(tx, &range, &page->nights, &page->night_count) : rc;
}

static enum rc replay_one(struct tx *tx, struct page *page, const struct booking *booking, size_t at[2]) {
    size_t event = at[0];
    size_t night = at[1];
    while (at[0] < page->event_count && page->events[at[0]].booking.n == booking->id.n) {
        at[0]++;
    }
    while (at[1] < page->night_count && page->nights[at[1]].booking.n == booking->id.n) {
        at[1]++;
    }
    struct programme_set rules = rules_past_at(page->past, booking->rules_revision);
    const struct programme *programme = programme_at(&rules, booking->start);
    if (text_is(booking->origin, "history")) { /* taken over as it was */
        return RC_OK;
    }
    check_that(page, moves_legal(booking, page->events + event, at[0] - event), REPLAY_MOVES, booking);
    check_that(page,
               programme != NULL && nights_whole(booking, programme, page->nights + night, at[1] - night),
               REPLAY_WHOLE, booking);
    check_that(page, programme != NULL && time_sane(booking, programme), REPLAY_TIME, booking);
    return ask_again(tx, page, &rules, booking);
}

static enum rc page_replay(struct tx *tx, void *arg) {
    struct page *page = arg;
    enum rc rc = page_load(tx, page);
    size_t at[2] = {0, 0};
    for (size_t i = 0; rc == RC_OK && i < page->count; i++) {
        rc = replay_one(tx, page, &page->bookings[i], at);
    }
    if (page->count > 0) {
        page->after = page->bookings[page->count - 1].id;
    }
    return rc;
}

struct past_run {
    const struct house_city *city;
    struct rules_past past;
    struct replay_found *found;
};

static enum rc past_run(struct tx *tx, void *arg) {
    struct past_run *run = arg;
    enum rc rc = rules_past_load(tx, run->city, &run->past);
    for (size_t i = 0; rc == RC_OK && i < run->past.count; i++) {
        if (!rules_past_holds(&run->past, i, tx->arena)) {
            breach(run->found, REPLAY_RULES, run->past.rows[i].number);
        }
    }
    return rc;
}

static enum rc replay_pages(const struct house *house, struct page page, struct arena *scratch) {
    struct replay_found *found = page.found;
    enum rc rc = RC_OK;
    do {
        enum db_error error = DB_FINE;
        struct replay_found before = *found;
        arena_clear(scratch);
        rc = db_read(house->db, scratch, page_replay, &page, &error);
        if (rc != RC_OK) {
            *found = before;
        }
    } while (rc == RC_OK && page.count > 0);
    return rc;
}

enum rc replay_bookings(const struct house *house, const struct house_city *city, struct arena *scratch,
                        struct replay_found *found) {
    struct past_run run = {.city = city, .found = found};
    enum db_error error = DB_FINE;
    struct arena rules;
    arena_init(&rules, RULES_MEMORY);
    enum rc rc = db_read(house->db, &rules, past_run, &run, &error);
    if (rc == RC_OK) {
        rc = replay_pages(house, (struct page){.city = city, .past = &run.past, .found = found}, scratch);
    }
    arena_release(&rules);
    return rc;
}
