/* The rules that can say no, from the gravest to the one that time alone will mend. */
#include "core/eligible.h"

#include "core/age.h"
#include "core/fee.h"
#include "core/limit.h"
#include "core/timing.h"

/* Everything one rule may look at. */
struct check {
    const struct programme_set *set;
    const struct facts *facts;
    const struct request *request;
    const struct programme *programme;
    const struct care *care;
    struct quote *quote;
    struct day today;
};

void quote_refuse(struct quote *quote, struct refused refused) {
    if (quote->refusal_count < QUOTE_REFUSALS_MAX) {
        quote->refusals[quote->refusal_count++] = refused;
    }
    quote->allowed = false;
}

struct instant care_starts(const struct care *care, struct day day) {
    return day_sane(day) ? day_at(day, care->start_minute) : INSTANT_NONE;
}

static void check_grant(const struct check *c) {
    const struct grant *grant = &c->facts->grant;
    if (!grant->approved) {
        quote_refuse(c->quote, refused_of(REFUSAL_NOT_APPROVED));
        return;
    }
    bool early = !day_is_none(grant->valid_from) && day_before(c->request->start, grant->valid_from);
    bool late = !day_is_none(grant->valid_to) && day_before(grant->valid_to, c->request->end);
    if (early || late) {
        struct refused refused = refused_of(REFUSAL_GRANT_PERIOD);
        if (!day_is_none(grant->valid_from)) {
            refused_day(&refused, "valid_from", grant->valid_from);
        }
        if (!day_is_none(grant->valid_to)) {
            refused_day(&refused, "valid_to", grant->valid_to);
        }
        quote_refuse(c->quote, refused);
    }
}

static void age_figures(struct refused *refused, const struct age_window *window, int32_t child) {
    const char *const units[AGE__MAX] = {"months", "weeks", "days"};
    refused_int(refused, units[window->unit], window->n);
    refused_int(refused, "child", child + 1);
}

/* One window against the part [first, last] of the use; false when refused. */
static bool age_fits(const struct check *c, const struct age_window *window, int32_t child, struct day first,
                     struct day last) {
    const struct child *who = &c->facts->children[child];
    struct day from = age_first_day(window, who);
    struct day until = age_last_day(window, who);
    struct day tested = window->test == AGE_FIRST_DAY ? c->request->start : last;
    if (window->test == AGE_LAST_DAY) {
        tested = c->request->end;
    }
    struct refused refused = refused_of(REFUSAL_AGE);
    if (!day_is_none(until) && day_before(until, tested)) {
        refused_day(&refused, "last_day", until);
        age_figures(&refused, window, child);
        quote_refuse(c->quote, refused);
        return false;
    }
    if (!day_is_none(from) && window->set && window->from_days + window->from_months > 0 &&
        day_before(first, from)) {
        refused_day(&refused, "first_day", from);
        age_figures(&refused, window, child);
        quote_refuse(c->quote, refused);
        return false;
    }
    return true;
}

/* By the version of each day; a version without the care is met by the price. */
static bool child_age(const struct check *c, int32_t child) {
    struct day first = c->request->start;
    while (!day_before(c->request->end, first)) {
        const struct programme *programme = programme_at(c->set, first);
        struct day last = first;
        while (day_before(last, c->request->end) && programme_at(c->set, day_add(last, 1)) == programme) {
            last = day_add(last, 1);
        }
        int32_t row = programme == NULL ? -1 : programme_care(programme, c->request->care);
        if (row >= 0 && !age_fits(c, &programme->cares[row].age, child, first, last)) {
            return false;
        }
        first = day_add(last, 1);
    }
    return true;
}

static bool child_born(const struct check *c, int32_t child) {
    const struct child *who = &c->facts->children[child];
    bool born = day_sane(who->birth);
    bool due = day_sane(who->due);
    if (!born && !due) {
        struct refused refused = refused_of(REFUSAL_CHILD_UNKNOWN);
        refused_int(&refused, "child", child + 1);
        quote_refuse(c->quote, refused);
        return false;
    }
    struct day from = born ? who->birth : who->due;
    if ((born || c->care->before_birth) && !day_before(c->request->start, from)) {
        return true;
    }
    struct refused refused = refused_of(REFUSAL_BEFORE_BIRTH);
    refused_day(&refused, born ? "birth" : "due", from);
    quote_refuse(c->quote, refused);
    return false;
}

