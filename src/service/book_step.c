/* One step of a booking by whoever may take it: answer, cancellation, use. A change whose new booking is accepted ends
 * the old one here; an old booking that ends takes its undecided change along, or leaves it on its own, as its
 * resident would want. The clock's steps are in book_lapse.c. */
#include "service/book_part.h"
#include "service/book_step.h"

/* Steps after which the booking cannot be given up for another one any more. */
static bool step_ends(enum booking_event event) {
    return event == BOOKING_EV_DECLINE || event == BOOKING_EV_LAPSE || event == BOOKING_EV_CANCEL ||
           event == BOOKING_EV_CHECK_IN || event == BOOKING_EV_NO_SHOW;
}

static bool step_accepts(enum booking_event event) {
    return event == BOOKING_EV_ACCEPT || event == BOOKING_EV_LAPSE_ACCEPT;
}

/* ---- locks ---- */

struct step {
    const struct book_step *ask;
    enum actor actor;
    struct booking booking;
    enum book_kind kind; /* of `booking`, before the step */
    bool has_old;        /* `booking` is the undecided change of `old` */
    struct booking old;
    bool has_change; /* `change` is the undecided change of `booking` */
    struct booking change;
    struct cancel_cost cost;
};

static enum rc lock_old(struct tx *tx, struct call *call, struct step *step) {
    struct booking seen;
    enum rc rc = booking_load(tx, call->city->id, step->ask->id, &seen);
    if (rc != RC_OK || !book_touches(call, &seen)) {
        return rc != RC_OK ? rc : RC_NONE;
    }
    bool undecided = booking_row_state(&seen) == BOOKING_REQUESTED && seen.change_of.n != 0;
    if (!undecided) {
        return RC_OK;
    }
    step->has_old = true;
    return booking_lock(tx, call->city->id, seen.change_of, &step->old);
}

static enum rc lock_rows(struct tx *tx, struct call *call, struct step *step) {
    enum rc rc = lock_old(tx, call, step);
    if (rc == RC_OK) {
        rc = booking_lock(tx, call->city->id, step->ask->id, &step->booking);
    }
    if (rc == RC_OK && step_ends(step->ask->event)) {
        rc = booking_nights_ahead(tx, call->city->id, step->booking.id);
    }
    if (rc == RC_OK && step_ends(step->ask->event)) {
        rc = booking_change_lock(tx, call->city->id, step->booking.id, &step->change);
        step->has_change = rc == RC_OK;
        rc = rc == RC_NONE ? RC_OK : rc;
    }
    if (rc != RC_OK) {
        return rc;
    }
    step->has_old = step->has_old && step->booking.change_of.n == step->old.id.n &&
                    booking_row_state(&step->booking) == BOOKING_REQUESTED;
    step->kind = book_kind_of(&step->booking);
    return RC_OK;
}

static enum rc range_add(struct tx *tx, struct call *call, const struct booking *booking,
                         struct slot_range *ranges, size_t *count) {
    struct booking_night *nights = NULL;
    size_t night_count = 0;
    enum rc rc = booking_nights(tx, call->city->id, booking->id, &nights, &night_count);
    if (rc == RC_OK && book_night_range(call, booking, nights, night_count, &ranges[*count])) {
        (*count)++;
    }
    return rc;
}

static enum rc lock_places(struct tx *tx, struct call *call, const struct step *step) {
    struct slot_range ranges[3];
    size_t count = 0;
    enum rc rc = range_add(tx, call, &step->booking, ranges, &count);
    if (rc == RC_OK && step->has_old) {
        rc = range_add(tx, call, &step->old, ranges, &count);
    }
    if (rc == RC_OK && step->has_change) {
        rc = range_add(tx, call, &step->change, ranges, &count);
    }
    if (rc == RC_OK) {
        rc = slots_lock_all_ahead(tx, ranges, count); /* the days, then the person, in one flight */
    }
    if (rc == RC_OK) {
        rc = facts_lock_person(tx, call->city->id, step->booking.account);
    }
    return rc == RC_OK ? slots_lock_all(tx, ranges, count) : rc;
}

/* ---- what it costs ---- */

