/* Puts together what core must know about one request, and what the facility's own way of answering adds to it. The
 * order of locks is always: the booking to change, the days (sorted), the person. */
#include "service/book_part.h"
#include "store/account.h"
#include "store/wait.h"

static struct facts_ask facts_ask_of(const struct call *call, const struct book_ask *ask) {
    return (struct facts_ask){.city = call->city->id,
                              .now = call->now,
                              .calendar = call->city->calendar,
                              .rules = call->city->rules,
                              .account = ask->resident,
                              .facility = ask->facility,
                              .request = {ask->care, ask->start, ask->end},
                              .leave_out = ask->change_of};
}

static enum rc load_old(struct tx *tx, struct call *call, const struct book_ask *ask, bool lock,
                        struct book_judged *judged) {
    struct city_id city = call->city->id;
    enum rc rc = lock ? booking_lock(tx, city, ask->change_of, &judged->old)
                      : booking_load(tx, city, ask->change_of, &judged->old);
    if (rc == RC_OK && (judged->old.account.n != ask->resident.n || !book_touches(call, &judged->old))) {
        rc = RC_NONE;
    }
    if (rc == RC_OK) {
        rc = booking_nights(tx, city, judged->old.id, &judged->old_nights, &judged->old_night_count);
    }
    judged->changing = true;
    return rc;
}

/* A new booking asks all that is known from the start in one go: the days are locked, then the person. */
static enum rc ask_ahead(struct tx *tx, const struct call *call, const struct book_judged *judged,
                         const struct facts_ask *ask) {
    enum rc rc = judged->has_range ? slots_lock_ahead(tx, &judged->range) : RC_OK;
    if (rc == RC_OK) {
        rc = facts_load_ahead(tx, ask);
    }
    if (rc == RC_OK) {
        rc = account_ids_of_facility_ahead(tx, call->city->id, ask->facility);
    }
    return rc == RC_OK ? wait_of_person_ahead(tx, call->city->id, ask->account) : rc;
}

static enum rc lock_days(struct tx *tx, const struct call *call, struct book_judged *judged) {
    struct slot_range ranges[2];
    size_t count = 0;
    if (judged->has_range && !judged->changing) {
        return slots_lock(tx, &judged->range, &judged->slots, &judged->slot_count);
    }
    if (judged->has_range) {
        ranges[count++] = judged->range;
    }
    if (judged->changing &&
        book_night_range(call, &judged->old, judged->old_nights, judged->old_night_count, &ranges[count])) {
        count++;
    }
    return slots_lock_all(tx, ranges, count);
}

static enum rc load_places(struct tx *tx, const struct call *call, const struct book_make *make,
                           struct book_judged *judged) {
    enum rc rc =
        judged->slots != NULL ? RC_OK : slots_load(tx, &judged->range, &judged->slots, &judged->slot_count);
    if (rc != RC_OK) {
        return rc;
    }
    struct slot_range own;
    bool has_own = make->held;
    if (has_own) {
        own = judged->range;
    } else if (judged->changing) {
        has_own = book_night_range(call, &judged->old, judged->old_nights, judged->old_night_count, &own);
    }
    facts_places(tx->arena, judged->found, &judged->range, judged->slots, judged->slot_count,
                 has_own ? &own : NULL);
    return RC_OK;
}

static void refuse_first(struct quote *quote, const struct refused *refused) {
    int32_t kept = quote->refusal_count < QUOTE_REFUSALS_MAX ? quote->refusal_count : QUOTE_REFUSALS_MAX - 1;
    for (int32_t i = kept; i > 0; i--) {
        quote->refusals[i] = quote->refusals[i - 1];
    }
    quote->refusals[0] = *refused;
    quote->refusal_count = kept + 1;
    quote->allowed = false;
}

/* Only a booking that may still be given up can be changed, and only once at a time. */
static enum rc judge_old(struct tx *tx, const struct call *call, struct book_judged *judged) {
    struct booked booked = booking_booked(&judged->old);
    const struct programme *programme = programme_at(call->city->rules, judged->old.start);
    enum actor actor = ACTOR_CLOCK;
    enum booking_state next = BOOKING_NEW;
    struct refused refused = refused_of(REFUSAL_STATE);
    if (programme == NULL || !book_actor(call, &actor)) {
        return RC_NONE;
    }
    if (!booking_move(programme, &booked, BOOKING_EV_CHANGE_AWAY, actor, call->now, &next, &refused)) {
        refuse_first(&judged->quote, &refused);
        return RC_OK;
    }
    struct booking change;
    enum rc rc = booking_change_find(tx, call->city->id, judged->old.id, &change);
    bool is_change = booked.state == BOOKING_REQUESTED && judged->old.change_of.n != 0;
    if (rc == RC_OK || (rc == RC_NONE && is_change)) {
        refused_text(&refused, "state", booking_state_code(booked.state));
        refused_text(&refused, "event", booking_event_code(BOOKING_EV_CHANGE_AWAY));
        refuse_first(&judged->quote, &refused);
    }
    return rc == RC_NONE ? RC_OK : rc;
}

/* Who gives the old booking up. A place that moves on by itself costs what it would cost the resident; one that an
 * offer holds was offered while giving the old one up was free, and stays so until the offer ends. */