static void check_loss(const struct check *c) {
    if (!day_sane(c->facts->loss)) {
        struct refused refused = refused_of(REFUSAL_CHILD_UNKNOWN);
        refused_int(&refused, "child", 1);
        quote_refuse(c->quote, refused);
        return;
    }
    if (!c->care->loss) {
        struct refused refused = refused_of(REFUSAL_CARE_NOT_OFFERED);
        refused_text(&refused, "care", c->care->code);
        quote_refuse(c->quote, refused);
        return;
    }
    struct day last = care_last_day(c->care, NULL, 0, c->facts->loss);
    const struct age_window *window = c->care->loss_age.set ? &c->care->loss_age : &c->care->age;
    struct day tested = window->test == AGE_FIRST_DAY ? c->request->start : c->request->end;
    if (!day_is_none(last) && day_before(last, tested)) {
        struct refused refused = refused_of(REFUSAL_AGE);
        refused_day(&refused, "last_day", last);
        quote_refuse(c->quote, refused);
    }
}

static void check_children(const struct check *c) {
    if (c->facts->child_count <= 0) {
        check_loss(c);
    }
    for (int32_t i = 0; i < c->facts->child_count; i++) {
        if (!child_born(c, i) || !child_age(c, i)) {
            return;
        }
    }
}

static void check_person(const struct check *c) {
    struct day moved = c->facts->moved_out;
    if (!day_is_none(moved)) {
        struct day last = c->programme->moving_day_excluded ? day_add(moved, -1) : moved;
        if (day_before(last, c->request->end)) {
            struct refused refused = refused_of(REFUSAL_RESIDENCY);
            refused_day(&refused, "last_day", last);
            quote_refuse(c->quote, refused);
        }
    }
    for (int32_t i = 0; i < c->programme->exclusion_count; i++) {
        if (c->facts->exclusions >> i & 1) {
            struct refused refused = refused_of(REFUSAL_EXCLUSION);
            refused_text(&refused, "exclusion", c->programme->exclusions[i].code);
            quote_refuse(c->quote, refused);
            return;
        }
    }
}

static void check_facility(const struct check *c) {
    const struct facility_terms *facility = &c->facts->facility;
    if (!facility->known) {
        return;
    }
    const struct facility_care *terms = facility_care_of(c->facts, c->care->code);
    if (terms == NULL || !terms->offered) {
        struct refused refused = refused_of(REFUSAL_CARE_NOT_OFFERED);
        refused_text(&refused, "care", c->care->code);
        quote_refuse(c->quote, refused);
        return;
    }
    if (facility->max_infants > 0 && c->facts->child_count > facility->max_infants) {
        struct refused refused = refused_of(REFUSAL_MULTIPLES);
        refused_int(&refused, "infants", c->facts->child_count);
        refused_int(&refused, "maximum", facility->max_infants);
        quote_refuse(c->quote, refused);
    }
    for (int32_t i = 0; terms->age.set && i < c->facts->child_count; i++) {
        if (!age_fits(c, &terms->age, i, c->request->start, c->request->end)) {
            return;
        }
    }
}

static void check_length(const struct check *c, int32_t nights) {
    if (c->care->kind != CARE_STAY) {
        return;
    }
    if (nights < c->care->min_nights) {
        struct refused refused = refused_of(REFUSAL_TOO_SHORT);
        refused_int(&refused, "nights", nights);
        refused_int(&refused, "minimum", c->care->min_nights);
        quote_refuse(c->quote, refused);
    }
    if (c->care->max_nights > 0 && nights > c->care->max_nights) {
        struct refused refused = refused_of(REFUSAL_TOO_LONG);
        refused_int(&refused, "nights", nights);
        refused_int(&refused, "maximum", c->care->max_nights);
        quote_refuse(c->quote, refused);
    }
}

static void check_quota(const struct check *c) {
    for (int32_t i = 0; i < c->quote->pool_count; i++) {
        const struct pool_change *pool = &c->quote->pools[i];
        int32_t row = c->care->pools[i];
        if (c->programme->pools[row].over == OVER_REFUSED && c->quote->units > pool->left_before) {
            struct refused refused = refused_of(REFUSAL_QUOTA);
            refused_text(&refused, "pool", pool->pool);
            refused_int(&refused, "needed", c->quote->units);
            refused_int(&refused, "left", pool->left_before);
            refused_int(&refused, "granted", pool->granted);
            quote_refuse(c->quote, refused);
        }
    }
}

static bool slots_cross(enum care_kind kind, struct day start, struct day end, const struct day *days,
                        int32_t count) {
    if (use_nights(kind, start, end) < 0 || count <= 0) {
        return false;
    }
    struct day last = kind == CARE_STAY ? day_add(end, -1) : end;
    return !day_before(last, days[0]) && !day_before(days[count - 1], start);
}