static enum rc step_cost(struct tx *tx, struct call *call, struct step *step) {
    const struct booking *booking = &step->booking;
    struct booked booked = booking_booked(booking);
    struct facts_ask ask = {.city = call->city->id,
                            .now = call->now,
                            .calendar = call->city->calendar,
                            .rules = call->city->rules,
                            .account = booking->account,
                            .facility = booking->facility,
                            .request = {booking->care, booking->start, booking->end},
                            .leave_out = booking->id};
    bool costs = step->ask->event == BOOKING_EV_CANCEL || step->ask->event == BOOKING_EV_NO_SHOW;
    step->cost = (struct cancel_cost){.free_cancel_until = INSTANT_NONE};
    /* An undecided change takes nothing away, as the old booking stands; nor does what she never asked for. */
    if (!costs || step->has_old || step->kind == BOOK_PROPOSAL) {
        return RC_OK;
    }
    struct facts_found *found = arena_new(tx->arena, struct facts_found);
    enum rc rc = facts_load_any(tx, &ask, found);
    if (rc != RC_OK) {
        return rc;
    }
    found->facts.household_class = booking->household_class; /* as it was when she booked */
    found->facts.class_proven = DAY_NONE;
    if (step->ask->event == BOOKING_EV_CANCEL) {
        booking_cancel_cost(call->city->rules, &found->facts, &booked, step->actor, &step->cost);
    } else {
        booking_no_show_cost(call->city->rules, &found->facts, &booked, &step->cost);
    }
    return RC_OK;
}

/* ---- the steps ---- */

static bool step_charges(const struct step *step) {
    return step->cost.fee.n > 0 || step->cost.units_charged > 0;
}

static enum rc move_main(struct tx *tx, struct call *call, struct step *step, bool keep_nights,
                         struct book_freed *freed) {
    bool used = step->ask->event == BOOKING_EV_CHECK_IN || step->ask->event == BOOKING_EV_COMPLETE;
    struct book_move move = {.event = step->ask->event,
                             .reason = step->ask->reason,
                             .charged = step_charges(step),
                             .fee = step->cost.fee,
                             .units_used = used ? (int32_t)step->booking.units : step->cost.units_charged,
                             .keep_nights = keep_nights};
    if (step->ask->event == BOOKING_EV_COMPLETE) {
        step->booking.report = step->ask->report;
    }
    return book_move(tx, call, &step->booking, &move, freed);
}

/* Her own cancellation, or the beginning of the use, withdraws an undecided change; otherwise it goes on alone. */
static bool change_goes_too(const struct step *step) {
    return step->ask->event == BOOKING_EV_CHECK_IN || step->ask->event == BOOKING_EV_NO_SHOW ||
           (step->ask->event == BOOKING_EV_CANCEL && step->actor != ACTOR_FACILITY);
}

static enum rc end_with_change(struct tx *tx, struct call *call, struct step *step,
                               struct book_freed *freed) {
    struct book_move withdraw = {.event = BOOKING_EV_CANCEL};
    enum book_kind kind = book_kind_of(&step->change);
    enum rc rc = book_move(tx, call, &step->change, &withdraw, freed);
    if (rc == RC_OK) {
        rc = book_tell(tx, call, &(struct book_news){&step->change, BOOKING_EV_CANCEL, kind, {0}});
    }
    return rc == RC_OK ? move_main(tx, call, step, false, freed) : rc;
}

static enum rc end_without_change(struct tx *tx, struct call *call, struct step *step,
                                  struct book_freed *freed) {
    enum rc rc = book_change_nights(tx, call, &step->change, &step->booking, freed);
    if (rc == RC_OK) {
        rc = move_main(tx, call, step, true, freed);
    }
    if (rc == RC_OK) {
        rc = book_change_units(tx, call, &step->change);
    }
    return rc == RC_OK ? booking_unlink(tx, call->city->id, step->change.id) : rc;
}

static enum rc step_apply(struct tx *tx, struct call *call, struct step *step) {
    struct book_freed freed = {.count = 0};
    enum rc rc = RC_OK;
    if (step->has_change && change_goes_too(step)) {
        rc = end_with_change(tx, call, step, &freed);
    } else if (step->has_change) {
        rc = end_without_change(tx, call, step, &freed);
    } else {
        rc = move_main(tx, call, step, false, &freed);
    }
    if (rc == RC_OK && step->has_old && step_accepts(step->ask->event)) {
        rc = book_change_settle(tx, call, &step->booking, &step->old, &freed);
    }
    if (rc == RC_OK) {
        rc = book_tell(tx, call, &(struct book_news){&step->booking, step->ask->event, step->kind, {0}});
    }
    if (rc == RC_OK && step_accepts(step->ask->event)) {
        rc = wait_booked(tx, call, step->booking.account, (struct wait_id){0});
    }
    return rc == RC_OK ? book_tell_freed(tx, call, &freed) : rc;
}

