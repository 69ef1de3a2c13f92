/* Steps of wishes and offers that several use-cases take. */
#include "service/wait_part.h"

#include <assert.h>

#include "store/facility.h"

enum wait_state wait_record_state(const struct wait_record *record) {
    enum wait_state state;
    bool known = wait_state_parse(record->state, &state);
    assert(known);
    return state;
}

enum offer_state offer_record_state(const struct offer_record *record) {
    enum offer_state state;
    bool known = offer_state_parse(record->state, &state);
    assert(known);
    return state;
}

enum wait_mode wait_record_mode(const struct wait_record *record) {
    return text_eq(record->mode, wait_mode_code(WAIT_AUTO)) ? WAIT_AUTO : WAIT_ASK;
}

bool wait_may_take(const struct book_quote *quote) {
    return quote->quote.allowed && !cancel_costs(&quote->quote.change_cost);
}

bool wait_care(const struct call *call, struct text code, struct day day,
               const struct programme **ret_programme, const struct care **ret_care) {
    const struct programme *programme = programme_at(call->city->rules, day);
    int32_t row = programme == NULL ? -1 : programme_care(programme, code);
    if (row < 0) {
        return false;
    }
    *ret_programme = programme;
    *ret_care = &programme->cares[row];
    return true;
}

enum rc wait_advance(struct tx *tx, struct call *call, struct wait_record *wait, enum wait_event event,
                     const char *why) {
    enum wait_state next = wait_next[wait_record_state(wait)][event];
    assert(next != WAIT_NEW);
    struct text code = wait_state_code(next);
    enum rc rc = wait_save(tx, call->city->id, wait, code,
                           why == NULL ? (struct text){NULL, 0} : text_of(why), call->now);
    if (rc != RC_OK) {
        return rc;
    }
    wait->state = code;
    struct text action = text_printf(call->arena, "wait.%.*s", TEXT_F(wait_event_code(event)));
    return audit_add(
        tx, call,
        &(struct audit_entry){
            .action = action.p, .object = "wait", .object_id = wait->id.n, .subject = wait->account});
}

struct slot_range wait_offer_range(const struct call *call, const struct offer_record *offer,
                                   enum care_kind kind) {
    struct day last = kind == CARE_STAY ? day_add(offer->end, -1) : offer->end;
    return (struct slot_range){call->city->id, offer->facility, offer->care, offer->start, last};
}

/* "11月20日(金)" for a day, "11月20日(金)〜11月22日(日)" for a stay. */
static struct text when_of(struct arena *arena, const struct offer_record *offer) {
    struct text start = day_short(arena, offer->start);
    struct text end = day_short(arena, offer->end);
    return day_eq(offer->start, offer->end) ? start
                                            : text_printf(arena, "%.*s〜%.*s", TEXT_F(start), TEXT_F(end));
}

enum rc wait_tell(struct tx *tx, struct call *call, const struct offer_record *offer, const char *kind) {
    struct arena *arena = call->arena;
    struct text facility;
    enum rc rc = facility_name(tx, call->city->id, offer->facility, &facility);
    if (rc != RC_OK) {
        return rc;
    }
    struct text id = id_format(arena, offer->id.n);
    struct notice_arg args[] = {{"facility", facility},
                                {"when", when_of(arena, offer)},
                                {"until", instant_short(arena, offer->expires_at)}};
    return notice_add(tx, call,
                      &(struct notice_new){.to = offer->account,
                                           .kind = kind,
                                           .cause = text_printf(arena, "offer:%.*s:%s", TEXT_F(id), kind),
                                           .path = text_printf(arena, "/me/offers/%.*s", TEXT_F(id)),
                                           .args = args,
                                           .arg_count = COUNT(args)});
}

/* Days of an offer whose care left the programme meanwhile are read off its own dates: nights when it has any. */
static enum care_kind kind_of(const struct call *call, const struct offer_record *offer) {
    const struct programme *programme;
    const struct care *care;
    if (wait_care(call, offer->care, offer->start, &programme, &care)) {
        return care->kind;
    }
    return day_before(offer->start, offer->end) ? CARE_STAY : CARE_DAY;
}

enum rc wait_offer_drop(struct tx *tx, struct call *call, struct offer_record *offer,
                        struct wait_record *wait, const struct offer_ending *ending) {
    enum offer_state next = offer_next[offer_record_state(offer)][ending->event];
    assert(next != OFFER_NEW);
    struct slot_range range = wait_offer_range(call, offer, kind_of(call, offer));
    enum rc rc = slots_lock_all(tx, &range, 1);
    rc = rc == RC_OK ? slots_unhold(tx, &range) : rc;
    rc = rc == RC_OK
             ? offer_end(tx, call->city->id, offer, offer_state_code(next), (struct booking_id){0}, call->now)
             : rc;
    rc = rc == RC_OK ? wait_advance(tx, call, wait, ending->wait_event, ending->why) : rc;
    struct freed freed = {range.facility, range.care, range.from, range.to};
    return rc == RC_OK ? wait_place_freed(tx, call, &freed) : rc;
}
