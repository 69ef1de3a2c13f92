/* Cancellation: the last step passed decides. */
#include "core/cancel.h"

#include "core/eligible.h"
#include "core/fee.h"
#include "core/price.h"
#include "core/quote.h"

struct instant booking_free_until(const struct programme *programme, int32_t care,
                                  const struct calendar *calendar, struct day start) {
    struct instant first = INSTANT_NONE;
    for (int32_t i = 0; i < programme->cancel_count; i++) {
        const struct cancel_step *step = &programme->cancel[i];
        if (step->cares >> care & 1) {
            struct instant at = moment_of(&step->at, calendar, start);
            first = instant_is_none(first) || instant_before(at, first) ? at : first;
        }
    }
    return first;
}

static const struct cancel_outcome *outcome_now(const struct programme *programme, int32_t care,
                                                int32_t household_class, const struct facts *facts,
                                                struct day start) {
    const struct cancel_outcome *outcome = NULL;
    struct instant latest = INSTANT_NONE;
    for (int32_t i = 0; i < programme->cancel_count; i++) {
        const struct cancel_step *step = &programme->cancel[i];
        struct instant at = moment_of(&step->at, facts->calendar, start);
        bool passed =
            (step->cares >> care & 1) && moment_passed(&step->at, facts->calendar, start, facts->now);
        if (passed && (instant_is_none(latest) || !instant_before(at, latest))) {
            latest = at;
            outcome = &step->outcome[household_class];
        }
    }
    return outcome;
}

static int64_t part_of(int64_t n, const struct cancel_outcome *outcome) {
    int64_t more = outcome->rounding == ROUND_UP ? 99 : outcome->rounding == ROUND_HALF_UP ? 50 : 0;
    return (n * outcome->percent + more) / 100;
}

static int32_t charged_units(const struct programme_set *set, const struct booked *booked) {
    const struct programme *programme = programme_at(set, booked->start);
    const struct care *care = &programme->cares[programme_care(programme, booked->care)];
    int32_t units = care_units(care, care->charge, booked->start, booked->end);
    return units < 0 ? 0 : units;
}

/* What the whole use costs at the facility's own price. */
static bool facility_base(const struct programme_set *set, const struct facts *facts,
                          const struct booked *booked, struct yen *ret_base) {
    const struct facility_care *terms = facility_care_of(facts, booked->care);
    if (terms == NULL || !terms->priced || !yen_priced(terms->price)) {
        return false;
    }
    ret_base->n = terms->price.n * charged_units(set, booked);
    return true;
}

static void outcome_apply(const struct programme_set *set, const struct facts *facts,
                          const struct booked *booked, const struct cancel_outcome *outcome,
                          struct cancel_cost *cost) {
    cost->units_charged = outcome->units ? booked->units : 0;
    if (outcome->units_max > 0 && cost->units_charged > outcome->units_max) {
        cost->units_charged = outcome->units_max;
    }
    struct yen base = booked->fee;
    if (outcome->fee == CANCEL_YEN) {
        cost->fee = outcome->yen;
        if (outcome->per_unit) {
            cost->fee.n *= charged_units(set, booked);
        }
    } else if (outcome->fee == CANCEL_PERCENT) {
        struct request request = {booked->care, booked->start, booked->end};
        bool known = outcome->fee_class == FEE_OF_FACILITY ? facility_base(set, facts, booked, &base)
                     : outcome->fee_class >= 0
                         ? quote_unreduced(set, facts, &request, outcome->fee_class, &base)
                         : true;
        base = known ? base : booked->fee;
        bool bounded = base.n >= 0 && base.n <= INT64_MAX / 101;
        cost->fee.n = bounded ? part_of(base.n, outcome) : booked->fee.n;
    }
}

/* The programme and rows that judge; false when the booking names none. */
static bool judge(const struct programme_set *set, const struct facts *facts, const struct booked *booked,
                  const struct programme **ret_programme, int32_t ret_rows[2]) {
    const struct programme *programme = day_sane(booked->start) ? programme_at(set, booked->start) : NULL;
    if (programme == NULL) {
        return false;
    }
    int32_t class = facts_class(facts, programme, booked->start);
    *ret_programme = programme;
    ret_rows[0] = programme_care(programme, booked->care);
    ret_rows[1] = class < 0 ? 0 : class;
    return ret_rows[0] >= 0;
}

void booking_cancel_cost(const struct programme_set *set, const struct facts *facts,
                         const struct booked *booked, enum actor actor, struct cancel_cost *ret_cost) {
    *ret_cost = (struct cancel_cost){.free_cancel_until = INSTANT_NONE};
    const struct programme *programme = NULL;
    int32_t rows[2];
    if (!judge(set, facts, booked, &programme, rows)) {
        return;
    }
    ret_cost->free_cancel_until = booking_free_until(programme, rows[0], facts->calendar, booked->start);
    bool free = actor == ACTOR_FACILITY || actor == ACTOR_CLOCK ||
                (booked->state == BOOKING_REQUESTED && programme->cancel_requested_free);
    const struct cancel_outcome *outcome = outcome_now(programme, rows[0], rows[1], facts, booked->start);
    if (!free && outcome != NULL) {
        ret_cost->late = true;
        outcome_apply(set, facts, booked, outcome, ret_cost);
    }
}

void booking_change_cost(const struct programme_set *set, const struct facts *facts,
                         const struct booked *booked, enum actor actor, struct cancel_cost *ret_cost) {
    booking_cancel_cost(set, facts, booked, actor, ret_cost);
}

bool cancel_costs(const struct cancel_cost *cost) {
    return cost->fee.n > 0 || cost->units_charged > 0;
}

void booking_no_show_cost(const struct programme_set *set, const struct facts *facts,
                          const struct booked *booked, struct cancel_cost *ret_cost) {
    *ret_cost = (struct cancel_cost){.free_cancel_until = INSTANT_NONE};
    const struct programme *programme = NULL;
    int32_t rows[2];
    if (judge(set, facts, booked, &programme, rows)) {
        ret_cost->late = true;
        ret_cost->free_cancel_until = booking_free_until(programme, rows[0], facts->calendar, booked->start);
        outcome_apply(set, facts, booked, &programme->no_show[rows[0]][rows[1]], ret_cost);
    }
}
