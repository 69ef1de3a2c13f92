/* Wishes and offers as people ask for them: joining, leaving, accepting, declining. */
#include "service/wait_part.h"

#include <assert.h>
#include <string.h>

enum { WISHES_OPEN_MAX = 10, WISH_DAYS_MAX = 190 };

/* ---- joining ---- */

static void refuse_days(struct verdict *verdict, const struct wait_ask *ask) {
    verdict->refused = refused_of(REFUSAL_DATES);
    refused_day(&verdict->refused, "start", ask->from);
    refused_day(&verdict->refused, "end", ask->to);
}

/* The wish itself, before anybody's rights are asked: days in order, not past, wide enough, nights where the care has
 * nights. */
static bool days_ok(const struct call *call, const struct wait_ask *ask, const struct care *care) {
    bool stay = care->kind == CARE_STAY;
    return day_sane(ask->from) && day_sane(ask->to) && !day_before(ask->to, ask->from) &&
           !day_before(ask->to, instant_day(call->now)) && day_diff(ask->to, ask->from) <= WISH_DAYS_MAX &&
           (stay ? ask->nights >= 1 && ask->nights <= NIGHTS_MAX : ask->nights == 0) &&
           day_diff(ask->to, ask->from) >= ask->nights;
}

/* Refusals that a freed place, another day or a declined wish can undo do not stop a wish. */
static bool stops_wish(enum refusal code) {
    switch (code) {
    case REFUSAL_NOT_APPROVED:
    case REFUSAL_QUOTA:
    case REFUSAL_CLASS_UNKNOWN:
    case REFUSAL_UNKNOWN_CARE:
    case REFUSAL_MULTIPLES:
    case REFUSAL_TOO_SHORT:
    case REFUSAL_TOO_LONG:
    case REFUSAL_AGE:
    case REFUSAL_BEFORE_BIRTH:
    case REFUSAL_GRANT_PERIOD:
    case REFUSAL_NO_PROGRAMME:
    case REFUSAL_RESIDENCY:
        return true;
    default:
        return false;
    }
}

static struct account_id resident_meant(const struct call *call, struct account_id asked) {
    bool city = call->actor.role == ROLE_COORDINATOR || call->actor.role == ROLE_CITY_ADMIN;
    bool self = call->actor.role == ROLE_RESIDENT && (asked.n == 0 || asked.n == call->actor.account.n);
    return city ? asked : self ? call->actor.account : (struct account_id){0};
}

/* Would the person be allowed on the earliest days she wishes for, places apart? */
static enum rc judge(struct tx *tx, struct call *call, const struct wait_ask *ask, struct account_id resident,
                     struct verdict *verdict) {
    struct day start = day_max(ask->from, instant_day(call->now));
    struct book_make make = {
        .ask = {.resident = resident,
                .facility = ask->facility_count > 0 ? ask->facilities[0] : (struct facility_id){0},
                .care = ask->care,
                .start = start,
                .end = day_add(start, (int32_t)ask->nights),
                .message = TEXT(""),
                .change_of = ask->swap_for},
        .origin = "resident"};
    struct book_quote quote;
    enum rc rc = book_would(tx, call, &make, &quote);
    if (rc != RC_OK) {
        return rc;
    }
    verdict->allowed = true;
    for (int32_t i = 0; i < quote.quote.refusal_count; i++) {
        const struct refused *refused = &quote.quote.refusals[i];
        bool named = refused->code == REFUSAL_CARE_NOT_OFFERED && ask->facility_count == 1;
        if (stops_wish(refused->code) || named) {
            verdict->allowed = false;
            verdict->refused = *refused;
            return RC_OK;
        }
    }
    return RC_OK;
}

static enum rc save_wish(struct tx *tx, struct call *call, const struct wait_ask *ask,
                         struct wait_record *wait) {
    struct city_id city = call->city->id;
    enum rc rc = wait_insert(tx, city, wait);
    for (size_t i = 0; rc == RC_OK && !ask->any_facility && i < ask->facility_count; i++) {
        rc = wait_facility_insert(tx, city, wait->id, ask->facilities[i]);
    }
    return rc == RC_OK ? audit_add(tx, call,
                                   &(struct audit_entry){.action = "wait.join",
                                                         .object = "wait",
                                                         .object_id = wait->id.n,
                                                         .subject = wait->account})
                       : rc;
}