static enum actor changer_of(const struct call *call, const struct book_make *make) {
    enum actor actor = ACTOR_CLOCK;
    bool known = book_actor(call, &actor);
    return make->held || !known ? ACTOR_CLOCK : actor == ACTOR_CLOCK ? ACTOR_RESIDENT : actor;
}

static void judge_change(const struct call *call, const struct book_make *make, struct book_judged *judged) {
    struct facts *facts = &judged->found->facts;
    struct booked booked = booking_booked(&judged->old);
    struct cancel_cost cost;
    struct text class = facts->household_class;
    struct day proven = facts->class_proven;
    facts->household_class = judged->old.household_class; /* as it was when she booked */
    facts->class_proven = DAY_NONE;
    booking_change_cost(call->city->rules, facts, &booked, changer_of(call, make), &cost);
    facts->household_class = class;
    facts->class_proven = proven;
    facts_change(facts, call->city->rules, &booked, &cost);
}

/* RC_NONE: not one of the exclusions valid on the first day. */
static enum rc judge_exclusions(const struct call *call, const struct book_ask *ask, struct facts *facts) {
    const struct programme *programme =
        day_sane(ask->start) ? programme_at(call->city->rules, ask->start) : NULL;
    for (size_t i = 0; programme != NULL && i < ask->exclusion_count; i++) {
        if (!facts_exclude(facts, programme, ask->exclusions[i])) {
            return RC_NONE;
        }
    }
    return RC_OK;
}

/* She answers by the city's rule, before either use begins; when there is no time left for that, it is too late to
 * propose. */
static void judge_proposal(const struct call *call, struct book_judged *judged) {
    const struct programme *programme = judged->quote.programme;
    int32_t care = programme_care(programme, judged->old.care);
    struct instant starts = judged->quote.starts;
    if (care >= 0) {
        struct instant old = day_at(judged->old.start, programme->cares[care].start_minute);
        starts = instant_before(old, starts) ? old : starts;
    }
    judged->lapse_to = TEXT("decline");
    judged->answer_by = booking_proposal_by(&programme->acceptance, call->city->calendar, call->now, starts);
    judged->quote.answer_by = judged->answer_by;
    if (!instant_before(call->now, judged->answer_by)) {
        struct refused refused = refused_of(REFUSAL_DEADLINE);
        refused_instant(&refused, "deadline", judged->answer_by);
        refuse_first(&judged->quote, &refused);
    }
}

/* The facility's own way of answering, where it has one, in place of the city's. */
static void judge_answer(const struct call *call, struct book_judged *judged) {
    const struct facility_ways *ways = &judged->found->ways;
    judged->answer_by = INSTANT_NONE;
    judged->lapse_to = TEXT("decline");
    if (judged->quote.programme == NULL) {
        return;
    }
    struct acceptance acceptance = judged->quote.programme->acceptance;
    if (ways->answers_own_way) {
        acceptance.mode = ways->answer_hours == 0 ? ACCEPT_AT_ONCE : ACCEPT_BY_FACILITY;
        acceptance.by = ANSWER_WITHIN_HOURS;
        acceptance.hours = (int32_t)ways->answer_hours;
    }
    if (ways->lapse_to.n > 0) {
        acceptance.lapse_accepts = text_is(ways->lapse_to, "accept");
    }
    judged->lapse_to = acceptance.lapse_accepts ? TEXT("accept") : TEXT("decline");
    judged->answer_by = booking_answer_by(&acceptance, call->city->calendar, call->now, judged->quote.starts);
    judged->quote.answer_by = judged->answer_by;
}

enum rc book_judge(struct tx *tx, struct call *call, const struct book_make *make, bool lock,
                   struct book_judged *judged) {
    const struct book_ask *ask = &make->ask;
    struct facts_ask facts_ask = facts_ask_of(call, ask);
    facts_ask.lock = lock;
    judged->found = arena_new(tx->arena, struct facts_found);
    enum rc rc = ask->change_of.n != 0 ? load_old(tx, call, ask, lock, judged) : RC_OK;
    judged->has_range = facts_range(&facts_ask, &judged->range);
    if (rc == RC_OK && lock) {
        rc = judged->changing ? RC_OK : ask_ahead(tx, call, judged, &facts_ask);
    }
    if (rc == RC_OK && lock) {
        rc = lock_days(tx, call, judged);
    }
    if (rc == RC_OK) {
        rc = facts_load(tx, &facts_ask, judged->found);
    }
    if (rc == RC_OK && judged->has_range) {
        rc = load_places(tx, call, make, judged);
    }
    if (rc == RC_OK) {
        rc = judge_exclusions(call, ask, &judged->found->facts);
    }
    if (rc != RC_OK) {
        return rc;
    }
    if (judged->changing) {
        judge_change(call, make, judged);
    }
    quote_make(call->city->rules, &judged->found->facts, &facts_ask.request, &judged->quote);
    if (make->proposal && judged->quote.programme != NULL) {
        judge_proposal(call, judged);
    } else {
        judge_answer(call, judged);
    }
    return judged->changing ? judge_old(tx, call, judged) : RC_OK;
}