static void check_bookings(const struct check *c, const struct day *days, int32_t count) {
    if (c->programme->open_limit > 0 && c->facts->open_bookings >= c->programme->open_limit) {
        struct refused refused = refused_of(REFUSAL_OPEN_LIMIT);
        refused_int(&refused, "limit", c->programme->open_limit);
        refused_int(&refused, "open", c->facts->open_bookings);
        quote_refuse(c->quote, refused);
    }
    for (int32_t i = 0; i < c->facts->history_count; i++) {
        const struct past_use *use = &c->facts->history[i];
        int32_t row = programme_care(c->programme, use->care);
        enum care_kind kind = row >= 0                           ? c->programme->cares[row].kind
                              : day_before(use->start, use->end) ? CARE_STAY
                                                                 : CARE_DAY;
        if (booking_occupies(use->state) && slots_cross(kind, use->start, use->end, days, count)) {
            struct refused refused = refused_of(REFUSAL_OVERLAP);
            refused_day(&refused, "start", use->start);
            refused_day(&refused, "end", use->end);
            quote_refuse(c->quote, refused);
            return;
        }
    }
}

static bool day_closed(const struct check *c, struct day day) {
    const struct facility_terms *facility = &c->facts->facility;
    if (facility->known && (facility->weekdays_closed >> day_weekday(day) & 1)) {
        return true;
    }
    for (size_t i = 0; facility->known && i < facility->closed_count; i++) {
        if (day_eq(facility->closed[i], day)) {
            return true;
        }
    }
    return !c->care->on_holidays && !calendar_is_business(c->facts->calendar, day);
}

static void check_days(const struct check *c, const struct day *days, int32_t count) {
    for (int32_t i = 0; i < count; i++) {
        if (day_closed(c, days[i])) {
            struct refused refused = refused_of(REFUSAL_CLOSED);
            refused_day(&refused, "day", days[i]);
            quote_refuse(c->quote, refused);
            break;
        }
    }
    struct day end = c->request->end;
    if (c->care->ends_on_business && c->care->kind == CARE_STAY &&
        !calendar_is_business(c->facts->calendar, end)) {
        struct refused refused = refused_of(REFUSAL_CLOSED);
        refused_day(&refused, "day", end);
        quote_refuse(c->quote, refused);
    }
    for (int32_t i = 0; c->facts->vacancy_known && i < count && i < c->facts->vacancy_count; i++) {
        /* A day off has no places either; to call it full would suggest waiting for one. */
        if (c->facts->vacancy[i] <= 0 && !day_closed(c, days[i])) {
            struct refused refused = refused_of(REFUSAL_FULL);
            refused_day(&refused, "day", days[i]);
            quote_refuse(c->quote, refused);
            break;
        }
    }
}

static void refuse_early(const struct check *c, const struct timing *timing) {
    if (timing_open(timing, c->request->start)) {
        return;
    }
    struct refused refused = refused_of(REFUSAL_HORIZON);
    struct day opens_on = timing->horizon > 0 ? day_add(c->request->start, -timing->horizon) : c->today;
    if (timing->opens->set) {
        opens_on =
            day_max(opens_on, instant_day(moment_of(timing->opens, timing->calendar, c->request->start)));
        refused_instant(&refused, "opens_at", day_at(opens_on, timing->opens->minute));
    }
    refused_day(&refused, "opens_on", opens_on);
    refused_day(&refused, "latest_start", timing_latest(timing));
    if (!timing->opens->set) {
        refused_int(&refused, "days", timing->horizon);
    }
    quote_refuse(c->quote, refused);
}

static void check_time(const struct check *c) {
    if (instant_is_none(c->facts->now) || !day_sane(c->today)) {
        return;
    }
    struct timing timing = booking_timing(c->programme, c->care, c->facts->calendar, c->facts->now);
    refuse_early(c, &timing);
    if (timing_allows(&timing, c->request->start)) {
        return;
    }
    struct refused refused = refused_of(REFUSAL_DEADLINE);
    refused_instant(&refused, "deadline",
                    timing.deadline->set ? moment_of(timing.deadline, timing.calendar, c->request->start)
                                         : care_starts(c->care, c->request->start));
    struct day earliest = timing_earliest(&timing);
    if (!day_is_none(earliest)) {
        refused_day(&refused, "earliest_start", earliest);
    }
    quote_refuse(c->quote, refused);
}

void eligible_check(const struct programme_set *set, const struct facts *facts, const struct request *request,
                    struct quote *ret_quote) {
    struct check c = {.set = set,
                      .facts = facts,
                      .request = request,
                      .programme = ret_quote->programme,
                      .care = &ret_quote->programme->cares[ret_quote->care],
                      .quote = ret_quote,
                      .today = instant_is_none(facts->now) ? DAY_NONE : instant_day(facts->now)};
    struct day days[SLOT_DAYS_MAX];
    int32_t count = slot_days(c.care->kind, request->start, request->end, days);
    int32_t nights = use_nights(c.care->kind, request->start, request->end);
    check_grant(&c);
    check_children(&c);
    check_person(&c);
    check_facility(&c);
    check_length(&c, nights);
    pattern_check(facts, c.care, nights, ret_quote);
    check_quota(&c);
    limits_check(facts, request, ret_quote);
    check_bookings(&c, days, count);
    check_time(&c);
    check_days(&c, days, count);
}