/* Whoever frees one of the places she wishes for at this moment either comes first, and she finds it free, or comes
 * after and finds her wish: otherwise neither would see the other, and she would wait beside an open place. */
static enum rc lock_wished(struct tx *tx, const struct call *call, const struct wait_record *wait,
                           const struct wait_facility_row *rows, size_t count) {
    struct slot_range *ranges = arena_array(call->arena, struct slot_range, count + 1);
    for (size_t i = 0; i < count; i++) {
        ranges[i] = (struct slot_range){call->city->id, rows[i].facility, wait->care, wait->from, wait->to};
    }
    enum rc rc = slots_lock_all_ahead(tx, ranges, count);
    return rc == RC_OK ? slots_lock_all(tx, ranges, count) : rc;
}

/* A place may be free already, here or for somebody who has waited longer. */
static enum rc try_now(struct tx *tx, struct call *call, const struct wait_record *wait) {
    struct wait_facility_row *rows;
    size_t count;
    enum rc rc = wait_facilities(tx, call->city->id, wait, &rows, &count);
    rc = rc == RC_OK ? lock_wished(tx, call, wait, rows, count) : rc;
    for (size_t i = 0; rc == RC_OK && i < count; i++) {
        struct freed freed = {rows[i].facility, wait->care, wait->from, wait->to};
        rc = wait_place_freed(tx, call, &freed);
    }
    return rc;
}

static enum rc settle_outcome(struct tx *tx, struct call *call, struct wait_id id,
                              struct wait_outcome *outcome) {
    struct wait_record wait;
    enum rc rc = wait_lock(tx, call->city->id, id, &wait);
    if (rc != RC_OK) {
        return rc;
    }
    outcome->id = id;
    outcome->state = wait_record_state(&wait);
    struct offer_record offer;
    rc = offer_open_lock(tx, call->city->id, id, &offer);
    if (rc == RC_OK) {
        outcome->offer = offer.id;
    }
    return rc == RC_NONE ? RC_OK : rc;
}

/* Which registration's grant the wish draws on; also refuses people without one. */
static enum rc registration_of(struct tx *tx, struct call *call, struct account_id resident,
                               struct registration_id *ret_registration) {
    struct facts_found found;
    struct facts_ask ask = {.city = call->city->id,
                            .now = call->now,
                            .calendar = call->city->calendar,
                            .rules = call->city->rules,
                            .account = resident};
    enum rc rc = facts_load(tx, &ask, &found);
    if (rc == RC_OK) {
        *ret_registration = found.registration;
    }
    return rc;
}

/* A stay wished for without a number of nights means all of them. */
static struct wait_ask ask_whole(const struct wait_ask *given, const struct care *care) {
    struct wait_ask ask = *given;
    if (care->kind == CARE_STAY && ask.nights == 0 && day_sane(ask.to) && day_before(ask.from, ask.to)) {
        ask.nights = day_diff(ask.to, ask.from);
    }
    return ask;
}

/* What she did herself she knows; what the city did for her she is told. */
static enum rc tell_if_other(struct tx *tx, struct call *call, const struct wait_record *wait,
                             const char *kind) {
    struct text id = id_format(call->arena, wait->id.n);
    struct notice_new notice = {.to = wait->account,
                                .kind = kind,
                                .cause = text_printf(call->arena, "%s:%.*s", kind, TEXT_F(id)),
                                .path = TEXT("/me/waits")};
    return call->actor.account.n == wait->account.n ? RC_OK : notice_add(tx, call, &notice);
}