static void outcome_of(const struct step *step, struct book_outcome *outcome) {
    const struct booking *booking = &step->booking;
    *outcome = (struct book_outcome){.verdict.allowed = true,
                                     .id = booking->id,
                                     .state = booking_row_state(booking),
                                     .units = booking->units,
                                     .fee = booking->fee,
                                     .answer_by = booking->answer_by,
                                     .proposed = booking->proposed,
                                     .cancel_fee = step->cost.fee,
                                     .units_charged = step->cost.units_charged,
                                     .version = booking->version};
}

/* Whether core lets this actor take the step now; the refusal goes into *outcome. */
static bool step_allowed(struct call *call, struct step *step, struct book_outcome *outcome) {
    struct booked booked = booking_booked(&step->booking);
    const struct programme *programme = programme_at(call->city->rules, step->booking.start);
    enum booking_state next = BOOKING_NEW;
    struct refused refused = refused_of(REFUSAL_STATE);
    bool allowed = programme != NULL && booking_move(programme, &booked, step->ask->event, step->actor,
                                                     call->now, &next, &refused);
    outcome_of(step, outcome);
    if (!allowed) {
        outcome->verdict = (struct verdict){.allowed = false, .refused = refused};
    }
    return allowed;
}

enum rc book_step_run(struct tx *tx, struct call *call, const void *ask, void *ret_outcome) {
    struct book_outcome *outcome = ret_outcome;
    struct step *step = arena_new(tx->arena, struct step);
    step->ask = ask;
    if (!book_actor(call, &step->actor)) {
        return RC_NONE;
    }
    enum rc rc = lock_rows(tx, call, step);
    if (rc != RC_OK) {
        return rc;
    }
    if (step->ask->version != 0 && step->ask->version != step->booking.version) {
        return RC_RACE;
    }
    if (!step_allowed(call, step, outcome)) {
        return RC_OK;
    }
    rc = lock_places(tx, call, step);
    if (rc == RC_OK) {
        rc = step_cost(tx, call, step);
    }
    if (rc == RC_OK) {
        rc = step_apply(tx, call, step);
    }
    if (rc == RC_OK) {
        outcome_of(step, outcome);
        if (step->has_old && step_accepts(step->ask->event)) {
            outcome->cancel_fee = step->booking.change_fee;
            outcome->units_charged = step->booking.change_units;
        }
    }
    return rc;
}

enum rc book_step(struct call *call, const struct book_step *step, struct book_outcome *ret_outcome) {
    struct call_work work = {
        .run = book_step_run, .ask = step, .outcome = ret_outcome, .outcome_size = sizeof *ret_outcome};
    return call_write(call, &work);
}

/* ---- the price of a cancellation, for the page that asks ---- */

struct cancel_run {
    struct call *call;
    struct booking_id id;
    struct book_outcome *outcome;
};

static enum rc cancel_run(struct tx *tx, void *arg) {
    struct cancel_run *run = arg;
    struct book_step ask = {.id = run->id, .event = BOOKING_EV_CANCEL};
    struct step *step = arena_new(tx->arena, struct step);
    step->ask = &ask;
    if (!book_actor(run->call, &step->actor)) {
        return RC_NONE;
    }
    enum rc rc = booking_load(tx, run->call->city->id, run->id, &step->booking);
    if (rc != RC_OK || !book_touches(run->call, &step->booking)) {
        return rc != RC_OK ? rc : RC_NONE;
    }
    step->kind = book_kind_of(&step->booking);
    step->has_old = step->booking.change_of.n != 0 && booking_row_state(&step->booking) == BOOKING_REQUESTED;
    if (!step_allowed(run->call, step, run->outcome)) {
        return RC_OK;
    }
    rc = step_cost(tx, run->call, step);
    if (rc == RC_OK) {
        outcome_of(step, run->outcome);
    }
    return rc;
}

enum rc book_cancel_quote(struct call *call, struct booking_id id, struct book_outcome *ret_outcome) {
    struct cancel_run run = {call, id, ret_outcome};
    return call_read(call, cancel_run, &run);
}
