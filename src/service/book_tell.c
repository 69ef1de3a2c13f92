/* Who hears of what. The resident hears of everything that happened to her booking; the facility of what others did
 * to its places. Each event that must be told leaves exactly one row for the resident (cause booking:ID:NO). */
#include "service/book_part.h"
#include "store/facility.h"

struct telling {
    const char *resident; /* kind of notice; NULL: none */
    const char *change;   /* the same for an undecided change */
    const char *facility; /* NULL: none */
};
struct told {
    const char *resident;
    const char *facility;
};

static const struct told proposal_tellings[BOOKING_EV__MAX] = {
    [BOOKING_EV_REQUEST] = {"booking-proposed", NULL},
    [BOOKING_EV_ACCEPT] = {"booking-changed", "booking-proposal-taken"},
    [BOOKING_EV_DECLINE] = {"booking-proposal-declined", "booking-proposal-ended"},
    [BOOKING_EV_LAPSE] = {"booking-proposal-lapsed", "booking-proposal-ended"},
    [BOOKING_EV_CANCEL] = {"booking-proposal-withdrawn", "booking-proposal-ended"},
};

static const struct telling tellings[BOOKING_EV__MAX] = {
    [BOOKING_EV_REQUEST] = {"booking-requested", "booking-change-requested", "booking-arrived"},
    [BOOKING_EV_CONFIRM] = {"booking-confirmed", "booking-changed", "booking-placed"},
    [BOOKING_EV_ACCEPT] = {"booking-confirmed", "booking-changed", NULL},
    [BOOKING_EV_LAPSE_ACCEPT] = {"booking-confirmed", "booking-changed", "booking-placed"},
    [BOOKING_EV_DECLINE] = {"booking-declined", "booking-change-declined", NULL},
    [BOOKING_EV_LAPSE] = {"booking-lapsed", "booking-change-lapsed", NULL},
    [BOOKING_EV_CANCEL] = {"booking-cancelled", "booking-change-withdrawn", "booking-withdrawn"},
    [BOOKING_EV_CHANGE_AWAY] = {NULL, NULL, "booking-withdrawn"},
};

static struct text when_of(struct arena *arena, const struct booking *booking) {
    struct text start = day_short(arena, booking->start);
    if (day_eq(booking->start, booking->end)) {
        return start;
    }
    return text_printf(arena, "%.*s〜%.*s", TEXT_F(start), TEXT_F(day_short(arena, booking->end)));
}

static enum rc tell_facility(struct tx *tx, struct call *call, const struct booking *booking,
                             struct notice_new *notice) {
    notice->path =
        text_printf(tx->arena, "/facility/bookings/%.*s", TEXT_F(id_format(tx->arena, booking->id.n)));
    return notice_add_facility(tx, call, booking->facility, notice);
}

enum book_kind book_kind_of(const struct booking *booking) {
    if (booking_row_state(booking) != BOOKING_REQUESTED) {
        return BOOK_ALONE;
    }
    return booking->proposed ? BOOK_PROPOSAL : booking->change_of.n != 0 ? BOOK_CHANGE : BOOK_ALONE;
}

/* Kinds of notice for the resident and the facility. */
static struct told telling_of(enum booking_event event, enum book_kind kind) {
    const struct telling *telling = &tellings[event];
    if (kind == BOOK_PROPOSAL) {
        return proposal_tellings[event];
    }
    return (struct told){kind == BOOK_CHANGE ? telling->change : telling->resident, telling->facility};
}

enum rc book_tell(struct tx *tx, struct call *call, const struct book_news *news) {
    const struct booking *booking = news->booking;
    struct told telling = telling_of(news->event, news->kind);
    struct text facility = news->facility;
    enum rc rc = facility.p == NULL ? facility_name(tx, call->city->id, booking->facility, &facility) : RC_OK;
    struct text until =
        instant_is_none(booking->answer_by) ? TEXT("") : instant_short(tx->arena, booking->answer_by);
    struct notice_arg args[] = {
        {"facility", facility}, {"when", when_of(tx->arena, booking)}, {"until", until}};
    struct notice_new notice = {
        .to = booking->account,
        .kind = telling.resident,
        .cause = text_printf(tx->arena, "booking:%lld:%lld", (long long)booking->id.n,
                             (long long)booking->version),
        .path = text_printf(tx->arena, "/me/bookings/%.*s", TEXT_F(id_format(tx->arena, booking->id.n))),
        .args = args,
        .arg_count = COUNT(args)};
    if (rc == RC_OK && notice.kind != NULL) {
        rc = notice_add(tx, call, &notice);
    }
    if (rc == RC_OK && telling.facility != NULL && call->actor.role != ROLE_FACILITY) {
        notice.kind = telling.facility;
        rc = tell_facility(tx, call, booking, &notice);
    }
    return rc;
}