static enum rc add_run(struct tx *tx, struct call *call, const void *arg, void *out) {
    const struct wait_ask *ask = arg;
    struct wait_outcome *outcome = out;
    struct account_id resident = resident_meant(call, ask->resident);
    const struct programme *programme;
    const struct care *care;
    if (resident.n == 0) {
        return RC_NONE;
    }
    if (!day_sane(ask->from) || !wait_care(call, ask->care, ask->from, &programme, &care)) {
        outcome->verdict.refused = refused_of(REFUSAL_UNKNOWN_CARE);
        refused_text(&outcome->verdict.refused, "care", ask->care);
        return RC_OK;
    }
    struct wait_ask whole = ask_whole(ask, care);
    ask = &whole;
    if (!days_ok(call, ask, care) || (!ask->any_facility && ask->facility_count == 0)) {
        refuse_days(&outcome->verdict, ask);
        return RC_OK;
    }
    int64_t open;
    enum rc rc = judge(tx, call, ask, resident, &outcome->verdict);
    rc = rc == RC_OK ? wait_open_count(tx, call->city->id, resident, &open) : rc;
    if (rc != RC_OK || !outcome->verdict.allowed) {
        return rc;
    }
    if (open >= WISHES_OPEN_MAX) {
        outcome->verdict.allowed = false;
        outcome->verdict.refused = refused_of(REFUSAL_OPEN_LIMIT);
        refused_int(&outcome->verdict.refused, "limit", WISHES_OPEN_MAX);
        refused_int(&outcome->verdict.refused, "open", open);
        return RC_OK;
    }
    struct wait_record wait = {.id = {env_id(call->house->env)},
                               .account = resident,
                               .care = ask->care,
                               .from = ask->from,
                               .to = ask->to,
                               .nights = ask->nights,
                               .any_facility = ask->any_facility,
                               .mode = wait_mode_code(ask->mode),
                               .notice_hours = ask->notice_hours,
                               .swap_for = ask->swap_for,
                               .created_at = call->now};
    rc = registration_of(tx, call, resident, &wait.registration);
    rc = rc == RC_OK ? save_wish(tx, call, ask, &wait) : rc;
    rc = rc == RC_OK ? try_now(tx, call, &wait) : rc;
    rc = rc == RC_OK ? settle_outcome(tx, call, wait.id, outcome) : rc;
    bool waits = outcome->state == WAIT_WAITING; /* an offer or a booking tells of itself */
    return rc == RC_OK && waits ? tell_if_other(tx, call, &wait, "wait-added") : rc;
}

enum rc wait_add(struct call *call, const struct wait_ask *ask, struct wait_outcome *ret_outcome) {
    assert(ask->facility_count <= WAIT_FACILITIES_MAX);
    return call_write(call, &(struct call_work){add_run, ask, ret_outcome, sizeof *ret_outcome});
}

/* ---- leaving ---- */

static bool touches(const struct call *call, struct account_id account) {
    return (call->actor.role == ROLE_RESIDENT && call->actor.account.n == account.n) ||
           call->actor.role == ROLE_COORDINATOR || call->actor.role == ROLE_CITY_ADMIN;
}

static void refuse_state(struct verdict *verdict, struct text state, struct text event) {
    verdict->allowed = false;
    verdict->refused = refused_of(REFUSAL_STATE);
    refused_text(&verdict->refused, "state", state);
    refused_text(&verdict->refused, "event", event);
}

static enum rc close_run(struct tx *tx, struct call *call, const void *arg, void *out) {
    const struct wait_id *id = arg;
    struct wait_outcome *outcome = out;
    struct wait_record wait;
    enum rc rc = wait_lock(tx, call->city->id, *id, &wait);
    if (rc != RC_OK || !touches(call, wait.account)) {
        return rc == RC_OK ? RC_NONE : rc;
    }
    outcome->id = *id;
    outcome->state = wait_record_state(&wait);
    if (wait_next[outcome->state][WAIT_EV_LEAVE] == WAIT_NEW) {
        refuse_state(&outcome->verdict, wait.state, wait_event_code(WAIT_EV_LEAVE));
        return RC_OK;
    }
    outcome->verdict.allowed = true;
    outcome->state = WAIT_CLOSED;
    struct offer_record offer;
    rc = offer_open_lock(tx, call->city->id, *id, &offer);
    if (rc == RC_OK) {
        rc = wait_offer_drop(tx, call, &offer, &wait,
                             &(struct offer_ending){OFFER_EV_WITHDRAW, WAIT_EV_LEAVE, "withdrawn"});
    } else if (rc == RC_NONE) {
        rc = wait_advance(tx, call, &wait, WAIT_EV_LEAVE, "withdrawn");
    }
    return rc == RC_OK ? tell_if_other(tx, call, &wait, "wait-closed") : rc;
}

enum rc wait_close(struct call *call, struct wait_id id, struct wait_outcome *ret_outcome) {
    return call_write(call, &(struct call_work){close_run, &id, ret_outcome, sizeof *ret_outcome});
}

/* ---- answering an offer ---- */

/* Finds the offer and its wish, locked, for whoever may answer it; refuses what is answered or overdue. */
static enum rc offer_begin(struct tx *tx, struct call *call, struct offer_id id, enum offer_event event,
                           struct offer_record *offer, struct wait_record *wait,
                           struct offer_outcome *outcome) {
    enum rc rc = offer_lock(tx, call->city->id, id, offer);
    if (rc != RC_OK || !touches(call, offer->account)) {
        return rc == RC_OK ? RC_NONE : rc;
    }
    rc = wait_lock(tx, call->city->id, offer->wait, wait);
    if (rc != RC_OK) {
        return rc;
    }
    outcome->state = offer_record_state(offer);
    outcome->booking = offer->booking;
    bool overdue = !instant_before(call->now, offer->expires_at);
    if (offer_next[outcome->state][event] == OFFER_NEW || overdue) {
        struct text state =
            overdue && outcome->state == OFFER_OPEN ? offer_state_code(OFFER_EXPIRED) : offer->state;
        refuse_state(&outcome->verdict, state, offer_event_code(event));
        refused_instant(&outcome->verdict.refused, "expires_at", offer->expires_at);
        return RC_OK;
    }
    outcome->verdict.allowed = true;
    return RC_OK;
}

static enum rc accept_run(struct tx *tx, struct call *call, const void *arg, void *out) {
    const struct offer_id *id = arg;
    struct offer_outcome *outcome = out;
    struct offer_record offer;
    struct wait_record wait;
    enum rc rc = offer_begin(tx, call, *id, OFFER_EV_ACCEPT, &offer, &wait, outcome);
    if (rc != RC_OK || !outcome->verdict.allowed) {
        return rc;
    }
    struct book_make make = {.ask = {.resident = offer.account,
                                     .facility = offer.facility,
                                     .care = offer.care,
                                     .start = offer.start,
                                     .end = offer.end,
                                     .message = TEXT(""),
                                     .change_of = wait.swap_for},
                             .origin = "offer",
                             .held = true,
                             .wish = wait.id};
    struct book_outcome booked = {0};
    rc = book_make(tx, call, &make, &booked);
    if (rc != RC_OK || !booked.verdict.allowed) {
        outcome->verdict = booked.verdict;
        return rc;
    }
    outcome->state = offer_next[OFFER_OPEN][OFFER_EV_ACCEPT];
    outcome->booking = booked.id;
    outcome->booking_state = booked.state;
    outcome->answer_by = booked.answer_by;
    rc = offer_end(tx, call->city->id, &offer, offer_state_code(outcome->state), booked.id, call->now);
    return rc == RC_OK ? wait_advance(tx, call, &wait, WAIT_EV_ACCEPT, NULL) : rc;
}

enum rc offer_accept(struct call *call, struct offer_id id, struct offer_outcome *ret_outcome) {
    return call_write(call, &(struct call_work){accept_run, &id, ret_outcome, sizeof *ret_outcome});
}

static enum rc decline_run(struct tx *tx, struct call *call, const void *arg, void *out) {
    const struct offer_id *id = arg;
    struct offer_outcome *outcome = out;
    struct offer_record offer;
    struct wait_record wait;
    enum rc rc = offer_begin(tx, call, *id, OFFER_EV_DECLINE, &offer, &wait, outcome);
    if (rc != RC_OK || !outcome->verdict.allowed) {
        return rc;
    }
    outcome->state = offer_next[OFFER_OPEN][OFFER_EV_DECLINE];
    return wait_offer_drop(tx, call, &offer, &wait,
                           &(struct offer_ending){OFFER_EV_DECLINE, WAIT_EV_DECLINE, NULL});
}

enum rc offer_decline(struct call *call, struct offer_id id, struct offer_outcome *ret_outcome) {
    return call_write(call, &(struct call_work){decline_run, &id, ret_outcome, sizeof *ret_outcome});
}
